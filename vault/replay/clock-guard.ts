// A clock that does not follow steps. What may be claimed depends on the wall clock, and the wall
// clock can be set by anybody with the right to: a step of more than a minute against the monotonic
// clock is reported and not followed until somebody accepts it.
import type { Clock } from "../../platform/mod.ts";

/** Larger than any slew of a time daemon between two reads, smaller than the 300 s of DE7. */
export const stepMaxMs = 60_000;

export interface ClockStep {
  /** The wall clock minus what it should show; negative where it went back. */
  readonly offMs: number;
}

export interface ClockGuardOptions {
  readonly source: Clock;
  /** Called once when the wall clock leaves the line, and with null when it is back on it. */
  readonly onStep: (step: ClockStep | null) => void;
}

export class ClockGuard implements Clock {
  readonly #source: Clock;
  readonly #onStep: (step: ClockStep | null) => void;
  #wallMs: number;
  #steadyMs: number;
  #stepped = false;

  constructor(options: ClockGuardOptions) {
    this.#source = options.source;
    this.#onStep = options.onStep;
    this.#wallMs = options.source.nowMs();
    this.#steadyMs = options.source.monotonicMs();
  }

  /** True while the wall clock is not followed. */
  get stepped(): boolean {
    return this.#stepped;
  }

  nowMs(): number {
    const wallMs = this.#source.nowMs();
    const steadyMs = this.#source.monotonicMs();
    const expectedMs = this.#wallMs + (steadyMs - this.#steadyMs);
    const offMs = wallMs - expectedMs;
    const off = offMs > stepMaxMs || offMs < -stepMaxMs;
    this.#wallMs = off ? expectedMs : wallMs;
    this.#steadyMs = steadyMs;
    if (off !== this.#stepped) {
      this.#stepped = off;
      this.#onStep(off ? { offMs } : null);
    }
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#source.monotonicMs();
  }

  /**
   * Follows the wall clock again, after a person has looked: a machine that slept shows a step that
   * is none, because its monotonic clock stood still.
   */
  accept(): void {
    this.#wallMs = this.#source.nowMs();
    this.#steadyMs = this.#source.monotonicMs();
    if (!this.#stepped) return;
    this.#stepped = false;
    this.#onStep(null);
  }
}
