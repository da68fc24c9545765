// A failed PTAV says only PTAV_INVALID to the switch. Here the message is compared with what the
// PTAV was issued for, and the finer reason goes into the token's history.
import { reason } from "../../platform/mod.ts";
import { rowAt, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import type { Ledger } from "./ledger.ts";
import { markOfIssue } from "./record.ts";
import { issueKeepSeconds, u32Seconds } from "./tables.ts";

const issueKeyBytes = 27;

/**
 * issuedAt u32 big-endian, token index 16, KVN 1, nonce 6: names one PTAV without its MAC. The time
 * comes first, so that keys are put where the last ones were.
 */
function issueKey(row: RowView): Buffer {
  const key = Buffer.alloc(issueKeyBytes);
  key.writeUInt32BE(row.issuedAt, 0);
  row.index.copy(key, 4);
  key[20] = row.kvn;
  row.slice(rowAt.nonce, 6).copy(key, 21);
  return key;
}

/**
 * Names the PTAV of an issue row that carries no verification id of its own: issuedAt, KVN and
 * nonce, zero bytes behind them.
 */
export function issueId(row: RowView): Buffer {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(row.issuedAt, 0);
  id[4] = row.kvn;
  row.slice(rowAt.nonce, 6).copy(id, 5);
  return id;
}

/** Unexplained value: kept until u32, position of the failed check's record u48. */
const waitingAt = { keepUntil: 0, position: 4 } as const;

/** An issued PTAV explains a failed check of it that was read before. */
export function applyIssue(ledger: Ledger, row: RowView): void {
  const key = issueKey(row);
  const waiting = ledger.unexplained.find(key);
  if (waiting === undefined) return;
  const position = waiting.readUIntLE(waitingAt.position, 6);
  const check = ledger.at(position);
  if (check !== undefined) ledger.explain(position, compare(row, check));
  ledger.unexplained.remove(key);
}

/**
 * Finds the finer reason of a 2004 row, whose record lies at `position`; remembers the row where
 * its issue was not read yet.
 */
export function explain(ledger: Ledger, row: RowView, position: number): void {
  const key = issueKey(row);
  const isIssue = (record: RowView): boolean =>
    record.kind === rowKind.ptavIssued && issueKey(record).equals(key);
  const issued = ledger.find(row.issuedAt, markOfIssue(row), isIssue);
  if (issued !== undefined) {
    ledger.explain(position, compare(issued.record, row));
    return;
  }
  const value = Buffer.alloc(10);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + issueKeepSeconds), waitingAt.keepUntil);
  value.writeUIntLE(position, waitingAt.position, 6);
  ledger.unexplained.put(key, value);
}

/**
 * 0 where neither amount, currency nor merchant differ: something else was altered. What the PTAV
 * does not bind is zero bytes in its issue.
 */
function compare(issued: RowView, check: RowView): number {
  const differs = (off: number, length: number): boolean =>
    issued.bytes[issued.at + off] !== 0 &&
    !issued.slice(off, length).equals(check.slice(off, length));
  if (differs(rowAt.amount, 12) || differs(rowAt.currency, 3)) return reason.AMOUNT_MISMATCH;
  return differs(rowAt.merchant, 15) ? reason.MERCHANT_MISMATCH : 0;
}
