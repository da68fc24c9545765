// Deliveries to one subscriber: reads its notices from the shards that this node owns and sends
// them, at most one of a lane at a time, as many lanes at once as the receiver bears.
import { Breaker } from "./breaker.ts";
import {
  type DeadLetter,
  lanes,
  type Notice,
  type NoticeSource,
  type OutboxTimers,
  type ProgressChange,
  type Sender,
  type SendOutcome,
} from "./ports.ts";
import { giveUpAfterMs, pauseMs } from "./retry.ts";
import { type Entry, type ShardQueue, waitingMax } from "./shard-queue.ts";

/** Notices that one reading of the log asks for. */
const pageSize = 256;

/** How soon a reading that failed is tried again. */
const readPauseMs = 1_000;

/** Half as many at once after a throttling answer; one more after this many successes. */
const successesPerStep = 16;

export interface DeliveryOptions {
  readonly subscriber: string;
  readonly source: NoticeSource;
  readonly sender: Sender;
  readonly timers: OutboxTimers;
  /** Something happened that is worth saving. */
  readonly changed: () => void;
  readonly report: (event: DeliveryEvent) => void;
}

export type DeliveryEvent =
  | { readonly kind: "delivered" | "failed" | "dead" | "gone"; readonly subscriber: string }
  | { readonly kind: "gap"; readonly subscriber: string; readonly shard: number };

