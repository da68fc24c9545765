// Commands that never stop: one after the other for each token, sent to one node after the other
// until it is answered, always under its own id. What was acknowledged, and when, is kept.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CardCommand,
  commandId,
  envelopeOf,
  type Reply,
  type Step,
  tokenSteps,
} from "../../../actors/mod.ts";
import { systemClock, within } from "../../../platform/mod.ts";
import type { ClusterWorld, Subject } from "./world.ts";

export interface Acked {
  readonly shard: number;
  readonly id: Buffer;
  readonly seq: number;
  readonly ord: number;
  /** Monotonic milliseconds at which the answer came. */
  readonly atMs: number;
}

/** One attempt; the next node is asked after it. */
const tryMs = 3_000;
const pauseMs = 60;
const againMs = 50;
/** Of the commands that were begun, at the end: longer than any shard may be without an owner. */
const lastMs = 60_000;

export class Workload {
  readonly acked: Acked[] = [];
  /** Answers that no lifecycle command of this workload may get. */
  readonly wrong: string[] = [];
  readonly #world: ClusterWorld;
  readonly #loops: Promise<void>[];
  #stopped = false;
  #givenUp = false;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#loops = world.subjects.map((subject, i) => this.#loop(subject, i));
  }

  /** Ends once every command that was begun is answered; an Error where one is not. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const late = `a command was not answered within ${lastMs / 1_000} s after the last one`;
    try {
      await within(lastMs, late, Promise.all(this.#loops));
    } finally {
      this.#givenUp = true;
    }
  }

  /**
   * Resolves when each shard has had so many more acknowledged commands; false where it took
   * longer.
   */
  async progress(count: number, withinMs: number): Promise<boolean> {
    const from = this.acked.length;
    const untilMs = systemClock.monotonicMs() + withinMs;
    const { shards } = this.#world;
    while (systemClock.monotonicMs() < untilMs) {
      const counts = new Array<number>(shards).fill(0);
      for (const { shard } of this.acked.slice(from)) counts[shard] = (counts[shard] ?? 0) + 1;
      if (counts.every((one) => one >= count)) return true;
      await sleep(againMs);
    }
    return false;
  }

  /** The longest time without an acknowledgement of a shard within a span, milliseconds. */
  longestGap(shard: number, fromMs: number, toMs: number): number {
    const times = this.acked
      .filter((one) => one.shard === shard && one.atMs >= fromMs && one.atMs <= toMs)
      .map((one) => one.atMs);
    const edges = [fromMs, ...times, toMs];
    return Math.max(...edges.slice(1).map((atMs, i) => atMs - (edges[i] as number)));
  }

  async #loop(subject: Subject, first: number): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      const action = turn % 2 === 0 ? "suspend" : "resume";
      await this.#command(subject, action, first + turn);
      await sleep(pauseMs);
    }
  }

  async #command(subject: Subject, action: "suspend" | "resume", first: number): Promise<void> {
    const id = commandId("demo", randomUUID());
    const step = this.#step(subject, action, id);
    for (let tries = 0; !this.#givenUp; tries++) {
      const { nodes } = this.#world;
      const node = nodes[(first + tries) % nodes.length];
      const reply = await node?.submit(envelopeOf(step, tryMs));
      if (reply?.ok === true) {
        const { seq, ord } = reply.position;
        this.acked.push({ shard: subject.shard, id, seq, ord, atMs: systemClock.monotonicMs() });
        return;
      }
      if (isFinal(reply)) {
        this.wrong.push(`${action} in shard ${subject.shard}: ${reply.error.message}`);
        return;
      }
      await sleep(againMs);
    }
  }

  #step({ ref }: Subject, action: "suspend" | "resume", id: Buffer): Step {
    const commandOf = (bytes: Buffer): CardCommand => ({
      command: "token",
      action,
      ref: bytes,
      caller: { who: "ADMIN" },
      cause: "ADMIN",
      reason: "NONE",
    });
    const next = tokenSteps(this.#world.vault, ref, commandOf, id).next();
    if (next.done) throw new Error("the demo's token is not in its vault");
    return next.value;
  }
}

/** Whether asking again cannot help. */
function isFinal(reply: Reply | undefined): reply is Extract<Reply, { ok: false }> {
  if (reply === undefined || reply.ok) return false;
  const later = ["SERVICE_UNAVAILABLE", "OUTCOME_UNKNOWN", "SHARD_MOVED", "OVERLOADED"];
  return ![...later, "DEADLINE_EXCEEDED", "LOG_FULL"].includes(reply.error.code);
}
