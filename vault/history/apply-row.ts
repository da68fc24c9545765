// What one journal row does to the history; inside the fold's write transaction.
import { reason } from "../../platform/mod.ts";
import { rowAt, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { applyAdvice, applyVerified, type Findings } from "./agreements.ts";
import { idOf } from "./event-record.ts";
import { applyIssue, explain } from "./finer-reason.ts";
import type { Ledger } from "./ledger.ts";
import { applyOriginalBased } from "./originals.ts";
import { markOf, secondOf } from "./record.ts";
import { earlyKeepSeconds, u32Seconds } from "./tables.ts";
import { countFailure, isFailedCheck } from "./velocity.ts";

/**
 * True the first time; a repetition is dropped here. It carries a flag and has the DE7, the token
 * and the verification id of the first, so only flagged rows are looked for; and a first one only
 * among the repetitions that were read before it, nearly always none. (That a row itself is read
 * twice the cursor rules out, which changes in the same transaction.)
 */
function firstTime(ledger: Ledger, row: RowView): boolean {
  const repetition = row.has("repetition");
  const anonymous = row.kind === rowKind.ptavIssued && row.isZero(rowAt.verificationId, 16);
  if (repetition || anonymous) return unseen(ledger, row, repetition);
  if (ledger.early.isEmpty) return true;
  const key = earlyKey(row);
  if (ledger.early.find(key) === undefined) return true;
  ledger.early.remove(key);
  return false;
}

/** A function of its own: the closure would cost every first row a context. */
function unseen(ledger: Ledger, row: RowView, repetition: boolean): boolean {
  const id = idOf(row);
  const same = (record: RowView): boolean => record.kind === row.kind && idOf(record).equals(id);
  if (ledger.find(secondOf(row), markOf(row), same) !== undefined) return false;
  if (!repetition) return true;
  const key = earlyKey(row);
  if (ledger.early.find(key) !== undefined) return false;
  const value = Buffer.alloc(4);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + earlyKeepSeconds), 0);
  ledger.early.put(key, value);
  return true;
}

function earlyKey(row: RowView): Buffer {
  const key = Buffer.alloc(17);
  row.verificationId.copy(key);
  key[16] = row.kind;
  return key;
}

/** Applies a valid row; false when it was dropped as seen before. */
export function applyRow(ledger: Ledger, row: RowView, findings: Findings): boolean {
  if (!firstTime(ledger, row)) return false;
  const { kind } = row;
  const approved = row.reason === reason.VERIFIED;
  if (kind === rowKind.verification && approved) applyVerified(ledger, row, findings);
  else if (kind === rowKind.originalBased && approved) applyOriginalBased(ledger, row);
  else if (kind === rowKind.advice) applyAdvice(ledger, row, findings);
  else if (kind === rowKind.ptavIssued) applyIssue(ledger, row);
  // For the audit chain alone; no event of the token.
  else if (kind === rowKind.resolved) return true;
  record(ledger, row, findings);
  return true;
}

function record(ledger: Ledger, row: RowView, findings: Findings): void {
  // A message that could not be read names no token, and one that names an unknown token has no
  // history to stand in: somebody who tries numbers must not be able to fill the disk with them.
  if (row.reason === reason.TOKEN_UNKNOWN || row.isZero(rowAt.index, 16)) return;
  const position = ledger.add(row);
  if (row.kind !== rowKind.verification || !isFailedCheck(row)) return;
  if (row.reason === reason.PTAV_INVALID) explain(ledger, row, position);
  const until = countFailure(ledger.tables, row);
  if (until > 0) findings.flag(row.index, until);
}
