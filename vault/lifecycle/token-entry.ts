// A new token record, and what callers get to see of a token: never a number in clear.
import { bcdToDigits, ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { cardAt } from "../card-record.ts";
import { refText } from "../minting/mint.ts";
import type { Requestor } from "../registry/records.ts";
import {
  type CardStatusName,
  cardStatus,
  causesOf,
  nameOf,
  parBytes,
  recordVersion,
  type SuspensionCause,
  type TokenStatusName,
  tokenAt,
  tokenBytes,
  tokenFlag,
  tokenStatus,
  tokenType,
  tridBytes,
} from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { type CardFile, copyCardFields, plainOf, type TokenEntry } from "./card-file.ts";
import { tokenExpiryFrom } from "./expiry.ts";
import { isPrimary, statusAt } from "./token-change.ts";

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

export interface NewToken {
  readonly index: Buffer;
  readonly tpan: ClearPAN;
  readonly ref: Buffer;
  readonly requestor: Requestor;
  readonly assurance: number;
  readonly active: boolean;
}

/** A token record under `card`, not stored yet; `storeCard` seals its PAN block. */
export function newToken(vault: Vault, card: CardFile, made: NewToken): TokenEntry {
  const record = Buffer.alloc(tokenBytes);
  const now = vault.nowSeconds();
  const expiry = tokenExpiryFrom(now);
  record[tokenAt.version] = recordVersion;
  record[tokenAt.status] = made.active ? tokenStatus.ACTIVE : tokenStatus.INACTIVE;
  record[tokenAt.flags] = made.active ? 0 : tokenFlag.NEVER_ACTIVE;
  record[tokenAt.type] = tokenType.ECOM_COF;
  record[tokenAt.assurance] = made.assurance;
  record[tokenAt.indexKeyVersion] = vault.sealing.indexVersion;
  record.writeUInt16LE(expiry, tokenAt.expiry);
  record.writeUInt16LE(made.requestor.number, tokenAt.requestor);
  tridBcd(made.requestor.trid).copy(record, tokenAt.trid);
  record.writeUInt32LE(now, tokenAt.provisionedAt);
  made.ref.copy(record, tokenAt.ref);
  copyCardFields(card.record, record);
  const plain = plainOf(made.tpan, expiry);
  vault.sealing.seal(plain, made.index).copy(record, tokenAt.sealedTpan);
  plain.fill(0);
  record.writeUInt16LE(vault.sealing.sealVersion, tokenAt.sealKeyVersion);
  return { index: made.index, record, before: undefined };
}

/** Opens one of the two sealed blocks of a token record. VAULT_CORRUPT when its tag fails. */
export function openNumber(vault: Vault, index: Buffer, record: Buffer, at: number): ClearPAN {
  const version = record.readUInt16LE(tokenAt.sealKeyVersion);
  const plain = vault.sealing.open(record.subarray(at, at + 32), index, version);
  const digits = Buffer.alloc(20);
  const length = bcdToDigits(plain, 0, 10, digits, 0);
  plain.fill(0);
  if (length < 0) throw appError("VAULT_CORRUPT", "A sealed block holds no number.");
  const number = ClearPAN.parse(digits.subarray(0, length));
  digits.fill(0);
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

/** Sets the PAR of a card record; the copies follow when the card is stored. */
export function setPar(card: Buffer, par: string): void {
  if (!/^[0-9A-Z]{29}$/.test(par)) {
    throw appError("INVALID_FIELD", "A PAR has 29 capital letters or digits.");
  }
  card.write(par, cardAt.par, "latin1");
}
