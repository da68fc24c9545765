// Finds records by the second that their message names (DE7, or issuedAt of an issued PTAV). The
// entries of a second lie in 64 buckets by their mark, so that a fold writes few values, all of
// them behind most others, and a look-up reads one or two. (A value of its own for every fold made
// a look-up read a hundred at 75,000 rows a second: 0.2 ms.)
//
// Key, 11 bytes: second u32 big-endian, bucket, position of the first entry u48 big-endian. Value:
// kept until u32, then eight bytes an entry: mark u32, position less the key's u32.
import type { RowView } from "../journal/row-view.ts";
import { RecordReader } from "./record-store.ts";
import type { HistoryTables } from "./tables.ts";

const entryBytes = 8;
const headBytes = 4;

/** 4 + 500 * 8 = 4,004 bytes: one page. */
const chunkBytes = 4_004;

const buckets = 64;

/** The bucket of a mark: its upper six bits. */
function bucketOf(mark: number): number {
  return mark >>> 26;
}

function prefix(second: number, bucket: number): Buffer {
  const key = Buffer.alloc(11);
  key.writeUInt32BE(second, 0);
  key[4] = bucket;
  return key;
}

export interface Entries {
  readonly seconds: Uint32Array;
  readonly marks: Uint32Array;
  readonly positions: Float64Array;
  readonly count: number;
  /** Unix seconds. */
  readonly keepUntil: number;
}

/** Rows are numbered in twelve bits while they are sorted. */
export const entriesMax = 4_096;

/** Chunks that a writer remembers: 4 KB each, eight seconds' worth of one writer. */
const chunksMax = 512;

/**
 * Writes the entries of folds. It remembers the chunks that it wrote last, which saves looking for
 * them (measured: 2 us a row in folds of 1,024).
 */
export class SecondWriter {
  readonly #tables: HistoryTables;
  readonly #chunks = new Map<number, Chunk>();

  constructor(tables: HistoryTables) {
    this.#tables = tables;
  }

  /** To be called where anybody else may have written, or a transaction was aborted. */
  forget(): void {
    this.#chunks.clear();
  }

  /** At most `entriesMax`, in the order of their positions; inside a write transaction. */
  put(entries: Entries): void {
    const { seconds, marks, positions, count } = entries;
    // Bucket and number in one double: sorting numbers is native, sorting by a function is not.
    const order = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      order[i] = (seconds[i]! * buckets + bucketOf(marks[i]!)) * entriesMax + i;
    }
    order.sort();
    for (let from = 0; from < count; ) {
      const group = Math.floor(order[from]! / entriesMax);
      const chunk = this.#chunkOf(group);
      for (; from < count && Math.floor(order[from]! / entriesMax) === group; from++) {
        const i = order[from]! % entriesMax;
        chunk.add(marks[i]!, positions[i]!, entries.keepUntil);
      }
      chunk.write();
    }
    for (const group of this.#chunks.keys()) {
      if (this.#chunks.size <= chunksMax) break;
      this.#chunks.delete(group);
    }
  }

  #chunkOf(group: number): Chunk {
    let chunk = this.#chunks.get(group);
    if (chunk === undefined) {
      chunk = new Chunk(this.#tables, Math.floor(group / buckets), group % buckets);
      this.#chunks.set(group, chunk);
    }
    return chunk;
  }
}

/** The last value of a second and bucket, to which entries are added until it is full. */
class Chunk {
  readonly #tables: HistoryTables;
  readonly #prefix: Buffer;
  readonly #value = Buffer.allocUnsafe(chunkBytes);
  #base = 0;
  #length = 0;

  constructor(tables: HistoryTables, second: number, bucket: number) {
    this.#tables = tables;
    this.#prefix = prefix(second, bucket);
    const start = Buffer.concat([this.#prefix.subarray(0, 5), Buffer.alloc(7, 0xff)]);
    const range = { start, end: this.#prefix.subarray(0, 5), reverse: true, limit: 1 };
    for (const { key, value } of tables.seconds.getRange(range)) {
      this.#base = key.readUIntBE(5, 6);
      this.#length = value.copy(this.#value);
    }
  }

  add(mark: number, position: number, keepUntil: number): void {
    const full = this.#length + entryBytes > chunkBytes || position - this.#base > 0xffff_ffff;
    if (full) this.write();
    if (full || this.#length === 0) {
      this.#base = position;
      this.#length = headBytes;
      this.#value.writeUInt32LE(keepUntil, 0);
    }
    if (this.#value.readUInt32LE(0) < keepUntil) this.#value.writeUInt32LE(keepUntil, 0);
    this.#value.writeUInt32LE(mark, this.#length);
    this.#value.writeUInt32LE(position - this.#base, this.#length + 4);
    this.#length += entryBytes;
  }

  write(): void {
    if (this.#length === 0) return;
    const key = Buffer.from(this.#prefix);
    key.writeUIntBE(this.#base, 5, 6);
    this.#tables.seconds.putSync(key, this.#value.subarray(0, this.#length));
  }
}

export interface FoundRecord {
  readonly record: RowView;
  readonly position: number;
}

/** The first record, in the order of folding, of this second and mark that `matches`. */
export function findStored(
  tables: HistoryTables,
  second: number,
  mark: number,
  matches: (record: RowView) => boolean,
): FoundRecord | undefined {
  const start = prefix(second, bucketOf(mark));
  const end = Buffer.concat([start.subarray(0, 5), Buffer.alloc(7, 0xff)]);
  const reader = new RecordReader(tables);
  for (const { key, value } of tables.seconds.getRange({ start, end })) {
    const base = key.readUIntBE(5, 6);
    for (let at = headBytes; at < value.length; at += entryBytes) {
      if (value.readUInt32LE(at) !== mark) continue;
      const position = base + value.readUInt32LE(at + 4);
      const record = reader.find(position);
      if (record !== undefined && matches(record)) return { record, position };
    }
  }
  return undefined;
}
