// A node of the world: a store that outlives it, and one life after the other of a runtime over it.
// A life may end at any commit, and may stand still for a while.
import { prepareLogMeta } from "../../actors/log/log-meta.ts";
import { type Fate, MemoryLog, type MemoryPlace } from "../../actors/log/memory.ts";
import type { Log } from "../../actors/log/port.ts";
import { RecordSeal } from "../../actors/log/record.ts";
import type { Envelope, Reply } from "../../actors/runtime/actor-kind.ts";
import { KindTable } from "../../actors/runtime/kinds.ts";
import { Runtime } from "../../actors/runtime/runtime.ts";
import { accountKind } from "../../actors/runtime/test-account.ts";
import { logRing } from "../../actors/runtime/test-rig.ts";
import { MemoryStore } from "../../actors/store/memory.ts";
import type { Store } from "../../actors/store/port.ts";
import type { Bug } from "./bugs.ts";
import type { Plan } from "./plan.ts";
import type { World } from "./world.ts";

/** Thrown through whatever a node was doing when it ended. */
class Crash extends Error {
  override readonly name = "Crash";
}

/** Of all appends; together they leave most alone. */
const fateShares: readonly [Fate, number][] = [
  ["unanswered", 0.04],
  ["lost", 0.04],
  ["late", 0.04],
  ["spurious", 0.03],
];
const fullShare = 0.02;

/** Of all commits. */
const crashShare = 0.004;

/** Of all commits: those that are flushed before the next one. */
const flushShare = 0.15;

/** Of all ends of a life. */
const powerLossShare = 0.3;

/** One life: ends once, and nothing that it began has an effect afterwards. */
interface Life {
  readonly runtime: Runtime;
  alive: boolean;
  pausedUntilMs: number;
}

export class SimNode {
  readonly name: string;
  store = new MemoryStore();
  readonly seal = new RecordSeal(logRing());
  /** "shard state reason" of every shard that parked. */
  readonly parked: string[] = [];
  readonly #world: World;
  readonly #place: MemoryPlace;
  readonly #plan: Plan;
  readonly #bug: Bug | undefined;
  readonly #wall = { skewMs: 0 };
  /** No more faults: the world is to come to rest. */
  #healed = false;
  #life: Life | undefined;
  #lives = 0;
  /** What a power loss leaves. */
  #flushed = new MemoryStore();

  constructor(name: string, world: World, place: MemoryPlace, plan: Plan, bug: Bug | undefined) {
    this.name = name;
    this.#world = world;
    this.#place = place;
    this.#plan = plan;
    this.#bug = bug;
    this.start();
  }

  get runtime(): Runtime | undefined {
    return this.#life?.runtime;
  }

  get lives(): number {
    return this.#lives;
  }

  start(): void {
    if (this.#life !== undefined) return;
    this.#lives++;
    const life: Life = { alive: true, pausedUntilMs: 0, runtime: undefined as unknown as Runtime };
    const { dice } = this.#world;
    const store = this.#storeOf(life);
    const meta = prepareLogMeta(store, () => Buffer.alloc(16, 1), this.#plan.shards);
    this.#bug?.begin?.(this.#world, life);
    const runtime = new Runtime({
      log: this.#logOf(life),
      store,
      meta,
      kinds: new KindTable([accountKind(store)]),
      seal: this.seal,
      node: this.name,
      clock: this.#world.clock(this.#wall),
      turns: {
        defer: (work) => this.#later(life, 0, work),
        after: (ms, work) => {
          let live = true;
          this.#later(life, ms, () => live && work());
          return () => {
            live = false;
          };
        },
      },
      random: (n) => dice.bytes(n),
      events: {
        state: (shard, state, why) => {
          this.#world.note(`${this.name} shard ${shard} ${state} ${why?.message ?? ""}`);
          if (state === "PARKED") this.parked.push(`${this.name}: ${why?.message}`);
        },
      },
    });
    Object.assign(life, { runtime });
    this.#life = life;
    this.#world.note(`${this.name} starts, life ${this.#lives}`);
    for (const shard of runtime.shards) shard.follow();
  }

  /** Ends the node's life; what is stored stays. */
  crash(): void {
    if (this.#life === undefined) return;
    this.#life.alive = false;
    this.#life = undefined;
    const { dice } = this.#world;
    const loses = this.#plan.faults.includes("unflushed") && dice.chance(powerLossShare);
    if (loses) this.store = this.#flushed.copy();
    this.#world.note(`${this.name} ends${loses ? " and loses what was not flushed" : ""}`);
    this.#world.after(this.#world.dice.between(20, 3_000), () => this.start());
  }

  pause(ms: number): void {
    if (this.#life === undefined) return;
    this.#world.note(`${this.name} stands still for ${ms} ms`);
    this.#life.pausedUntilMs = this.#world.nowMs + ms;
  }

  stepClock(ms: number): void {
    this.#wall.skewMs += ms;
    this.#world.note(`${this.name} clock steps by ${ms} ms`);
  }

  heal(): void {
    this.#healed = true;
    if (this.#life !== undefined) this.#life.pausedUntilMs = 0;
    this.start();
  }

  /** Hands a command over; no answer comes where the node ends before. */
  send(envelope: Envelope, answer: (reply: Reply) => void): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#later(life, 0, () => {
      life.runtime.send(envelope, (reply) => life.alive && answer(reply));
    });
  }

  acquire(shard: number): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#later(life, 0, () => {
      void life.runtime.shards[shard]!.acquire().catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
    });
  }

  drain(shard: number, to: string): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#later(life, 0, () => void life.runtime.shards[shard]!.drain(to));
  }

  /** Runs `work` as this life: not after its end, not while it stands still, not past a crash. */
  #later(life: Life, ms: number, work: () => void): void {
    this.#world.after(ms, () => {
      if (!life.alive) return;
      const restMs = life.pausedUntilMs - this.#world.nowMs;
      if (restMs > 0) {
        this.#later(life, restMs, work);
        return;
      }
      try {
        work();
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    });
  }

  #logOf(life: Life): Log {
    const { dice } = this.#world;
    const on = (fault: Plan["faults"][number]) =>
      !this.#healed && this.#plan.faults.includes(fault);
    const log = new MemoryLog(this.#plan.shards, this.#place, {
      // Each request takes its own time, so that they overtake each other.
      later: (work) => this.#world.after(dice.between(1, 12), work),
      answer: (work) => this.#later(life, 0, work),
      fate: (_, shard) => {
        const fate = this.#drawFate(on("answers"), on("full"));
        if (fate !== "stored") this.#world.note(`${this.name} append to ${shard}: ${fate}`);
        return fate;
      },
    });
    return this.#bug?.log?.(log, this.#world, this.seal) ?? log;
  }

  #drawFate(answers: boolean, full: boolean): Fate {
    let draw = this.#world.dice.next();
    if (answers) {
      for (const [fate, share] of fateShares) {
        if (draw < share) return fate;
        draw -= share;
      }
    }
    return full && draw < fullShare ? "full" : "stored";
  }

  #storeOf(life: Life): Store {
    const { store: mine } = this;
    return {
      rows: (name) => mine.rows(name),
      write: (work) => {
        if (!life.alive) throw new Crash();
        const result = mine.write(work);
        if (this.#world.dice.chance(flushShare)) this.#flushed = mine.copy();
        const crashes = this.#plan.faults.includes("crash") && !this.#healed && life.runtime;
        if (crashes && this.#world.dice.chance(crashShare)) {
          this.crash();
          throw new Crash();
        }
        return result;
      },
    };
  }
}
