// Originals: approved messages that a reversal, a completion or a refund may name by DE90. What the
// message told lies in its record; here is how it is named, and what became of it.
//
// Key, 38 bytes: DE7 as Unix seconds u32 big-endian, token index 16, DE11 6 digits, DE32
// left-padded with zeros to 11 digits as DE90 writes it, MTI digits 1-2 as one byte. State, 12
// bytes, which most originals have none of.
import { transmissionSeconds } from "../../codec/iso8583/mod.ts";
import { rowAt, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { isRefund, mix } from "./record.ts";
import { keepSeconds, u32Seconds } from "./tables.ts";

export const originalKeyBytes = 38;

const keyAt = { seconds: 0, index: 4, stan: 20, acquirer: 26, mtiClass: 37 } as const;

/** DE90: MTI 4, DE11 6, DE7 10, DE32 11, DE33 11, all digits. */
export const de90At = {
  mti: 0,
  stan: 4,
  transmissionTime: 10,
  acquirer: 20,
  forwarder: 31,
} as const;
export const de90Bytes = 42;

/** Offsets in the state. */
const stateAt = {
  keepUntil: 0, // u32
  flags: 4, // u8
  refunded: 6, // u48, minor units
} as const;
const stateBytes = 12;

const stateFlag = {
  reversed: 1,
  /** Reversed with DE95: a part of it stands. */
  partlyReversed: 2,
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

/** Where the record of an original with this key is looked for. */
export function secondOfKey(key: Buffer): number {
  return key.readUInt32BE(keyAt.seconds);
}

export function markOfKey(key: Buffer): number {
  return mix(key, keyAt.index, key, keyAt.stan + 2);
}

/** What became of an original; also of one that was not read yet. */
export interface OriginalState {
  reversed: boolean;
  partlyReversed: boolean;
  /** Minor units that refunds have taken. */
  refunded: number;
}

export function decodeState(value: Buffer | undefined): OriginalState {
  const flags = value?.[stateAt.flags] ?? 0;
  return {
    reversed: (flags & stateFlag.reversed) !== 0,
    partlyReversed: (flags & stateFlag.partlyReversed) !== 0,
    refunded: value?.readUIntLE(stateAt.refunded, 6) ?? 0,
  };
}

export function encodeState(state: OriginalState, nowSeconds: number): Buffer {
  const value = Buffer.alloc(stateBytes);
  value.writeUInt32LE(u32Seconds(nowSeconds + keepSeconds), stateAt.keepUntil);
  value[stateAt.flags] =
    (state.reversed ? stateFlag.reversed : 0) |
    (state.partlyReversed ? stateFlag.partlyReversed : 0);
  value.writeUIntLE(state.refunded, stateAt.refunded, 6);
  return value;
}

/** `row`: the original's journal row or record. */
export function decodeOriginal(key: Buffer, row: RowView, state: OriginalState): Original {
  const { bytes, at } = row;
  const based = row.kind === rowKind.originalBased;
  const refund = based && isRefund(row);
  return {
    key,
    mti: row.mti,
    verificationId: Buffer.from(row.verificationId),
    amount: amountOf(bytes, at + rowAt.amount) || 0,
    currency: bytes.toString("latin1", at + rowAt.currency, at + rowAt.currency + 3),
    rrn: bytes.toString("latin1", at + rowAt.rrn, at + rowAt.rrn + 12),
    sealedPAN: Buffer.from(row.slice(rowAt.sealedPAN, 32)),
    sealVersion: bytes.readUInt16LE(at + rowAt.sealVersion),
    cardId: bytes.readBigUInt64LE(at + rowAt.cardId),
    refunded: state.refunded,
    reversed: state.reversed,
    partlyReversed: state.partlyReversed,
    refund,
    completion: based && !refund,
    timeMs: row.timeMs,
  };
}
