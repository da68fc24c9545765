// Time as a port: whatever decides by time takes a Clock, so that a test can run a day in a second.

export interface Clock {
  /** Wall clock, Unix milliseconds. May step; never use it for durations or deadlines. */
  nowMs(): number;
  /** Monotonic milliseconds with fractions; one time line for all threads of the machine. */
  monotonicMs(): number;
}

// performance.now() starts at zero in every worker thread. Adding the distance to the system's
// monotonic clock, taken once per thread, gives all threads one time line without the array that
// process.hrtime() allocates on every call.
const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => originMs + performance.now(),
};

/** A clock that moves only when it is told to. */
export interface ManualClock extends Clock {
  /** Time passes: both clocks move. */
  advance(ms: number): void;
  /** Someone sets the wall clock: the monotonic clock does not notice. */
  stepWall(ms: number): void;
}

export function createManualClock(startMs = 1_767_225_600_000): ManualClock {
  let wallMs = startMs;
  let steadyMs = 1_000;
  return {
    nowMs: () => wallMs,
    monotonicMs: () => steadyMs,
    advance(ms) {
      wallMs += ms;
      steadyMs += ms;
    },
    stepWall(ms) {
      wallMs += ms;
    },
  };
}
