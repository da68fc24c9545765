// The working state of one batch, a column a fact: what every stage reads and writes. One instance
// a thread, reused for every batch, so a message allocates nothing.
import type { View } from "../codec/iso8583/mod.ts";
import { mydebit } from "../codec/iso8583/mod.ts";
import { tokenBytes, tokenWords } from "../vault/mod.ts";
import { rowsMax } from "./batch.ts";

/** What a message asks for. */
export const work = {
  /** Cannot be read, or waited too long: it only gets an answer. */
  NONE: 0,
  /** 0100, 0200: verify the token payment and hand back the card. */
  VERIFY: 1,
  /** 0220, 0400, 0420: hand back the card of an approved original. */
  ORIGINAL: 2,
  /** 0120: note the outcome. */
  ADVICE: 3,
  /** 0200 with DE3 20xxxx and DE90: the same as ORIGINAL, but it counts, so it is claimed. */
  REFUND: 4,
} as const;

export class Rows {
  count = 0;
  /** Wall clock of the batch, Unix milliseconds and seconds. */
  nowMs = 0;
  nowSeconds = 0;
  /** Year and month in UTC+8 as YYMM; a card is good through the last second of its month there. */
  monthNow = 0;
  /** Where a DE7 near now stands in the batch's input (-1: none yet), and when its minute began. */
  minuteAt = -1;
  minute = 0;

  readonly views: readonly View[] = Array.from({ length: rowsMax }, () => mydebit.createView());
  readonly work = new Uint8Array(rowsMax);
  /** The 4-digit reason; 0 while nothing speaks against the message. */
  readonly reason = new Int32Array(rowsMax);
  /** The codec's packed error, 0 when the message scanned. */
  readonly status = new Int32Array(rowsMax);
  readonly answerable = new Uint8Array(rowsMax);
  /** `rowFlag` bits: what the journal and the answer say besides the reason. */
  readonly marks = new Uint8Array(rowsMax);
  readonly peer = new Int32Array(rowsMax);
  /** 1 for a merchant-initiated payment: half of the checks ask for it. */
  readonly mit = new Uint8Array(rowsMax);
  /** DE7 as Unix seconds. */
  readonly transmitted = new Int32Array(rowsMax);
  /** DE14 as a number, YYMM. */
  readonly expiry = new Int32Array(rowsMax);
  /** 1 when the token record was found. */
  readonly found = new Uint8Array(rowsMax);
  readonly index = Buffer.alloc(rowsMax * 16);
  readonly indexWords = new Int32Array(this.index.buffer);
  readonly record = new Int32Array(rowsMax * tokenWords);
  readonly recordBytes = Buffer.from(this.record.buffer);
  readonly ptav = Buffer.alloc(rowsMax * 20);
  /** 1 when tag 04 is strict base64 of 20 bytes. */
  readonly ptavDecoded = new Uint8Array(rowsMax);
  /** Bits of the agreement's types, 0 when there is no usable agreement. */
  readonly agreementTypes = new Uint8Array(rowsMax);
  /** PAN BCD F-padded (10) and expiry BCD (2) of approved rows. */
  readonly card = Buffer.alloc(rowsMax * 16);
  readonly cardWords = new Int32Array(this.card.buffer);
  /** Sealed block and its key version, from the record or from the original. */
  readonly sealed = Buffer.alloc(rowsMax * 32);
  readonly sealedWords = new Int32Array(this.sealed.buffer);
  readonly sealVersion = new Int32Array(rowsMax);

  reset(count: number, nowMs: number): void {
    this.count = count;
    this.nowMs = nowMs;
    this.nowSeconds = Math.floor(nowMs / 1000);
    this.monthNow = monthAt(this.nowSeconds);
    this.minuteAt = -1;
    this.work.fill(work.NONE, 0, count);
    this.reason.fill(0, 0, count);
    this.status.fill(0, 0, count);
    this.answerable.fill(1, 0, count);
    this.marks.fill(0, 0, count);
    this.mit.fill(0, 0, count);
    this.found.fill(0, 0, count);
    this.agreementTypes.fill(0, 0, count);
  }

  /** True while the row is of this kind and nothing speaks against it. */
  open(row: number, kind: number): boolean {
    return this.work[row] === kind && this.reason[row] === 0;
  }

  byte(row: number, at: number): number {
    return this.recordBytes[row * tokenBytes + at] as number;
  }

  half(row: number, at: number): number {
    const p = row * tokenBytes + at;
    return (this.recordBytes[p] as number) | ((this.recordBytes[p + 1] as number) << 8);
  }

  word(row: number, at: number): number {
    return (this.record[row * tokenWords + (at >> 2)] as number) >>> 0;
  }
}

const secondsOfDay = 86_400;
const malaysiaOffset = 8 * 3600;

/** YYMM, as a number, of a moment in UTC+8 (all years are 20YY). No allocation. */
export function monthAt(unixSeconds: number): number {
  // Civil date from days, proleptic Gregorian: days counted from 1 March of year 0.
  const days = Math.floor((unixSeconds + malaysiaOffset) / secondsOfDay) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return (year % 100) * 100 + month;
}
