// One node over logs and stores in memory, for the tests of this room: time moves when a test says
// so, and turns pass as the event loop's do.
import { createHash } from "node:crypto";
import { KeyRing, type KeyState } from "../../crypto/mod.ts";
import { createManualClock, type ManualClock } from "../../platform/mod.ts";
import { prepareLogMeta } from "../log/log-meta.ts";
import type { Log } from "../log/port.ts";
import { RecordSeal } from "../log/record.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import type { Envelope, Reply } from "./actor-kind.ts";
import { KindTable } from "./kinds.ts";
import type { ParkError } from "./park.ts";
import { Runtime, type RuntimeOptions } from "./runtime.ts";
import type { ShardState } from "./shard.ts";
import { type AccountCommand, accountKind, accountNumber } from "./test-account.ts";

export function logRing(versions: readonly [number, KeyState][] = [[1, "ACTIVE"]]): KeyRing {
  const keys = versions.map(([version, state]) => {
    const bytes = Buffer.from(Array.from({ length: 64 }, (_, i) => i + version));
    return { usage: "log" as const, label: "", version, state, kcv: "", bytes };
  });
  return new KeyRing(keys);
}

/** Bytes that differ with each call and are the same in every run. */
export function countingRandom(seed: string): (bytes: number) => Buffer {
  let calls = 0;
  return (bytes) => {
    const hash = createHash("sha256").update(`${seed} ${++calls}`).digest();
    return Buffer.alloc(bytes, hash);
  };
}

export interface Node {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly seal: RecordSeal;
  /** "shard state reason" in the order in which they came. */
  readonly states: string[];
  readonly alarms: Error[];
  /** Lets so much time pass: for timers set with it, and by both clocks. */
  pass(ms: number): Promise<void>;
}

interface Wake {
  readonly atMs: number;
  readonly work: () => void;
}

export interface NodeOptions extends Partial<Omit<RuntimeOptions, "log">> {
  readonly log: (store: Store) => Log;
  readonly shards?: number;
  readonly clock?: ManualClock;
}

export function makeNode(options: NodeOptions, store: Store = new MemoryStore()): Node {
  const clock = options.clock ?? createManualClock();
  let wakes: Wake[] = [];
  const node = options.node ?? "n1";
  const random = countingRandom(node);
  const meta = prepareLogMeta(store, random, options.shards ?? 4);
  const seal = options.seal ?? new RecordSeal(logRing());
  const states: string[] = [];
  const alarms: Error[] = [];
  const runtime = new Runtime({
    meta,
    kinds: new KindTable([accountKind(store)]),
    random,
    ...options,
    node,
    store,
    seal,
    clock,
    log: options.log(store),
    turns: {
      defer: (work) => void setImmediate(work),
      after: (ms, work) => {
        const wake = { atMs: clock.monotonicMs() + ms, work };
        wakes.push(wake);
        return () => {
          wakes = wakes.filter((one) => one !== wake);
        };
      },
    },
    events: {
      state: (shard: number, state: ShardState, why?: ParkError) =>
        states.push([shard, state, why?.reason].filter((part) => part !== undefined).join(" ")),
      alarm: (_, error) => alarms.push(error),
    },
  });
  const pass = async (ms: number) => {
    const untilMs = clock.monotonicMs() + ms;
    for (;;) {
      await settle();
      const [next] = wakes.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      clock.advance(Math.max(0, next.atMs - clock.monotonicMs()));
      wakes = wakes.filter((one) => one !== next);
      next.work();
    }
    clock.advance(untilMs - clock.monotonicMs());
    await settle();
  };
  return { runtime, store, clock, seal, states, alarms, pass };
}

/** Enough turns of the event loop for whatever can go on without time passing. */
export async function settle(turns = 12): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

let commands = 0;

/** A command to account number `account` of a shard, under an id of its own unless one is given. */
export function envelope(
  shard: number,
  account: number,
  command: AccountCommand,
  more: Partial<Envelope> & { readonly key?: string } = {},
): Envelope {
  const { key = `key ${++commands}`, ...rest } = more;
  const id = createHash("sha256").update(`client\0${key}`).digest().subarray(0, 16);
  const actor = Buffer.alloc(16);
  // An actor belongs to one shard: the same number elsewhere is another account.
  actor.writeUInt16BE(shard, 0);
  actor.writeUInt32BE(account, 12);
  const body = Buffer.from(JSON.stringify(command));
  return { id, kind: accountNumber, shard, actor, body, timeoutMs: 5_000, ...rest };
}

/** What a reply says, short enough to compare: the answer, or the error's code. */
export function gist(reply: Reply): string {
  if (!reply.ok) return reply.error.code;
  return `${JSON.stringify(reply.answer)}${reply.repeated ? " again" : ""}`;
}
