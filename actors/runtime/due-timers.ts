// Fires the timers of the shards that this node owns. A timer's command has an id made of the
// timer, so firing twice, also by two owners one after the other, has one effect.
import { createHash } from "node:crypto";
import type { Envelope, Reply } from "./actor-kind.ts";
import type { AnswerTo } from "./group.ts";
import type { RuntimePorts } from "./ports.ts";
import type { DueTimer, TimerRows } from "./timer-rows.ts";

/** Under way at once in one shard: callers' commands go first. */
const underWayMax = 256;

/** A timer whose command was refused stays due; it is tried again after this, doubling. */
const againMsMin = 1_000;
const againMsMax = 60_000;

/** A timer has no caller who would go away. */
const timeoutMs = 60_000;

interface Tried {
  /** Monotonic milliseconds before which it is left alone. */
  againMs: number;
  attempts: number;
  underWay: boolean;
}

export interface DueTimersOptions extends Pick<RuntimePorts, "clock"> {
  readonly timers: TimerRows;
  readonly send: (envelope: Envelope, answer: AnswerTo) => void;
}

export class DueTimers {
  readonly #options: DueTimersOptions;
  /** By shard, then by command id: those that were fired and are still in the table. */
  readonly #tried = new Map<number, Map<string, Tried>>();

  constructor(options: DueTimersOptions) {
    this.#options = options;
  }

  /** Fires what is due in the shard at `nowMs` by the shard's own time. */
  scan(shard: number, nowMs: number): void {
    const tried = this.#tried.get(shard) ?? new Map<string, Tried>();
    const due = this.#options.timers.due(shard, nowMs, underWayMax);
    const still = new Map<string, Tried>();
    for (const timer of due) {
      const id = timerCommandId(timer);
      const name = id.toString("latin1");
      const one = tried.get(name) ?? { againMs: 0, attempts: 0, underWay: false };
      still.set(name, one);
      if (!one.underWay && one.againMs <= this.#options.clock.monotonicMs()) {
        this.#fire(timer, id, one);
      }
    }
    // What is not in the table any more has done its work.
    this.#tried.set(shard, still);
  }

  #fire({ shard, kind, actor, body }: DueTimer, id: Buffer, one: Tried): void {
    one.underWay = true;
    const answer = (_: Reply) => {
      one.underWay = false;
      const pause = Math.min(againMsMax, againMsMin * 2 ** one.attempts);
      one.attempts++;
      // Where it was accepted the fold has taken it out of the table, and this is not looked at.
      one.againMs = this.#options.clock.monotonicMs() + pause;
    };
    this.#options.send({ id, kind, shard, actor, body, timeoutMs }, answer);
  }
}

/** `timer:<nn>:<timerId>` as a command's id; the actor and the time due tell timers apart. */
export function timerCommandId({ shard, kind, actor, id, dueMs }: DueTimer): Buffer {
  const name = `timer:${shard}:${kind}:${actor.toString("hex")}:${id}:${dueMs}`;
  return createHash("sha256").update(`timer\0${name}`).digest().subarray(0, 16);
}
