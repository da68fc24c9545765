// A world for the outbox in one thread: time that moves only when nothing else can, a log of
// notices, a receiver that does as it is told, and a store that forgets what was not saved.
import { eventIdOf, placeOf, positionAt } from "./event-id.ts";
import { Outbox } from "./outbox.ts";
import type { Notice, NoticeSource, OutboxTimers, Sender, SendOutcome } from "./ports.ts";
import { type ProgressRows, ProgressTable } from "./progress-table.ts";

export class ManualTimers implements OutboxTimers {
  now = 1_767_225_600_000;
  readonly #waiting: { at: number; work: () => void }[] = [];
  random = (): number => 0.5;

  nowMs(): number {
    return this.now;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.now + ms, work };
    this.#waiting.push(timer);
    return () => {
      const at = this.#waiting.indexOf(timer);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
  }

  /** Lets `ms` pass, timer by timer, with everything that follows from each. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await settle();
      let next: { at: number; work: () => void } | undefined;
      for (const one of this.#waiting) {
        if (one.at <= end && (next === undefined || one.at < next.at)) next = one;
      }
      if (next === undefined) break;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.work();
    }
    this.now = end;
  }
}

/** Lets every promise that can go on do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class LogOfNotices implements NoticeSource {
  readonly shards = new Map<number, Notice[]>();
  /** Places below it are no longer in the log. */
  trimmedBelow = 0;
  readonly #told = new Map<string, number>();

  /** Adds the next event of a token. */
  add(shard: number, token: number): Notice {
    const rows = this.shards.get(shard) ?? [];
    this.shards.set(shard, rows);
    const place = placeOf(rows.length + 1, 0);
    const seq = (this.#told.get(`${shard}/${token}`) ?? 0) + 1;
    this.#told.set(`${shard}/${token}`, seq);
    const notice = noticeAt(shard, place, token % 32, `${token}:${seq}`);
    rows.push(notice);
    return notice;
  }

  async next(_subscriber: string, shard: number, after: number, limit: number) {
    // The n-th notice stands at the place of sequence n.
    const first = Math.floor(after / placeOf(1, 0));
    const notices = (this.shards.get(shard) ?? []).slice(first, first + limit);
    return { notices, reached: notices.at(-1)?.place ?? after };
  }

  async at(_subscriber: string, shard: number, place: number): Promise<Notice | undefined> {
    if (place < this.trimmedBelow) return undefined;
    return this.shards.get(shard)?.[place / placeOf(1, 0) - 1];
  }

  gap(_subscriber: string, shard: number, from: number, to: number): Notice {
    return noticeAt(shard, to, 0, `gap:${from}-${to}`);
  }
}

function noticeAt(shard: number, place: number, lane: number, body: string): Notice {
  const eventId = eventIdOf(positionAt(1, shard, place), "shop");
  return { place, eventId, type: "TOKEN_SUSPENDED", lane, body: Buffer.from(body) };
}

/** What the receiver got, and how it answers. */
export class Receiver implements Sender {
  readonly got: { readonly body: string; readonly eventId: string; readonly at: number }[] = [];
  calls = 0;
  underWay = 0;
  mostAtOnce = 0;
  answer: (body: string) => SendOutcome = () => ({ kind: "delivered", status: 200 });
  delay: () => Promise<void> = async () => {};
  readonly #timers: ManualTimers;

  constructor(timers: ManualTimers) {
    this.#timers = timers;
  }

  async send(notice: Notice): Promise<SendOutcome> {
    this.calls += 1;
    this.underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay);
    await this.delay();
    this.underWay -= 1;
    const outcome = this.answer(notice.body.toString());
    if (outcome.kind === "delivered") {
      const { eventId } = notice;
      this.got.push({ body: notice.body.toString(), eventId, at: this.#timers.now });
    }
    return outcome;
  }

  /** Sequence numbers of one token as they first came. */
  sequence(token: number): number[] {
    const seen = new Set<number>();
    for (const { body } of this.got) {
      const [name, seq] = body.split(":");
      if (name === String(token)) seen.add(Number(seq));
    }
    return [...seen];
  }
}

export const down: SendOutcome = {
  kind: "failed",
  status: 503,
  cause: "status 503",
  retryAfterMs: 0,
  throttle: false,
};

/** Sorted rows in memory, as the vault's table would keep them. */
export class MemoryRows implements ProgressRows {
  rows = new Map<string, Buffer>();
  getBinary = (key: Buffer): Buffer | undefined => this.rows.get(key.toString("hex"));
  putSync = (key: Buffer, value: Buffer): unknown => this.rows.set(key.toString("hex"), value);
  removeSync = (key: Buffer): unknown => this.rows.delete(key.toString("hex"));

  *getRange({ start, end }: { start: Buffer; end: Buffer }) {
    const [from, to] = [start.toString("hex"), end.toString("hex")];
    for (const key of [...this.rows.keys()].sort()) {
      if (key >= from && key < to)
        yield { key: Buffer.from(key, "hex"), value: this.rows.get(key)! };
    }
  }
}

export interface World {
  readonly timers: ManualTimers;
  readonly log: LogOfNotices;
  readonly receiver: Receiver;
  readonly rows: MemoryRows;
  outbox: Outbox;
  /** The process dies and another begins: what was not saved is gone. */
  restart(): void;
}

export function createWorld(shards: readonly number[] = [3]): World {
  const timers = new ManualTimers();
  const log = new LogOfNotices();
  const receiver = new Receiver(timers);
  const rows = new MemoryRows();
  let life = 0;
  const begin = (): Outbox => {
    const own = ++life;
    // A dead process neither sends nor saves.
    const sender: Sender = {
      send: (notice) => (own === life ? receiver.send(notice) : new Promise(() => {})),
    };
    const store = new ProgressTable(rows, (work) => {
      if (own === life) work();
    });
    const outbox = new Outbox({ source: log, store, timers });
    outbox.subscribe({ name: "shop", sender, begin: () => 0 });
    for (const shard of shards) outbox.openShard(shard);
    return outbox;
  };
  const world: World = {
    timers,
    log,
    receiver,
    rows,
    outbox: begin(),
    restart() {
      world.outbox = begin();
    },
  };
  return world;
}
