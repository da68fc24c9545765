// What reversals, completions and refunds ask of the history, and what it does to an original.

import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import {
  amountOf,
  decodeOriginal,
  emptyOriginal,
  fillOriginal,
  isKnown,
  keyOfRow,
  keysOfDE90,
  type Original,
  originalAt,
  originalFlag,
  originalKeyBytes,
} from "./original-record.ts";
import { type HistoryTables, keepSeconds, u32Seconds } from "./tables.ts";

export interface OriginalQuery {
  /** Blind index of the TPAN, 16 bytes. */
  readonly index: Buffer;
  /** DE90, 42 digits. */
  readonly de90: Buffer;
  /** TRID, BCD of 12 digits, 6 bytes. */
  readonly trid: Buffer;
  /** DE42, 15 bytes as on the wire. */
  readonly de42: Buffer;
}

/** The approved original of the same TPAN, TRID and merchant, as the snapshot shows it. */
export function lookUpOriginal(
  tables: HistoryTables,
  query: OriginalQuery,
  nowSeconds: number,
): Original | undefined {
  for (const key of keysOfDE90(query.index, query.de90, 0, nowSeconds)) {
    const value = tables.originals.getBinary(key);
    if (value === undefined || !isKnown(value)) continue;
    const { trid, merchant } = originalAt;
    if (value.compare(query.trid, 0, 6, trid, trid + 6) !== 0) continue;
    if (value.compare(query.de42, 0, 15, merchant, merchant + 15) !== 0) continue;
    return decodeOriginal(key, value);
  }
  return undefined;
}

export interface RefundRequest {
  /** `Original.key`. */
  readonly key: Buffer;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** Of the refund, after its claim: a repetition has the first one, and takes nothing again. */
  readonly verificationId: Buffer;
  readonly nowSeconds: number;
}

/**
 * Takes a refund out of its original; inside the caller's write transaction. False when it would
 * exceed what is left, or when the original is reversed, is a refund itself, or is not there.
 */
export function takeRefund(tables: HistoryTables, request: RefundRequest): boolean {
  const { key, amount, currency, verificationId } = request;
  if (tables.refunds.getBinary(verificationId) !== undefined) return true;
  const value = tables.originals.getBinary(key);
  if (value === undefined || !isKnown(value)) return false;
  const original = decodeOriginal(key, value);
  if (original.reversed || original.refund || original.currency !== currency) return false;
  const refunded = original.refunded + amount;
  if (!(amount >= 0 && refunded <= original.amount)) return false;
  value.writeUIntLE(refunded, originalAt.refunded, 6);
  tables.originals.putSync(key, value);
  putRefund(tables, verificationId, key, amount, request.nowSeconds);
  return true;
}

/** Refund value: kept until u32, amount u48, two zero bytes, key of the original. */
const refundAt = { keepUntil: 0, amount: 4, key: 12 } as const;

function putRefund(
  tables: HistoryTables,
  id: Buffer,
  key: Buffer,
  amount: number,
  nowSeconds: number,
): void {
  const value = Buffer.alloc(refundAt.key + originalKeyBytes);
  value.writeUInt32LE(u32Seconds(nowSeconds + keepSeconds), refundAt.keepUntil);
  value.writeUIntLE(amount, refundAt.amount, 6);
  key.copy(value, refundAt.key);
  tables.refunds.putSync(Buffer.from(id), value);
}

/** True for DE3 20xxxx: money goes back to the card. */
function isRefund(row: RowView): boolean {
  const at = row.at + rowAt.processingCode;
  return row.bytes[at] === 0x32 && row.bytes[at + 1] === 0x30;
}

/** An approved 0100 or 0200 becomes an original. */
export function recordOriginal(tables: HistoryTables, row: RowView, flags = 0): Buffer | undefined {
  const key = keyOfRow(row);
  if (key === undefined) return undefined;
  const value = tables.originals.getBinary(key) ?? emptyOriginal(row);
  // What is there already was approved first, and what a reversal may name is the first.
  if (isKnown(value)) return undefined;
  fillOriginal(value, row, flags);
  tables.originals.putSync(key, value);
  return key;
}

