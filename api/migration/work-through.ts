// All rows of a migration through its records' work, many at a time, in whatever order they end.
import type { ResultFile } from "./checkpoints.ts";
import { type RecordPorts, type Records, RunStopped } from "./records.ts";

/** Records that are under way at a time; each holds a card number in memory. */
const windowMax = 512;

/**
 * Works on every row that has no result yet. Resolves or throws when nothing is under way any more.
 * Errors: RunStopped; what one of the records failed with; what the rows throw.
 */
export async function workThrough(
  { stopping }: Pick<RecordPorts, "stopping">,
  work: Records,
  results: ResultFile,
  rows: AsyncIterable<readonly Buffer[]>,
): Promise<void> {
  const window = new Window(windowMax);
  try {
    let recordNo = 0;
    for await (const lines of rows) {
      for (const line of lines) {
        recordNo += 1;
        if (results.status(recordNo) !== undefined) continue;
        const room = window.enter();
        if (room !== undefined) await room;
        if (stopping()) throw new RunStopped();
        window.run(work.work(recordNo, line));
      }
    }
    await window.drain();
  } finally {
    await window.settle();
  }
}

/** So many at a time; the first one that fails ends the taking of new ones. */
class Window {
  readonly #max: number;
  #size = 0;
  #failed: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  /** Undefined where there is room now. Throws what one that was running failed with. */
  enter(): Promise<void> | undefined {
    if (this.#failed !== undefined) throw this.#failed.error;
    return this.#size < this.#max ? undefined : this.#changed();
  }

  run(work: Promise<void>): void {
    this.#size += 1;
    work
      .catch((error: unknown) => {
        this.#failed ??= { error };
      })
      .finally(() => {
        this.#size -= 1;
        this.#wake?.();
      });
  }

  /** Resolves when all have ended; throws what one of them failed with. */
  async drain(): Promise<void> {
    await this.settle();
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  async settle(): Promise<void> {
    while (this.#size > 0) await this.#changed();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
