// Decisions about cards: what an issuer says of a PAN, for the card and all its tokens at once.
import { refText, suspendedBy, type TokenStatusName } from "../../vault/mod.ts";
import { changeOf } from "./change.ts";
import type { CardAction } from "./commands.ts";
import { refuseExpiry } from "./decide-token.ts";
import { accept, type CardDecision, conflict, listedMax, reject } from "./decision.ts";
import type { CardChanged, Opening, PanNoted } from "./events.ts";
import type { Gathered, PanFacts } from "./gather.ts";
import type { CardFacts, CardState, IssuerTimes, PendingUpdate, Token } from "./state.ts";
import { type CardEvent, cardTable, type TokenEvent } from "./state-tables.ts";
import { applyToToken, isAlive, statusOf } from "./token-change.ts";

/** PAN_NOT_OWNED outside the asking issuer's ranges, known or not; undefined where it is owned. */
export function refuseForeign(
  pan: PanFacts,
  issuerId: string | undefined,
): CardDecision | undefined {
  const { range } = pan;
  if (range !== undefined && (issuerId === undefined || range.issuer.id === issuerId)) {
    return undefined;
  }
  return reject("PAN_NOT_OWNED", "The PAN lies outside the issuer's ranges.");
}

export const cardClosed = () => reject("CARD_NOT_ALLOWED", "The card is closed.");
export const cardUnknown = () => reject("CARD_NOT_FOUND", "There is no such card.");

const cardEventOf: Readonly<Record<CardAction["action"], CardEvent>> = {
  suspend: "suspend",
  resume: "resume",
  delete: "delete",
  expiry: "expiryUpdate",
};

const tokenEventOf: Readonly<Record<CardAction["action"], TokenEvent>> = {
  suspend: "cardSuspend",
  resume: "cardResume",
  delete: "cardDelete",
  expiry: "expiryUpdate",
};

export function decideCard(
  state: CardState,
  command: CardAction,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const { action, asLink } = command;
  const pan = gathered.pan!;
  const refused =
    refuseForeign(pan, command.issuerId) ??
    (action === "expiry" ? refuseExpiry(command.expiry, "new expiry") : undefined);
  if (refused !== undefined) return refused;
  const { card, pending } = state;
  if (pending?.index.equals(pan.index)) return note(state, pending, command);
  if (card === undefined || !card.index.equals(pan.index)) {
    if (asLink) return unchanged("DELETED", false);
    if (card !== undefined) return decideClosed(action);
    if (!pan.index.equals(state.key) || action === "resume" || action === "expiry") {
      return cardUnknown();
    }
  }
  if (state.links.length > command.linksServed) return conflict.links();
  if (command.expectVersion !== undefined && command.expectVersion !== (card?.changes ?? 0)) {
    return conflict.version();
  }
  const cell = cardTable[cardEventOf[action]][card?.status ?? "ACTIVE"];
  if (cell === "error") return cardClosed();
  const stale = isStale(state.times, command);
  const status = card?.status ?? "ACTIVE";
  if (cell === "none" || (stale && (action === "resume" || action === "expiry"))) {
    return unchangedBut(state, command, gathered, stale, status);
  }
  return apply(state, command, gathered, nowMs, stale);
}

/** The PAN was replaced by a later one: for its issuer a closed card. */
function decideClosed(action: CardAction["action"]): CardDecision {
  const cell = cardTable[cardEventOf[action]].DELETED;
  return cell === "error" ? cardClosed() : unchanged("DELETED", false);
}

function unchanged(status: CardFacts["status"], stale: boolean): CardDecision {
  const nothing = { tokensAffected: 0, tokensUnchanged: [], eventsQueued: 0 };
  return accept([], { changed: false, stale, status, ...nothing });
}

/** Nothing changes, but a later word of the issuer is remembered as the last one of its kind. */
function unchangedBut(
  state: CardState,
  command: CardAction,
  gathered: Gathered,
  stale: boolean,
  status: CardFacts["status"],
): CardDecision {
  const { card } = state;
  if (stale || card === undefined || command.causedAtMs <= state.times[command.action]) {
    return unchanged(status, stale);
  }
  const event = cardChanged(state, command, gathered, card, state.tokens);
  const decision = unchanged(status, stale);
  return decision.kind === "accept" ? accept([event], decision.answer) : decision;
}

/**
 * Older than what was applied already. A resume is compared with suspensions too: one that was on
 * its way for long must not lift what came after it.
 */
function isStale(times: IssuerTimes, { action, causedAtMs }: CardAction): boolean {
  if (causedAtMs === 0) return false;
  if (action === "expiry") return causedAtMs < times.expiry;
  return causedAtMs < Math.max(times.suspend, times.resume, times.delete);
}

/**
 * A PAN that an update is moving to: kept until the update is through. What its own actor answered
 * when it was linked is older, so each word counts, also one that is as before.
 */
