// A world in one thread: its time, its chance and its order of events come from one seed. Nothing
// in it waits for real time, and the same seed gives the same run.
import type { Clock } from "../../platform/mod.ts";

/** mulberry32: small, fast, the same everywhere. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `n`. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  bytes(n: number): Buffer {
    return Buffer.from(Array.from({ length: n }, () => this.below(256)));
  }
}

interface Event {
  readonly atMs: number;
  /** Breaks ties: events of one moment happen in the order in which they were made. */
  readonly order: number;
  readonly work: () => void;
}

/** Lines of the trace that are kept: the end of a run says most. */
const traceMax = 400;

const startMs = 1_767_225_600_000;

export class World {
  readonly dice: Dice;
  /** A line an event; the newest ones. */
  readonly trace: string[] = [];
  #nowMs = 0;
  #order = 0;
  /** A binary heap by time and order. */
  readonly #events: Event[] = [];

  constructor(seed: number) {
    this.dice = new Dice(seed);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** A clock that is `skewMs` off, and may be set anew; the monotonic one never is. */
  clock(wall: { skewMs: number }): Clock {
    return {
      nowMs: () => startMs + Math.floor(this.#nowMs) + wall.skewMs,
      monotonicMs: () => this.#nowMs + 1_000,
    };
  }

  after(ms: number, work: () => void): void {
    this.#push({ atMs: this.#nowMs + ms, order: this.#order++, work });
  }

  note(line: string): void {
    this.trace.push(`${this.#nowMs.toFixed(1).padStart(9)} ${line}`);
    if (this.trace.length > traceMax) this.trace.shift();
  }

  /** Lets everything happen up to a time, or until `done` holds. */
  async run(untilMs: number, done: () => boolean = () => false): Promise<void> {
    while (!done()) {
      const next = this.#events[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#pop();
      this.#nowMs = next.atMs;
      next.work();
      // Whatever was promised within this event comes to its end before the next one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!done()) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(event: Event): void {
    const heap = this.#events;
    heap.push(event);
    let at = heap.length - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[above]!)) break;
      [heap[at], heap[above]] = [heap[above]!, heap[at]!];
      at = above;
    }
  }

  #pop(): void {
    const heap = this.#events;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
