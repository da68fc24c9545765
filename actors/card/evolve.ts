// What an event makes of the actor. Assignments only: every rule was applied when it was decided.
import { cardTokensMax } from "../../vault/mod.ts";
import type {
  CardChanged,
  CardEvent,
  Change,
  Linked,
  NewToken,
  PanBegun,
  TokenEntry,
} from "./events.ts";
import type { Card, CardState, PendingUpdate, Token } from "./state.ts";

/** Notification numbers that one restore of the vault leaves out. */
export const restoreLeap = 2 ** 20;

export function evolveCard(state: CardState, event: CardEvent): CardState {
  if (event.event === "provisioned") {
    return addToken(applyChange(state, event.change, true), event.token);
  }
  if (event.event === "cardChanged") return withTimes(applyChange(state, event.change), event);
  if (event.event === "tokensChanged") return applyChange(state, event.change);
  if (event.event === "flagged") return bumpToken(state, event.position);
  if (event.event === "linked") return addLink(applyChange(state, event.change), event);
  if (event.event === "panBegun") {
    return { ...state, pending: begun(event) };
  }
  if (event.event === "panUpdated") return movePan(state, event.change);
  if (event.event === "panRefused") return { ...state, pending: undefined };
  const { pending } = state;
  if (pending === undefined) return state;
  if (event.event === "panResumed") {
    return { ...state, pending: { ...pending, attempt: event.attempt, dueMs: event.dueMs } };
  }
  if (event.event === "panNoted") {
    const { noted, expiry } = event;
    return { ...state, pending: { ...pending, expiry, noted } };
  }
  // Agreements are rows of their own; the actor's state holds none.
  return state;
}

/**
 * The card after the event and the tokens that it names. Every token that is not a tombstone copies
 * the card, so a change of those fields is a change of its record too.
 */
function applyChange(state: CardState, change: Change, grows = false): CardState {
  const { card: before } = state;
  const { opening } = change;
  if (before === undefined && opening === undefined) return state;
  const card = before === undefined ? opened(state.key, change) : changed(before, change, grows);
  const shard = before === undefined ? opening!.shard : state.shard;
  const copied =
    before !== undefined &&
    (before.status !== card.status ||
      before.reason !== card.reason ||
      before.expiry !== card.expiry ||
      before.par !== card.par);
  const tokens = tokensAfter(state, change, copied);
  return { ...state, card, shard, restores: change.restores, tokens };
}

function opened(key: Buffer, change: Change): Card {
  const { pan, createdAt } = change.opening!;
  return { ...change.card, pan, index: key, createdAt, changes: 1 };
}

function changed(before: Card, change: Change, grows: boolean): Card {
  const after = { ...before, ...change.card };
  const same =
    before.issuer === after.issuer &&
    before.status === after.status &&
    before.reason === after.reason &&
    before.expiry === after.expiry &&
    before.par === after.par;
  if (same && !grows) return before;
  return { ...after, changes: (before.changes + 1) >>> 0 };
}

function tokensAfter(state: CardState, change: Change, copied: boolean): readonly Token[] {
  const leap = (change.restores - state.restores) * restoreLeap;
  if (!copied && leap === 0 && change.tokens.length === 0) return state.tokens;
  const entries = new Map(change.tokens.map((entry) => [entry.position, entry]));
  return state.tokens.map((token, position) => {
    const entry = entries.get(position);
    if (entry !== undefined) return applyEntry(token, entry);
    const touched = copied && token.status !== "DELETED";
    if (!touched && leap === 0) return token;
    const changes = touched ? (token.changes + 1) >>> 0 : token.changes;
    return { ...token, changes, seq: token.seq + leap };
  });
}

function applyEntry(token: Token, entry: TokenEntry): Token {
  const { status, causes, neverActive, secondary, expiry, previousExpiry, ptavNotBefore } = entry;
  return {
    ...token,
    status,
    causes,
    neverActive,
    secondary,
    expiry,
    previousExpiry,
    ptavNotBefore,
    seq: entry.seq,
    changes: (token.changes + 1) >>> 0,
  };
}

function addToken(state: CardState, made: NewToken): CardState {
  // One that was decided ahead of this event would not be there twice; a broken log may be.
  if (state.tokens.length >= cardTokensMax) return state;
  const { index, ref, type, assurance, requestor, trid, active, expiry, provisionedAt } = made;
  const token: Token = {
    index,
    ref,
    status: active ? "ACTIVE" : "INACTIVE",
    causes: 0,
    neverActive: !active,
    secondary: false,
    type,
    assurance,
    expiry,
    previousExpiry: 0,
    ptavNotBefore: 0,
    requestor,
    trid,
    provisionedAt,
    changes: 1,
    seq: made.seq,
  };
  return { ...state, tokens: [...state.tokens, token] };
}

function withTimes(state: CardState, event: CardChanged): CardState {
  const { kind, causedAtMs } = event;
  if (kind === "renew" || causedAtMs <= state.times[kind]) return state;
  return { ...state, times: { ...state.times, [kind]: causedAtMs } };
}

function bumpToken(state: CardState, position: number): CardState {
  const tokens = state.tokens.map((token, i) =>
    i === position ? { ...token, changes: (token.changes + 1) >>> 0 } : token,
  );
  return { ...state, tokens };
}

/** The tokens stay with the actor; the card behind them is the new one. */
function movePan(state: CardState, change: Change): CardState {
  const { pending, card } = state;
  if (pending === undefined || card === undefined) return state;
  const { pan, index } = pending;
  const moved = { ...state, card: { ...card, pan, index }, pending: undefined, links: [] };
  const after = applyChange(moved, change, true);
  // Also where status, reason, expiry and PAR are alike, the sealed PAN of every token changes.
  const touched = after.tokens.map((token, i) => {
    const before = state.tokens[i]!;
    if (token.status === "DELETED" || token.changes !== before.changes) return token;
    return { ...token, changes: (token.changes + 1) >>> 0 };
  });
  return { ...after, tokens: touched };
}

function addLink(state: CardState, event: Linked): CardState {
  const { id, actor, shard, linked: tokens } = event;
  const others = state.links.filter((link) => !link.actor.equals(actor));
  return { ...state, links: [...others, { id, actor, shard, tokens }] };
}

function begun(event: PanBegun): PendingUpdate {
  const { id, reason, dueMs, sealVersion } = event;
  return {
    id,
    reason,
    dueMs,
    sealVersion,
    pan: event.newPan,
    index: event.newIndex,
    shard: event.newShard,
    expiry: event.newExpiry,
    attempt: 0,
    noted: undefined,
  };
}
