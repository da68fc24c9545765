// Keeps the horizons ahead of the claims, so that no payment waits for their flush. A claim that
// finds its horizon too low raises it itself: the keeper saves time, it is not needed to be right.
import { type HorizonKind, type HorizonPort, horizonLeadSeconds } from "./horizon.ts";
import type { ReplayStore } from "./replay-store.ts";

/** Between two looks: the lead of five seconds then always covers the next claims. */
const intervalMs = 1_000;

const kinds: readonly HorizonKind[] = ["ptav", "de7"];

export class HorizonKeeper {
  readonly #store: Pick<ReplayStore, "highestClaimed">;
  readonly #port: HorizonPort;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly store: Pick<ReplayStore, "highestClaimed">;
    readonly port: HorizonPort;
    /** A tick that failed is reported; claims go on and raise for themselves. */
    readonly onError: (error: unknown) => void;
  }) {
    this.#store = options.store;
    this.#port = options.port;
    this.#onError = options.onError;
  }

  /** One look: raises each horizon that is less than the lead above the highest claim. */
  tick(): void {
    for (const kind of kinds) {
      const highest = this.#store.highestClaimed(kind);
      if (highest === 0) continue;
      const wanted = highest + horizonLeadSeconds;
      if (this.#port.horizon(kind) < wanted) this.#port.raise(kind, wanted);
    }
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      try {
        this.tick();
      } catch (error) {
        this.#onError(error);
      }
    }, intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
