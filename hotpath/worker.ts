// The Piscina worker: opens the vault for its own thread, then runs the batches whose numbers it is
// given. Everything it reads and writes is shared memory or LMDB.
import { randomBytes } from "node:crypto";
import { threadId, workerData } from "node:worker_threads";
import { Batch } from "./batch.ts";
import { openPipeline, type PipelineSettings } from "./open-pipeline.ts";

/** What the pool hands to each worker once. */
export interface WorkerSetup {
  readonly settings: PipelineSettings;
  readonly batches: readonly SharedArrayBuffer[];
  /** One block of metric cells a possible worker; a worker takes the first that is free. */
  readonly cells: readonly SharedArrayBuffer[];
  readonly keys: SharedArrayBuffer;
  /** Peers that may still be added; without it there are those of the settings. */
  readonly peers?: SharedArrayBuffer;
  /** Word n is 1 while a worker uses block n. */
  readonly cellOwners: SharedArrayBuffer;
}

const setup = workerData as WorkerSetup;
const batches = setup.batches.map((shared) => new Batch(shared));
const owners = new Int32Array(setup.cellOwners);
const pipeline = openPipeline(setup.settings, {
  keys: setup.keys,
  ...(setup.peers === undefined ? {} : { peers: setup.peers }),
  cells: setup.cells[takeBlock()] as SharedArrayBuffer,
  place: "pool",
  journalName: `worker-${process.pid}-${threadId}-${randomBytes(3).toString("hex")}`,
}).pipeline;

/** Judges the batch in this slot and leaves its answers there. */
export function runBatch(slot: number): void {
  pipeline.processBatch(batches[slot] as Batch);
}

/** Blocks are never given back by a worker that died; the last one is then shared. */
function takeBlock(): number {
  for (let block = 0; block < owners.length; block++) {
    if (Atomics.compareExchange(owners, block, 0, 1) === 0) return block;
  }
  return owners.length - 1;
}
