// The subscribers of the outbox as the vault has them: who is told, under which keys, and what an
// operator ordered. Looked at now and then, so whoever changed them need not tell.
import {
  type DeliveryEvent,
  type LogNotices,
  type Outbox,
  type OutboxOrder,
  type OutboxOrders,
  type ProgressStore,
  type Subscriber,
  type SubscriberRows,
  signingKey,
  WebhookSender,
} from "../../actors/mod.ts";
import type { Clock } from "../../platform/mod.ts";
import type { SubscriberStats } from "./events-worker.ts";

export interface SubscriptionsOptions {
  readonly openOutbox: (report: (event: DeliveryEvent) => void) => Outbox;
  readonly rows: SubscriberRows;
  readonly notices: LogNotices;
  readonly progress: HeldProgress;
  readonly orders: OutboxOrders;
  /** How long a shard's owner before this one is given to end. */
  readonly settleMs: number;
  readonly clock: Clock;
  readonly loopbackWebhooks: boolean;
  readonly alarm: (error: unknown) => void;
}

/** Progress of the shards that this node tells of. */
export interface HeldProgress extends ProgressStore {
  /** Goes on where the shard's owner before this one stood. */
  take(shard: number): Promise<void>;
  forget(subscriber: string, shard: number): void | Promise<void>;
}

interface Known {
  /** Address and keys that count now, as text, to see a change. */
  readonly form: string;
  readonly sender: WebhookSender;
}

interface Counts {
  delivered: number;
  failed: number;
  dead: number;
}

/** Progress is stored before the outbox looks for it; without any it tells again, not nothing. */
const storedBegin = () => 0;

