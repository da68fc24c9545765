// Keeps the history up to date in the background of one process: folds, sweeps, removes.
import type { Mark } from "../audit/mark.ts";
import type { History } from "./history.ts";

/** Well within the second in which a verification has to be in the history. */
const intervalMs = 250;

/** Rows of one step: some 3 ms, between which the process does its other work. */
const stepRows = 1_024;

/** Steps of one tick: 400,000 rows a second at most, about what the steps can do. */
const stepsPerTick = 100;

/** A sweep looks at 2,048 values, of sixteen records each, every ten seconds. */
const sweepEveryTicks = 40;

/** The audit chain's end is noted as often: what is cut off before that, the journals have. */
const anchorEveryTicks = 40;

/** Card numbers that left, and acts: as long as what is known of payments. */
const auditAgeMs = 548 * 86_400_000;

/** Segments are looked through once an hour. */
const removeEveryTicks = (3_600 * 1_000) / intervalMs;

export interface HistoryKeeperOptions {
  readonly history: Pick<History, "fold" | "sweep" | "removeFolded" | "flushAudit" | "trimAudit">;
  /** Notes where the audit chain ends, in another place; called when it has grown. */
  readonly anchor: (head: Mark) => void;
  /** How long a segment is kept after its start; two days at least. */
  readonly segmentAgeMs: number;
  /** A tick that failed is reported, and the next one tries again. */
  readonly onError: (error: unknown) => void;
}

export class HistoryKeeper {
  readonly #options: HistoryKeeperOptions;
  #ticks = 0;
  #anchored = 0;
  #timer: NodeJS.Timeout | undefined;
  #step: NodeJS.Immediate | undefined;

  constructor(options: HistoryKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.tick(), intervalMs).unref();
  }

  /** One round of work; what is left of a backlog follows in steps, with other work in between. */
  tick(): void {
    const { history, segmentAgeMs, onError } = this.#options;
    this.#ticks++;
    this.#fold(stepsPerTick);
    try {
      if (this.#ticks % sweepEveryTicks === 0) history.sweep();
      if (this.#ticks % removeEveryTicks === 0) history.removeFolded(segmentAgeMs);
      if (this.#ticks % anchorEveryTicks === 0) this.anchor();
      if (this.#ticks % removeEveryTicks === 0) history.trimAudit(auditAgeMs);
    } catch (error) {
      onError(error);
    }
  }

  /** Notes the chain's end where it has moved. */
  anchor(): void {
    const { history, anchor } = this.#options;
    const head = history.flushAudit();
    if (head.seq === this.#anchored) return;
    anchor(head);
    this.#anchored = head.seq;
  }

  stop(): void {
    clearInterval(this.#timer);
    clearImmediate(this.#step);
    this.#timer = undefined;
    this.#step = undefined;
  }

  #fold(stepsLeft: number): void {
    clearImmediate(this.#step);
    this.#step = undefined;
    let rows = 0;
    try {
      rows = this.#options.history.fold(stepRows);
    } catch (error) {
      this.#options.onError(error);
    }
    if (rows < stepRows || stepsLeft <= 1) return;
    this.#step = setImmediate(() => this.#fold(stepsLeft - 1));
  }
}
