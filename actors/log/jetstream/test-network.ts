// A network and its servers for tests: one thread, one seed, time that only this file moves. Nodes
// can be cut off, paused and crashed; messages take a moment and may be lost.
import type { Clock } from "../../../platform/mod.ts";
import { type Fate, MemoryLog, type MemoryPlace } from "../memory.ts";
import type { Bus, BusAnswer, Lease, LeaseValue, NodeRegistry } from "./ownership-port.ts";
import { ownershipTimes } from "./ownership-port.ts";
import type { Random, Timers } from "./timers.ts";

/** Mulberry32: small, seeded, good enough to choose faults. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class SimTime implements Clock, Timers {
  readonly #due: Due[] = [];
  #nowMs = 1_000;
  #order = 0;
  wallOffsetMs = 1_767_225_600_000;

  nowMs(): number {
    return this.wallOffsetMs + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const due = { atMs: this.#nowMs + ms, order: this.#order++, run };
    let at = this.#due.length;
    while (at > 0 && later(this.#due[at - 1] as Due, due)) at--;
    this.#due.splice(at, 0, due);
    return () => {
      const place = this.#due.indexOf(due);
      if (place >= 0) this.#due.splice(place, 1);
    };
  }

  /** Lets so much time pass, one event after the other, promises and all. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await new Promise(setImmediate);
      const next = this.#due[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#due.shift();
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = untilMs;
  }

  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    for (let passed = 0; passed < withinMs && !holds(); passed += 10) await this.pass(10);
    return holds();
  }
}

function later(a: Due, b: Due): boolean {
  return a.atMs > b.atMs || (a.atMs === b.atMs && a.order > b.order);
}

/** One process on the network, from its start to its end. */
export class SimProcess implements Timers {
  readonly node: string;
  readonly #time: SimTime;
  readonly #held: (() => void)[] = [];
  paused = false;
  dead = false;
  cut = false;

  constructor(node: string, time: SimTime) {
    this.node = node;
    this.#time = time;
  }

  /** Nothing runs while the process is paused, and nothing ever again once it is dead. */
  after(ms: number, run: () => void): () => void {
    return this.#time.after(ms, () => {
      if (this.dead) return;
      if (this.paused) this.#held.push(run);
      else run();
    });
  }

  resume(): void {
    this.paused = false;
    for (const run of this.#held.splice(0)) this.after(0, run);
  }
}

interface Held {
  readonly value: LeaseValue;
  readonly revision: number;
  readonly bornMs: number;
}

const leaseTimeoutMs = 1_500;
const liveMs = 12_000;

export class SimNetwork {
  readonly time = new SimTime();
  readonly random: SeededRandom;
  readonly place: MemoryPlace;
  /** Of a hundred appends so many go wrong in some way. */
  faultsInHundred = 0;
  /** Nobody answers for the leases: their bucket has no leader. */
  leaseless = false;
  readonly #leases = new Map<number, Held>();
  #revision = 0;
  readonly #served = new Map<string, Set<{ by: SimProcess; handle: Handler }>>();
  readonly #heard = new Map<string, Set<{ by: SimProcess; hear: Hear }>>();
  readonly #beats = new Map<string, number>();

  constructor(seed: number, place: MemoryPlace) {
    this.random = new SeededRandom(seed);
    this.place = place;
  }

