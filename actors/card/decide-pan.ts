// A PAN update, in three steps over two actors: the old card's actor begins, the new PAN's actor
// links it, the old card's actor moves its tokens behind the new PAN. Until the third step payments
// use the old PAN. A timer of the first takes the second up again.
import { createHash } from "node:crypto";
import { cardReason, indexBytes, isYymm, parseRef, refText } from "../../vault/mod.ts";
import type { Reply, Send } from "../runtime/actor-kind.ts";
import { changeOf } from "./change.ts";
import { bytesWithoutNumbers } from "./command-codec.ts";
import type { CardCommand, CompletePan, LinkPan, ResumePan, UpdatePan } from "./commands.ts";
import { applyToTokens, cardClosed, cardUnknown, refuseForeign } from "./decide-card.ts";
import { accept, type CardDecision, conflict, listedMax, reject } from "./decision.ts";
import type { CardChanged, Linked, PanUpdated } from "./events.ts";
import type { Gathered } from "./gather.ts";
import { type CardFacts, type CardState, linksMax, type Token } from "./state.ts";
import { applyToToken, isAlive } from "./token-change.ts";

/** The door goes through all steps by itself; the timer is for one that died, or a refused step. */
const firstResumeMs = 5_000;
const lastResumeMs = 60_000;

export function decideUpdatePan(
  state: CardState,
  command: UpdatePan,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const pan = gathered.pan!;
  const newPan = gathered.newPan!;
  const refused = refuseForeign(pan, command.issuerId);
  if (refused !== undefined) return refused;
  if (!isYymm(command.newExpiry)) return reject("INVALID_FIELD", "The new expiry is no YYMM.");
  if (newPan.range?.issuer.number !== pan.range!.issuer.number) {
    return reject("PAN_NOT_OWNED", "The new PAN lies outside the issuer's ranges.");
  }
  if (newPan.index.equals(pan.index)) return unmoved();
  const { card, pending } = state;
  if (card === undefined) return command.asLink ? unmoved() : cardUnknown();
  if (!card.index.equals(pan.index)) {
    if (card.index.equals(newPan.index) || command.asLink) return unmoved();
    return cardClosed();
  }
  if (pending !== undefined) {
    if (!pending.index.equals(newPan.index)) return conflict.updating();
    return accept([], { changed: true, exchange: pending.id.toString("hex") });
  }
  // A card never goes back to its first PAN: that would be a circle.
  if (card.status === "DELETED" || newPan.index.equals(state.key)) return cardClosed();
  if (state.links.length > command.linksServed) return conflict.links();
  const { id, newExpiry, reason } = command;
  const begun = {
    event: "panBegun",
    id,
    newPan: command.newPan,
    newIndex: newPan.index,
    newShard: newPan.shard,
    newExpiry,
    reason,
    dueMs: nowMs + firstResumeMs,
    sealVersion: gathered.sealVersion,
  } as const;
  return accept([begun], { changed: true, exchange: id.toString("hex") });
}

const unmoved = () => accept([], { changed: false, tokensAffected: 0 });

/** Step two as the old card's actor asks for it; undefined where no update is under way. */
export function linkOf(state: CardState, nowSeconds: number): LinkPan | undefined {
  const { card, pending } = state;
  if (card === undefined || pending === undefined) return undefined;
  const movable = state.tokens.filter((token) => token.status !== "DELETED");
  const live = movable.filter((token) => !token.secondary && isAlive(token, nowSeconds));
  return {
    command: "linkPan",
    id: pending.id,
    pan: pending.pan,
    issuer: card.issuer,
    expiry: pending.expiry,
    par: card.par,
    actor: state.key,
    shard: state.shard,
    tokenCount: movable.length,
    tokens: live.map(({ requestor, type, ref }) => ({ requestor, type, ref })),
  };
}