export interface DeliveryStats {
  readonly depth: number;
  /** Age of the oldest notice that waits, milliseconds. */
  readonly ageMs: number;
  readonly open: boolean;
  readonly disabled: boolean;
  readonly inFlight: number;
}

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #queues = new Map<number, ShardQueue>();
  readonly #reading = new Set<number>();
  /** Shards whose log may hold more than was read. */
  readonly #grown = new Set<number>();
  readonly #breaker = new Breaker();
  #parallel = lanes;
  #successes = 0;
  #inFlight = 0;
  #disabled = false;
  #stopped = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Begins to serve a shard. */
  addShard(queue: ShardQueue): void {
    this.#queues.set(queue.shard, queue);
    this.#grown.add(queue.shard);
    this.pump();
  }

  /** The shard went to another node; what is under way ends, nothing new begins. */
  removeShard(shard: number): void {
    this.#queues.delete(shard);
  }

  get queues(): Iterable<ShardQueue> {
    return this.#queues.values();
  }

  queue(shard: number): ShardQueue | undefined {
    return this.#queues.get(shard);
  }

  /** After a 410, or by an operator. Reading and sending stop; nothing is forgotten. */
  set disabled(off: boolean) {
    this.#disabled = off;
    if (!off) this.pump();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  stats(): DeliveryStats {
    let depth = 0;
    let oldest: number | undefined;
    for (const queue of this.#queues.values()) {
      depth += queue.depth;
      const at = queue.oldestMs;
      if (at !== undefined && (oldest === undefined || at < oldest)) oldest = at;
    }
    return {
      depth,
      ageMs: oldest === undefined ? 0 : this.#options.timers.nowMs() - oldest,
      open: this.#breaker.open,
      disabled: this.#disabled,
      inFlight: this.#inFlight,
    };
  }

  takeChanges(): ProgressChange[] {
    const changes: ProgressChange[] = [];
    for (const queue of this.#queues.values()) {
      const change = queue.takeChange();
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /** The log grew. */
  wake(): void {
    for (const shard of this.#queues.keys()) this.#grown.add(shard);
    this.pump();
  }

  /** Reads where there is room and sends what is due. */
  pump(): void {
    if (this.#stopped || this.#disabled) return;
    const now = this.#options.timers.nowMs();
    for (const queue of this.#queues.values()) {
      this.#read(queue);
      for (const entry of queue.due(now)) {
        if (this.#inFlight >= this.#parallel || !this.#breaker.admits(now)) break;
        this.#begin(queue, entry);
      }
    }
    this.#setTimer(now);
  }

  #read(queue: ShardQueue): void {
    const { shard } = queue;
    if (queue.room === 0 || this.#reading.has(shard) || !this.#grown.delete(shard)) return;
    this.#reading.add(shard);
    const { source, subscriber, timers } = this.#options;
    const limit = Math.min(queue.room, pageSize);
    source.next(subscriber, shard, queue.readTo, limit).then(
      (page) => {
        this.#reading.delete(shard);
        if (this.#queues.get(shard) !== queue) return;
        if (page.reached > queue.readTo) {
          this.#grown.add(shard);
          queue.add(page.notices, page.reached, timers.nowMs());
          this.#options.changed();
        }
        this.pump();
      },
      () => {
        this.#reading.delete(shard);
        this.#grown.add(shard);
        timers.after(readPauseMs, () => this.pump());
      },
    );
  }

  #begin(queue: ShardQueue, entry: Entry): void {
    queue.started(entry);
    this.#inFlight += 1;
    this.#breaker.started();
    this.#attempt(queue, entry).then(
      () => this.#ended(),
      () => {
        // The log could not be read: no attempt, and no verdict about the receiver.
        queue.returned(entry, this.#options.timers.nowMs() + readPauseMs);
        this.#ended();
      },
    );
  }

  #ended(): void {
    this.#inFlight -= 1;
    this.#options.changed();
    this.pump();
  }

  async #attempt(queue: ShardQueue, entry: Entry): Promise<void> {
    const notice = entry.notice ?? (await this.#fetch(queue, entry));
    if (notice === undefined) {
      this.#breaker.succeeded();
      return this.#bury(queue, entry, undefined, 0);
    }
    const outcome = await this.#options.sender.send(notice);
    this.#settle(queue, entry, notice, outcome);
  }

  #fetch(queue: ShardQueue, entry: Entry): Promise<Notice | undefined> {
    const { source, subscriber } = this.#options;
    if (entry.gapFrom === 0) return source.at(subscriber, queue.shard, entry.place);
    return Promise.resolve(source.gap(subscriber, queue.shard, entry.gapFrom, entry.place));
  }

  #settle(queue: ShardQueue, entry: Entry, notice: Notice, outcome: SendOutcome): void {
    const { subscriber, report, timers } = this.#options;
    const now = timers.nowMs();
    if (outcome.kind === "delivered") {
      this.#breaker.succeeded();
      this.#widen();
      queue.settled(entry);
    } else if (outcome.kind === "gone") {
      this.#breaker.succeeded();
      this.#disabled = true;
      queue.postponed(entry, now);
    } else {
      this.#breaker.failed(now);
      if (outcome.throttle) this.#parallel = Math.max(1, this.#parallel >> 1);
      if (now - entry.firstMs >= giveUpAfterMs) {
        this.#bury(queue, entry, notice, outcome.status);
        return;
      }
      const pause = pauseMs(entry.attempts + 1, timers.random(), outcome.retryAfterMs);
      queue.postponed(entry, now + pause);
    }
    report({ kind: outcome.kind, subscriber });
  }

  #widen(): void {
    this.#successes += 1;
    if (this.#successes % successesPerStep === 0) {
      this.#parallel = Math.min(lanes, this.#parallel + 1);
    }
  }

  #bury(queue: ShardQueue, entry: Entry, notice: Notice | undefined, status: number): void {
    const { subscriber, report, timers } = this.#options;
    const dead: DeadLetter = {
      place: entry.place,
      eventId: notice?.eventId ?? "",
      type: notice?.type ?? "",
      reason: notice === undefined ? "trimmed" : "expired",
      status,
      attempts: entry.attempts + (notice === undefined ? 0 : 1),
      atMs: timers.nowMs(),
    };
    queue.settled(entry, dead);
    report({ kind: "dead", subscriber });
  }

  /**
   * A log that must be trimmed up to `place` waits for nobody longer than the policy: what lies
   * before it is skipped, and the subscriber is told the range.
   */
  passOver(shard: number, place: number): void {
    const queue = this.#queues.get(shard);
    if (queue === undefined || queue.readTo >= place) return;
    const { subscriber, timers, report } = this.#options;
    const nowMs = timers.nowMs();
    const gapFrom = queue.readTo + 1;
    queue.skipTo(place);
    const times = { attempts: 0, firstMs: nowMs, dueMs: nowMs };
    queue.addRows([{ place, lane: 0, gapFrom, ...times }]);
    report({ kind: "gap", subscriber, shard });
    this.#options.changed();
    this.pump();
  }

  /** Sends the notices at these places again; false where there is no room for them. */
  replay(shard: number, found: readonly Notice[]): boolean {
    const queue = this.#queues.get(shard);
    if (queue === undefined || queue.depth + found.length > waitingMax) return false;
    const nowMs = this.#options.timers.nowMs();
    const times = { attempts: 0, firstMs: nowMs, dueMs: nowMs, gapFrom: 0 };
    queue.addRows(found.map(({ place, lane }) => ({ place, lane, ...times })));
    this.#options.changed();
    this.pump();
    return true;
  }

  #setTimer(nowMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let next: number | undefined;
    for (const queue of this.#queues.values()) {
      const due = queue.nextDueMs();
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
    if (next === undefined || this.#inFlight >= this.#parallel) return;
    const at = Math.max(next, this.#breaker.retryAtMs);
    // Due now and not begun: an attempt under way will call back.
    if (at <= nowMs) return;
    this.#cancelTimer = this.#options.timers.after(at - nowMs, () => this.pump());
  }
}
