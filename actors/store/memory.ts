// A store in memory for tests and the simulator: whole transactions, rolled back by a throw, and a
// crash that leaves what was flushed.
import type { Row, Rows, Store } from "./port.ts";

interface Table {
  readonly rows: Map<string, Buffer>;
  /** Keys in order; made again when a range is asked for after a key came or went. */
  sorted: string[] | undefined;
}

type Undo = () => void;

/** Latin-1 strings sort as their bytes do. */
const nameOf = (key: Buffer) => key.toString("latin1");

export class MemoryStore implements Store {
  readonly #tables = new Map<string, Table>();
  /** How to take back what the running transaction wrote. */
  #undo: Undo[] | undefined;
  /** Called inside each transaction, before it ends: throw to fail the commit. */
  beforeCommit: () => void = () => {};

  rows(name: string): Rows {
    const table = this.#tables.get(name) ?? { rows: new Map(), sorted: undefined };
    this.#tables.set(name, table);
    return {
      get: (key) => {
        const value = table.rows.get(nameOf(key));
        return value === undefined ? undefined : Buffer.from(value);
      },
      put: (key, value) => this.#set(table, nameOf(key), Buffer.from(value)),
      remove: (key) => this.#set(table, nameOf(key), undefined),
      range: (options) => rangeOf(table, options),
    };
  }

  write<T>(work: () => T): T {
    if (this.#undo !== undefined) return work();
    const undo: Undo[] = [];
    this.#undo = undo;
    try {
      const result = work();
      this.beforeCommit();
      return result;
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** What a crash leaves that comes later: rows never change, so their tables are enough. */
  copy(): MemoryStore {
    const copy = new MemoryStore();
    for (const [name, { rows }] of this.#tables) {
      copy.#tables.set(name, { rows: new Map(rows), sorted: undefined });
    }
    return copy;
  }

  /** All rows as text, for comparing two stores. */
  dump(names: readonly string[] = [...this.#tables.keys()].sort()): string {
    const lines = names.flatMap((name) => {
      const table = this.#tables.get(name);
      if (table === undefined) return [];
      const keys = [...table.rows.keys()].sort();
      return keys.map((key) => {
        const hex = Buffer.from(key, "latin1").toString("hex");
        return `${name} ${hex} ${table.rows.get(key)!.toString("hex")}`;
      });
    });
    return lines.join("\n");
  }

  #set(table: Table, key: string, value: Buffer | undefined): void {
    if (this.#undo === undefined) throw new Error("a row is written outside a transaction");
    const before = table.rows.get(key);
    this.#undo.push(() => assign(table, key, before));
    assign(table, key, value);
  }
}

function assign(table: Table, key: string, value: Buffer | undefined): void {
  if (table.rows.has(key) !== (value !== undefined)) table.sorted = undefined;
  if (value === undefined) table.rows.delete(key);
  else table.rows.set(key, value);
}

function rangeOf(table: Table, options: Parameters<Rows["range"]>[0]): Row[] {
  table.sorted ??= [...table.rows.keys()].sort();
  const keys = table.sorted;
  const first = lowerBound(keys, nameOf(options.start));
  const last = lowerBound(keys, nameOf(options.end));
  const reverse = options.reverse ?? false;
  const from = reverse ? Math.max(first, last - options.limit) : first;
  const to = reverse ? last : Math.min(last, first + options.limit);
  const rows = keys.slice(from, to).map((key) => ({
    key: Buffer.from(key, "latin1"),
    value: Buffer.from(table.rows.get(key)!),
  }));
  return reverse ? rows.reverse() : rows;
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
