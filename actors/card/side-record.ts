// What an actor keeps beside its card and token records, in the vault's table `cardsides` under the
// actor's key: notification numbers, times of issuer events, links, the PAN update under way. An
// actor that never needed any has no row. The new PAN of an update is sealed under the actor's key.
import {
  cardReason,
  cardStatus,
  indexBytes,
  numberOfBcd,
  plainOf,
  type Vault,
} from "../../vault/mod.ts";
import { readLinkedToken, writeLinkedToken } from "./event-codec.ts";
import type { CardState, Link, PendingUpdate } from "./state.ts";
import { ByteReader, ByteWriter } from "./wire.ts";

/** Layout version in byte 0. */
const sideVersion = 1;

const sealedBytes = 32;
const bcdBytes = 10;

export interface SideRecord extends Pick<CardState, "restores" | "times" | "links" | "pending"> {
  /** Of each token, in their order. */
  readonly seqs: readonly number[];
}

/** True where nothing is told by the row: it is left out. */
function isBare(side: SideRecord): boolean {
  const { times } = side;
  return (
    side.restores === 0 &&
    side.links.length === 0 &&
    side.pending === undefined &&
    times.suspend + times.resume + times.delete + times.expiry === 0 &&
    side.seqs.every((seq) => seq === 0)
  );
}

export function sideOf(state: CardState): SideRecord {
  const { restores, times, links, pending } = state;
  return { restores, times, links, pending, seqs: state.tokens.map((token) => token.seq) };
}

/** Writes the row, or removes it where it would be bare; inside a transaction. */
export function putSide(vault: Vault, key: Buffer, side: SideRecord): void {
  if (isBare(side)) {
    vault.tables.cardSides.removeSync(key);
    return;
  }
  const { times } = side;
  const to = new ByteWriter().u8(sideVersion).u16(side.restores);
  to.u48(times.suspend).u48(times.resume).u48(times.delete).u48(times.expiry);
  to.list(side.seqs, (seq) => to.u32(seq));
  to.list(side.links, (link) => writeLink(to, link));
  to.optional(side.pending, (pending) => writePending(vault, to, key, pending));
  vault.tables.cardSides.putSync(key, to.finish());
}

function writeLink(to: ByteWriter, link: Link): void {
  to.raw(link.id, indexBytes).raw(link.actor, indexBytes).u16(link.shard);
  to.list(link.tokens, (token) => writeLinkedToken(to, token));
}

function writePending(vault: Vault, to: ByteWriter, key: Buffer, pending: PendingUpdate): void {
  const { sealVersion } = pending;
  const plain = plainOf(pending.pan, pending.expiry);
  to.raw(pending.id, indexBytes).u16(sealVersion);
  to.raw(vault.sealing.seal(plain, key, sealVersion), sealedBytes);
  plain.fill(0);
  to.raw(pending.index, indexBytes).u16(pending.shard).u16(pending.expiry);
  to.code(cardReason, pending.reason).u8(pending.attempt).u48(pending.dueMs);
  to.optional(pending.noted, ({ status, reason }) => {
    to.code(cardStatus, status).code(cardReason, reason);
  });
}

/** The row of an actor with so many tokens; what it says where there is none. */
export function readSide(vault: Vault, key: Buffer, tokens: number): SideRecord {
  const bytes = vault.tables.cardSides.getBinary(key);
  if (bytes === undefined) {
    const times = { suspend: 0, resume: 0, delete: 0, expiry: 0 };
    return { restores: 0, times, links: [], pending: undefined, seqs: Array(tokens).fill(0) };
  }
  const from = new ByteReader(bytes);
  if (from.u8() !== sideVersion) throw new RangeError("a side record of another layout");
  const restores = from.u16();
  const times = {
    suspend: from.u48(),
    resume: from.u48(),
    delete: from.u48(),
    expiry: from.u48(),
  };
  const seqs = from.list(() => from.u32());
  const links = from.list(() => readLink(from));
  const pending = from.optional(() => readPending(vault, key, from));
  from.end();
  return { restores, times, links, pending, seqs };
}

/** Only the links of an actor: routing needs no more. */
export function readLinks(vault: Vault, key: Buffer): readonly Link[] {
  return readSide(vault, key, 0).links;
}

function readLink(from: ByteReader): Link {
  return {
    id: from.raw(indexBytes),
    actor: from.raw(indexBytes),
    shard: from.u16(),
    tokens: from.list(() => readLinkedToken(from)),
  };
}

function readPending(vault: Vault, key: Buffer, from: ByteReader): PendingUpdate {
  const id = from.raw(indexBytes);
  const sealVersion = from.u16();
  const plain = vault.sealing.open(from.raw(sealedBytes), key, sealVersion);
  const pan = numberOfBcd(plain.subarray(0, bcdBytes));
  plain.fill(0);
  return {
    id,
    pan,
    sealVersion,
    index: from.raw(indexBytes),
    shard: from.u16(),
    expiry: from.u16(),
    reason: from.code(cardReason),
    attempt: from.u8(),
    dueMs: from.u48(),
    noted: from.optional(() => ({
      status: from.code(cardStatus),
      reason: from.code(cardReason),
    })),
  };
}
