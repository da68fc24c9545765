// A wall clock that does not follow large steps. Someone who sets the clock must not make old
// one-time values fresh again: a step above the limit is noticed against the monotonic clock,
// reported, and not followed.
import type { Clock } from "./clock.ts";

/** Steps up to here are ordinary corrections by the time service and are followed. */
export const clockStepMsMax = 60_000;

export interface ClockStep {
  /** How far the wall clock moved beyond what really passed; negative is backwards. */
  readonly stepMs: number;
}

export interface ClockGuard extends Clock {
  /** Milliseconds by which the guarded time differs from the wall clock; 0 while all is well. */
  readonly heldMs: number;
}

export interface ClockGuardOptions {
  readonly clock: Clock;
  readonly stepMsMax?: number;
  /** Called once a step: count it and raise the alarm. */
  readonly onStep: (step: ClockStep) => void;
}

class Guard implements ClockGuard {
  readonly #clock: Clock;
  readonly #stepMsMax: number;
  readonly #onStep: (step: ClockStep) => void;
  #wallMs: number;
  #steadyMs: number;
  /** What is added to the wall clock: the steps that were not followed. */
  #offsetMs = 0;

  constructor(options: ClockGuardOptions) {
    this.#clock = options.clock;
    this.#stepMsMax = options.stepMsMax ?? clockStepMsMax;
    this.#onStep = options.onStep;
    this.#wallMs = this.#clock.nowMs();
    this.#steadyMs = this.#clock.monotonicMs();
  }

  get heldMs(): number {
    return this.#offsetMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  nowMs(): number {
    const wallMs = this.#clock.nowMs();
    const steadyMs = this.#clock.monotonicMs();
    const stepMs = wallMs - this.#wallMs - (steadyMs - this.#steadyMs);
    this.#wallMs = wallMs;
    this.#steadyMs = steadyMs;
    if (Math.abs(stepMs) > this.#stepMsMax) {
      this.#offsetMs -= stepMs;
      // Set back to where it was: the hold ends by itself.
      if (Math.abs(this.#offsetMs) <= this.#stepMsMax) this.#offsetMs = 0;
      this.#onStep({ stepMs });
    }
    return Math.round(wallMs + this.#offsetMs);
  }
}

/** Guards a clock against steps; call `nowMs` at least every few seconds. */
export function guardClock(options: ClockGuardOptions): ClockGuard {
  return new Guard(options);
}
