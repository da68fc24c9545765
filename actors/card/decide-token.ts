// Decisions about single tokens: what requestors, issuers, cardholders and administrators do to
// one, the clock, flags and agreements.
import {
  agreementsMax,
  causesOf,
  hasPassed,
  isYymm,
  refText,
  type SuspensionCause,
  suspendedBy,
} from "../../vault/mod.ts";
import { changeOf } from "./change.ts";
import type { Caller, FlagToken, PutAgreement, RevokeAgreement, TokenAction } from "./commands.ts";
import { accept, type CardDecision, conflict, reject } from "./decision.ts";
import type { TokensChanged } from "./events.ts";
import type { Gathered } from "./gather.ts";
import type { CardState, Token } from "./state.ts";
import { type TokenEvent, tokenTable } from "./state-tables.ts";
import { applyToToken, statusOf } from "./token-change.ts";

/** Where nothing is found and where it is another's, the answer is the same. */
const notFound = () => reject("TOKEN_NOT_FOUND", "There is no such token.");

/** Position of the token that the caller may act on; -1 for another's and for none. */
function positionOf(state: CardState, ref: Buffer, caller: Caller, gathered: Gathered): number {
  const position = state.tokens.findIndex((token) => token.ref.equals(ref));
  const token = state.tokens[position];
  if (token === undefined) return -1;
  if (caller.who === "REQUESTOR" && token.trid !== caller.trid) return -1;
  if (caller.who === "ISSUER" && gathered.issuerId !== caller.issuerId) return -1;
  return position;
}

const causesAllowed: Readonly<Record<Caller["who"], readonly SuspensionCause[]>> = {
  REQUESTOR: ["TOKEN_REQUESTOR"],
  ISSUER: ["ISSUER_TOKEN", "CARDHOLDER"],
  ADMIN: ["ADMIN", "FRAUD_CONTROL", "CARDHOLDER", "ISSUER_TOKEN", "TOKEN_REQUESTOR"],
};

function eventOf({ action, cause }: TokenAction): TokenEvent {
  if (action === "activate" || action === "delete") return action;
  if (cause === "TOKEN_REQUESTOR")
    return action === "suspend" ? "requestorSuspend" : "requestorResume";
  return action === "suspend" ? "causeSuspend" : "causeResume";
}

export function decideToken(
  state: CardState,
  command: TokenAction,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const { caller, cause, expectVersion } = command;
  const position = positionOf(state, command.ref, caller, gathered);
  const token = state.tokens[position];
  if (token === undefined) return notFound();
  if (!causesAllowed[caller.who].includes(cause)) {
    return reject("INVALID_FIELD", "The caller cannot act for that cause.");
  }
  if (expectVersion !== undefined && expectVersion !== token.changes) return conflict.version();
  const nowSeconds = Math.floor(nowMs / 1000);
  const context = { nowSeconds, cause: suspendedBy[cause] };
  const outcome = applyToToken(token, eventOf(command), context);
  if (outcome.action === "error") return refusal(token, nowSeconds);
  const changed = outcome.token !== token;
  const answer = {
    changed,
    tokenRef: refText(token.ref),
    status: statusOf(outcome.token, nowSeconds),
    suspendedBy: causesOf(outcome.token.causes),
    version: changed ? (token.changes + 1) >>> 0 : token.changes,
  };
  if (!changed) return accept([], answer);
  const tokens = state.tokens.with(position, outcome.token);
  return accept([tokensChanged(state, gathered, tokens, cause, command.reason)], answer);
}

function refusal(token: Token, nowSeconds: number): CardDecision {
  const status = statusOf(token, nowSeconds);
  if (status === "DELETED") return reject("TOKEN_DELETED", "The token was deleted.");
  return reject("TOKEN_STATE_CONFLICT", `The token is ${status}; that is not possible now.`);
}

function tokensChanged(
  state: CardState,
  gathered: Gathered,
  tokens: readonly Token[],
  causedBy: SuspensionCause | "TSP",
  reason: TokenAction["reason"],
): TokensChanged {
  const card = state.card!;
  const parts = { causedBy, reason, pan: card.pan, card, tokens };
  return { event: "tokensChanged", change: changeOf(state, gathered, parts) };
}

/** Past their expiry tokens are EXPIRED for everybody who reads; this stores and tells it. */
export function decideClock(state: CardState, gathered: Gathered, nowMs: number): CardDecision {
  const nowSeconds = Math.floor(nowMs / 1000);
  let expired = 0;
  const tokens = state.tokens.map((token): Token => {
    const passes = tokenTable.clock[token.status] === "expire";
    if (!passes || !hasPassed(token.expiry, nowSeconds)) return token;
    expired++;
    return { ...token, status: "EXPIRED" };
  });
  if (expired === 0) return accept([], { expired });
  return accept([tokensChanged(state, gathered, tokens, "TSP", "NONE")], { expired });
}

export function decideFlag(state: CardState, command: FlagToken, gathered: Gathered): CardDecision {
  const { ref, untilSeconds } = command;
  const position = state.tokens.findIndex((token) => token.ref.equals(ref));
  const token = state.tokens[position];
  if (token === undefined) return notFound();
  const changed = token.status !== "DELETED" && untilSeconds > gathered.flaggedUntil;
  const answer = { changed, tokenRef: refText(ref) };
  if (!changed) return accept([], answer);
  return accept([{ event: "flagged", position, ref, untilSeconds }], answer);
}

export function decidePutAgreement(
  state: CardState,
  command: PutAgreement,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const { ref, caller, agreement } = command;
  const token = state.tokens[positionOf(state, ref, caller, gathered)];
  if (token === undefined) return notFound();
  if (token.status === "DELETED") return reject("TOKEN_DELETED", "The token was deleted.");
  if (gathered.requestor?.allowAttestedAgreements !== true) {
    return reject("SCOPE_MISSING", "The requestor may not attest agreements.");
  }
  if (agreement.types < 1 || agreement.types > 7) {
    return reject("INVALID_FIELD", "No MIT type is given.");
  }
  const { key, row, count } = gathered.agreement!;
  if (key === undefined) return badName();
  if (row === undefined && count >= agreementsMax) {
    return reject("TOKEN_LIMIT_REACHED", "The token has its most agreements already.");
  }
  const known =
    row !== undefined && row.revokedAt === 0 && (row.types | agreement.types) === row.types;
  const answer = { changed: !known, tokenRef: refText(ref) };
  if (known) return accept([], answer);
  const { types, source } = agreement;
  const terms = { key, types, source, atSeconds: Math.floor(nowMs / 1000) };
  return accept([{ event: "agreementPut", ref, terms }], answer);
}

export const badName = () =>
  reject("INVALID_FIELD", "The agreement's name has a part of the wrong form.");

export function decideRevokeAgreement(
  state: CardState,
  command: RevokeAgreement,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const { ref, caller } = command;
  if (positionOf(state, ref, caller, gathered) < 0) return notFound();
  const { key, row } = gathered.agreement!;
  if (key === undefined) return badName();
  const changed = row !== undefined && row.revokedAt === 0;
  const answer = { changed, tokenRef: refText(ref) };
  if (!changed) return accept([], answer);
  const atSeconds = Math.floor(nowMs / 1000);
  return accept([{ event: "agreementRevoked", ref, key, atSeconds }], answer);
}

/** INVALID_FIELD where the number is no YYMM. */
export function refuseExpiry(expiry: number, name: string): CardDecision | undefined {
  return isYymm(expiry) ? undefined : reject("INVALID_FIELD", `The ${name} is no YYMM.`);
}
