// An actor's state as bytes, equal where the states are: what replicas and rebuilds compare.
// Numbers go in by their blind index alone, since the bytes are hashed without a key.
import { cardReason, cardStatus, indexBytes, tokenStatus } from "../../vault/mod.ts";
import { writeLinkedToken } from "./event-codec.ts";
import type { Card, CardState, PendingUpdate, Token } from "./state.ts";
import { ByteWriter } from "./wire.ts";

/** Undefined for the actor that nothing happened to. */
export function fingerprintOf(state: CardState): Buffer | undefined {
  const { card, times } = state;
  if (card === undefined) return undefined;
  const to = new ByteWriter().u16(state.shard).u16(state.restores);
  writeCard(to, card);
  to.u48(times.suspend).u48(times.resume).u48(times.delete).u48(times.expiry);
  to.list(state.tokens, (token) => writeToken(to, token));
  to.list(state.links, (link) => {
    to.raw(link.id, indexBytes).raw(link.actor, indexBytes).u16(link.shard);
    to.list(link.tokens, (token) => writeLinkedToken(to, token));
  });
  to.optional(state.pending, (pending) => writePending(to, pending));
  return to.finish();
}

function writeCard(to: ByteWriter, card: Card): void {
  to.raw(card.index, indexBytes).u32(card.issuer).code(cardStatus, card.status);
  to.code(cardReason, card.reason)
    .u16(card.expiry)
    .optional(card.par, (par) => to.text(par));
  to.u32(card.createdAt).u32(card.changes);
}

function writeToken(to: ByteWriter, token: Token): void {
  to.raw(token.index, indexBytes).raw(token.ref, indexBytes).code(tokenStatus, token.status);
  to.u8(token.causes).flag(token.neverActive).flag(token.secondary).u8(token.type);
  to.u8(token.assurance).u16(token.expiry).u16(token.previousExpiry).u32(token.ptavNotBefore);
  to.u16(token.requestor).text(token.trid).u32(token.provisionedAt).u32(token.changes);
  to.u32(token.seq);
}

function writePending(to: ByteWriter, pending: PendingUpdate): void {
  to.raw(pending.id, indexBytes).raw(pending.index, indexBytes).u16(pending.shard);
  to.u16(pending.expiry).code(cardReason, pending.reason).u8(pending.attempt);
  to.u48(pending.dueMs).u16(pending.sealVersion);
  to.optional(pending.noted, ({ status, reason }) => {
    to.code(cardStatus, status).code(cardReason, reason);
  });
}
