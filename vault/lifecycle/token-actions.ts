// What requestors, issuers, cardholders and administrators do to one token.
import { appError } from "../../platform/mod.ts";
import { parseRef } from "../minting/mint.ts";
import { type SuspensionCause, suspendedBy, tokenAt } from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { removeAgreements } from "./agreements.ts";
import type { TokenEntry } from "./card-file.ts";
import type { TokenEvent } from "./state-tables.ts";
import { applyToToken, statusAt } from "./token-change.ts";
import { type TokenView, tridOf, viewOf } from "./token-entry.ts";

export interface TokenActionOptions {
  /** The requestor that asks; another one's token is TOKEN_NOT_FOUND to it. */
  readonly trid?: string;
  /** Refuse with VERSION_CONFLICT when the record has changed since it was read. */
  readonly expectVersion?: number;
}

export interface TokenChange {
  /** False where the token was in that state already; that is no error. */
  readonly changed: boolean;
  readonly token: TokenView;
}

/** Finds a token by its reference in text form; TOKEN_NOT_FOUND where there is none. */
export function getToken(vault: Vault, ref: string, trid?: string): TokenEntry {
  const bytes = parseRef(ref);
  const found = bytes === undefined ? undefined : vault.findTokenByRef(bytes);
  if (found === undefined || (trid !== undefined && tridOf(found.record) !== trid)) {
    throw appError("TOKEN_NOT_FOUND", "There is no such token.");
  }
  return { ...found, before: Buffer.from(found.record) };
}

/** A token as it may be shown. */
export function viewToken(vault: Vault, ref: string, trid?: string): TokenView {
  const token = getToken(vault, ref, trid);
  return viewOf(vault, token.index, token.record);
}

/** Adds a cause. ISSUER is not for single tokens: it follows the card. */
export function suspendToken(
  vault: Vault,
  ref: string,
  cause: Exclude<SuspensionCause, "ISSUER">,
  options: TokenActionOptions = {},
): TokenChange {
  const event = cause === "TOKEN_REQUESTOR" ? "requestorSuspend" : "causeSuspend";
  return change(vault, ref, event, suspendedBy[cause], options);
}

/** Takes the actor's own cause away; ACTIVE again when none is left. */
export function resumeToken(
  vault: Vault,
  ref: string,
  cause: Exclude<SuspensionCause, "ISSUER">,
  options: TokenActionOptions = {},
): TokenChange {
  const event = cause === "TOKEN_REQUESTOR" ? "requestorResume" : "causeResume";
  return change(vault, ref, event, suspendedBy[cause], options);
}

/** Deletes for good, with its agreements; the record stays as a tombstone. */
export function deleteToken(
  vault: Vault,
  ref: string,
  options: TokenActionOptions = {},
): TokenChange {
  return change(vault, ref, "delete", 0, options);
}

/** Makes an INACTIVE token ACTIVE. */
export function activateToken(
  vault: Vault,
  ref: string,
  options: TokenActionOptions = {},
): TokenChange {
  return change(vault, ref, "activate", 0, options);
}

function change(
  vault: Vault,
  ref: string,
  event: TokenEvent,
  cause: number,
  options: TokenActionOptions,
): TokenChange {
  return vault.env.write(() => {
    const token = getToken(vault, ref, options.trid);
    const version = token.record.readUInt32LE(tokenAt.changes);
    if (options.expectVersion !== undefined && options.expectVersion !== version) {
      throw appError("VERSION_CONFLICT", "The token changed since it was read.");
    }
    const nowSeconds = vault.nowSeconds();
    const action = applyToToken(token.record, event, { nowSeconds, cause });
    if (action === "error") throw refusal(token, nowSeconds);
    const changed = !token.record.equals(token.before!);
    if (changed) {
      token.record.writeUInt32LE((version + 1) >>> 0, tokenAt.changes);
      vault.tables.tokens.putSync(token.index, token.record);
      if (action === "delete") removeAgreements(vault, token.index);
    }
    return { changed, token: viewOf(vault, token.index, token.record) };
  });
}

function refusal(token: TokenEntry, nowSeconds: number): Error {
  const status = statusAt(token.record, nowSeconds);
  return status === "DELETED"
    ? appError("TOKEN_DELETED", "The token was deleted.")
    : appError("TOKEN_STATE_CONFLICT", `The token is ${status}; that is not possible now.`);
}

/**
 * Raises the fraud flag of a token until a moment; the hot path declines with row 24 until then.
 * False when there is no such token.
 */
export function flagToken(vault: Vault, index: Buffer, untilSeconds: number): boolean {
  return vault.env.write(() => {
    const record = vault.findTokenRecord(index);
    if (record === undefined) return false;
    if (record.readUInt32LE(tokenAt.flaggedUntil) >= untilSeconds) return true;
    record.writeUInt32LE(untilSeconds, tokenAt.flaggedUntil);
    record.writeUInt32LE((record.readUInt32LE(tokenAt.changes) + 1) >>> 0, tokenAt.changes);
    vault.tables.tokens.putSync(index, record);
    return true;
  });
}
