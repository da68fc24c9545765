// A token's events in the order of time, out of runs that overlap in it.

import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { decodeEvent, eventPosition, type TokenEvent } from "./event-record.ts";
import { tokenWordOf } from "./record.ts";
import { RecordReader } from "./record-store.ts";
import { type HistoryTables, keepSeconds } from "./tables.ts";
import { listRuns, positionsIn } from "./token-runs.ts";

interface Candidate {
  readonly record: RowView;
  readonly position: Buffer;
}

/** The newest `limit` candidates; those beyond are dropped now and then, not one by one. */
class Newest {
  readonly #limit: number;
  #found: Candidate[] = [];
  #sorted = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(candidate: Candidate): void {
    this.#found.push(candidate);
    this.#sorted = false;
    if (this.#found.length >= 4 * this.#limit + 64) this.take();
  }

  /** Unix milliseconds of the oldest that counts; of none, once there are too few. */
  oldestMs(): number {
    const found = this.take();
    return found.length < this.#limit ? 0 : found.at(-1)!.record.timeMs;
  }

  take(): Candidate[] {
    if (this.#sorted) return this.#found;
    this.#found.sort((a, b) => b.position.compare(a.position));
    this.#found = this.#found.slice(0, this.#limit);
    this.#sorted = true;
    return this.#found;
  }
}

/** Newest first, at most `limit`, all of them before the position `before` where there is one. */
export function findEvents(
  tables: HistoryTables,
  index: Buffer,
  options: { readonly limit: number; readonly before: Buffer | undefined },
  nowSeconds: number,
): TokenEvent[] {
  const { limit, before } = options;
  const beforeMs = before === undefined ? Number.POSITIVE_INFINITY : timeOf(before);
  const word = tokenWordOf(index, 0);
  const newest = new Newest(limit);
  const reader = new RecordReader(tables);
  // Runs are numbered as they were folded, which is the order of time but for a backlog.
  const runs = [...listRuns(tables)].sort((a, b) => b.maxMs - a.maxMs);
  for (const { run, minMs, maxMs } of runs) {
    if (Math.floor(minMs) > beforeMs) continue;
    if (Math.floor(maxMs) < Math.floor(newest.oldestMs())) break;
    for (const at of positionsIn(tables, run, word)) {
      const record = reader.find(at);
      if (record === undefined || !record.slice(rowAt.index, 16).equals(index)) continue;
      if (record.timeMs / 1_000 + keepSeconds < nowSeconds) continue;
      const position = eventPosition(record);
      if (before !== undefined && position.compare(before) >= 0) continue;
      newest.add({ record, position });
    }
  }
  return newest.take().map(({ record }) => decodeEvent(record));
}

function timeOf(position: Buffer): number {
  return Number(position.readBigUInt64BE(0));
}
