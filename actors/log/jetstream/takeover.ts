// From "this node may try" to "this node owns": looks whether the log still holds what any node has
// applied, applies it to its end, and opens an epoch in both streams. The epoch's number comes from
// the log, so losing the lease's bucket can never give out an old one.
import { LogBroken } from "../log-broken.ts";
import type { LogEnd, ShardLog, StreamKind } from "../port.ts";
import { recordHash } from "../record.ts";
import { type Fate, settle } from "../settle.ts";
import type { OwnershipPorts, ParkReason, ShardTail, StreamTail } from "./ownership-port.ts";
import { ownershipTimes } from "./ownership-port.ts";
import { sleep } from "./timers.ts";

export interface TakeoverOptions {
  readonly shard: number;
  readonly ports: OwnershipPorts;
  /** How far every node says it is, this one among them; waits for them a moment. */
  readonly collect: () => Promise<readonly ShardTail[]>;
  /** False once the attempt is pointless: stopped, parked, or somebody else's epoch was seen. */
  readonly goesOn: () => boolean;
  readonly atBarrier: () => void;
  /** Only if this is still the newest epoch in the log: the one whose owner named this node. */
  readonly onlyAfter?: number;
}

export type TakeoverFate =
  | { readonly kind: "owned"; readonly epoch: number; readonly evt: number; readonly pay: number }
  /** Somebody else is or may be the owner. `alive`: the old owner appended meanwhile. */
  | { readonly kind: "lost"; readonly alive: boolean }
  | { readonly kind: "park"; readonly reason: ParkReason; readonly detail: string };

/** Appends of an old owner that may come between; then it is alive and the try was wrong. */
const triesMax = 4;

const kinds = ["evt", "pay"] as const;

interface Doubt {
  readonly reason: ParkReason;
  readonly detail: string;
}

export class Takeover {
  readonly #options: TakeoverOptions;
  #alive = false;

  constructor(options: TakeoverOptions) {
    this.#options = options;
  }

  /** Rejects where the log cannot be asked now. */
  async run(): Promise<TakeoverFate> {
    const doubt = await this.#lookTwice();
    if (doubt !== undefined) return { kind: "park", ...doubt };
    const { ports, shard, goesOn, atBarrier, onlyAfter } = this.#options;
    for (const kind of kinds) {
      const { lastSeq } = await this.#stream(kind).end();
      if (!(await ports.host.reached(kind, shard, lastSeq))) return this.#lost();
    }
    const before = ports.host.tail(shard).epoch;
    if (!goesOn() || (onlyAfter !== undefined && before !== onlyAfter)) return this.#lost();
    atBarrier();
    const epoch = before + 1;
    const evt = await this.#open("evt", epoch);
    if (typeof evt !== "number") return evt;
    const pay = await this.#open("pay", epoch);
    if (typeof pay !== "number") return pay;
    const caughtUp = await this.#reached({ evt, pay });
    if (!caughtUp || !goesOn()) return this.#lost();
    return { kind: "owned", epoch, evt, pay };
  }

  #lost(): TakeoverFate {
    return { kind: "lost", alive: this.#alive };
  }

  #stream(kind: StreamKind): ShardLog {
    return this.#options.ports.log.stream(kind, this.#options.shard);
  }

  async #reached(tail: { evt: number; pay: number }): Promise<boolean> {
    const { ports, shard } = this.#options;
    for (const kind of kinds) {
      if (!(await ports.host.reached(kind, shard, tail[kind]))) return false;
    }
    return true;
  }

  async #lookTwice(): Promise<Doubt | undefined> {
    const { ports, goesOn } = this.#options;
    const sinceMs = ports.clock.monotonicMs();
    for (;;) {
      const doubt = await this.#look();
      const late = ports.clock.monotonicMs() - sinceMs >= ownershipTimes.confirmMs;
      if (doubt === undefined || late) return doubt;
      // A leader that has just been elected may not have applied all that it holds.
      await sleep(ports.timers, ownershipTimes.lookAgainMs);
      if (!goesOn()) return undefined;
    }
  }

  async #look(): Promise<Doubt | undefined> {
    const { ports, shard, collect } = this.#options;
    // Asked before the log: what is appended in between must not look like a loss.
    const tails = await collect();
    const { identity } = ports.host.tail(shard);
    for (const kind of kinds) {
      const claims = tails.map((tail) => tail[kind]);
      const doubt = await this.#lookAt(kind, claims, identity[kind]);
      if (doubt !== undefined) return doubt;
    }
    return undefined;
  }

  async #lookAt(
    kind: StreamKind,
    claims: readonly StreamTail[],
    identity: string,
  ): Promise<Doubt | undefined> {
    const stream = this.#stream(kind);
    let end: LogEnd;
    try {
      end = await stream.end();
    } catch (error) {
      if (error instanceof LogBroken) return { reason: error.reason, detail: error.message };
      throw error;
    }
    if (end.identity !== identity) {
      return { reason: "log-recreated", detail: `${kind}: not the stream that was followed` };
    }
    for (const { seq, hash } of distinct(claims)) {
      if (seq > end.lastSeq) {
        const detail = `${kind}: a node has applied ${seq}, the log ends at ${end.lastSeq}`;
        return { reason: "log-behind-projection", detail };
      }
      if (seq < end.firstSeq) continue;
      const found = await stream.read(seq);
      if (found !== undefined && !recordHash(found).equals(hash)) {
        const detail = `${kind}: record ${seq} is not the one that a node has applied`;
        return { reason: "chain-mismatch", detail };
      }
    }
    return undefined;
  }

  /** Its barrier's sequence, or why there is none. */
  async #open(kind: StreamKind, epoch: number): Promise<number | TakeoverFate> {
    const { ports, shard, goesOn } = this.#options;
    const stream = this.#stream(kind);
    for (let tries = 0; tries < triesMax && goesOn(); tries++) {
      const { bytes, after } = ports.host.seal(kind, shard, epoch, { kind: "opened" });
      const identity = ports.host.tail(shard).identity[kind];
      const sent = { bytes, after, identity, epoch, role: "candidate" } as const;
      const fate = await this.#settle(stream, sent);
      if (fate.kind === "stored") return after + 1;
      if (fate.kind === "park") {
        return { kind: "park", reason: fate.reason, detail: `${kind}: behind record ${after}` };
      }
      // Another candidate has opened this epoch or a later one, or there is no room to open one.
      if (fate.kind !== "overtaken" || fate.epoch >= epoch) return this.#lost();
      this.#alive = true;
      if (!(await ports.host.reached(kind, shard, after + 1))) return this.#lost();
    }
    return this.#lost();
  }

  /** The follower delivers the barrier to the fold like any other record. */
  #settle(stream: ShardLog, sent: Parameters<typeof settle>[1]): Promise<Fate> {
    const { ports, goesOn } = this.#options;
    return settle(stream, sent, () => {}, {
      sleep: (ms) => sleep(ports.timers, ms),
      below: (limit) => ports.random.below(limit),
      maySend: () => true,
      givenUp: () => !goesOn(),
    });
  }
}

/** Most nodes are equally far: each place is read once. Nothing was applied at 0. */
function distinct(claims: readonly StreamTail[]): StreamTail[] {
  const bySeq = new Map(
    claims.map((claim) => [`${claim.seq} ${claim.hash.toString("hex")}`, claim]),
  );
  return [...bySeq.values()].filter(({ seq }) => seq > 0);
}
