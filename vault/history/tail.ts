// Looks for originals, and for their reversals, in what the journals hold beyond the fold: an
// original may be a moment old, and a payment cannot wait for a backlog to be folded. Every row is
// read once; of each is kept one word, by which it is found again. One look reads so many rows at
// most, those first that lie about the time that DE90 names.
import { closeSync, openSync, readSync } from "node:fs";
import { reason } from "../../platform/mod.ts";
import { rowAt, rowBytes, rowKind } from "../journal/row.ts";
import { RowView, rowBegins, rowValid } from "../journal/row-view.ts";
import type { Segment } from "../journal/segment.ts";
import { de90At, keysOfDE90, markOfKey, secondOfKey } from "./original-record.ts";
import { isNamed } from "./originals.ts";
import { markOf, mix } from "./record.ts";

/**
 * Rows that one look reads at most, of all segments: 7 ms (measured: 55 ns a row). At 75,000 rows a
 * second and writer, each with a long backlog, this is most of the second that DE90 names; what is
 * left of it the next look finds.
 */
const lookRowsMax = 131_072;

/** Rows of one read. */
const readRows = 512;

/** The switch's clock may be this much ahead of ours: older rows are read last. */
const aheadMs = 100;

/** A message is judged this long after its DE7 at most; of DE90's two years one is far older. */
const lateMsMax = 86_400_000;

/** A segment with rows that are not folded: its number of the first of them. */
export interface Ahead {
  readonly segment: Segment;
  readonly fromRow: number;
}

export interface TailOriginal {
  readonly row: RowView | undefined;
  readonly reversed: boolean;
}

/** The words of a segment's rows; zero where a row was not read. */
interface Words {
  marks: Uint32Array;
  /** Of every `readRows` rows, how many were read. */
  read: Uint16Array;
}

export class Tail {
  readonly #words = new Map<string, Words>();
  readonly #chunk = Buffer.allocUnsafeSlow(readRows * rowBytes);
  readonly #view = new RowView();

  /** What lies ahead of the fold about the original with this key. */
  find(ahead: readonly Ahead[], key: Buffer): TailOriginal {
    this.#forget(ahead);
    let found: RowView | undefined;
    let reversed = false;
    const rowsMax = Math.floor(lookRowsMax / ahead.length);
    const second = secondOfKey(key);
    for (const { segment, fromRow } of ahead) {
      if (second * 1_000 < segment.startMs - lateMsMax) continue;
      const fd = openSegment(segment.path);
      if (fd < 0) continue;
      try {
        const end = Math.floor(segment.bytes / rowBytes);
        const words = this.#wordsOf(segment, end);
        this.#extend(fd, words, { from: fromRow, end, rowsMax }, second);
        for (const row of this.#rowsOf(fd, words.marks, fromRow, nonZero(markOfKey(key)))) {
          if (isNamed(row, key)) found ??= copyOf(row);
          else if (reverses(row, key)) reversed = true;
        }
      } finally {
        closeSync(fd);
      }
    }
    return { row: found, reversed };
  }

  /** Words of segments that are folded are of no use any more. */
  #forget(ahead: readonly Ahead[]): void {
    if (this.#words.size <= ahead.length) return;
    const files = new Set(ahead.map(({ segment }) => segment.file));
    for (const file of this.#words.keys()) if (!files.has(file)) this.#words.delete(file);
  }

  #wordsOf(segment: Segment, end: number): Words {
    let words = this.#words.get(segment.file);
    if (words !== undefined && end <= words.marks.length) return words;
    // Twice as many: a segment that grows is not copied for every look.
    const chunks = Math.ceil((2 * end) / readRows);
    const grown = { marks: new Uint32Array(chunks * readRows), read: new Uint16Array(chunks) };
    if (words !== undefined) {
      grown.marks.set(words.marks);
      grown.read.set(words.read);
    }
    words = grown;
    this.#words.set(segment.file, words);
    return words;
  }

