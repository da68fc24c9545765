// The subscribers of the outbox as the vault has them: who is told, under which keys, and what an
// operator ordered. Looked at now and then, so whoever changed them need not tell.
import {
  type DeliveryEvent,
  type LogNotices,
  type Outbox,
  type OutboxOrder,
  type OutboxOrders,
  type ProgressTable,
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
  readonly progress: ProgressTable;
  readonly orders: OutboxOrders;
  readonly shards: number;
  readonly clock: Clock;
  readonly loopbackWebhooks: boolean;
  readonly alarm: (error: unknown) => void;
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

export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #outbox: Outbox;
  readonly #known = new Map<string, Known>();
  readonly #counts = new Map<string, Counts>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#outbox = options.openOutbox((event) => this.#count(event));
    for (let shard = 0; shard < options.shards; shard++) this.#outbox.openShard(shard);
  }

  /** The log grew. */
  wake(): void {
    this.#outbox.wake();
  }

  /** Takes what changed: subscribers, their keys, orders. */
  async upkeep(): Promise<void> {
    for (const subscriber of this.#options.rows.all()) this.#take(subscriber);
    for (const { key, order } of this.#options.orders.all()) {
      await this.#carryOut(order);
      this.#options.orders.done(key);
    }
  }

  #take(subscriber: Subscriber): void {
    const { trid, url } = subscriber;
    const known = this.#known.get(trid);
    if (url === "") {
      if (known !== undefined) this.#end(trid, known);
      return;
    }
    const nowMs = this.#options.clock.nowMs();
    const keys = subscriber.keys.filter(({ untilMs }) => untilMs === 0 || untilMs > nowMs);
    const form = JSON.stringify([subscriber.version, keys.length]);
    if (known?.form === form) return;
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

  #subscribe(
    { trid, url, sinceMs }: Subscriber,
    form: string,
    keys: ReturnType<typeof signingKey>[],
  ): void {
    const { clock, loopbackWebhooks: loopbackAllowed, notices } = this.#options;
    const sender = new WebhookSender({ url, keys, rules: { loopbackAllowed }, clock });
    this.#known.set(trid, { form, sender });
    const begin = (shard: number) => notices.before(shard, sinceMs);
    this.#outbox.subscribe({ name: trid, sender, begin });
  }

  #end(trid: string, known: Known): void {
    this.#outbox.unsubscribe(trid);
    this.#known.delete(trid);
    known.sender.close();
    this.#forget(trid);
  }

  #forget(trid: string): void {
    const { progress, shards } = this.#options;
    for (let shard = 0; shard < shards; shard++) progress.forget(trid, shard);
  }

  async #carryOut({ order, trid, events }: OutboxOrder): Promise<void> {
    const known = this.#known.get(trid);
    if (known === undefined) return;
    if (order === "replay") {
      await this.#outbox.replayDead(trid, events.length === 0 ? undefined : events);
      return;
    }
    const { notices, progress, shards } = this.#options;
    if (events.length > 0) {
      await this.#bury(trid, events);
      return;
    }
    // Everything anew, from the log's end.
    this.#outbox.unsubscribe(trid);
    this.#forget(trid);
    const changes = Array.from({ length: shards }, (_, shard) => {
      const cursor = notices.newest(shard);
      return { subscriber: trid, shard, cursor, put: [], drop: [], dead: [] };
    });
    await progress.save(changes);
    const begin = (shard: number) => notices.newest(shard);
    this.#outbox.subscribe({ name: trid, sender: known.sender, begin });
  }

  async #bury(trid: string, events: readonly string[]): Promise<void> {
    const { progress, shards } = this.#options;
    for (let shard = 0; shard < shards; shard++) {
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
    await this.#outbox.stop();
    for (const { sender } of this.#known.values()) sender.close();
  }
}
