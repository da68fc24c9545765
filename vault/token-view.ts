// What callers get to see of a token: never a number in clear.
import type { ClearPAN } from "../codec/pan/mod.ts";
import { appError } from "../platform/mod.ts";
import { parseRef, refText } from "./minting/mint.ts";
import { numberOfBcd } from "./plain-block.ts";
import { bcdBytes } from "./sealing.ts";
import {
  type CardStatusName,
  cardStatus,
  causesOf,
  nameOf,
  parBytes,
  type SuspensionCause,
  sealedBytes,
  type TokenStatusName,
  tokenAt,
  tridBytes,
} from "./token-record.ts";
import { isPrimary, statusAt } from "./token-status.ts";
import type { Vault } from "./vault.ts";

/** A token as commands and doors may show it. */
export interface TokenView {
  readonly ref: string;
  /** The status now: past its expiry a token is EXPIRED whatever was stored. */
  readonly status: TokenStatusName;
  readonly suspendedBy: readonly SuspensionCause[];
  readonly cardStatus: CardStatusName;
  readonly trid: string;
  readonly expiry: string;
  readonly cardExpiry: string;
  readonly assurance: string;
  readonly par: string | undefined;
  readonly primary: boolean;
  readonly provisionedAt: number;
  readonly version: number;
  /** Prints itself masked. */
  readonly tpan: ClearPAN;
  readonly pan: ClearPAN;
}

/** YYMM as four digits. */
export function yymmText(yymm: number): string {
  return String(yymm).padStart(4, "0");
}

/** 12 BCD digits of a TRID, left-padded. */
export function tridBcd(trid: string): Buffer {
  return Buffer.from(trid.padStart(tridBytes * 2, "0"), "hex");
}

/** The 11 digits of the TRID in a token record. */
export function tridOf(record: Buffer): string {
  return record.toString("hex", tokenAt.trid, tokenAt.trid + tridBytes).slice(1);
}

/** The PAR of a token or card record; the two layouts have it at the same place. */
export function parOf(record: Buffer): string | undefined {
  if (record[tokenAt.par] === 0) return undefined;
  return record.toString("latin1", tokenAt.par, tokenAt.par + parBytes);
}

/** Opens one of the two sealed blocks of a token record. VAULT_CORRUPT when its tag fails. */
export function openNumber(vault: Vault, index: Buffer, record: Buffer, at: number): ClearPAN {
  const version = record.readUInt16LE(tokenAt.sealKeyVersion);
  const plain = vault.sealing.open(record.subarray(at, at + sealedBytes), index, version);
  const number = numberOfBcd(plain.subarray(0, bcdBytes));
  plain.fill(0);
  return number;
}

/**
 * What a caller may see of the token; opens both sealed blocks into values that mask themselves.
 */
export function viewOf(vault: Vault, index: Buffer, record: Buffer): TokenView {
  return {
    ref: refText(record.subarray(tokenAt.ref, tokenAt.ref + 16)),
    status: statusAt(record, vault.nowSeconds()),
    suspendedBy: causesOf(record[tokenAt.suspendedBy]!),
    cardStatus: nameOf(cardStatus, record[tokenAt.cardStatus]!),
    trid: tridOf(record),
    expiry: yymmText(record.readUInt16LE(tokenAt.expiry)),
    cardExpiry: yymmText(record.readUInt16LE(tokenAt.cardExpiry)),
    assurance: String(record[tokenAt.assurance]!).padStart(2, "0"),
    par: parOf(record),
    primary: isPrimary(record),
    provisionedAt: record.readUInt32LE(tokenAt.provisionedAt),
    version: record.readUInt32LE(tokenAt.changes),
    tpan: openNumber(vault, index, record, tokenAt.sealedTpan),
    pan: openNumber(vault, index, record, tokenAt.sealedPan),
  };
}

/** Index and record of a token by its reference in text form; TOKEN_NOT_FOUND without one. */
export function getToken(
  vault: Vault,
  ref: string,
  trid?: string,
): { readonly index: Buffer; readonly record: Buffer } {
  const bytes = parseRef(ref);
  const found = bytes === undefined ? undefined : vault.findTokenByRef(bytes);
  if (found === undefined || (trid !== undefined && tridOf(found.record) !== trid)) {
    throw appError("TOKEN_NOT_FOUND", "There is no such token.");
  }
  return found;
}

/** A token as it may be shown. */
export function viewToken(vault: Vault, ref: string, trid?: string): TokenView {
  const token = getToken(vault, ref, trid);
  return viewOf(vault, token.index, token.record);
}
