// The outbox: tells subscribers what happened to their tokens, at least once, in order per token,
// out of the log itself, so that no state change and its notice can come apart.
import { appError } from "../../platform/mod.ts";
import { Delivery, type DeliveryEvent, type DeliveryStats } from "./delivery.ts";
import type {
  DeadLetter,
  Notice,
  NoticeSource,
  OutboxTimers,
  ProgressChange,
  ProgressStore,
  Sender,
  SendOutcome,
} from "./ports.ts";
import { ShardQueue } from "./shard-queue.ts";

/** How long progress may lie unsaved: what a crash lets be delivered twice. */
const saveMs = 250;

/** Places that one call of `replay` looks at most. */
const replayMax = 10_000;

export interface OutboxOptions {
  readonly source: NoticeSource;
  readonly store: ProgressStore;
  readonly timers: OutboxTimers;
  readonly report?: (event: DeliveryEvent) => void;
}

export interface Subscriber {
  readonly name: string;
  readonly sender: Sender;
  /** A new subscriber is told what happens from now on, not the whole past. */
  readonly begin: (shard: number) => number;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #deliveries = new Map<string, { readonly delivery: Delivery; subscriber: Subscriber }>();
  readonly #shards = new Set<number>();
  #unsaved: ProgressChange[] = [];
  #saving: Promise<void> | undefined;
  #saveTimer: (() => void) | undefined;
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Begins to tell a subscriber, or takes its new address and keys; its progress stays. */
  subscribe(subscriber: Subscriber): void {
    const known = this.#deliveries.get(subscriber.name);
    if (known !== undefined) {
      known.subscriber = subscriber;
      known.delivery.disabled = false;
      return;
    }
    const entry = { delivery: this.#newDelivery(subscriber.name), subscriber };
    this.#deliveries.set(subscriber.name, entry);
    for (const shard of this.#shards) this.#open(entry, shard);
  }

  /** Ends telling a subscriber; its stored progress is the caller's to forget. */
  unsubscribe(name: string): void {
    this.#deliveries.get(name)?.delivery.stop();
    this.#deliveries.delete(name);
  }

  #newDelivery(name: string): Delivery {
    const { source, timers, report } = this.#options;
    return new Delivery({
      subscriber: name,
      source,
      timers,
      // Looked up at every attempt: an address that was changed counts from the next one on.
      sender: { send: (notice) => this.#send(name, notice) },
      changed: () => this.#saveSoon(),
      report: report ?? (() => {}),
    });
  }

  #send(name: string, notice: Notice): Promise<SendOutcome> {
    const entry = this.#deliveries.get(name);
    return entry === undefined
      ? Promise.resolve({ kind: "gone" })
      : entry.subscriber.sender.send(notice);
  }

  /** This node owns the shard now. */
  openShard(shard: number): void {
    if (this.#shards.has(shard)) return;
    this.#shards.add(shard);
    for (const entry of this.#deliveries.values()) this.#open(entry, shard);
  }

  #open(entry: { readonly delivery: Delivery; subscriber: Subscriber }, shard: number): void {
    const { name, begin } = entry.subscriber;
    const stored = this.#options.store.load(name, shard);
    const progress = stored ?? { cursor: begin(shard), waiting: [] };
    entry.delivery.addShard(new ShardQueue(name, shard, progress));
  }

  /** Another node owns it now; resolves when what was done here is saved. */
  async closeShard(shard: number): Promise<void> {
    await this.#save();
    this.#shards.delete(shard);
    for (const { delivery } of this.#deliveries.values()) delivery.removeShard(shard);
  }

  /** The log grew. */
  wake(): void {
    for (const { delivery } of this.#deliveries.values()) delivery.wake();
  }

  stats(): ReadonlyMap<string, DeliveryStats> {
    const all = new Map<string, DeliveryStats>();
    for (const [name, { delivery }] of this.#deliveries) all.set(name, delivery.stats());
    return all;
  }

  /** The lowest place of a shard that some subscriber still needs. */
  needsFrom(shard: number): number {
    let lowest = Number.MAX_SAFE_INTEGER;
    for (const { delivery } of this.#deliveries.values()) {
      const queue = delivery.queue(shard);
      if (queue !== undefined) lowest = Math.min(lowest, queue.needsFrom);
    }
    return lowest;
  }

  /** Skips for everybody what lies below `place`, with a notice of the gap. */
  giveUpBelow(shard: number, place: number): void {
    for (const { delivery } of this.#deliveries.values()) delivery.passOver(shard, place - 1);
  }

  dead(name: string): readonly (DeadLetter & { readonly shard: number })[] {
    this.#delivery(name);
    return [...this.#shards].flatMap((shard) =>
      this.#options.store.dead(name, shard).map((letter) => ({ ...letter, shard })),
    );
  }

  /** Sends dead letters again, those with these ids or all. Returns how many were queued. */
  async replayDead(name: string, ids?: readonly string[]): Promise<number> {
    const delivery = this.#delivery(name);
    const { source, store } = this.#options;
    let queued = 0;
    for (const shard of this.#shards) {
      const letters = store
        .dead(name, shard)
        .filter((letter) => ids === undefined || ids.includes(letter.eventId));
      const found: Notice[] = [];
      for (const { place } of letters) {
        const notice = await source.at(name, shard, place);
        if (notice !== undefined) found.push(notice);
      }
      if (!delivery.replay(shard, found)) throw full(name);
      // Saved as waiting first: a crash between the two tells twice, never not at all.
      await this.#save();
      await store.bury(
        name,
        shard,
        found.map((notice) => notice.place),
      );
      queued += found.length;
    }
    return queued;
  }

  /** Sends everything from place `from` to place `to` of a shard again, in order. */
  async replayRange(name: string, shard: number, from: number, to: number): Promise<number> {
    const delivery = this.#delivery(name);
    const page = await this.#options.source.next(name, shard, from - 1, replayMax);
    const found = page.notices.filter((notice) => notice.place <= to);
    if (!delivery.replay(shard, found)) throw full(name);
    await this.#save();
    return found.length;
  }

  #delivery(name: string): Delivery {
    const entry = this.#deliveries.get(name);
    if (entry === undefined) {
      throw appError("SUBSCRIBER_NOT_FOUND", "There is no such subscriber.");
    }
    return entry.delivery;
  }

  #saveSoon(): void {
    if (this.#saveTimer !== undefined || this.#stopped) return;
    this.#saveTimer = this.#options.timers.after(saveMs, () => {
      this.#saveTimer = undefined;
      void this.#save();
    });
  }

  /** One save at a time; what could not be saved is saved first the next time. */
  async #save(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    for (const { delivery } of this.#deliveries.values()) {
      this.#unsaved.push(...delivery.takeChanges());
    }
    if (this.#unsaved.length === 0) return;
    const changes = this.#unsaved;
    this.#saving = this.#options.store.save(changes).then(
      () => {
        this.#unsaved = [];
        this.#saving = undefined;
      },
      () => {
        this.#saving = undefined;
        this.#saveSoon();
      },
    );
    await this.#saving;
  }

  /** Ends sending; progress is saved when it resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#saveTimer?.();
    for (const { delivery } of this.#deliveries.values()) delivery.stop();
    await this.#save();
  }
}

function full(name: string): Error {
  return appError("OVERLOADED", `Too many notices wait for ${name} already.`);
}
