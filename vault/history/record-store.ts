// Records in blocks of sixteen, in the order in which they were folded. A block fills one page of
// LMDB, and new blocks lie behind all others, so that a fold writes pages one after the other and
// touches no old one. (One value a row, keyed by token, dirtied a page a row: 17 us of 27.)
import type { RowView } from "../journal/row-view.ts";
import { recordBytes, recordView, setFinerReason } from "./record.ts";
import type { HistoryTables } from "./tables.ts";

/** 8 + 16 * 252 = 4,040 bytes; a page takes 4,080 of one value. */
export const blockRecords = 16;

/** Block value: kept until u32, four zero bytes, records. */
export const blockHeadBytes = 8;
export const blockBytes = blockHeadBytes + blockRecords * recordBytes;

/** Block key: number, u48 big-endian. */
export function blockKey(block: number): Buffer {
  const key = Buffer.allocUnsafe(6);
  key.writeUIntBE(block, 0, 6);
  return key;
}

/** A record's position: its block's number times sixteen, and its place in it. */
export function blockOf(position: number): number {
  return Math.floor(position / blockRecords);
}

function recordAt(position: number): number {
  return blockHeadBytes + (position % blockRecords) * recordBytes;
}

/** Reads records by position; the block that was read last is kept, for its neighbours. */
export class RecordReader {
  readonly #tables: HistoryTables;
  #block = -1;
  #value: Buffer | undefined;

  constructor(tables: HistoryTables) {
    this.#tables = tables;
  }

  /** Undefined where the sweep has been. The view is valid for as long as its caller keeps it. */
  find(position: number): RowView | undefined {
    const block = blockOf(position);
    if (block !== this.#block) {
      this.#value = this.#tables.records.getBinary(blockKey(block));
      this.#block = block;
    }
    const at = recordAt(position);
    if (this.#value === undefined || at + recordBytes > this.#value.length) return undefined;
    return recordView(this.#value, at);
  }
}

/** Writes the finer reason into a stored record; inside a write transaction. */
export function explainStored(tables: HistoryTables, position: number, finer: number): void {
  const key = blockKey(blockOf(position));
  const value = tables.records.getBinary(key);
  if (value === undefined) return;
  setFinerReason(recordView(value, recordAt(position)), finer);
  tables.records.putSync(key, value);
}
