// What an operator asks of the outbox, as rows that whoever runs it takes: [number 8] -> JSON.
import { hash } from "node:crypto";
import type { Rows, Store } from "../store/port.ts";

export interface OutboxOrder {
  /**
   * Sends dead letters again; or drops all that waits and goes on with what happens from now on.
   */
  readonly order: "replay" | "skip";
  readonly trid: string;
  /** Of these events only; empty for all. */
  readonly events: readonly string[];
}

/** More than anybody orders before they are taken. */
const ordersMax = 1_000;

export class OutboxOrders {
  readonly #store: Store;
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#store = store;
    this.#rows = store.rows("outboxOrders");
  }

  /** Durable when it returns. The same order, given twice before it is taken, is one. */
  put(order: OutboxOrder): void {
    const text = JSON.stringify(order);
    const key = hash("sha256", text, "buffer").subarray(0, 16);
    this.#store.write(() => this.#rows.put(key, Buffer.from(text)));
  }

  all(): { readonly key: Buffer; readonly order: OutboxOrder }[] {
    const range = { start: Buffer.alloc(1), end: Buffer.alloc(17, 0xff), limit: ordersMax };
    return this.#rows.range(range).map(({ key, value }) => {
      return { key, order: JSON.parse(value.toString()) as OutboxOrder };
    });
  }

  done(key: Buffer): void {
    this.#store.write(() => this.#rows.remove(key));
  }
}
