// DE120 of an answer: our own tags ascending, then the unknown tags as received. Never a PTAV.
import type { View } from "../codec/iso8583/mod.ts";
import { type Counter, reason, reasonTable } from "../platform/mod.ts";
import { parBytes, rowFlag, tokenAt, tokenBytes } from "../vault/mod.ts";
import { putFour, putThree, putTwo } from "./digits.ts";
import { type Rows, work } from "./rows.ts";
import { idBytes, idTextBytes, writeIdText } from "./verification-id.ts";
import { isMit } from "./verification-table.ts";

/** ISO 8583 LLLVAR. */
const lengthMax = 999;
const ascii = { F: 0x46, M: 0x4d, N: 0x4e, R: 0x52, U: 0x55, V: 0x56 } as const;

const out = {
  TPAN: 1,
  TPAN_EXPIRY: 2,
  PAR: 9,
  ASSURANCE: 10,
  TOKEN_TYPE: 11,
  PTAV_RESULT: 12,
  REASON: 13,
  VERIFICATION_ID: 14,
  REPEATED: 20,
} as const;

/**
 * Tags that an answer echoes from the request, by number; all below 21 that are not here are ours.
 */
const echoed = new Set([3, 5, 6, 7, 8, 15, 16, 17]);
const echoedAscending = [3, 5, 6, 7, 8] as const;
const echoedBehind = [15, 16, 17] as const;
/**
 * The first tag number that the profile leaves to others; 40, 41 and 50-59 are of other messages.
 */
const unknownFrom = 21;

export class AnswerTags {
  private readonly dropped: Counter;
  private readonly buf: Buffer;
  private readonly from: number;
  private to: number;

  /** `dropped` counts the tags that did not fit into 999 characters. */
  constructor(buf: Buffer, from: number, dropped: Counter) {
    this.dropped = dropped;
    this.buf = buf;
    this.from = from;
    this.to = from;
  }

  /** Writes the tags of one answer and returns their length. */
  write(rows: Rows, row: number, ids: Buffer): number {
    this.to = this.from;
    const view = rows.views[row]!;
    const approved = rows.reason[row] === reason.VERIFIED;
    if (approved) this.writeToken(rows, row, view);
    for (const number of echoedAscending) this.echo(view, number);
    if (approved) this.writeAssurance(rows, row);
    this.writeVerdict(rows, row, ids);
    for (const number of echoedBehind) this.echo(view, number);
    if (((rows.marks[row] as number) & rowFlag.repetition) !== 0) {
      if (this.begin(out.REPEATED, 1)) this.buf[this.to++] = ascii.R;
    }
    const { order, count } = view.tags;
    for (let i = 0; i < count; i++) {
      const number = order[i] as number;
      if (number >= unknownFrom && !echoed.has(number)) this.echo(view, number);
    }
    return this.to - this.from;
  }

  private writeToken(rows: Rows, row: number, view: View): void {
    if (this.begin(out.TPAN, view.length(2))) this.copy(view.buf, view.offset(2), view.length(2));
    if (rows.found[row] === 0) return;
    if (this.begin(out.TPAN_EXPIRY, 4)) this.four(rows.half(row, tokenAt.expiry));
  }

  private writeAssurance(rows: Rows, row: number): void {
    if (rows.found[row] === 0) return;
    const par = row * tokenBytes + tokenAt.par;
    if (rows.recordBytes[par] !== 0 && this.begin(out.PAR, parBytes)) {
      this.copy(rows.recordBytes, par, parBytes);
    }
    if (this.begin(out.ASSURANCE, 2)) this.two(rows.byte(row, tokenAt.assurance));
    if (this.begin(out.TOKEN_TYPE, 2)) this.two(rows.byte(row, tokenAt.type));
  }

  private writeVerdict(rows: Rows, row: number, ids: Buffer): void {
    if (this.begin(out.PTAV_RESULT, 1)) this.buf[this.to++] = ptavResult(rows, row);
    if (this.begin(out.REASON, 4)) this.four(rows.reason[row] as number);
    if (!this.begin(out.VERIFICATION_ID, idTextBytes)) return;
    writeIdText(ids, row * idBytes, this.buf, this.to);
    this.to += idTextBytes;
  }

  private echo(view: View, number: number): void {
    if (!view.tags.has(number)) return;
    const length = view.tags.length(number);
    if (this.begin(number, length)) this.copy(view.buf, view.tags.offset(number), length);
  }

  /** Writes tag and length; false, and counted, when the value would not fit any more. */
  private begin(number: number, length: number): boolean {
    if (this.to - this.from + 5 + length > lengthMax) {
      this.dropped.add(1);
      return false;
    }
    putTwo(number, this.buf, this.to);
    putThree(length, this.buf, this.to + 2);
    this.to += 5;
    return true;
  }

  private copy(buf: Buffer, from: number, length: number): void {
    for (let i = 0; i < length; i++) this.buf[this.to + i] = buf[from + i] as number;
    this.to += length;
  }

  private two(value: number): void {
    putTwo(value, this.buf, this.to);
    this.to += 2;
  }

  private four(value: number): void {
    putFour(value, this.buf, this.to);
    this.to += 4;
  }
}

/** Tag 12: what became of the PTAV. */
function ptavResult(rows: Rows, row: number): number {
  const code = rows.reason[row] as number;
  if (rows.work[row] !== work.VERIFY) return ascii.N;
  if (code === reason.VERIFIED) return isMit(rows, row) ? ascii.N : ascii.V;
  return resultOf[code] ?? ascii.U;
}

const resultOf: Record<number, number> = {};
for (const row of reasonTable.values()) {
  if (row.ptavResult !== null) resultOf[row.code] = row.ptavResult.charCodeAt(0);
}