function note(state: CardState, pending: PendingUpdate, command: CardAction): CardDecision {
  const { action, reason } = command;
  const before = pending.noted?.status;
  const stale = isStale(state.times, command);
  if (before === "DELETED" || (stale && (action === "resume" || action === "expiry"))) {
    return unchanged(before ?? "ACTIVE", stale);
  }
  const status = action === "expiry" ? (before ?? "ACTIVE") : statusAfter[action];
  const expiry = action === "expiry" ? command.expiry : pending.expiry;
  const word = action === "expiry" ? pending.noted : { status, reason };
  const event: PanNoted = { event: "panNoted", id: pending.id, noted: word, expiry };
  const nothing = { tokensAffected: 0, tokensUnchanged: [], eventsQueued: 0 };
  return accept([event], { changed: true, stale, status, ...nothing });
}

const statusAfter = { suspend: "SUSPENDED", resume: "ACTIVE", delete: "DELETED" } as const;

function factsAfter(card: CardFacts, command: CardAction): CardFacts {
  const { action, reason, expiry } = command;
  if (action === "expiry") return { ...card, expiry };
  // Lost or stolen stays said when a later suspension gives no reason.
  const kept = action === "suspend" && card.status === "SUSPENDED" && reason === "NONE";
  return { ...card, status: statusAfter[action], reason: kept ? card.reason : reason };
}

function apply(
  state: CardState,
  command: CardAction,
  gathered: Gathered,
  nowMs: number,
  stale: boolean,
): CardDecision {
  const { action } = command;
  const { range, shard } = gathered.pan!;
  const nowSeconds = Math.floor(nowMs / 1000);
  const fresh: CardFacts = {
    issuer: range!.issuer.number,
    status: "ACTIVE",
    reason: "NONE",
    expiry: 0,
    par: undefined,
  };
  const opening =
    state.card === undefined ? { pan: command.pan, shard, createdAt: nowSeconds } : undefined;
  const before = state.card ?? fresh;
  const card = factsAfter(before, command);
  const tokens = applyToTokens(state, tokenEventOf[action], gathered, nowSeconds);
  const event = cardChanged(state, command, gathered, card, tokens, opening);
  const sameCard =
    before.status === card.status && before.reason === card.reason && before.expiry === card.expiry;
  const affected = tokens.filter((token, i) => token !== state.tokens[i]).length;
  const changed = opening !== undefined || !sameCard || affected > 0;
  const answer = {
    changed,
    stale,
    status: card.status,
    ...tokensOf(state.tokens, tokens, nowSeconds),
    eventsQueued: event.change.tokens.filter((entry) => entry.notices !== 0).length,
  };
  const later = command.causedAtMs > state.times[action];
  return accept(changed || later ? [event] : [], answer);
}

function cardChanged(
  state: CardState,
  command: CardAction,
  gathered: Gathered,
  card: CardFacts,
  tokens: readonly Token[],
  opening?: Opening,
): CardChanged {
  const pan = state.card?.pan ?? command.pan;
  const cardUpdated = state.card !== undefined && state.card.expiry !== card.expiry;
  const parts = { causedBy: "ISSUER" as const, reason: command.reason, pan, card, opening, tokens };
  return {
    event: "cardChanged",
    kind: command.action,
    causedAtMs: command.causedAtMs,
    change: changeOf(state, gathered, { ...parts, cardUpdated }),
  };
}

/** One event of the card on each of its tokens; those that stay are the same objects. */
export function applyToTokens(
  state: CardState,
  event: TokenEvent,
  gathered: Gathered,
  nowSeconds: number,
  newCardSuspended?: boolean,
): Token[] {
  const tokens = [...state.tokens];
  for (const [position, token] of tokens.entries()) {
    const { token: after } = applyToToken(token, event, {
      nowSeconds,
      cause: suspendedBy.ISSUER,
      clearAll: gathered.policy.issuerResumeClearsAll,
      hasRival: hasRival(tokens, token, gathered, nowSeconds),
      ...(newCardSuspended === undefined ? {} : { newCardSuspended }),
    });
    tokens[position] = after;
  }
  return tokens;
}

/**
 * True when another live primary token has the same requestor and type. Only an expired token's
 * revival asks, so only for those the others are looked through: a card may have thousands.
 */
function hasRival(
  tokens: readonly Token[],
  token: Token,
  gathered: Gathered,
  nowSeconds: number,
): boolean {
  if (statusOf(token, nowSeconds) !== "EXPIRED") return false;
  const isKind = (other: { readonly requestor: number; readonly type: number }) =>
    other.requestor === token.requestor && other.type === token.type;
  return (
    gathered.rivals.some(isKind) ||
    tokens.some(
      (other) => other !== token && isKind(other) && !other.secondary && isAlive(other, nowSeconds),
    )
  );
}

/** How many tokens changed, and of the others why they did not: by their state. */
export function tokensOf(
  before: readonly Token[],
  after: readonly Token[],
  nowSeconds: number,
): {
  readonly tokensAffected: number;
  readonly tokensUnchanged: readonly {
    readonly tokenRef: string;
    readonly reason: TokenStatusName;
  }[];
  readonly tokensUnchangedCount: number;
} {
  const kept = after.filter((token, i) => token === before[i]);
  return {
    tokensAffected: after.length - kept.length,
    tokensUnchanged: kept.slice(0, listedMax).map((token) => ({
      tokenRef: refText(token.ref),
      reason: statusOf(token, nowSeconds),
    })),
    tokensUnchangedCount: kept.length,
  };
}
