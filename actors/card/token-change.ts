// One event on one token. Pure: time comes in, a new token comes out.
import {
  hasPassed,
  needsExtension,
  suspendedBy,
  type TokenStatusName,
  tokenExpiryFrom,
} from "../../vault/mod.ts";
import type { Token } from "./state.ts";
import { type TokenAction, type TokenEvent, tokenTable } from "./state-tables.ts";

export interface TokenEventContext {
  readonly nowSeconds: number;
  /** The cause that an event adds or removes, one bit of `suspendedBy`. */
  readonly cause?: number;
  /** For `revive`: another live primary token of the same card, requestor and type exists. */
  readonly hasRival?: boolean;
  /** For `relink`: the card that the token moves to is suspended. */
  readonly newCardSuspended?: boolean;
  /** For `cardResume`: take every cause away, not only the issuer's. */
  readonly clearAll?: boolean;
}

/** What the token is at this moment: past its expiry it is EXPIRED whatever was stored. */
export function statusOf(
  token: Pick<Token, "status" | "expiry">,
  nowSeconds: number,
): TokenStatusName {
  const { status } = token;
  if (status === "DELETED" || status === "EXPIRED") return status;
  return hasPassed(token.expiry, nowSeconds) ? "EXPIRED" : status;
}

/** True for a token that may pay, now or after a resume or activation. */
export function isAlive(token: Pick<Token, "status" | "expiry">, nowSeconds: number): boolean {
  const status = statusOf(token, nowSeconds);
  return status !== "DELETED" && status !== "EXPIRED";
}

export interface TokenOutcome {
  /** The action of the event's cell; the caller refuses on "error". */
  readonly action: TokenAction;
  /** The same object where nothing changed. */
  readonly token: Token;
}

type Draft = { -readonly [Name in keyof Token]: Token[Name] };

/** Applies an event. */
export function applyToToken(
  token: Token,
  event: TokenEvent,
  context: TokenEventContext,
): TokenOutcome {
  const status = statusOf(token, context.nowSeconds);
  const action = tokenTable[event][status];
  if (action === "none" || action === "error") return { action, token };
  // The clock's transition is stored with whatever else happens to the token.
  const draft: Draft = { ...token, status };
  const cause = context.cause ?? 0;
  if (action === "activate") activate(draft);
  else if (action === "delete") draft.status = "DELETED";
  else if (action === "expire") draft.status = "EXPIRED";
  else if (action === "suspend" || action === "add") addCause(draft, cause, context);
  else if (action === "remove") removeCause(draft, context.clearAll ? 0xff : cause);
  else if (action === "data") extend(draft, context.nowSeconds);
  else if (action === "relink") relink(draft, context);
  else revive(draft, context);
  return { action, token: isSame(token, draft) ? token : draft };
}

function isSame(one: Token, other: Token): boolean {
  return (
    one.status === other.status &&
    one.causes === other.causes &&
    one.neverActive === other.neverActive &&
    one.expiry === other.expiry &&
    one.previousExpiry === other.previousExpiry &&
    one.ptavNotBefore === other.ptavNotBefore
  );
}

function activate(draft: Draft): void {
  draft.status = "ACTIVE";
  draft.neverActive = false;
}

function addCause(draft: Draft, cause: number, context: TokenEventContext): void {
  const stays = draft.status === "SUSPENDED" || draft.status === "EXPIRED";
  if (stays && (draft.causes & cause) === cause) return;
  draft.causes |= cause;
  if (draft.status !== "EXPIRED") draft.status = "SUSPENDED";
  // PTAVs fetched before a suspension stay void after the resume.
  draft.ptavNotBefore = context.nowSeconds;
}

function removeCause(draft: Draft, causes: number): void {
  draft.causes &= ~causes;
  if (draft.status === "SUSPENDED" && draft.causes === 0) restoreState(draft);
}

/** The state before suspension or expiry: a token that never was active goes back to INACTIVE. */
function restoreState(draft: Draft): void {
  if (draft.causes !== 0) draft.status = "SUSPENDED";
  else draft.status = draft.neverActive ? "INACTIVE" : "ACTIVE";
}

function extend(draft: Draft, nowSeconds: number): boolean {
  const { expiry } = draft;
  if (!needsExtension(expiry, nowSeconds)) return false;
  // The old expiry stays good until it passes; one that has passed is of no more use.
  draft.previousExpiry = hasPassed(expiry, nowSeconds) ? 0 : expiry;
  draft.expiry = tokenExpiryFrom(nowSeconds);
  return true;
}

function relink(draft: Draft, context: TokenEventContext): void {
  extend(draft, context.nowSeconds);
  if (context.newCardSuspended) addCause(draft, suspendedBy.ISSUER, context);
  else removeCause(draft, suspendedBy.ISSUER);
}

function revive(draft: Draft, context: TokenEventContext): void {
  if (context.newCardSuspended !== undefined) {
    draft.causes &= ~suspendedBy.ISSUER;
    if (context.newCardSuspended) draft.causes |= suspendedBy.ISSUER;
  }
  if (context.hasRival || !extend(draft, context.nowSeconds)) return;
  restoreState(draft);
}
