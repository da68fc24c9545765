// Originals: approved messages that a reversal, a completion or a refund may name by DE90.
//
// Key, 38 bytes: token index 16, DE7 as Unix seconds u32 big-endian, DE11 6 digits, DE32
// left-padded with zeros to 11 digits as DE90 writes it, MTI digits 1-2 as one byte. Value, 168
// bytes.
import { transmissionSeconds } from "../../codec/iso8583/mod.ts";
import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { keepSeconds, u32Seconds } from "./tables.ts";

export const originalKeyBytes = 38;
export const originalBytes = 168;

const keyAt = { index: 0, seconds: 16, stan: 20, acquirer: 26, mtiClass: 37 } as const;

/** DE90: MTI 4, DE11 6, DE7 10, DE32 11, DE33 11, all digits. */
export const de90At = {
  mti: 0,
  stan: 4,
  transmissionTime: 10,
  acquirer: 20,
  forwarder: 31,
} as const;
export const de90Bytes = 42;

export const originalAt = {
  keepUntil: 0, // u32
  flags: 4, // u8, `originalFlag`
  mti: 6, // u16
  trid: 8, // 6
  verificationId: 16, // 16; all zero: only what became of it is known yet
  amount: 32, // u48, minor units
  currency: 38, // 3
  sealVersion: 42, // u16
  merchant: 44, // 15
  rrn: 60, // 12
  sealedPAN: 72, // 32
  cardId: 104, // u64
  refunded: 112, // u48, minor units
  timeMs: 120, // f64
  parent: 128, // 38, key of the original that a refund or completion names
} as const;

export const originalFlag = {
  reversed: 1,
  /** Reversed with DE95: a part of it stands. */
  partlyReversed: 2,
  refund: 4,
  completion: 8,
} as const;

export interface Original {
  readonly key: Buffer;
  readonly mti: number;
  readonly verificationId: Buffer;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly rrn: string;
  /** V and C, 32 bytes; the associated data is the token index. */
  readonly sealedPAN: Buffer;
  readonly sealVersion: number;
  readonly cardId: bigint;
  /** Minor units that refunds have taken. */
  readonly refunded: number;
  readonly reversed: boolean;
  readonly partlyReversed: boolean;
  readonly refund: boolean;
  readonly completion: boolean;
  readonly timeMs: number;
}

/** "01" of 0100 as one byte: a repeat (0101) has the class of its original. */
function mtiClass(bytes: Buffer, at: number): number {
  return ((bytes[at]! - 48) << 4) | (bytes[at + 1]! - 48);
}

/** The key under which this row's message can be named; undefined where its DE7 is no date. */
export function keyOfRow(row: RowView): Buffer | undefined {
  const nowSeconds = Math.floor(row.timeMs / 1_000);
  const seconds = transmissionSeconds(row.bytes, row.at + rowAt.transmissionTime, nowSeconds);
  if (seconds < 0) return undefined;
  const length = row.bytes[row.at + rowAt.acquirerLength]!;
  if (length > 11) return undefined;
  const key = Buffer.alloc(originalKeyBytes, 0x30);
  row.index.copy(key, keyAt.index);
  key.writeUInt32BE(seconds, keyAt.seconds);
  row.slice(rowAt.stan, 6).copy(key, keyAt.stan);
  row.slice(rowAt.acquirer, length).copy(key, keyAt.acquirer + 11 - length);
  key[keyAt.mtiClass] = row.mti >> 8;
  return key;
}

/**
 * The keys that DE90 may mean, the likely one first: its date carries no year, and an original may
 * be 18 months old. Empty where DE90 holds no date.
 */
export function keysOfDE90(index: Buffer, de90: Buffer, at: number, nowSeconds: number): Buffer[] {
  const keys: Buffer[] = [];
  for (const reference of [nowSeconds, nowSeconds - 365 * 86_400]) {
    const seconds = transmissionSeconds(de90, at + de90At.transmissionTime, reference);
    if (seconds < 0 || seconds < nowSeconds - keepSeconds) continue;
    const key = Buffer.alloc(originalKeyBytes);
    index.copy(key, keyAt.index, 0, 16);
    key.writeUInt32BE(seconds, keyAt.seconds);
    de90.copy(key, keyAt.stan, at + de90At.stan, at + de90At.stan + 6);
    de90.copy(key, keyAt.acquirer, at + de90At.acquirer, at + de90At.acquirer + 11);
    key[keyAt.mtiClass] = mtiClass(de90, at + de90At.mti);
    if (keys.length === 0 || !keys[0]!.equals(key)) keys.push(key);
  }
  return keys;
}

/** 12 digits at `at` as a number; NaN where they are no digits. 10^12 fits a double exactly. */
export function amountOf(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = 0; i < 12; i++) {
    const digit = bytes[at + i]! - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** A value of which only the key is known yet. */
export function emptyOriginal(row: RowView): Buffer {
  const value = Buffer.alloc(originalBytes);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + keepSeconds), originalAt.keepUntil);
  return value;
}

/** Writes what the row tells of an original into `value`, keeping what became of it. */
export function fillOriginal(value: Buffer, row: RowView, flags: number): void {
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + keepSeconds), originalAt.keepUntil);
  value[originalAt.flags] = value[originalAt.flags]! | flags;
  value.writeUInt16LE(row.mti, originalAt.mti);
  row.slice(rowAt.trid, 6).copy(value, originalAt.trid);
  row.verificationId.copy(value, originalAt.verificationId);
  value.writeUIntLE(amountOf(row.bytes, row.at + rowAt.amount) || 0, originalAt.amount, 6);
  row.slice(rowAt.currency, 3).copy(value, originalAt.currency);
  row.slice(rowAt.sealVersion, 2).copy(value, originalAt.sealVersion);
  row.slice(rowAt.merchant, 15).copy(value, originalAt.merchant);
  row.slice(rowAt.rrn, 12).copy(value, originalAt.rrn);
  row.slice(rowAt.sealedPAN, 32).copy(value, originalAt.sealedPAN);
  row.slice(rowAt.cardId, 8).copy(value, originalAt.cardId);
  value.writeDoubleLE(row.timeMs, originalAt.timeMs);
}

/** False for a value of which only the key is known. */
export function isKnown(value: Buffer): boolean {
  for (let i = 0; i < 16; i++) if (value[originalAt.verificationId + i] !== 0) return true;
  return false;
}

export function decodeOriginal(key: Buffer, value: Buffer): Original {
  const flags = value[originalAt.flags]!;
  const slice = (at: number, length: number): Buffer =>
    Buffer.from(value.subarray(at, at + length));
  return {
    key,
    mti: value.readUInt16LE(originalAt.mti),
    verificationId: slice(originalAt.verificationId, 16),
    amount: value.readUIntLE(originalAt.amount, 6),
    currency: value.toString("latin1", originalAt.currency, originalAt.currency + 3),
    rrn: value.toString("latin1", originalAt.rrn, originalAt.rrn + 12),
    sealedPAN: slice(originalAt.sealedPAN, 32),
    sealVersion: value.readUInt16LE(originalAt.sealVersion),
    cardId: value.readBigUInt64LE(originalAt.cardId),
    refunded: value.readUIntLE(originalAt.refunded, 6),
    reversed: (flags & originalFlag.reversed) !== 0,
    partlyReversed: (flags & originalFlag.partlyReversed) !== 0,
    refund: (flags & originalFlag.refund) !== 0,
    completion: (flags & originalFlag.completion) !== 0,
    timeMs: value.readDoubleLE(originalAt.timeMs),
  };
}
