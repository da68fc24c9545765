// What the bench asks of the generator's process, and what it gets back.
import type { Percentiles } from "./latency.ts";
import type { LoadPoint } from "./open-loop.ts";
import type { Door } from "./wire.ts";

export interface LoadOrder {
  readonly door: Door;
  /** host:port of the switch's gRPC. */
  readonly address: string;
  readonly isoPort: number;
  /** The bench's vault, which has the keys that PTAVs are made with. */
  readonly vaultDir: string;
  /** An echo approves everything, in order. */
  readonly echo: boolean;
  readonly rate: number;
  readonly batch: number;
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How long answers are waited for after the last payment was due. */
  readonly graceMs: number;
  /** Where the run can be scraped (Prometheus text); null: nowhere. */
  readonly metricsPort: number | null;
  /** How often the parent is told how it goes. */
  readonly tickSeconds: number;
}

/** How a run goes. */
export interface LoadTick {
  /** From 0. */
  readonly number: number;
  readonly answered: number;
  readonly wrong: number;
  readonly refused: number;
  /** Of the answers since the last tick. */
  readonly latency: Percentiles;
}

export interface LoadResult {
  readonly point: LoadPoint;
  /** Of the generator's process, making payments included. */
  readonly cpuSeconds: number;
}

export type FromGenerator =
  | { readonly kind: "tick"; readonly tick: LoadTick }
  | { readonly kind: "result"; readonly result: LoadResult }
  | { readonly kind: "begin" }
  | { readonly kind: "failed"; readonly text: string };
