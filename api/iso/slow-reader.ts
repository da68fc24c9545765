// A peer that does not read its answers: how much may wait, and for how long.
import type { IsoLimits } from "./limits.ts";

export class SlowReader {
  readonly #limits: IsoLimits;
  #sinceMs = -1;

  constructor(limits: IsoLimits) {
    this.#limits = limits;
  }

  /** True once more than `unsentBytesMax` has waited for `slowReaderMs`. */
  judge(unsentBytes: number, nowMs: number): boolean {
    if (unsentBytes <= this.#limits.unsentBytesMax) {
      this.#sinceMs = -1;
      return false;
    }
    if (this.#sinceMs < 0) this.#sinceMs = nowMs;
    return nowMs - this.#sinceMs >= this.#limits.slowReaderMs;
  }
}
