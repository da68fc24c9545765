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
  /** The page of peers, where some may be added. */
  readonly peers?: SharedArrayBuffer;
  /** Hears of a worker that failed while it had no batch. */
  readonly onFault: (error: unknown) => void;
  /** A module that a worker loads before all else; tests let workers die by it. */
  readonly preload?: string;
}

/** Compiled beside this file in a build, TypeScript from source. */
const workerFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url),
);

/**
 * Piscina starts no worker again once one has died while it started. The pool then runs on what is
 * left, inline where nothing is, and after this time a new Piscina takes its place.
 */
const renewAfterMs = 1_000;

export class WorkerPool implements BatchRunner {
  /** Workers that take batches now; 0 tells the dispatcher to judge inline. */
  capacity: number;
  private readonly options: WorkerPoolOptions;
  private readonly workerData: WorkerSetup;
  private pool: Piscina;
  private renewal: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: WorkerPoolOptions) {
    this.options = options;
    this.capacity = options.workers;
    this.workerData = {
      settings: options.settings,
      batches: options.batches.map((batch) => batch.shared),
      cells: options.cells,
      keys: options.keys,
      ...(options.peers === undefined ? {} : { peers: options.peers }),
      cellOwners: new SharedArrayBuffer(options.cells.length * 4),
    };
    this.pool = this.start();
  }

  run(slot: number): Promise<void> {
    return this.pool.run(slot) as Promise<void>;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.renewal);
    if (this.capacity > 0) await this.pool.close();
  }

  private start(): Piscina {
    const { workers, onFault, preload } = this.options;
    const pool = new Piscina({
      filename: workerFile,
      name: "runBatch",
      workerData: this.workerData,
      minThreads: workers,
      maxThreads: workers,
      // Never more tasks than workers are handed over, so the pool's own queue stays empty.
      maxQueue: workers * 2,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
      ...(preload === undefined ? {} : { execArgv: ["--import", preload] }),
    });
    pool.on("error", onFault);
    // Piscina tells before it replaces the worker; what it did shows right after.
    pool.on("workerDestroy", () => queueMicrotask(() => this.count(pool)));
    return pool;
  }

  /** Looks whether a worker that died was replaced. */
  private count(pool: Piscina): void {
    const { workers } = this.options;
    if (this.closed || pool !== this.pool || pool.threads.length >= workers) return;
    this.capacity = pool.threads.length;
    // Batches that were handed over and never started are given back, and judged inline.
    if (this.capacity === 0) void pool.destroy();
    this.renewal ??= setTimeout(() => this.renew(), renewAfterMs);
  }

  private renew(): void {
    this.renewal = undefined;
    const old = this.pool;
    const left = this.capacity;
    this.pool = this.start();
    this.capacity = this.options.workers;
    if (left > 0) void old.close();
  }
}
