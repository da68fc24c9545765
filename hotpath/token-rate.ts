// How many PTAVs one token may get in a minute, on this node and in memory: a brake on a requestor
// that loops, not a security boundary.
import { appError } from "../platform/mod.ts";

/**
 * Tokens that are remembered; beyond it the oldest windows are forgotten, on the permissive side.
 */
const tokensMax = 100_000;
const windowMs = 60_000;

interface Window {
  startMs: number;
  taken: number;
}

export class TokenRate {
  private readonly perMinute: number;
  private readonly windows = new Map<string, Window>();

  /** `perMinute` 0: no limit. */
  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  /** Counts one; RATE_LIMITED with the time to wait where the minute's share is used up. */
  take(index: Buffer, monotonicMs: number): void {
    if (this.perMinute === 0) return;
    const key = index.toString("latin1");
    const window = this.windows.get(key);
    if (window === undefined || monotonicMs - window.startMs >= windowMs) {
      this.windows.delete(key);
      this.windows.set(key, { startMs: monotonicMs, taken: 1 });
      this.forgetOldest();
      return;
    }
    if (window.taken >= this.perMinute) {
      throw appError("RATE_LIMITED", "Too many PTAVs for this token; wait and ask again.", {
        retryAfterMs: Math.ceil(window.startMs + windowMs - monotonicMs),
      });
    }
    window.taken++;
  }

  private forgetOldest(): void {
    if (this.windows.size <= tokensMax) return;
    for (const key of this.windows.keys()) {
      this.windows.delete(key);
      return;
    }
  }
}
