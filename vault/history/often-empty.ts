// A table that is empty nearly always: rows are not looked up in it one by one, as long as the
// fold that reads them has seen it empty.
import type { Table } from "../store/environment.ts";

export class OftenEmpty {
  readonly #table: Table;
  #empty = false;

  constructor(table: Table) {
    this.#table = table;
  }

  /** At the start of every write transaction. */
  begin(): void {
    this.#empty = true;
    for (const _ of this.#table.getKeys({ limit: 1 })) this.#empty = false;
  }

  get isEmpty(): boolean {
    return this.#empty;
  }

  find(key: Buffer): Buffer | undefined {
    return this.#empty ? undefined : this.#table.getBinary(key);
  }

  put(key: Buffer, value: Buffer): void {
    this.#empty = false;
    this.#table.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.#table.removeSync(key);
  }
}
