// Finds records by the second that their message names (DE7, or issuedAt of an issued PTAV). A
// fold writes one value for each second and each sixteenth of the marks that it has seen, so that
// inserts land behind all others and a look-up reads a sixteenth of its second.
//
// Key, 11 bytes: second u32 big-endian, upper four bits of the mark, position of the first entry
// u48 big-endian. Value: kept until u32, then eight bytes an entry: mark u32, position less the
// key's u32.
import type { RowView } from "../journal/row-view.ts";
import { RecordReader } from "./record-store.ts";
import type { HistoryTables } from "./tables.ts";

const entryBytes = 8;
const headBytes = 4;

/** 4 + 500 * 8 = 4,004 bytes: one page. */
export const chunkEntries = 500;

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

/** Writes the entries of one fold; at most `entriesMax`, in the order of their positions. */
export function putSeconds(tables: HistoryTables, entries: Entries): void {
  const { seconds, marks, positions, count } = entries;
  // Second, bucket and number in one double: sorting numbers is native, sorting by a function not.
  const order = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    order[i] = (seconds[i]! * 16 + (marks[i]! >>> 28)) * entriesMax + i;
  }
  order.sort();
  const value = Buffer.allocUnsafe(headBytes + chunkEntries * entryBytes);
  value.writeUInt32LE(entries.keepUntil, 0);
  for (let from = 0; from < count; ) {
    const group = Math.floor(order[from]! / entriesMax);
    const base = positions[order[from]! % entriesMax]!;
    let at = headBytes;
    let to = from;
    for (; to < count && to - from < chunkEntries; to++) {
      const sorted = order[to]!;
      if (Math.floor(sorted / entriesMax) !== group) break;
      const i = sorted % entriesMax;
      value.writeUInt32LE(marks[i]!, at);
      value.writeUInt32LE(positions[i]! - base, at + 4);
      at += entryBytes;
    }
    const key = prefix(Math.floor(group / 16), group % 16);
    key.writeUIntBE(base, 5, 6);
    tables.seconds.putSync(key, value.subarray(0, at));
    from = to;
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
  const start = prefix(second, mark >>> 28);
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
