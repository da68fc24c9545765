// Folds what this node has stored in its streams of payments. One transaction takes all that was
// acknowledged in one turn, whatever its shard: each holds the thread for a flush.
import type { LogRecord } from "../log/record.ts";
import type { Fold } from "../runtime/fold.ts";
import type { Turns } from "../runtime/ports.ts";

interface Stored {
  readonly shard: number;
  readonly seq: number;
  readonly bytes: Buffer;
  readonly record: LogRecord;
  readonly done: (error?: unknown) => void;
}

export class PayFolder {
  readonly #fold: Fold;
  readonly #turns: Turns;
  #queue: Stored[] = [];

  constructor(fold: Fold, turns: Turns) {
    this.#fold = fold;
    this.#turns = turns;
  }

  /** Resolves when the record is folded in; rejects with what the fold throws. */
  add(shard: number, seq: number, bytes: Buffer, record: LogRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
      this.#queue.push({ shard, seq, bytes, record, done });
      if (this.#queue.length === 1) this.#turns.defer(() => this.#run());
    });
  }

  #run(): void {
    const queue = this.#queue.splice(0);
    try {
      this.#write(queue);
      for (const { done } of queue) done();
    } catch {
      // One of them must not cost the others theirs.
      for (const one of queue) this.#alone(one);
    }
  }

  #alone(one: Stored): void {
    try {
      this.#write([one]);
      one.done();
    } catch (error) {
      one.done(error);
    }
  }

  #write(queue: readonly Stored[]): void {
    const bytes = queue.reduce((sum, one) => sum + one.bytes.length, 0);
    this.#fold.store.write(() => {
      for (const { shard, seq, bytes: body, record } of queue) {
        this.#fold.apply(shard, seq, body, record, "pay");
      }
    }, bytes);
  }
}
