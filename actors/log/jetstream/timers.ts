// Waiting and chance as ports: whatever waits or draws here runs in a simulator that owns both.
import { randomInt } from "node:crypto";

export interface Timers {
  /** Runs once after `ms`; the answer takes it back. */
  after(ms: number, run: () => void): () => void;
}

export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
}

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { below: (limit) => randomInt(limit) };

export function sleep(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(ms, resolve);
  });
}

/** `ms` and up to half of it more, so that nodes which started together drift apart. */
export function jittered(random: Random, ms: number): number {
  return ms + random.below(Math.ceil(ms / 2) + 1);
}
