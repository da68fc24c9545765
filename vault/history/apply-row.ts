// What one journal row does to the history; inside the fold's write transaction.
import { reason } from "../../platform/mod.ts";
import { rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { applyAdvice, applyVerified, type Findings } from "./agreements.ts";
import { encodeEvent, eventKey } from "./event-record.ts";
import { explain, issueId, recordIssue } from "./finer-reason.ts";
import { applyOriginalBased, recordOriginal } from "./originals.ts";
import { type HistoryTables, seenKeepSeconds, u32Seconds } from "./tables.ts";
import { countFailure, isFailedCheck } from "./velocity.ts";

function allZero(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** True the first time; a repetition, or a row that is read twice, is dropped here. */
function firstTime(tables: HistoryTables, row: RowView, id: Buffer): boolean {
  const key = Buffer.alloc(17);
  id.copy(key);
  key[16] = row.kind;
  if (tables.seen.getBinaryFast(key) !== undefined) return false;
  const value = Buffer.alloc(4);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + seenKeepSeconds), 0);
  tables.seen.putSync(key, value);
  return true;
}

/** Applies a valid row; false when it was dropped as seen before. */
export function applyRow(tables: HistoryTables, row: RowView, findings: Findings): boolean {
  const ptavIssued = row.kind === rowKind.ptavIssued;
  const own = Buffer.from(row.verificationId);
  const id = ptavIssued && allZero(own) ? issueId(row) : own;
  if (!firstTime(tables, row, id)) return false;
  const approved = row.reason === reason.VERIFIED;
  if (row.kind === rowKind.verification && approved) {
    recordOriginal(tables, row);
    applyVerified(tables, row, findings);
  } else if (row.kind === rowKind.originalBased && approved) applyOriginalBased(tables, row);
  else if (row.kind === rowKind.advice) applyAdvice(tables, row, findings);
  else if (ptavIssued) recordIssue(tables, row);
  recordEvent(tables, row, id, findings);
  return true;
}

function recordEvent(tables: HistoryTables, row: RowView, id: Buffer, findings: Findings): void {
  // A message that could not be read names no token, and one that names an unknown token has no
  // history to stand in: somebody who tries numbers must not be able to fill the disk with them.
  if (row.reason === reason.TOKEN_UNKNOWN || allZero(row.index)) return;
  const key = eventKey(row, id);
  const event = encodeEvent(row);
  if (row.kind === rowKind.verification && isFailedCheck(row)) {
    if (row.reason === reason.PTAV_INVALID) explain(tables, row, key, event);
    const until = countFailure(tables, row);
    if (until > 0) findings.flag(row.index, until);
  }
  tables.events.putSync(key, event);
}
