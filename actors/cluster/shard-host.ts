// The runtime as ownership sees it. It follows and folds both streams of every shard, always;
// ownership says when a shard is decided for here. In a cluster the barriers are ownership's: they
// are sealed here, written there, and folded when the log brings them back, as on every other node.
import { appError } from "../../platform/mod.ts";
import type {
  AppliedTail,
  OwnEvent,
  ParkReason,
  ReleaseReason,
  ShardHost,
  ShardWatcher,
} from "../log/jetstream/ownership-port.ts";
import type { Log, StreamKind } from "../log/port.ts";
import type { PayShard } from "../pay/pay-shard.ts";
import { epochClosed, epochOpened } from "../runtime/event-frame.ts";
import type { Barrier } from "../runtime/fold.ts";
import { ParkError } from "../runtime/park.ts";
import { type RuntimePorts, sleep } from "../runtime/ports.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { sealBehind } from "../runtime/seal-behind.ts";
import type { ShardEvents } from "../runtime/shard.ts";
import { ShardFollow } from "../runtime/shard-follow.ts";
import { canFollow } from "../upkeep/chain.ts";
import { IdentityRows } from "./stream-identity.ts";

const kinds: readonly StreamKind[] = ["evt", "pay"];
/** A stream of payments that could not be asked is asked again. */
const restoreAgainMs = 1_000;

const nothingClaimed = { ptav: 0, de7: 0 };

export interface RuntimeHostOptions extends Pick<RuntimePorts, "clock" | "turns"> {
  readonly runtime: Runtime;
  readonly log: Log;
  readonly node: string;
  readonly watcher: ShardWatcher;
  readonly events: ShardEvents;
  /** Undefined where no payments are taken here. */
  readonly payments: HostedPayments | undefined;
}

/** The payments of this node, shard by shard. */
export interface HostedPayments {
  readonly shards: readonly PayShard[];
  /** To be done before a stream of payments is followed; rejects where it is to be tried again. */
  restore(shard: number): Promise<void>;
}

export class RuntimeHost implements ShardHost {
  readonly #options: RuntimeHostOptions;
  readonly #identities: IdentityRows;
  /** Followers of the streams of payments, by shard; the shards follow their events. */
  readonly #pays = new Map<number, ShardFollow>();
  /** Shards whose payments are being got back. */
  readonly #restoring = new Set<number>();
  #stopped = false;
  /** Called whenever a stream of payments was followed on, or a shard parked. */
  readonly #watchers = new Set<() => void>();

  constructor(options: RuntimeHostOptions) {
    this.#options = options;
    this.#identities = new IdentityRows(options.runtime.fold.store);
  }

  /**
   * Looks whether the streams are those that this vault has followed, then follows them. A stream
   * that was made anew parks its shard. Errors: SERVICE_UNAVAILABLE where the log does not answer.
   */
  async start(): Promise<void> {
    const { runtime } = this.#options;
    await Promise.all(
      runtime.shards.map(async ({ shard }) => {
        for (const kind of kinds) await this.#identify(kind, shard);
        this.#follow(shard);
      }),
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const pay of this.#options.payments?.shards ?? []) pay.stop();
    await Promise.all([...this.#pays.values()].map((pay) => pay.stop()));
    this.#pays.clear();
  }

  async #identify(kind: StreamKind, shard: number): Promise<void> {
    const { identity } = await this.#options.log.stream(kind, shard).end();
    const known = this.#identities.get(kind, shard);
    if (known === undefined) {
      const { store } = this.#options.runtime.fold;
      store.write(() => this.#identities.put(kind, shard, identity));
    } else if (known !== identity) {
      const detail = `${kind} is not the stream that this vault has followed`;
      this.park(shard, "log-recreated", detail);
      this.#options.watcher.parked(shard);
    }
  }

  #identity(kind: StreamKind, shard: number): string {
    const identity = this.#identities.get(kind, shard);
    if (identity !== undefined) return identity;
    throw appError("INTERNAL_ERROR", `Nobody has looked at ${kind} ${shard} yet.`);
  }

  #follow(shard: number): void {
    const own = this.#shard(shard);
    if (own.state === "PARKED") return;
    own.follow();
    if (this.#pays.has(shard) || this.#restoring.has(shard)) return;
    this.#restoring.add(shard);
    void this.#restored(shard).then((there) => {
      this.#restoring.delete(shard);
      if (there && !this.#stopped && own.state !== "PARKED") this.#followPayments(shard);
    });
  }

  /** False where nobody wants it any more. */
  async #restored(shard: number): Promise<boolean> {
    const { payments, turns, events } = this.#options;
    while (!this.#stopped && this.#shard(shard).state !== "PARKED") {
      try {
        await payments?.restore(shard);
        return true;
      } catch (error) {
        events.alarm?.(shard, error as Error);
        await sleep(turns, restoreAgainMs);
      }
    }
    return false;
  }