export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #outbox: Outbox;
  readonly #known = new Map<string, Known>();
  readonly #counts = new Map<string, Counts>();
  readonly #shards = new Set<number>();
  /** Shards that are to be told of soon, with the monotonic time from which on. */
  readonly #coming = new Map<number, number>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#outbox = options.openOutbox((event) => this.#count(event));
  }

  /** The log grew. */
  wake(): void {
    this.#outbox.wake();
  }

  /**
   * Takes what changed: the shards that this node tells of, subscribers, their keys, orders.
   * Rejects where something has to be tried again, with the next call.
   */
  upkeep(shards: readonly number[]): Promise<void> {
    const done = this.#last.then(() => this.#keepUp(shards));
    this.#last = done.catch(() => {});
    return done;
  }

  async #keepUp(shards: readonly number[]): Promise<void> {
    await this.#leave(shards);
    const subscribers = this.#options.rows.all();
    for (const subscriber of subscribers) await this.#take(subscriber);
    for (const shard of this.#due(shards)) await this.#hold(shard, subscribers);
    for (const { key, order } of this.#options.orders.all()) {
      await this.#carryOut(order);
      this.#options.orders.done(key);
    }
  }

  async #leave(shards: readonly number[]): Promise<void> {
    for (const shard of this.#coming.keys()) {
      if (!shards.includes(shard)) this.#coming.delete(shard);
    }
    for (const shard of this.#shards) {
      if (shards.includes(shard)) continue;
      this.#shards.delete(shard);
      await this.#outbox.closeShard(shard);
    }
  }

  /** Shards to begin with now. */
  #due(shards: readonly number[]): number[] {
    const { clock, settleMs } = this.#options;
    const nowMs = clock.monotonicMs();
    return shards.filter((shard) => {
      if (this.#shards.has(shard)) return false;
      const fromMs = this.#coming.get(shard) ?? nowMs + settleMs;
      this.#coming.set(shard, fromMs);
      return fromMs <= nowMs;
    });
  }

  async #hold(shard: number, subscribers: readonly Subscriber[]): Promise<void> {
    await this.#options.progress.take(shard);
    for (const subscriber of subscribers) {
      if (subscriber.url !== "") await this.#begin(subscriber, shard);
    }
    this.#coming.delete(shard);
    this.#shards.add(shard);
    this.#outbox.openShard(shard);
  }

  /** A new subscriber is told what happens from now on. */
  async #begin({ trid, sinceMs }: Subscriber, shard: number): Promise<void> {
    const { notices, progress } = this.#options;
    if (progress.load(trid, shard) !== undefined) return;
    const cursor = await notices.before(shard, sinceMs);
    await progress.save([{ subscriber: trid, shard, cursor, put: [], drop: [], dead: [] }]);
  }

  async #take(subscriber: Subscriber): Promise<void> {
    const { trid, url } = subscriber;
    const known = this.#known.get(trid);
    if (url === "") {
      if (known !== undefined) await this.#end(trid, known);
      return;
    }
    const nowMs = this.#options.clock.nowMs();
    const keys = subscriber.keys.filter(({ untilMs }) => untilMs === 0 || untilMs > nowMs);
    const form = JSON.stringify([subscriber.version, keys.length]);
    if (known?.form === form) return;
    for (const shard of this.#shards) await this.#begin(subscriber, shard);
    try {
      this.#subscribe(
        subscriber,
        form,
        keys.map(({ text }) => signingKey(text)),
      );
      known?.sender.close();
    } catch (error) {
      // Such as an address that was allowed when it was registered: the others go on.
      this.#options.alarm(error);
    }
  }

  #subscribe({ trid, url }: Subscriber, form: string, keys: ReturnType<typeof signingKey>[]): void {
    const { clock, loopbackWebhooks: loopbackAllowed } = this.#options;
    const sender = new WebhookSender({ url, keys, rules: { loopbackAllowed }, clock });
    this.#known.set(trid, { form, sender });
    this.#outbox.subscribe({ name: trid, sender, begin: storedBegin });
  }

  async #end(trid: string, known: Known): Promise<void> {
    this.#outbox.unsubscribe(trid);
    known.sender.close();
    await this.#forget(trid);
    this.#known.delete(trid);
  }

  async #forget(trid: string): Promise<void> {
    for (const shard of this.#shards) await this.#options.progress.forget(trid, shard);
  }

  async #carryOut({ order, trid, events }: OutboxOrder): Promise<void> {
    const known = this.#known.get(trid);
    if (known === undefined) return;
    if (order === "replay") {
      await this.#outbox.replayDead(trid, events.length === 0 ? undefined : events);
      return;
    }
    const { notices, progress } = this.#options;
    if (events.length > 0) {
      await this.#bury(trid, events);
      return;
    }
    // Everything anew, from the log's end.
    this.#outbox.unsubscribe(trid);
    await this.#forget(trid);
    const changes = [...this.#shards].map((shard) => {
      const cursor = notices.newest(shard);
      return { subscriber: trid, shard, cursor, put: [], drop: [], dead: [] };
    });
    await progress.save(changes);
    this.#outbox.subscribe({ name: trid, sender: known.sender, begin: storedBegin });
  }

  async #bury(trid: string, events: readonly string[]): Promise<void> {
    const { progress } = this.#options;
    for (const shard of this.#shards) {
      const places = progress
        .dead(trid, shard)
        .filter(({ eventId }) => events.includes(eventId))
        .map(({ place }) => place);
      if (places.length > 0) await progress.bury(trid, shard, places);
    }
  }

  #count({ kind, subscriber }: DeliveryEvent): void {
    const counts = this.#counts.get(subscriber) ?? { delivered: 0, failed: 0, dead: 0 };
    this.#counts.set(subscriber, counts);
    if (kind === "delivered" || kind === "failed" || kind === "dead") counts[kind]++;
  }

  stats(): SubscriberStats[] {
    const none = { delivered: 0, failed: 0, dead: 0 };
    return [...this.#outbox.stats()].map(([trid, { depth, ageMs, disabled }]) => {
      return { trid, depth, ageMs, disabled, ...(this.#counts.get(trid) ?? none) };
    });
  }

  async stop(): Promise<void> {
    await this.#last;
    await this.#outbox.stop();
    for (const { sender } of this.#known.values()) sender.close();
  }
}
