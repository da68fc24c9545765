// Removes what has been kept long enough, a little at a time.
import { type HistoryTables, keptUntil, reserveRows, sweptTables } from "./tables.ts";

/** Looked at in one call: some 5 ms, so that a sweep never holds up a fold for long. */
export const sweepRowsMax = 2_048;

/** Walks all tables round and round; where it stands is kept in memory only. */
export class Sweeper {
  #table = 0;
  #from: Buffer | undefined;

  /**
   * Looks at up to `rowsMax` values and removes those that are due. Returns how many it removed.
   */
  sweep(tables: HistoryTables, nowSeconds: number, rowsMax = sweepRowsMax): number {
    const table = tables[sweptTables[this.#table]!];
    const due: Buffer[] = [];
    let looked = 0;
    let last: Buffer | undefined;
    const range = this.#from === undefined ? {} : { start: this.#from, exclusiveStart: true };
    for (const { key, value } of table.getRange({ ...range, limit: rowsMax })) {
      looked++;
      last = Buffer.from(key);
      if (keptUntil(value) < nowSeconds) due.push(last);
    }
    this.#from = last;
    if (looked < rowsMax) {
      this.#from = undefined;
      this.#table = (this.#table + 1) % sweptTables.length;
    }
    if (due.length === 0) return 0;
    return tables.env.write(() => {
      reserveRows(tables, due.length);
      let removed = 0;
      for (const key of due) {
        // It may have been renewed since it was looked at.
        const value = table.getBinary(key);
        if (value === undefined || keptUntil(value) >= nowSeconds) continue;
        table.removeSync(key);
        removed++;
      }
      return removed;
    });
  }
}
