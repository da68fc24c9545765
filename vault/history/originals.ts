// What reversals, completions and refunds ask of the history, and what they do to an original.
import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import type { Ledger } from "./ledger.ts";
import {
  amountOf,
  decodeOriginal,
  decodeState,
  encodeState,
  keyOfRow,
  keysOfDE90,
  markOfKey,
  type Original,
  type OriginalState,
  originalKeyBytes,
  secondOfKey,
} from "./original-record.ts";
import { isOriginal, isRefund } from "./record.ts";
import { findStored } from "./second-index.ts";
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

/** Finds the row or record of an original by its key. */
export type FindOriginal = (key: Buffer) => RowView | undefined;

/** True for the row or record of an original with this key. */
export function isNamed(row: RowView, key: Buffer): boolean {
  return isOriginal(row) && keyOfRow(row)?.equals(key) === true;
}

/** Looks among what is stored; of several it is the first, which alone was approved as new. */
export function storedOriginal(tables: HistoryTables, key: Buffer): RowView | undefined {
  const matches = (record: RowView): boolean => isNamed(record, key);
  return findStored(tables, secondOfKey(key), markOfKey(key), matches)?.record;
}

function foldedOriginal(ledger: Ledger, key: Buffer): RowView | undefined {
  const matches = (record: RowView): boolean => isNamed(record, key);
  return ledger.find(secondOfKey(key), markOfKey(key), matches)?.record;
}

function stateOf(tables: HistoryTables, key: Buffer): OriginalState {
  return decodeState(tables.states.getBinary(key));
}

/** The approved original of the same TPAN, TRID and merchant, as the snapshot shows it. */
export function lookUpOriginal(
  tables: HistoryTables,
  query: OriginalQuery,
  nowSeconds: number,
  find: FindOriginal,
): Original | undefined {
  for (const key of keysOfDE90(query.index, query.de90, 0, nowSeconds)) {
    const row = find(key);
    if (row === undefined || row.timeMs / 1_000 + keepSeconds < nowSeconds) continue;
    if (!row.slice(rowAt.trid, 6).equals(query.trid)) continue;
    if (!row.slice(rowAt.merchant, 15).equals(query.de42)) continue;
    return decodeOriginal(key, row, stateOf(tables, key));
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
 * `reversed`: a reversal of it stands in a journal that was not read yet.
 */
export function takeRefund(
  tables: HistoryTables,
  request: RefundRequest,
  find: FindOriginal,
  reversed: boolean,
): boolean {
  const { key, amount, currency, verificationId, nowSeconds } = request;
  if (tables.refunds.getBinary(verificationId) !== undefined) return true;
  const row = find(key);
  if (row === undefined) return false;
  const state = stateOf(tables, key);
  const original = decodeOriginal(key, row, state);
  if (reversed || original.reversed || original.refund || original.currency !== currency)
    return false;
  const refunded = original.refunded + amount;
  if (!(amount >= 0 && refunded <= original.amount)) return false;
  tables.states.putSync(key, encodeState({ ...state, refunded }, nowSeconds));
  putRefund(tables, verificationId, key, amount, nowSeconds);
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

interface Named {
  readonly key: Buffer;
  readonly original: RowView | undefined;
}

/** What this row names by DE90; of two years the one that is known. */
function findNamed(ledger: Ledger, row: RowView): Named | undefined {
  const seconds = Math.floor(row.timeMs / 1_000);
  const keys = keysOfDE90(row.index, row.bytes, row.at + rowAt.original, seconds);
  for (const key of keys) {
    const original = foldedOriginal(ledger, key);
    const known = original !== undefined || ledger.tables.states.getBinary(key) !== undefined;
    if (known) return { key, original };
  }
  return keys[0] === undefined ? undefined : { key: keys[0], original: undefined };
}

/** An approved message of kind 2, not in the ledger yet: what it does to what it names. */
export function applyOriginalBased(ledger: Ledger, row: RowView): void {
  const reversal = row.mti >> 8 === 0x04;
  // A completion is an original like others, and changes nothing of the one that it names.
  if (!reversal && !isRefund(row)) return;
  const named = findNamed(ledger, row);
  if (named === undefined) return;
  if (reversal) {
    markReversed(ledger.tables, row, named);
    return;
  }
  countRefund(ledger.tables, row, named.key);
  const own = keyOfRow(row);
  if (own === undefined || foldedOriginal(ledger, own) !== undefined) return;
  // Its reversal may have been read first.
  if (stateOf(ledger.tables, own).reversed) giveBack(ledger.tables, row);
}

/** The hot path reserved it already, but for a power loss that forgot the reservation. */
function countRefund(tables: HistoryTables, row: RowView, named: Buffer): void {
  if (tables.refunds.getBinary(row.verificationId) !== undefined) return;
  const amount = amountOf(row.bytes, row.at + rowAt.amount) || 0;
  const seconds = Math.floor(row.timeMs / 1_000);
  const state = stateOf(tables, named);
  state.refunded += amount;
  tables.states.putSync(named, encodeState(state, seconds));
  putRefund(tables, row.verificationId, named, amount, seconds);
}

function markReversed(tables: HistoryTables, row: RowView, { key, original }: Named): void {
  const state = stateOf(tables, key);
  const mark = row.has("partialReversal") ? "partlyReversed" : "reversed";
  if (state[mark]) return;
  state[mark] = true;
  tables.states.putSync(key, encodeState(state, Math.floor(row.timeMs / 1_000)));
  if (mark === "reversed" && original !== undefined) giveBack(tables, original);
}

/** Where a refund was reversed: what it took may be refunded again. */
function giveBack(tables: HistoryTables, refund: RowView): void {
  if (!isRefund(refund)) return;
  const id = Buffer.from(refund.verificationId);
  const taken = tables.refunds.getBinary(id);
  if (taken === undefined) return;
  const amount = taken.readUIntLE(refundAt.amount, 6);
  if (amount === 0) return;
  const key = Buffer.from(taken.subarray(refundAt.key, refundAt.key + originalKeyBytes));
  const state = stateOf(tables, key);
  state.refunded = Math.max(0, state.refunded - amount);
  const seconds = Math.floor(refund.timeMs / 1_000);
  tables.states.putSync(key, encodeState(state, seconds));
  // Kept with nothing in it: a repetition of the refund still takes nothing.
  taken.writeUIntLE(0, refundAt.amount, 6);
  tables.refunds.putSync(id, taken);
}
