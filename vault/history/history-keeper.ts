// Keeps the history up to date in the background of one process: folds, sweeps, removes.
import type { History } from "./history.ts";

/** Well within the second in which a verification has to be in the history. */
const foldIntervalMs = 250;

/** Folds of one tick: a backlog is worked off without holding up the process for long. */
const foldsPerTick = 4;

/** A sweep looks at 2,048 values every ten seconds: half a billion a month. */
const sweepEveryTicks = 40;

/** Segments are looked through once an hour. */
const removeEveryTicks = (3_600 * 1_000) / foldIntervalMs;

export interface HistoryKeeperOptions {
  readonly history: Pick<History, "foldAll" | "sweep" | "removeFolded">;
  /** How long a segment is kept after its start; two days at least. */
  readonly segmentAgeMs: number;
  /** A tick that failed is reported, and the next one tries again. */
  readonly onError: (error: unknown) => void;
}

export class HistoryKeeper {
  readonly #options: HistoryKeeperOptions;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HistoryKeeperOptions) {
    this.#options = options;
  }

  tick(): void {
    const { history, segmentAgeMs } = this.#options;
    this.#ticks++;
    history.foldAll(foldsPerTick);
    if (this.#ticks % sweepEveryTicks === 0) history.sweep();
    if (this.#ticks % removeEveryTicks === 0) history.removeFolded(segmentAgeMs);
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      try {
        this.tick();
      } catch (error) {
        this.#options.onError(error);
      }
    }, foldIntervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