  /** Reads what was not read yet: from `second` on, and then what lies before it. */
  #extend(
    fd: number,
    words: Words,
    part: { readonly from: number; readonly end: number; readonly rowsMax: number },
    second: number,
  ): void {
    const { from, end } = part;
    const first = Math.floor(from / readRows);
    const last = Math.floor((end - 1) / readRows);
    // The middle is sought only where not everything can be read.
    const middle =
      end - from <= part.rowsMax
        ? first
        : Math.floor(firstRowSince(fd, from, end, second * 1_000 - aheadMs) / readRows);
    let rowsLeft = part.rowsMax;
    const read = (chunk: number): void => {
      const wanted = Math.min(readRows, end - chunk * readRows) - words.read[chunk]!;
      if (wanted > 0) rowsLeft -= this.#readChunk(fd, words, chunk, wanted);
    };
    for (let chunk = middle; chunk <= last && rowsLeft > 0; chunk++) read(chunk);
    for (let chunk = middle - 1; chunk >= first && rowsLeft > 0; chunk--) read(chunk);
  }

  /** Reads the next `rows` of a chunk, up to one that is none; returns how many it looked at. */
  #readChunk(fd: number, words: Words, chunk: number, rows: number): number {
    const from = chunk * readRows + words.read[chunk]!;
    const bytes = readSync(fd, this.#chunk, 0, rows * rowBytes, from * rowBytes);
    const whole = Math.floor(bytes / rowBytes);
    const view = this.#view;
    view.bytes = this.#chunk;
    for (let i = 0; i < whole; i++) {
      view.at = i * rowBytes;
      if (!rowBegins(this.#chunk, view.at)) return i + 1;
      words.marks[from + i] = wordOf(view);
      words.read[chunk] = words.read[chunk]! + 1;
    }
    return rows;
  }

  /** The rows with this mark, each valid until the next one is asked for. */
  *#rowsOf(fd: number, marks: Uint32Array, fromRow: number, mark: number): Generator<RowView> {
    for (let i = marks.indexOf(mark, fromRow); i >= 0; i = marks.indexOf(mark, i + 1)) {
      const read = readSync(fd, this.#chunk, 0, rowBytes, i * rowBytes);
      if (read < rowBytes || !rowValid(this.#chunk, 0)) continue;
      this.#view.bytes = this.#chunk;
      this.#view.at = 0;
      yield this.#view;
    }
  }
}

/** The mark under which a row is asked for: its own, or a reversal's original's; 0 for neither. */
function wordOf(row: RowView): number {
  if (row.reason !== reason.VERIFIED) return 0;
  if (row.kind === rowKind.verification) return nonZero(markOf(row));
  if (row.kind !== rowKind.originalBased) return 0;
  if (row.mti >> 8 !== 0x04) return nonZero(markOf(row));
  const { bytes, at } = row;
  const mark = mix(bytes, at + rowAt.index, bytes, at + rowAt.original + de90At.stan + 2);
  return nonZero(mark);
}

/** Zero is the word of a row that was not read. */
function nonZero(mark: number): number {
  return (mark | 1) >>> 0;
}

function reverses(row: RowView, key: Buffer): boolean {
  if (row.mti >> 8 !== 0x04 || row.has("partialReversal")) return false;
  const seconds = Math.floor(row.timeMs / 1_000);
  const keys = keysOfDE90(row.index, row.bytes, row.at + rowAt.original, seconds);
  return keys.some((named) => named.equals(key));
}

function copyOf(row: RowView): RowView {
  const copy = new RowView();
  row.slice(0, rowBytes).copy(copy.bytes);
  return copy;
}

/** A segment's rows are in the order of time: the number of the first that is not older. */
function firstRowSince(fd: number, from: number, end: number, timeMs: number): number {
  const time = Buffer.alloc(8);
  let low = from;
  let high = end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    readSync(fd, time, 0, 8, middle * rowBytes + rowAt.timeMs);
    if (time.readDoubleLE(0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** -1 where the segment has been removed. */
export function openSegment(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return -1;
    throw error;
  }
}
