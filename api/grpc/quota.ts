// Calls of one caller, or about one token, in a window of time. In memory and per process: it keeps
// a curious caller from walking through the tokens, it is no accounting.
import { appError, type Clock } from "../../platform/mod.ts";

/** Keys counted in one window. When full, new keys wait for the next window. */
const keysMax = 100_000;

export interface QuotaOptions {
  readonly callsMax: number;
  readonly windowMs: number;
  readonly clock: Clock;
  /** What is limited, as the error says it. */
  readonly subject: string;
}

export class Quota {
  readonly #options: QuotaOptions;
  readonly #counts = new Map<string, number>();
  #windowEndMs = 0;

  constructor(options: QuotaOptions) {
    this.#options = options;
  }

  /** Counts one call; throws RATE_LIMITED with the time to wait. */
  take(key: string): void {
    const { callsMax, windowMs, clock, subject } = this.#options;
    const now = clock.monotonicMs();
    if (now >= this.#windowEndMs) {
      this.#counts.clear();
      this.#windowEndMs = now + windowMs;
    }
    const count = this.#counts.get(key) ?? 0;
    if (count >= callsMax || (count === 0 && this.#counts.size >= keysMax)) {
      const retryAfterMs = Math.ceil(this.#windowEndMs - now);
      const rate = `${callsMax} calls in ${windowMs / 1000} s`;
      throw appError("RATE_LIMITED", `the quota of this ${subject} is ${rate}`, { retryAfterMs });
    }
    this.#counts.set(key, count + 1);
  }
}
