// Stage: ISO 8583 message to field offsets, and what the message asks for. Nothing is copied.
import { mydebit, transmissionSeconds } from "../../codec/iso8583/mod.ts";
import { reason } from "../../platform/mod.ts";
import type { Batch } from "../batch.ts";
import { fourDigits, twoDigits } from "../digits.ts";
import { type Rows, work } from "../rows.ts";
import { tag, tagByte } from "../verification-table.ts";

const zero = 0x30;
const letterM = 0x4d;
const letterS = 0x53;
const letterF = 0x46;
const secondsOfDay = 86_400;

export function decode(batch: Batch, rows: Rows): void {
  const { input, inputWords } = batch;
  for (let row = 0; row < rows.count; row++) {
    rows.peer[row] = batch.peer(row);
    const view = rows.views[row]!;
    const at = batch.offset(row);
    view.attachWords(input, inputWords);
    let status = mydebit.scanMessage(view, input, at, at + batch.length(row));
    if (status === 0) status = mydebit.validate(view);
    if (status !== 0) {
      rows.status[row] = status;
      rows.reason[row] = reason.FORMAT_ERROR;
      rows.answerable[row] = mydebit.answerable(status, view) ? 1 : 0;
      continue;
    }
    if (batch.expired(row)) {
      rows.reason[row] = reason.OVERLOADED;
      continue;
    }
    classify(rows, row);
  }
}

function classify(rows: Rows, row: number): void {
  const view = rows.views[row]!;
  const refund = view.has(90) && isRefund(view.buf, view.offset(3));
  const kind = workOf(view.mti, refund);
  if (kind < 0) {
    // An answer, or a message of a conversation that the door holds itself (0800).
    rows.reason[row] = reason.FORMAT_ERROR;
    rows.answerable[row] = (view.mti & 0x10) === 0 ? 1 : 0;
    return;
  }
  rows.work[row] = kind;
  const seconds = secondsOf(rows, view.buf, view.offset(7));
  rows.transmitted[row] = seconds;
  if (seconds < 0 || (view.has(49) && !isRinggit(view.buf, view.offset(49)))) {
    rows.reason[row] = reason.FORMAT_ERROR;
  }
  rows.mit[row] = tagByte(rows, row, tag.INITIATION) === letterM ? 1 : 0;
  if (kind === work.VERIFY && isContradiction(rows, row)) rows.reason[row] = reason.FORMAT_ERROR;
  if (view.has(14)) rows.expiry[row] = fourDigits(view.buf, view.offset(14));
}

/**
 * A merchant's own charge is the use of a stored credential (07=S); the cardholder's payment names
 * an agreement, tags 06 and 08, only where it is the first under it (07=F).
 */
function isContradiction(rows: Rows, row: number): boolean {
  const stored = tagByte(rows, row, tag.STORED);
  if (rows.mit[row] === 1) return stored !== letterS;
  const { tags } = rows.views[row]!;
  return stored !== letterF && (tags.has(tag.MIT_TYPE) || tags.has(tag.AGREEMENT));
}

/**
 * DE7 as Unix seconds. Payments come within minutes of their time, so a batch mostly holds one
 * minute, and the rows behind the first only add their seconds (9 ns instead of 22).
 */
function secondsOf(rows: Rows, buf: Buffer, at: number): number {
  if (rows.minuteAt >= 0 && sameMinute(buf, at, rows.minuteAt)) {
    return rows.minute + twoDigits(buf, at + 8);
  }
  const seconds = transmissionSeconds(buf, at, rows.nowSeconds);
  // Near the edge of the year that DE7 is read in, one minute may lie in two years.
  if (seconds >= 0 && Math.abs(seconds - rows.nowSeconds) < secondsOfDay) {
    rows.minuteAt = at;
    rows.minute = seconds - twoDigits(buf, at + 8);
  }
  return seconds;
}

/** MMDDhhmm at `at` and at `other` of the same buffer. */
function sameMinute(buf: Buffer, at: number, other: number): boolean {
  let different = 0;
  for (let i = 0; i < 8; i++) different |= (buf[at + i] as number) ^ (buf[other + i] as number);
  return different === 0;
}

/**
 * MTI to work; -1 where this pipeline has nothing to do with it. A repeat works as its original.
 */
function workOf(mti: number, refund: boolean): number {
  switch (mti & 0xffe) {
    case 0x100:
      return work.VERIFY;
    case 0x200:
      return refund ? work.REFUND : work.VERIFY;
    case 0x220:
    case 0x400:
    case 0x420:
      return work.ORIGINAL;
    case 0x120:
      return work.ADVICE;
    default:
      return -1;
  }
}

/** DE3 20xxxx. */
function isRefund(buf: Buffer, at: number): boolean {
  return buf[at] === zero + 2 && buf[at + 1] === zero;
}

/** ISO 4217 numeric 458, the only currency of the network. */
function isRinggit(buf: Buffer, at: number): boolean {
  return buf[at] === 0x34 && buf[at + 1] === 0x35 && buf[at + 2] === 0x38;
}
