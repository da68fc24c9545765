// One event on one token record, in place. Pure but for the record: time comes in, nothing is read
// or written elsewhere.
import {
  nameOf,
  suspendedBy,
  type TokenStatusName,
  tokenAt,
  tokenFlag,
  tokenStatus,
} from "../token-record.ts";
import { hasPassed, needsExtension, tokenExpiryFrom } from "./expiry.ts";
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

/** What the token is at this moment: past its expiry it is EXPIRED whatever the record says. */
export function statusAt(record: Buffer, nowSeconds: number): TokenStatusName {
  const stored = nameOf(tokenStatus, record[tokenAt.status]!);
  if (stored === "DELETED" || stored === "EXPIRED") return stored;
  return hasPassed(record.readUInt16LE(tokenAt.expiry), nowSeconds) ? "EXPIRED" : stored;
}

/** True for a token that may pay, now or after a resume or activation. */
export function isLive(record: Buffer, nowSeconds: number): boolean {
  const status = statusAt(record, nowSeconds);
  return status !== "DELETED" && status !== "EXPIRED";
}

export function isPrimary(record: Buffer): boolean {
  return (record[tokenAt.flags]! & tokenFlag.SECONDARY) === 0;
}

/**
 * Applies an event. Returns the action of its cell, so that the caller can refuse on "error"; the
 * record is untouched then.
 */
export function applyToToken(
  record: Buffer,
  event: TokenEvent,
  context: TokenEventContext,
): TokenAction {
  const status = statusAt(record, context.nowSeconds);
  const action = tokenTable[event][status];
  if (action === "none" || action === "error") return action;
  // The clock's transition is stored with whatever else happens to the record.
  record[tokenAt.status] = tokenStatus[status];
  const cause = context.cause ?? 0;
  if (action === "activate") activate(record);
  else if (action === "delete") record[tokenAt.status] = tokenStatus.DELETED;
  else if (action === "expire") record[tokenAt.status] = tokenStatus.EXPIRED;
  else if (action === "suspend" || action === "add") addCause(record, cause, status, context);
  else if (action === "remove") removeCause(record, context.clearAll ? 0xff : cause);
  else if (action === "data") extend(record, context.nowSeconds);
  else if (action === "relink") relink(record, context);
  else revive(record, context);
  return action;
}

function activate(record: Buffer): void {
  record[tokenAt.status] = tokenStatus.ACTIVE;
  record[tokenAt.flags]! &= ~tokenFlag.NEVER_ACTIVE;
}

function addCause(
  record: Buffer,
  cause: number,
  status: TokenStatusName,
  context: TokenEventContext,
): void {
  const before = record[tokenAt.suspendedBy]!;
  if ((before & cause) === cause && status === "SUSPENDED") return;
  record[tokenAt.suspendedBy] = before | cause;
  if (status !== "EXPIRED") record[tokenAt.status] = tokenStatus.SUSPENDED;
  // PTAVs fetched before a suspension stay void after the resume.
  record.writeUInt32LE(context.nowSeconds, tokenAt.ptavNotBefore);
}

function removeCause(record: Buffer, causes: number): void {
  record[tokenAt.suspendedBy]! &= ~causes;
  const suspended = record[tokenAt.status] === tokenStatus.SUSPENDED;
  if (suspended && record[tokenAt.suspendedBy] === 0) restoreState(record);
}

/** The state before suspension or expiry: a token that never was active goes back to INACTIVE. */
function restoreState(record: Buffer): void {
  const never = (record[tokenAt.flags]! & tokenFlag.NEVER_ACTIVE) !== 0;
  record[tokenAt.status] =
    record[tokenAt.suspendedBy] !== 0
      ? tokenStatus.SUSPENDED
      : never
        ? tokenStatus.INACTIVE
        : tokenStatus.ACTIVE;
}

function extend(record: Buffer, nowSeconds: number): boolean {
  const expiry = record.readUInt16LE(tokenAt.expiry);
  if (!needsExtension(expiry, nowSeconds)) return false;
  // The old expiry stays good until it passes; one that has passed is of no more use.
  record.writeUInt16LE(hasPassed(expiry, nowSeconds) ? 0 : expiry, tokenAt.previousExpiry);
  record.writeUInt16LE(tokenExpiryFrom(nowSeconds), tokenAt.expiry);
  return true;
}

function relink(record: Buffer, context: TokenEventContext): void {
  extend(record, context.nowSeconds);
  if (context.newCardSuspended) addCause(record, suspendedBy.ISSUER, "SUSPENDED", context);
  else removeCause(record, suspendedBy.ISSUER);
}

function revive(record: Buffer, context: TokenEventContext): void {
  if (context.newCardSuspended !== undefined) {
    record[tokenAt.suspendedBy]! &= ~suspendedBy.ISSUER;
    if (context.newCardSuspended) record[tokenAt.suspendedBy]! |= suspendedBy.ISSUER;
  }
  if (context.hasRival || !extend(record, context.nowSeconds)) return;
  restoreState(record);
}