  #followPayments(shard: number): void {
    const { log, runtime, turns, events } = this.#options;
    const own = this.#shard(shard);
    const pay = new ShardFollow({
      turns,
      fold: runtime.fold,
      log: log.stream("pay", shard),
      applied: (_, barriers) => {
        for (const barrier of barriers) this.barrier(shard, barrier);
        this.#wake();
      },
      park: (error) => own.park(error),
      alarm: (error) => events.alarm?.(shard, error),
    });
    this.#pays.set(shard, pay);
  }

  /** The fold has followed the log over a barrier. */
  barrier(shard: number, barrier: Barrier): void {
    const { watcher } = this.#options;
    if (barrier.kind === "opened") watcher.opened(shard, barrier.epoch, barrier.nonce);
    else watcher.closed(shard, barrier.epoch, barrier.to);
  }

  /** A shard of the runtime has parked, for whatever reason. */
  parked(shard: number): void {
    const pay = this.#pays.get(shard);
    this.#pays.delete(shard);
    void pay?.stop();
    this.#options.payments?.shards[shard]?.release();
    this.#wake();
    this.#options.watcher.parked(shard);
  }

  tail(shard: number): AppliedTail {
    const { fold } = this.#options.runtime;
    const evt = fold.cursor(shard, "evt");
    const pay = fold.cursor(shard, "pay");
    const identity = { evt: this.#identity("evt", shard), pay: this.#identity("pay", shard) };
    return { evt, pay, epoch: Math.max(evt.epoch, pay.epoch), identity };
  }

  hasLeft(shard: number): boolean {
    return this.#identities.hasLeft(shard);
  }

  /** The log of a shard that stands has gone on without what this vault holds. */
  leave(shard: number): void {
    this.#options.runtime.fold.store.write(() => this.#identities.putLeft(shard));
  }

  reached(kind: StreamKind, shard: number, seq: number): Promise<boolean> {
    const own = this.#shard(shard);
    if (kind === "evt") return own.reached(seq);
    const { fold } = this.#options.runtime;
    return new Promise((resolve) => {
      const look = (): void => {
        const there = fold.cursor(shard, "pay").seq >= seq;
        if (!there && own.state !== "PARKED") return;
        this.#watchers.delete(look);
        resolve(there);
      };
      this.#watchers.add(look);
      look();
    });
  }

  seal(kind: StreamKind, shard: number, epoch: number, event: OwnEvent) {
    const { runtime, clock, node } = this.#options;
    const fields = {
      ...{ kind, shard, epoch, nonce: runtime.nonce },
      ...{ atMs: clock.nowMs(), claimed: nothingClaimed },
    };
    const one = event.kind === "opened" ? epochOpened(node) : epochClosed(event.to);
    return sealBehind(runtime.fold, fields, [one]);
  }

  own(shard: number, epoch: number): void {
    this.#shard(shard).own(epoch, this.#identity("evt", shard));
    this.#options.payments?.shards[shard]?.own(epoch, this.#identity("pay", shard));
  }

  async drain(shard: number): Promise<void> {
    const payments = this.#options.payments?.shards[shard]?.drain();
    await Promise.all([this.#shard(shard).drain(), payments]);
  }

  release(shard: number, _reason: ReleaseReason): void {
    this.#options.payments?.shards[shard]?.release();
    this.#shard(shard).release();
  }

  park(shard: number, reason: ParkReason, detail: string): void {
    const own = this.#shard(shard);
    own.park(new ParkError(reason, shard, own.cursor.seq, detail));
  }

  /**
   * The streams of a shard that stands were mended, maybe made anew: follows them as they are now,
   * if they hold what this vault has applied. Errors: FAILED where they do not.
   */
  async adopt(shard: number): Promise<void> {
    const { log, runtime } = this.#options;
    const found: [StreamKind, string][] = [];
    for (const kind of kinds) {
      const stream = log.stream(kind, shard);
      const { identity } = await stream.end();
      const { seq } = runtime.fold.cursor(shard, kind);
      if (!(await canFollow(stream, runtime.fold.cursor(shard, kind)))) {
        const text = `The ${kind} stream of shard ${shard} does not lead on from record ${seq}`;
        throw appError("FAILED", `${text} of this vault; join the cluster from a snapshot.`);
      }
      found.push([kind, identity]);
    }
    runtime.fold.store.write(() => {
      for (const [kind, identity] of found) this.#identities.put(kind, shard, identity);
    });
    for (const [kind, identity] of found) log.stream(kind, shard).adopt(identity);
  }

  unpark(shard: number): void {
    this.#shard(shard).unpark();
    this.#follow(shard);
  }

  #shard(shard: number) {
    const found = this.#options.runtime.shards[shard];
    if (found === undefined) throw new RangeError(`${shard} is no shard`);
    return found;
  }

  #wake(): void {
    for (const look of [...this.#watchers]) look();
  }
}
