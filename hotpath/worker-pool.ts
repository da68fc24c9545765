// The pool of pipeline workers: Piscina over shared batches. A task is a slot's number.
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Batch } from "./batch.ts";
import type { BatchRunner } from "./dispatcher.ts";
import type { PipelineSettings } from "./open-pipeline.ts";
import type { WorkerSetup } from "./worker.ts";

export interface WorkerPoolOptions {
  readonly workers: number;
  readonly settings: PipelineSettings;
  readonly batches: readonly Batch[];
  readonly cells: readonly SharedArrayBuffer[];
  readonly keys: SharedArrayBuffer;
}

/** Compiled beside this file in a build, TypeScript from source. */
const workerFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url),
);

export class WorkerPool implements BatchRunner {
  readonly capacity: number;
  private readonly pool: Piscina;

  constructor(options: WorkerPoolOptions) {
    this.capacity = options.workers;
    const workerData: WorkerSetup = {
      settings: options.settings,
      batches: options.batches.map((batch) => batch.shared),
      cells: options.cells,
      keys: options.keys,
      cellOwners: new SharedArrayBuffer(options.cells.length * 4),
    };
    this.pool = new Piscina({
      filename: workerFile,
      name: "runBatch",
      workerData,
      minThreads: options.workers,
      maxThreads: options.workers,
      // Never more tasks than workers are handed over, so the pool's own queue stays empty.
      maxQueue: options.workers * 2,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
    });
  }

  run(slot: number): Promise<void> {
    return this.pool.run(slot) as Promise<void>;
  }

  /** Threads of the pool, for the test that kills one. */
  get threads(): Piscina["threads"] {
    return this.pool.threads;
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
