// The common part of events, made of two states: which tokens changed, what their requestors hear
// of it, and under which number.

import type { ClearPAN } from "../../codec/pan/mod.ts";
import { type CardReasonName, cardTokensMax } from "../../vault/mod.ts";
import type { CausedBy } from "./commands.ts";
import { type Change, notice, type Opening, type TokenEntry } from "./events.ts";
import { restoreLeap } from "./evolve.ts";
import type { Gathered } from "./gather.ts";
import type { CardFacts, CardState, Token } from "./state.ts";

export interface ChangeParts {
  readonly causedBy: CausedBy;
  readonly reason: CardReasonName;
  /** The PAN and the card after the event. */
  readonly pan: ClearPAN;
  readonly card: CardFacts;
  readonly opening?: Opening | undefined;
  /** As many as the actor has; those that stay are the same objects. */
  readonly tokens: readonly Token[];
  /** Last four digits, expiry or PAR changed: every token's requestor hears of it. */
  readonly cardUpdated?: boolean;
}

export function changeOf(state: CardState, gathered: Gathered, parts: ChangeParts): Change {
  const { causedBy, reason, pan, opening } = parts;
  const { issuer, status, reason: cardReason, expiry, par } = parts.card;
  const leap = seqLeap(state, gathered);
  const tokens: TokenEntry[] = [];
  for (const [position, token] of parts.tokens.entries()) {
    const old = state.tokens[position]!;
    const notices = noticesBetween(old, token, parts.cardUpdated === true);
    if (token === old && notices === 0) continue;
    tokens.push(entryOf(position, old, token, notices, old.seq + leap + bitsOf(notices)));
  }
  return {
    causedBy,
    reason,
    restores: gathered.restores,
    sealVersion: gathered.sealVersion,
    last4: last4Of(pan),
    card: { issuer, status, reason: cardReason, expiry, par },
    opening,
    tokens,
  };
}

/** What every token's notification number leaps by since the vault was restored. */
export function seqLeap(state: CardState, gathered: Gathered): number {
  return (gathered.restores - state.restores) * restoreLeap;
}

function entryOf(
  position: number,
  old: Token,
  token: Token,
  notices: number,
  seq: number,
): TokenEntry {
  if (position >= cardTokensMax) throw new RangeError("position of a token");
  const { ref, requestor, status, causes, neverActive, secondary } = token;
  const { expiry, previousExpiry, ptavNotBefore } = token;
  return {
    position,
    ref,
    requestor,
    oldStatus: old.status,
    oldCauses: old.causes,
    status,
    causes,
    neverActive,
    secondary,
    expiry,
    previousExpiry,
    ptavNotBefore,
    notices,
    seq,
  };
}

/** Notifications are named by the state that the token is in now, never by what was asked. */
function noticesBetween(old: Token, token: Token, cardUpdated: boolean): number {
  let bits = cardUpdated && token.status !== "DELETED" ? notice.CARD_UPDATED : 0;
  if (token.expiry !== old.expiry) bits |= notice.TOKEN_EXPIRY_UPDATED;
  if (token.status === old.status) {
    const suspended = token.status === "SUSPENDED" && token.causes !== old.causes;
    return suspended ? bits | notice.TOKEN_SUSPENDED : bits;
  }
  if (token.status === "DELETED") return bits | notice.TOKEN_DELETED;
  if (token.status === "EXPIRED") return bits | notice.TOKEN_EXPIRED;
  if (token.status === "SUSPENDED") return bits | notice.TOKEN_SUSPENDED;
  return bits | (old.status === "INACTIVE" ? notice.TOKEN_ACTIVATED : notice.TOKEN_RESUMED);
}

function bitsOf(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

function last4Of(pan: ClearPAN): number {
  const digits = Buffer.alloc(19);
  const length = pan.copyTo(digits, 0);
  const last4 = Number(digits.toString("latin1", length - 4, length));
  digits.fill(0);
  return last4;
}
