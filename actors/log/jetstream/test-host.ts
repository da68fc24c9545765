// A runtime for tests: follows both streams, checks every record that it applies, and while it owns
// a shard appends work and remembers what was acknowledged.
import { createHash } from "node:crypto";
import { LogBroken } from "../log-broken.ts";
import type { Follower, Log, ShardLog, StreamKind } from "../port.ts";
import { firstPrev, headBytes, readHead, recordHash } from "../record.ts";
import { settle } from "../settle.ts";
import type {
  AppliedTail,
  OwnEvent,
  ReleaseReason,
  ShardHost,
  ShardWatcher,
} from "./ownership-port.ts";
import { type Random, sleep, type Timers } from "./timers.ts";

export const testIncarnation = 7;

type TestEvent = OwnEvent | { readonly kind: "work"; readonly id: string };

interface Cursor {
  seq: number;
  hash: Buffer;
  epoch: number;
}

/** A record with a true head; its body is left open so that a test can read it. */
export function testRecord(
  head: { shard: number; epoch: number; nonce: Buffer; prev: Buffer },
  event: TestEvent,
): Buffer {
  const bytes = Buffer.alloc(headBytes);
  bytes[0] = 1;
  bytes.writeUInt16BE(head.shard, 1);
  bytes.writeUInt32BE(testIncarnation, 3);
  bytes.writeBigUInt64BE(BigInt(head.epoch), 7);
  bytes.set(head.nonce, 15);
  bytes.set(head.prev, 23);
  bytes.writeUInt16BE(1, 55);
  return Buffer.concat([bytes, Buffer.from(JSON.stringify(event).padEnd(32))]);
}

export function eventOf(bytes: Buffer): TestEvent {
  return JSON.parse(bytes.subarray(headBytes).toString()) as TestEvent;
}

export interface Acked {
  readonly kind: StreamKind;
  readonly shard: number;
  readonly seq: number;
  readonly id: string;
}

export interface TestHostPorts {
  readonly node: string;
  readonly nonce: Buffer;
  readonly log: Log;
  readonly timers: Timers;
  readonly random: Random;
  /** What was acknowledged, of all nodes: outlives them. */
  readonly acked: { push(one: Acked): unknown };
  readonly faults: { push(text: string): unknown };
}

const kinds: readonly StreamKind[] = ["evt", "pay"];

export class TestHost implements ShardHost {
  readonly #ports: TestHostPorts;
  readonly #cursors = new Map<string, Cursor>();
  readonly #identities = new Map<string, string>();
  readonly #owned = new Map<number, number>();
  readonly #parked = new Map<number, string>();
  readonly #inFlight = new Map<number, Promise<void>>();
  readonly #followers = new Map<string, Follower>();
  readonly #watchers = new Set<() => void>();
  #watcher: (ShardWatcher & { admits(shard: number): boolean }) | undefined;
  #works = 0;
  #ended = false;

  constructor(ports: TestHostPorts) {
    this.#ports = ports;
  }

  /** Looks at the streams, then follows them; the log must be within reach. */
  async start(watcher: ShardWatcher & { admits(shard: number): boolean }): Promise<void> {
    this.#watcher = watcher;
    for (let shard = 0; shard < this.#ports.log.shards; shard++) {
      for (const kind of kinds) {
        const { identity } = await this.#stream(kind, shard).end();
        this.#identities.set(`${kind}${shard}`, identity);
        this.#follow(kind, shard);
      }
    }
  }

  end(): void {
    this.#ended = true;
  }

  parkedAs(shard: number): string | undefined {
    return this.#parked.get(shard);
  }

  owns(shard: number): boolean {
    return this.#owned.has(shard);
  }

