// Keeps the horizons ahead of the claims, so that no payment waits for their flush. A claim that
// finds its horizon too low raises it itself: the keeper saves time, it is not needed to be right.
import type { ReplayStore } from "./replay-store.ts";

/** Between two looks: less than the lead that is left when the keeper raises. */
const intervalMs = 1_000;

export interface HorizonKeeperOptions {
  readonly store: Pick<ReplayStore, "keepAhead">;
  /** A tick that failed is reported; claims go on and raise for themselves. */
  readonly onError: (error: unknown) => void;
}

export class HorizonKeeper {
  readonly #options: HorizonKeeperOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HorizonKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.tick(), intervalMs).unref();
  }

  tick(): void {
    try {
      this.#options.store.keepAhead();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
