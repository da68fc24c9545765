// The records of one fold: gathered in memory, seen by the rows that follow them, and written at
// its end, table by table.
import { randomBytes } from "node:crypto";

import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { OftenEmpty } from "./often-empty.ts";
import {
  markOf,
  recordBytes,
  recordView,
  secondOf,
  setFinerReason,
  tokenWordOf,
  writeRecord,
} from "./record.ts";
import {
  blockBytes,
  blockHeadBytes,
  blockKey,
  blockRecords,
  explainStored,
  RecordReader,
} from "./record-store.ts";
import { type FoundRecord, findStored, SecondWriter } from "./second-index.ts";
import {
  type HistoryTables,
  keepSeconds,
  readFoldEnd,
  u32Seconds,
  writeFoldEnd,
} from "./tables.ts";
import { encodeRun, putRun } from "./token-runs.ts";

/** Rows of one transaction: it holds the history's write lock for some 10 ms at most. */
export const foldRowsMax = 2_048;

/** While token words are sorted, a record's number takes twelve bits. */
const numbers = 4_096;

export class Ledger {
  readonly tables: HistoryTables;
  /** Ids of repetitions that were read before the first. */
  readonly early: OftenEmpty;
  /** PTAVs that failed before their issue was read. */
  readonly unexplained: OftenEmpty;
  /** Advices of issuers that declined. */
  readonly advices: OftenEmpty;
  readonly #blocks = Buffer.alloc(Math.ceil(foldRowsMax / blockRecords) * blockBytes);
  readonly #seconds = new Uint32Array(foldRowsMax);
  readonly #marks = new Uint32Array(foldRowsMax);
  readonly #positions = new Float64Array(foldRowsMax);
  readonly #secondWriter: SecondWriter;
  #firstBlock = 0;
  /** What the last fold will have left if it is committed and nobody else folds after it. */
  #stamp = randomBytes(8);
  #count = 0;
  #minMs = 0;
  #maxMs = 0;

  constructor(tables: HistoryTables) {
    this.tables = tables;
    this.#secondWriter = new SecondWriter(tables);
    this.early = new OftenEmpty(tables.early);
    this.unexplained = new OftenEmpty(tables.unexplained);
    this.advices = new OftenEmpty(tables.advices);
  }

  /** First act in a write transaction; forgets what an aborted one has left. */
  begin(): void {
    this.#count = 0;
    const { nextBlock, stamp } = readFoldEnd(this.tables);
    this.#firstBlock = nextBlock;
    if (!stamp.equals(this.#stamp)) this.#secondWriter.forget();
    // Until what it writes is whole: an exception in between leaves nothing that can be trusted.
    this.#stamp = randomBytes(8);
    this.#minMs = Number.POSITIVE_INFINITY;
    this.#maxMs = 0;
    this.early.begin();
    this.unexplained.begin();
    this.advices.begin();
  }

  /** Keeps a row; returns its position. At most `foldRowsMax` a transaction. */
  add(row: RowView): number {
    const i = this.#count++;
    const position = this.#firstBlock * blockRecords + i;
    writeRecord(this.#blocks, offsetOf(i), row);
    this.#seconds[i] = secondOf(row);
    this.#marks[i] = markOf(row);
    this.#positions[i] = position;
    const { timeMs } = row;
    this.#minMs = Math.min(this.#minMs, timeMs);
    this.#maxMs = Math.max(this.#maxMs, timeMs);
    return position;
  }

  /** The first record of this second and mark that `matches`, stored or of this fold. */
  find(
    second: number,
    mark: number,
    matches: (record: RowView) => boolean,
  ): FoundRecord | undefined {
    const stored = findStored(this.tables, second, mark, matches);
    if (stored !== undefined) return stored;
    let i = this.#marks.indexOf(mark);
    for (; i >= 0 && i < this.#count; i = this.#marks.indexOf(mark, i + 1)) {
      if (this.#seconds[i] !== second) continue;
      const record = recordView(this.#blocks, offsetOf(i));
      if (matches(record)) return { record, position: this.#positions[i]! };
    }
    return undefined;
  }

  at(position: number): RowView | undefined {
    const i = position - this.#firstBlock * blockRecords;
    if (i >= 0) return recordView(this.#blocks, offsetOf(i));
    return new RecordReader(this.tables).find(position);
  }

  explain(position: number, finer: number): void {
    const i = position - this.#firstBlock * blockRecords;
    if (i >= 0) setFinerReason(recordView(this.#blocks, offsetOf(i)), finer);
    else explainStored(this.tables, position, finer);
  }

  /** Last act: writes what was gathered. */
  write(): void {
    const count = this.#count;
    if (count === 0) return;
    const keepUntil = u32Seconds(this.#maxMs / 1_000 + keepSeconds);
    const blocks = Math.ceil(count / blockRecords);
    for (let block = 0; block < blocks; block++) {
      const from = block * blockBytes;
      const records = Math.min(blockRecords, count - block * blockRecords);
      this.#blocks.writeUInt32LE(keepUntil, from);
      const value = this.#blocks.subarray(from, from + blockHeadBytes + records * recordBytes);
      this.tables.records.putSync(blockKey(this.#firstBlock + block), value);
    }
    const { tables } = this;
    const positions = this.#positions;
    this.#secondWriter.put({
      seconds: this.#seconds,
      marks: this.#marks,
      positions,
      count,
      keepUntil,
    });
    this.#putRun(keepUntil);
    writeFoldEnd(tables, { nextBlock: this.#firstBlock + blocks, stamp: this.#stamp });
  }

  #putRun(keepUntil: number): void {
    const count = this.#count;
    // The native sort of numbers: 0.1 us an entry; by a comparing function it is ten times that.
    const order = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      order[i] = tokenWordOf(this.#blocks, offsetOf(i) + recordIndexAt) * numbers + i;
    }
    order.sort();
    const words = new Uint32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const sorted = order[i]!;
      words[2 * i] = Math.floor(sorted / numbers);
      words[2 * i + 1] = sorted % numbers;
    }
    const run = this.#firstBlock * blockRecords;
    const head = { run, keepUntil, entries: count, minMs: this.#minMs, maxMs: this.#maxMs };
    putRun(this.tables, encodeRun(head, words));
  }
}

/** A record lies four bytes further on than its row. */
const recordIndexAt = rowAt.index + 4;

function offsetOf(i: number): number {
  const block = Math.floor(i / blockRecords);
  return block * blockBytes + blockHeadBytes + (i % blockRecords) * recordBytes;
}