  #stream(kind: StreamKind, shard: number): ShardLog {
    return this.#ports.log.stream(kind, shard);
  }

  #cursor(kind: StreamKind, shard: number): Cursor {
    const key = `${kind}${shard}`;
    const found = this.#cursors.get(key);
    if (found !== undefined) return found;
    const made = { seq: 0, hash: firstPrev(kind, shard, testIncarnation), epoch: 0 };
    this.#cursors.set(key, made);
    return made;
  }

  #follow(kind: StreamKind, shard: number): void {
    const stream = this.#stream(kind, shard);
    const key = `${kind}${shard}`;
    void this.#followers.get(key)?.stop();
    const broken = (cause: Error): void => {
      if (cause instanceof LogBroken) {
        this.park(shard, cause.reason);
        this.#watcher?.parked(shard);
      } else if (!/made anew|not in the stream/.test(cause.message)) {
        this.#ports.faults.push(cause.message);
      }
    };
    const follower = stream.follow(this.#cursor(kind, shard).seq + 1, {
      broken,
      records: (records) => {
        for (const { seq, bytes } of records) this.#apply(kind, shard, seq, bytes);
        for (const look of [...this.#watchers]) look();
      },
    });
    this.#followers.set(key, follower);
  }

  #apply(kind: StreamKind, shard: number, seq: number, bytes: Buffer): void {
    if (this.#ended || this.#parked.has(shard)) return;
    const cursor = this.#cursor(kind, shard);
    const { epoch, prev, nonce } = readHead(bytes);
    const where = `${this.#ports.node}: ${kind} ${shard} record ${seq}`;
    if (seq !== cursor.seq + 1) this.#ports.faults.push(`${where} follows ${cursor.seq}`);
    if (!prev.equals(cursor.hash)) this.#ports.faults.push(`${where} breaks the chain`);
    if (epoch < cursor.epoch) this.#ports.faults.push(`${where} falls to epoch ${epoch}`);
    this.#cursors.set(`${kind}${shard}`, { seq, hash: recordHash(bytes), epoch });
    const event = eventOf(bytes);
    if (event.kind === "opened") this.#watcher?.opened(shard, epoch, nonce);
    if (event.kind === "closed") this.#watcher?.closed(shard, epoch, event.to);
  }

  hasLeft(): boolean {
    return false;
  }

  tail(shard: number): AppliedTail {
    const evt = this.#cursor("evt", shard);
    const pay = this.#cursor("pay", shard);
    const identity = (kind: StreamKind) => this.#identities.get(`${kind}${shard}`) ?? "";
    return {
      evt: { seq: evt.seq, hash: evt.hash },
      pay: { seq: pay.seq, hash: pay.hash },
      epoch: Math.max(evt.epoch, pay.epoch),
      identity: { evt: identity("evt"), pay: identity("pay") },
    };
  }

  reached(kind: StreamKind, shard: number, seq: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (): void => {
        const there = this.#cursor(kind, shard).seq >= seq;
        if (!there && !this.#parked.has(shard)) return;
        this.#watchers.delete(look);
        resolve(there);
      };
      this.#watchers.add(look);
      look();
    });
  }

  seal(kind: StreamKind, shard: number, epoch: number, event: TestEvent) {
    const { seq, hash } = this.#cursor(kind, shard);
    const head = { shard, epoch, nonce: this.#ports.nonce, prev: hash };
    return { bytes: testRecord(head, event), after: seq };
  }

  own(shard: number, epoch: number): void {
    this.#owned.set(shard, epoch);
    this.#inFlight.set(shard, this.#work(shard, epoch));
  }

  async drain(shard: number): Promise<void> {
    this.#owned.delete(shard);
    await this.#inFlight.get(shard);
  }

  release(shard: number, _reason: ReleaseReason): void {
    this.#owned.delete(shard);
  }

  park(shard: number, reason: string): void {
    this.#owned.delete(shard);
    this.#parked.set(shard, reason);
    for (const look of [...this.#watchers]) look();
  }

  unpark(shard: number): void {
    if (!this.#parked.delete(shard)) return;
    for (const kind of kinds) this.#follow(kind, shard);
  }

  /** One record after the other, in either stream, as long as the node owns and may. */
  async #work(shard: number, epoch: number): Promise<void> {
    const { timers, random, acked, nonce } = this.#ports;
    const owns = (): boolean => !this.#ended && this.#owned.get(shard) === epoch;
    while (owns()) {
      await sleep(timers, 10 + random.below(90));
      if (!owns() || this.#watcher?.admits(shard) !== true) continue;
      const kind = kinds[random.below(2)] as StreamKind;
      const text = `${nonce.toString("hex")} ${this.#works++}`;
      const id = createHash("sha256").update(text).digest("hex").slice(0, 16);
      const stream = this.#stream(kind, shard);
      const { bytes, after } = this.seal(kind, shard, epoch, { kind: "work", id });
      const identity = this.tail(shard).identity[kind];
      const sent = { bytes, after, identity, epoch, role: "owner" } as const;
      const fate = await settle(stream, sent, () => {}, {
        sleep: (ms) => sleep(timers, ms),
        below: (limit) => random.below(limit),
        maySend: () => this.#watcher?.admits(shard) === true,
        givenUp: () => this.#ended,
      });
      if (fate.kind === "stored") acked.push({ kind, shard, seq: after + 1, id });
      if (fate.kind === "park") this.#watcher?.parked(shard);
      if (fate.kind !== "stored") return;
      await this.reached(kind, shard, after + 1);
    }
  }
}
