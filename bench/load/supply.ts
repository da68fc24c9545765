// Seconds of payments, made ahead by a thread of the generator's process while earlier ones are
// sent. Bounded: so many seconds ahead and no more.
import { Worker } from "node:worker_threads";
import type { Door, WireBlock } from "./wire.ts";

export interface SupplyOptions {
  readonly vaultDir: string;
  readonly door: Door;
  readonly withBad: boolean;
  /** Messages of every block. */
  readonly perSecond: number;
  /** Unix second in which the first block is due. */
  readonly firstSecond: number;
  /** Blocks to make in all. */
  readonly blocks: number;
  /** Blocks that may wait. */
  readonly ahead: number;
}

const script = new URL("./supply-worker.ts", import.meta.url);

export class Supply {
  readonly #worker: Worker;
  readonly #blocks: (WireBlock | undefined)[] = [];
  #made = 0;
  #failed: Error | null = null;
  #onMade: () => void = () => {};

  constructor(options: SupplyOptions) {
    this.#worker = new Worker(script, { workerData: options });
    this.#worker.on("message", (block: WireBlock) => {
      this.#blocks[this.#made++] = block;
      this.#onMade();
    });
    this.#worker.on("error", (error) => {
      this.#failed = error instanceof Error ? error : new Error(String(error));
      this.#onMade();
    });
  }

  /** Resolves when this many blocks were made. */
  async ready(blocks: number): Promise<void> {
    while (this.#made < blocks && this.#failed === null) {
      await new Promise<void>((resolve) => {
        this.#onMade = resolve;
      });
    }
    if (this.#failed !== null) throw this.#failed;
  }

  /** Block `second`, or null where it is not made yet. */
  block(second: number): WireBlock | null {
    if (this.#failed !== null) throw this.#failed;
    return this.#blocks[second] ?? null;
  }

  /** Everything of this second was answered or given up: lets go of it and makes another. */
  release(second: number): void {
    if (this.#blocks[second] === undefined) return;
    this.#blocks[second] = undefined;
    this.#worker.postMessage("another");
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
