// DE120 of an answer: our own tags ascending, then the unknown tags as received. Never a PTAV.
import type { View } from "../codec/iso8583/mod.ts";
import { type Counter, reason, reasonTable } from "../platform/mod.ts";
import { parBytes, rowFlag, tokenAt, tokenBytes } from "../vault/mod.ts";
import { copyBytes } from "./copy-bytes.ts";
import { putFour, putThree, putTwo } from "./digits.ts";
import { type Rows, work } from "./rows.ts";
import { idBytes, idTextBytes, writeIdText } from "./verification-id.ts";
import { isMit } from "./verification-table.ts";

/** ISO 8583 LLLVAR. */
const lengthMax = 999;
/** Tag in two digits, length in three. */
const headBytes = 5;
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

  /** `dropped` counts the tags that did not fit into 999 characters. */
  constructor(buf: Buffer, from: number, dropped: Counter) {
    this.dropped = dropped;
    this.buf = buf;
    this.from = from;
  }

  /** Writes the tags of one answer and returns their length. */
  write(rows: Rows, row: number, ids: Buffer): number {
    const { buf } = this;
    const view = rows.views[row]!;
    const { tags } = view;
    const approved = rows.reason[row] === reason.VERIFIED;
    const withRecord = approved && rows.found[row] === 1;
    let to = this.from;
    if (approved) to = this.tpan(rows, row, view, to);
    for (let i = 0; i < echoedAscending.length; i++) {
      const number = echoedAscending[i] as number;
      if (tags.has(number)) to = this.echo(view, number, to);
    }
    if (withRecord) to = this.assurance(rows, row, to);
    to = this.verdict(rows, row, ids, to);
    for (let i = 0; i < echoedBehind.length; i++) {
      const number = echoedBehind[i] as number;
      if (tags.has(number)) to = this.echo(view, number, to);
    }
    if (((rows.marks[row] as number) & rowFlag.repetition) !== 0 && this.fits(to, 1)) {
      to = begin(buf, to, out.REPEATED, 1);
      buf[to++] = ascii.R;
    }
    const { order, count } = tags;
    for (let i = 0; i < count; i++) {
      const number = order[i] as number;
      if (number >= unknownFrom) to = this.echo(view, number, to);
    }
    return to - this.from;
  }

  private tpan(rows: Rows, row: number, view: View, at: number): number {
    const { buf } = this;
    const length = view.length(2);
    let to = begin(buf, at, out.TPAN, length);
    copyBytes(view.buf, view.offset(2), buf, to, length);
    to += length;
    if (rows.found[row] === 0) return to;
    to = begin(buf, to, out.TPAN_EXPIRY, 4);
    putFour(rows.half(row, tokenAt.expiry), buf, to);
    return to + 4;
  }

  private assurance(rows: Rows, row: number, at: number): number {
    const { buf } = this;
    const par = row * tokenBytes + tokenAt.par;
    let to = at;
    if (rows.recordBytes[par] !== 0 && this.fits(to, parBytes)) {
      to = begin(buf, to, out.PAR, parBytes);
      copyBytes(rows.recordBytes, par, buf, to, parBytes);
      to += parBytes;
    }
    if (this.fits(to, 2)) {
      to = begin(buf, to, out.ASSURANCE, 2);
      putTwo(rows.byte(row, tokenAt.assurance), buf, to);
      to += 2;
    }
    if (!this.fits(to, 2)) return to;
    to = begin(buf, to, out.TOKEN_TYPE, 2);
    putTwo(rows.byte(row, tokenAt.type), buf, to);
    return to + 2;
  }

  private verdict(rows: Rows, row: number, ids: Buffer, at: number): number {
    const { buf } = this;
    let to = at;
    if (this.fits(to, 1)) {
      to = begin(buf, to, out.PTAV_RESULT, 1);
      buf[to++] = ptavResult(rows, row);
    }
    if (this.fits(to, 4)) {
      to = begin(buf, to, out.REASON, 4);
      putFour(rows.reason[row] as number, buf, to);
      to += 4;
    }
    if (!this.fits(to, idTextBytes)) return to;
    to = begin(buf, to, out.VERIFICATION_ID, idTextBytes);
    writeIdText(ids, row * idBytes, buf, to);
    return to + idTextBytes;
  }

  /** Tag, length and value as they were received: the request writes them as the answer does. */
  private echo(view: View, number: number, to: number): number {
    const length = view.tags.length(number);
    if (!this.fits(to, length)) return to;
    const bytes = headBytes + length;
    copyBytes(view.buf, view.tags.offset(number) - headBytes, this.buf, to, bytes);
    return to + bytes;
  }

  /** False, and counted, when the value would not fit any more. */
  private fits(to: number, length: number): boolean {
    if (to - this.from + headBytes + length <= lengthMax) return true;
    this.dropped.add(1);
    return false;
  }
}

/** Writes tag and length; returns where the value goes. */
function begin(buf: Buffer, at: number, number: number, length: number): number {
  putTwo(number, buf, at);
  putThree(length, buf, at + 2);
  return at + headBytes;
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