export function decideLinkPan(
  state: CardState,
  command: LinkPan,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const pan = gathered.pan!;
  const { card } = state;
  if (pan.range?.issuer.number !== command.issuer) {
    return reject("PAN_NOT_OWNED", "The new PAN lies outside the issuer's ranges.");
  }
  if (!pan.index.equals(state.key)) return cardUnknown();
  if (card !== undefined && (card.status === "DELETED" || !card.index.equals(state.key))) {
    return reject("CARD_NOT_ALLOWED", "The new card is closed.");
  }
  if (state.pending !== undefined) return conflict.updating();
  const known = state.links.some((link) => link.id.equals(command.id));
  if (known && card !== undefined) return accept([], linkedAnswer(card, command, gathered, []));
  if (state.links.length >= linksMax) {
    return reject("TOKEN_LIMIT_REACHED", "The new PAN has its most linked cards already.");
  }
  return link(state, command, gathered, Math.floor(nowMs / 1000));
}

function link(
  state: CardState,
  command: LinkPan,
  gathered: Gathered,
  nowSeconds: number,
): CardDecision {
  const { card: before } = state;
  const { issuer, expiry, tokenCount } = command;
  const isHeld = state.links.length > 0 || state.tokens.some((one) => isAlive(one, nowSeconds));
  // The old card's PAR goes along, unless this one has its own with live tokens.
  const par = before?.par !== undefined && isHeld ? before.par : (command.par ?? before?.par);
  const fresh: CardFacts = { issuer, status: "ACTIVE", reason: "NONE", expiry, par };
  const card = before === undefined ? fresh : { ...before, expiry, par };
  const tokens = demote(state.tokens, command, nowSeconds);
  const merged = tokens.filter((token, i) => token !== state.tokens[i]);
  const { shard } = gathered.pan!;
  const change = changeOf(state, gathered, {
    causedBy: "ISSUER",
    reason: "REPLACEMENT",
    pan: command.pan,
    card,
    opening: before === undefined ? { pan: command.pan, shard, createdAt: nowSeconds } : undefined,
    tokens,
    cardUpdated: before !== undefined && (before.expiry !== expiry || before.par !== par),
  });
  const answer = linkedAnswer(card, command, gathered, merged);
  if (tokenCount === 0) {
    const renewed: CardChanged = { event: "cardChanged", kind: "renew", causedAtMs: 0, change };
    return accept([renewed], answer);
  }
  const { id, actor, shard: from, tokens: linked } = command;
  const event: Linked = { event: "linked", id, actor, shard: from, linked, change };
  return accept([event], answer);
}

/** Both tokens of a requestor stay alive; the one that comes becomes the primary one. */
function demote(tokens: readonly Token[], command: LinkPan, nowSeconds: number): Token[] {
  return tokens.map((token) => {
    const rival = command.tokens.some(
      (one) => one.requestor === token.requestor && one.type === token.type,
    );
    if (!rival || token.secondary || !isAlive(token, nowSeconds)) return token;
    return { ...token, secondary: true };
  });
}

/**
 * `secondary`: of the tokens that come, those whose requestor has a primary one at yet another
 * linked card. That card's actor is not asked, so there the one that was first stays primary.
 */
function linkedAnswer(
  card: CardFacts,
  command: LinkPan,
  gathered: Gathered,
  merged: readonly Token[],
) {
  const others = gathered.rivals;
  const secondary = command.tokens.filter((token) =>
    others.some((one) => one.requestor === token.requestor && one.type === token.type),
  );
  return {
    linked: true,
    status: card.status,
    cardReason: card.reason,
    par: card.par ?? null,
    secondary: secondary.map((token) => refText(token.ref)),
    mergedTokens: merged.slice(0, listedMax).map((token) => refText(token.ref)),
  };
}