  #delayMs(): number {
    return 1 + this.random.below(5);
  }

  logOf(by: SimProcess, shards: number): MemoryLog {
    const wait = (work: () => void): void => {
      by.after(this.#delayMs(), () => {
        // Cut off: the answer, or the question, comes when the way is open again.
        if (by.cut) wait(work);
        else work();
      });
    };
    return new MemoryLog(shards, this.place, { later: wait, fate: () => this.#fate() });
  }

  #fate(): Fate {
    const faults: readonly Fate[] = ["lost", "unanswered", "late", "spurious"];
    if (this.random.below(100) >= this.faultsInHundred) return "stored";
    return faults[this.random.below(faults.length)] as Fate;
  }

  /** The bucket is gone, and with it every lease. */
  dropLeases(): void {
    this.#leases.clear();
  }

  holderOf(shard: number): string | undefined {
    return this.#lease(shard)?.value.node;
  }

  #lease(shard: number): Held | undefined {
    const held = this.#leases.get(shard);
    const old =
      held !== undefined && held.bornMs + ownershipTimes.leaseTtlMs <= this.time.monotonicMs();
    return old ? undefined : held;
  }

  #put(shard: number, value: LeaseValue): number {
    const revision = ++this.#revision;
    this.#leases.set(shard, { value, revision, bornMs: this.time.monotonicMs() });
    return revision;
  }

  leaseOf(by: SimProcess): Lease {
    const ask = <T>(work: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        const fail = (): void => reject(new Error("no answer"));
        by.after(this.#delayMs(), () => {
          if (by.cut || this.leaseless) by.after(leaseTimeoutMs, fail);
          else {
            const answer = work();
            by.after(this.#delayMs(), () => resolve(answer));
          }
        });
      });
    return {
      create: (shard, value) =>
        ask(() => (this.#lease(shard) === undefined ? this.#put(shard, value) : undefined)),
      update: (shard, value, revision) =>
        ask(() => {
          const last = this.#lease(shard)?.revision;
          return last === revision ? this.#put(shard, value) : undefined;
        }),
      overwrite: (shard, value) => ask(() => this.#put(shard, value)),
      read: (shard) => ask(() => this.#lease(shard)),
      remove: (shard, revision) =>
        ask(() => {
          if (this.#leases.get(shard)?.revision === revision) this.#leases.delete(shard);
        }),
    };
  }

  registryOf(by: SimProcess): NodeRegistry {
    return {
      beat: async () => {
        if (!by.cut) this.#beats.set(by.node, this.time.monotonicMs());
      },
      live: () => {
        const sinceMs = this.time.monotonicMs() - liveMs;
        return [...this.#beats].filter(([, atMs]) => atMs >= sinceMs).map(([node]) => node);
      },
      leave: async () => void this.#beats.delete(by.node),
    };
  }

  busOf(by: SimProcess): Bus {
    return {
      publish: (subject, bytes) => {
        if (by.cut) return;
        for (const listener of this.#heard.get(subject) ?? []) {
          listener.by.after(this.#delayMs(), () => {
            if (!listener.by.cut) listener.hear(subject, bytes);
          });
        }
      },
      request: (subject, bytes, timeoutMs) => this.#request(by, subject, bytes, timeoutMs),
      serve: (subject, handle) => join(this.#served, subject, { by, handle }),
      listen: (subject, hear) => join(this.#heard, subject, { by, hear }),
    };
  }

  #request(by: SimProcess, subject: string, bytes: Buffer, timeoutMs: number): Promise<BusAnswer> {
    return new Promise((resolve) => {
      by.after(timeoutMs, () => resolve({ kind: "timeout" }));
      if (by.cut) return;
      // A process that died lost its connection; one that is cut off still has one for the server.
      const server = [...(this.#served.get(subject) ?? [])].find(({ by: other }) => !other.dead);
      const answer = (value: BusAnswer): void => {
        by.after(this.#delayMs(), () => {
          if (!by.cut) resolve(value);
        });
      };
      if (server === undefined) return answer({ kind: "no-responders" });
      server.by.after(this.#delayMs(), () => {
        if (server.by.cut) return;
        void server.handle(bytes).then((found) => {
          if (found !== undefined) answer({ kind: "answer", bytes: found });
        });
      });
    });
  }
}

type Handler = (bytes: Buffer) => Promise<Buffer | undefined>;
type Hear = (subject: string, bytes: Buffer) => void;

function join<T>(map: Map<string, Set<T>>, subject: string, entry: T): () => void {
  const entries = map.get(subject) ?? new Set<T>();
  map.set(subject, entries.add(entry));
  return () => entries.delete(entry);
}
