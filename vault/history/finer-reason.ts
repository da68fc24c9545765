// A failed PTAV says only PTAV_INVALID to the switch. Here the message is compared with what the
// PTAV was issued for, and the finer reason goes into the token's history.
import { reason } from "../../platform/mod.ts";
import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { eventAt } from "./event-record.ts";
import { type HistoryTables, issueKeepSeconds, u32Seconds } from "./tables.ts";

const issueKeyBytes = 27;

/**
 * Issue value: kept until u32, amount 12, currency 3, merchant 15; unbound parts are zero bytes.
 */
const issueAt = { keepUntil: 0, amount: 4, currency: 16, merchant: 19 } as const;
const issueBytes = 34;

/** Token index 16, KVN 1, nonce 6, issuedAt u32 big-endian: names one PTAV without its MAC. */
function issueKey(row: RowView): Buffer {
  const key = Buffer.alloc(issueKeyBytes);
  row.index.copy(key, 0);
  key[16] = row.kvn;
  row.slice(rowAt.nonce, 6).copy(key, 17);
  key.writeUInt32BE(row.issuedAt, 23);
  return key;
}

/** 11 bytes that name the PTAV of an issue row that carries no verification id of its own. */
export function issueId(row: RowView): Buffer {
  const id = Buffer.alloc(16);
  issueKey(row).copy(id, 0, 16);
  return id;
}

/** Remembers an issued PTAV and explains a failed check of it that was read before. */
export function recordIssue(tables: HistoryTables, row: RowView): void {
  const key = issueKey(row);
  const value = Buffer.alloc(issueBytes);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + issueKeepSeconds), issueAt.keepUntil);
  row.slice(rowAt.amount, 12).copy(value, issueAt.amount);
  row.slice(rowAt.currency, 3).copy(value, issueAt.currency);
  row.slice(rowAt.merchant, 15).copy(value, issueAt.merchant);
  tables.issues.putSync(key, value);
  const waiting = tables.unexplained.getBinary(key);
  if (waiting === undefined) return;
  const event = waiting.subarray(4);
  const stored = tables.events.getBinary(event);
  if (stored === undefined) return;
  const finer = compare(value, stored, eventAt);
  if (finer !== 0) {
    stored.writeUInt16LE(finer, eventAt.finerReason);
    tables.events.putSync(event, stored);
  }
  tables.unexplained.removeSync(key);
}

/**
 * The finer reason of a 2004 row, written into `event`; remembered where the issue is not known.
 */
export function explain(tables: HistoryTables, row: RowView, key: Buffer, event: Buffer): void {
  const issue = issueKey(row);
  const issued = tables.issues.getBinary(issue);
  if (issued !== undefined) {
    event.writeUInt16LE(compare(issued, event, eventAt), eventAt.finerReason);
    return;
  }
  const value = Buffer.alloc(4 + key.length);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + issueKeepSeconds), 0);
  key.copy(value, 4);
  tables.unexplained.putSync(issue, value);
}

/** 0 where neither amount, currency nor merchant differ: something else was altered. */
function compare(
  issued: Buffer,
  event: Buffer,
  at: { readonly amount: number; readonly currency: number; readonly merchant: number },
): number {
  const differs = (from: number, to: number, length: number): boolean =>
    issued[from] !== 0 && issued.compare(event, to, to + length, from, from + length) !== 0;
  if (differs(issueAt.amount, at.amount, 12)) return reason.AMOUNT_MISMATCH;
  if (differs(issueAt.currency, at.currency, 3)) return reason.AMOUNT_MISMATCH;
  return differs(issueAt.merchant, at.merchant, 15) ? reason.MERCHANT_MISMATCH : 0;
}
