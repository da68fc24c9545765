// What the runtime takes from outside beside log and store: time and chance. Under the simulator
// all of them come from one seed.
import type { Clock } from "../../platform/mod.ts";

export interface Turns {
  /** Runs `work` once what arrives in this turn has arrived. */
  defer(work: () => void): void;
  /** Runs `work` after so many milliseconds, unless the returned function was called before. */
  after(ms: number, work: () => void): () => void;
}

/** The event loop's. Timers do not hold the process. */
export const systemTurns: Turns = {
  defer: (work) => void setImmediate(work),
  after: (ms, work) => {
    const timer = setTimeout(work, ms).unref();
    return () => clearTimeout(timer);
  },
};

export interface RuntimePorts {
  readonly clock: Clock;
  readonly turns: Turns;
  /** So many bytes from the CSPRNG; tests give a seeded one. */
  readonly random: (bytes: number) => Buffer;
}

export function sleep(turns: Turns, ms: number): Promise<void> {
  return new Promise((resolve) => {
    turns.after(ms, resolve);
  });
}