/** Step three, out of the reply to step two; undefined where that is to be tried again. */
export function completionOf(id: Buffer, reply: Reply): CompletePan | undefined {
  if (!reply.ok) {
    if (reply.error.retryable) return undefined;
    return { command: "completePan", id, outcome: { linked: false, code: reply.error.code } };
  }
  const { status, cardReason: reason, par } = reply.answer;
  if (status !== "ACTIVE" && status !== "SUSPENDED") return undefined;
  const known = typeof reason === "string" && Object.hasOwn(cardReason, reason);
  const refs = Array.isArray(reply.answer.secondary) ? reply.answer.secondary : [];
  const secondary = refs.flatMap((ref) => parseRef(String(ref)) ?? []);
  const outcome = {
    linked: true,
    secondary,
    status,
    reason: known ? (reason as CardFacts["reason"]) : "NONE",
    par: typeof par === "string" ? par : undefined,
  } as const;
  return { command: "completePan", id, outcome };
}

export function decideCompletePan(
  state: CardState,
  command: CompletePan,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const { card, pending } = state;
  const { id, outcome } = command;
  if (card === undefined || !pending?.id.equals(id)) return unmoved();
  if (!outcome.linked) {
    const { code } = outcome;
    return accept([{ event: "panRefused", id, code }], { changed: false, refused: code });
  }
  const nowSeconds = Math.floor(nowMs / 1000);
  const { noted, reason } = pending;
  const status = noted?.status ?? outcome.status;
  const facts: CardFacts = {
    issuer: card.issuer,
    status,
    reason: noted?.reason ?? outcome.reason,
    expiry: pending.expiry,
    par: outcome.par,
  };
  const moved = applyToTokens(state, "panUpdate", gathered, nowSeconds, status === "SUSPENDED").map(
    (token) =>
      outcome.secondary.some((ref) => ref.equals(token.ref))
        ? { ...token, secondary: true }
        : token,
  );
  const tokens = status === "DELETED" ? closeAll(moved, nowSeconds) : moved;
  const change = changeOf(state, gathered, {
    causedBy: "ISSUER",
    reason,
    pan: pending.pan,
    card: facts,
    tokens,
    cardUpdated: true,
  });
  const event: PanUpdated = { event: "panUpdated", id, change };
  const affected = state.tokens.filter((token) => token.status !== "DELETED").length;
  return accept([event], {
    changed: true,
    tokensAffected: affected,
    eventsQueued: change.tokens.filter((entry) => entry.notices !== 0).length,
  });
}

/** The new card was closed while the update was under way. */
function closeAll(tokens: readonly Token[], nowSeconds: number): Token[] {
  return tokens.map((token) => applyToToken(token, "cardDelete", { nowSeconds }).token);
}

/**
 * Id of a step's command. The same for the timer and the door, so that whoever comes second meets
 * the first one's answer; another content is another command, and the exchange's own id then tells
 * its receiver that it is known.
 */
export function stepId(id: Buffer, command: LinkPan | CompletePan): Buffer {
  // Kept as it is, so no number may be tried against it; an exchange has the same one throughout.
  const content = bytesWithoutNumbers(command);
  return createHash("sha256").update(id).update(content).digest().subarray(0, indexBytes);
}

export function decideResumePan(state: CardState, command: ResumePan, nowMs: number): CardDecision {
  const { pending } = state;
  const { id } = command;
  const link = linkOf(state, Math.floor(nowMs / 1000));
  if (pending === undefined || link === undefined || !pending.id.equals(id)) {
    return accept([], { exchange: null });
  }
  const attempt = Math.min(pending.attempt + 1, 255);
  const waitMs = Math.min(firstResumeMs * 2 ** Math.min(attempt, 8), lastResumeMs);
  const event = { event: "panResumed", id, attempt, dueMs: nowMs + waitMs } as const;
  const send: Send<CardCommand> = {
    shard: pending.shard,
    actor: pending.index,
    id: stepId(id, link),
    command: link,
    onReply: (reply) => {
      const completion = completionOf(id, reply);
      return completion && { id: stepId(id, completion), command: completion };
    },
  };
  const answer = { exchange: id.toString("hex") };
  return { kind: "accept", events: [event], answer, sends: [send] };
}
