// MIT agreements: what lets a merchant-initiated payment pass without a cryptogram. They belong
// to a token and go with it.
import { appError } from "../platform/mod.ts";
import {
  type AgreementName,
  type AgreementSource,
  agreementAt,
  agreementBytes,
  agreementKey,
  agreementKeyAt,
  agreementKeyBytes,
  agreementNameOf,
  agreementSource,
} from "./agreement-key.ts";
import { indexBytes, nameOf } from "./token-record.ts";
import type { Vault } from "./vault.ts";

/** An agreement ends 13 months after its last use: a yearly payment and one month of grace. */
export const agreementIdleMonths = 13;

/** Agreements that one token may have; a token belongs to one card at one requestor. */
export const agreementsMax = 1000;

/** Rows of one sweep transaction: well below a millisecond each hundred, so payments go on. */
const sweepRowsMax = 5000;

export interface Agreement extends AgreementName {
  /** Bit set of `mitType`. */
  readonly types: number;
  readonly source: AgreementSource;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** 0 while it lives. */
  readonly revokedAt: number;
}

export interface AgreementTerms {
  readonly types: number;
  readonly source: AgreementSource;
  readonly atSeconds: number;
}

function keyOf(index: Buffer, name: AgreementName): Buffer {
  try {
    return agreementKey(index, name);
  } catch (error) {
    throw appError("INVALID_FIELD", "The agreement's name has a part of the wrong form.", {
      cause: error,
    });
  }
}

/**
 * Sets up an agreement, or adds types to a live one; a revoked one begins anew. Usable inside a
 * caller's transaction and alone.
 */
export function putAgreement(
  vault: Vault,
  index: Buffer,
  name: AgreementName,
  terms: AgreementTerms,
): void {
  if (terms.types < 1 || terms.types > 7) throw appError("INVALID_FIELD", "No MIT type is given.");
  putAgreementRow(vault, keyOf(index, name), terms);
}

/** The same for a key that is already laid out, as the journal's reader has it. */
export function putAgreementRow(vault: Vault, key: Buffer, terms: AgreementTerms): void {
  const table = vault.tables.agreements;
  vault.env.write(() => {
    const value = table.getBinary(key);
    if (value === undefined && agreementCount(vault, key) >= agreementsMax) {
      throw appError("TOKEN_LIMIT_REACHED", "The token has its most agreements already.");
    }
    const live = value !== undefined && value.readUInt32LE(agreementAt.revokedAt) === 0;
    const row = live ? value : Buffer.alloc(agreementBytes);
    row[agreementAt.types]! |= terms.types;
    if (!live) {
      row[agreementAt.source] = agreementSource[terms.source];
      row.writeUInt32LE(terms.atSeconds, agreementAt.createdAt);
    }
    raise(row, agreementAt.lastUsedAt, terms.atSeconds);
    table.putSync(key, row);
  });
}

function raise(row: Buffer, at: number, seconds: number): void {
  if (seconds > row.readUInt32LE(at)) row.writeUInt32LE(seconds, at);
}

/** Notes a use; false when there is no such agreement. */
export function touchAgreement(vault: Vault, key: Buffer, atSeconds: number): boolean {
  const table = vault.tables.agreements;
  return vault.env.write(() => {
    const row = table.getBinary(key);
    if (row === undefined) return false;
    raise(row, agreementAt.lastUsedAt, atSeconds);
    table.putSync(key, row);
    return true;
  });
}

/** Revokes; false when there is no such agreement or it was revoked before. */
export function revokeAgreement(vault: Vault, key: Buffer, atSeconds: number): boolean {
  const table = vault.tables.agreements;
  return vault.env.write(() => {
    const row = table.getBinary(key);
    if (row === undefined || row.readUInt32LE(agreementAt.revokedAt) !== 0) return false;
    row.writeUInt32LE(atSeconds, agreementAt.revokedAt);
    table.putSync(key, row);
    return true;
  });
}

/** All agreements of a token, revoked ones too. */
export function agreementsOf(vault: Vault, index: Buffer): Agreement[] {
  const found: Agreement[] = [];
  for (const { key, value } of vault.tables.agreements.getRange(rangeOf(index))) {
    found.push({
      ...agreementNameOf(key),
      types: value[agreementAt.types]!,
      source: nameOf(agreementSource, value[agreementAt.source]!),
      createdAt: value.readUInt32LE(agreementAt.createdAt),
      lastUsedAt: value.readUInt32LE(agreementAt.lastUsedAt),
      revokedAt: value.readUInt32LE(agreementAt.revokedAt),
    });
  }
  return found;
}

/** Removes all agreements of a token, inside the caller's transaction. Returns how many. */
export function removeAgreements(vault: Vault, index: Buffer): number {
  const keys = [...vault.tables.agreements.getKeys(rangeOf(index))];
  for (const key of keys) vault.tables.agreements.removeSync(key);
  return keys.length;
}

/** Removes agreements that were idle for 13 months. Returns how many. */
export function sweepAgreements(vault: Vault): number {
  const limit = new Date(vault.clock.nowMs());
  limit.setUTCMonth(limit.getUTCMonth() - agreementIdleMonths);
  const before = Math.floor(limit.getTime() / 1000);
  const idle: Buffer[] = [];
  for (const { key, value } of vault.tables.agreements.getRange({})) {
    if (value.readUInt32LE(agreementAt.lastUsedAt) < before) idle.push(key);
  }
  for (let from = 0; from < idle.length; from += sweepRowsMax) {
    vault.env.write(() => {
      for (const key of idle.slice(from, from + sweepRowsMax)) {
        vault.tables.agreements.removeSync(key);
      }
    });
  }
  return idle.length;
}

function agreementCount(vault: Vault, key: Buffer): number {
  const index = key.subarray(agreementKeyAt.index, agreementKeyAt.index + indexBytes);
  return vault.tables.agreements.getKeysCount(rangeOf(index));
}

/** From the index followed by zeros to the index followed by ones: the keys of one token. */
function rangeOf(index: Buffer): { readonly start: Buffer; readonly end: Buffer } {
  const start = Buffer.alloc(agreementKeyBytes);
  const end = Buffer.alloc(agreementKeyBytes, 0xff);
  index.copy(start, 0, 0, indexBytes);
  index.copy(end, 0, 0, indexBytes);
  return { start, end };
}