/** The key of what this row names by DE90; of two, the one that is known. */
function namedKey(tables: HistoryTables, row: RowView): Buffer | undefined {
  const seconds = Math.floor(row.timeMs / 1_000);
  const keys = keysOfDE90(row.index, row.bytes, row.at + rowAt.original, seconds);
  return keys.find((key) => tables.originals.getBinary(key) !== undefined) ?? keys[0];
}

/** An approved message of kind 2: what it did to the original that it names. */
export function applyOriginalBased(tables: HistoryTables, row: RowView): void {
  const named = namedKey(tables, row);
  if (named === undefined) return;
  if (row.mti >> 8 === 0x04) {
    const reversed = row.has("partialReversal")
      ? originalFlag.partlyReversed
      : originalFlag.reversed;
    markReversed(tables, row, named, reversed);
    return;
  }
  // A completion or a refund is named in its turn by the reversal that takes it back.
  const refund = isRefund(row);
  const own = recordOriginal(tables, row, refund ? originalFlag.refund : originalFlag.completion);
  if (refund) countRefund(tables, row, named);
  if (own !== undefined) setParent(tables, own, named);
}

function setParent(tables: HistoryTables, own: Buffer, parent: Buffer): void {
  const value = tables.originals.getBinary(own)!;
  parent.copy(value, originalAt.parent);
  tables.originals.putSync(own, value);
  // Its reversal may have been read first.
  if ((value[originalAt.flags]! & originalFlag.reversed) !== 0) giveBack(tables, value);
}

/** The hot path reserved it already, but for a power loss that forgot the reservation. */
function countRefund(tables: HistoryTables, row: RowView, named: Buffer): void {
  if (tables.refunds.getBinary(row.verificationId) !== undefined) return;
  const amount = amountOf(row.bytes, row.at + rowAt.amount) || 0;
  const value = tables.originals.getBinary(named) ?? emptyOriginal(row);
  const refunded = value.readUIntLE(originalAt.refunded, 6) + amount;
  value.writeUIntLE(refunded, originalAt.refunded, 6);
  tables.originals.putSync(named, value);
  putRefund(tables, row.verificationId, named, amount, Math.floor(row.timeMs / 1_000));
}

function markReversed(tables: HistoryTables, row: RowView, key: Buffer, flag: number): void {
  const value = tables.originals.getBinary(key) ?? emptyOriginal(row);
  const before = value[originalAt.flags]!;
  if ((before & flag) !== 0) return;
  value[originalAt.flags] = before | flag;
  tables.originals.putSync(key, value);
  if (flag === originalFlag.reversed && (before & originalFlag.refund) !== 0) {
    giveBack(tables, value);
  }
}

/** A refund was reversed: what it took may be refunded again. */
function giveBack(tables: HistoryTables, refund: Buffer): void {
  if ((refund[originalAt.flags]! & originalFlag.refund) === 0) return;
  const id = refund.subarray(originalAt.verificationId, originalAt.verificationId + 16);
  const taken = tables.refunds.getBinary(id);
  if (taken === undefined) return;
  const amount = taken.readUIntLE(refundAt.amount, 6);
  const key = taken.subarray(refundAt.key, refundAt.key + originalKeyBytes);
  const parent = tables.originals.getBinary(key);
  if (amount === 0 || parent === undefined) return;
  const refunded = Math.max(0, parent.readUIntLE(originalAt.refunded, 6) - amount);
  parent.writeUIntLE(refunded, originalAt.refunded, 6);
  tables.originals.putSync(key, parent);
  // Kept with nothing in it: a repetition of the refund still takes nothing.
  taken.writeUIntLE(0, refundAt.amount, 6);
  tables.refunds.putSync(id, taken);
}
