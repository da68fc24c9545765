// The dispatcher of a node of a cluster, before the one that judges. A message goes to whoever owns
// its token's shard: judged here and decided by the log, or handed on, many for one node together.
// What no owner answers for is tried again until the message's deadline, then refused; nothing of
// one shard waits for another.
import { type PaymentItem, verdict } from "../vault/mod.ts";
import { pendingReason, rowsMax } from "./batch.ts";
import type { AnswerSink, PaymentDispatcher, Peer } from "./dispatch-types.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { MessageHomes } from "./message-homes.ts";
import { assignIds, idBytes } from "./verification-id.ts";

/** Who answers for a shard, as far as this node knows. */
export interface PaymentOwner {
  readonly node: string;
  readonly epoch: number;
  readonly here: boolean;
}

/** The thread of the actors: the log of payments and the way to other nodes. */
export interface PaymentLine {
  /** For a shard that is owned here; comes back by `decided`. */
  decide(items: readonly PaymentItem[]): void;
  /** Comes back by `answered` or `returned`. */
  forward(node: string, items: readonly PaymentItem[]): void;
  /** To payments that have `arrived`. */
  answer(node: string, nonce: Buffer, items: readonly PaymentItem[]): void;
}

export interface ClusterDispatcherOptions {
  readonly inner: Dispatcher;
  readonly homes: MessageHomes;
  readonly shards: number;
  readonly line: PaymentLine;
  /** The peer with this tag, wish for MACs and door; undefined where this node knows none. */
  readonly peerOf: (tag: number, macRequired: boolean, door: number) => Peer | undefined;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  /** Runs `work` in so many milliseconds, or at the end of this turn for 0. */
  readonly later: (ms: number, work: () => void) => void;
}

export interface ClusterDispatcherStats {
  /** Messages handed to other nodes, and taken from them. */
  forwarded: number;
  arrived: number;
  /** Messages that came back undone, because their shard had moved or nobody was there. */
  returned: number;
  /** What came after its deadline. */
  late: number;
  /** Messages answered 91 because nobody answered for their shard, by shard. */
  readonly unavailable: number[];
}

interface Visitor {
  readonly node: string;
  readonly nonce: Buffer;
}

type State = "new" | "judging" | "deciding" | "away" | "waiting" | "final";

interface Entry {
  readonly number: number;
  readonly peer: Peer;
  readonly message: Buffer;
  readonly id: Buffer;
  readonly untilMs: number;
  /** Of whoever handed it over. */
  readonly ticket: number;
  readonly from: AnswerSink | Visitor;
  shard: number;
  state: State;
  tries: number;
  dueMs: number;
}

interface Verdict {
  readonly entry: Entry;
  readonly code: number;
  readonly id: Buffer;
}

/** Messages under way: two seconds' worth, and some 20 MiB. */
const entriesMax = 32_768;

/** Waits between tries; the last one repeats until the deadline. */
const retryMs = [20, 50, 100, 200] as const;
const tickMs = 20;
/** In place of a status, on the way to another node: its peer has to send MACs, and its door. */
const macRequired = 1;
const doorShift = 1;
const nothing = Buffer.alloc(0);

export class ClusterDispatcher implements PaymentDispatcher {
  readonly stats: ClusterDispatcherStats;
  private readonly options: ClusterDispatcherOptions;
  private readonly entries = new Map<number, Entry>();
  private readonly touched = new Set<AnswerSink>();
  private readonly drained: (() => void)[] = [];
  private owners: readonly (PaymentOwner | undefined)[] = [];
  private fresh: Entry[] = [];
  /** The inner dispatcher had no room. */
  private backlog: Verdict[] = [];
  private toDecide: PaymentItem[] = [];
  private readonly toForward = new Map<string, PaymentItem[]>();
  private readonly toAnswer = new Map<string, { to: Visitor; items: PaymentItem[] }>();
  private number = 0;
  private scheduled = false;
  private ticking = false;
  private readonly sink: AnswerSink = {
    answer: (ticket, bytes, offset, length, reason, status) =>
      this.judged(ticket, bytes.subarray(offset, offset + length), reason, status),
    flush: () => this.flush(),
  };

  constructor(options: ClusterDispatcherOptions) {
    this.options = options;
    const unavailable = new Array<number>(options.shards).fill(0);
    this.stats = { forwarded: 0, arrived: 0, returned: 0, late: 0, unavailable };
  }

  /** Messages under way. */
  get waiting(): number {
    return this.entries.size;
  }

  submit(
    peer: Peer,
    bytes: Buffer,
    offset: number,
    length: number,
    ticket: number,
    sink: AnswerSink,
    deadlineMs: number,
  ): boolean {
    if (this.entries.size >= entriesMax) {
      this.options.inner.stats.shed++;
      return false;
    }
    const message = Buffer.from(bytes.subarray(offset, offset + length));
    const id = Buffer.allocUnsafe(idBytes);
    this.fresh.push(this.open({ peer, message, id, untilMs: deadlineMs, ticket, from: sink }));
    this.schedule(0);
    return true;
  }

  async drain(): Promise<void> {
    if (this.entries.size > 0) await new Promise<void>((resolve) => this.drained.push(resolve));
    await this.options.inner.drain();
  }

  /** Other owners. What waits for one is tried at once. */
  useOwners(owners: readonly (PaymentOwner | undefined)[]): void {
    this.owners = owners;
    for (const entry of this.entries.values()) if (entry.state === "waiting") this.route(entry);
    this.flush();
  }

  /** Payments of another node, for shards that this one owns. */
  arrived(node: string, nonce: Buffer, items: readonly PaymentItem[]): void {
    const { peerOf, nowMs } = this.options;
    const to: Visitor = { node, nonce };
    for (const item of items) {
      const { peer: tag, status } = item;
      const peer = peerOf(tag, (status & macRequired) !== 0, status >> doorShift);
      this.stats.arrived++;
      if (peer === undefined || this.entries.size >= 2 * entriesMax) {
        this.reply(to, { ...item, code: verdict.REFUSED, body: nothing });
        continue;
      }
      const message = Buffer.from(item.body);
      const untilMs = nowMs() + item.leftMs;
      const id = Buffer.from(item.id);
      const entry = this.open({ peer, message, id, untilMs, ticket: item.ticket, from: to });
      entry.shard = item.shard;
      this.judge({ entry, code: verdict.NONE, id });
    }
    this.flush();
  }

  /** What the log of payments says of this node's own shards. */
  decided(items: readonly PaymentItem[]): void {
    for (const { ticket, code, id } of items) {
      const entry = this.take(ticket, "deciding");
      if (entry === undefined) continue;
      if (code !== verdict.MOVED) this.judge({ entry, code, id: Buffer.from(id) });
      else if (isVisitor(entry.from)) this.close(entry, verdict.MOVED, nothing, 0);
      else this.wait(entry);
    }
    this.flush();
  }

  /** Answers of other nodes. */
  answered(items: readonly PaymentItem[]): void {
    for (const { ticket, code, status, body } of items) {
      const entry = this.take(ticket, "away");
      if (entry === undefined) continue;
      if (code === verdict.MOVED) this.wait(entry);
      else if (code === verdict.REFUSED) this.refuse(entry);
      else this.close(entry, code, body, status);
    }
    this.flush();
  }

  /** Not taken by the other node, or nobody knows: the same id is the same payment. */
  returned(items: readonly PaymentItem[]): void {
    for (const { ticket } of items) {
      const entry = this.take(ticket, "away");
      if (entry === undefined) continue;
      this.stats.returned++;
      this.wait(entry);
    }
    this.flush();
  }

  private take(number: number, state: State): Entry | undefined {
    const entry = this.entries.get(number);
    if (entry?.state === state) return entry;
    this.stats.late++;
    return undefined;
  }

  private open(
    parts: Pick<Entry, "peer" | "message" | "id" | "untilMs" | "ticket" | "from">,
  ): Entry {
    this.number = (this.number + 1) >>> 0;
    const { number } = this;
    const entry: Entry = { ...parts, number, shard: -1, state: "new", tries: 0, dueMs: 0 };
    this.entries.set(number, entry);
    this.tickLater();
    return entry;
  }

  private schedule(ms: number): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.later(ms, () => {
      this.scheduled = false;
      this.turn();
    });
  }

  private turn(): void {
    const fresh = this.fresh;
    this.fresh = [];
    const backlog = this.backlog;
    this.backlog = [];
    for (const one of backlog) this.judge(one);
    const ids = Buffer.allocUnsafe(Math.min(rowsMax, fresh.length) * idBytes);
    for (let from = 0; from < fresh.length; from += rowsMax) {
      const many = Math.min(rowsMax, fresh.length - from);
      assignIds(ids, many, this.options.wallMs());
      for (let i = 0; i < many; i++) ids.copy(fresh[from + i]!.id, 0, i * idBytes);
    }
    const messages = fresh.map(({ message }) => message);
    this.options.homes.each(messages, (message, shard) => {
      const entry = fresh[message] as Entry;
      entry.shard = shard;
      this.route(entry);
    });
    this.flush();
  }

  private route(entry: Entry): void {
    const owner = this.owners[entry.shard];
    if (entry.shard < 0 || owner?.here === true) {
      this.judge({ entry, code: verdict.NONE, id: entry.id });
    } else if (owner === undefined) this.wait(entry);
    else {
      entry.state = "away";
      this.stats.forwarded++;
      const items = this.toForward.get(owner.node) ?? [];
      this.toForward.set(owner.node, items);
      items.push(this.itemOf(entry, owner.epoch, entry.message));
    }
  }

  private itemOf(entry: Entry, epoch: number, body: Buffer): PaymentItem {
    const { number: ticket, shard, peer, id, untilMs } = entry;
    const leftMs = Math.ceil(untilMs - this.options.nowMs());
    const status = (peer.macRequired ? macRequired : 0) | ((peer.door ?? 0) << doorShift);
    return { ticket, shard, code: verdict.NONE, status, epoch, leftMs, peer: peer.tag, id, body };
  }

  private judge({ entry, code, id }: Verdict): void {
    entry.state = code === verdict.NONE ? "judging" : "final";
    // Once decided it is answered, however late: whoever asked may be there still.
    const deadlineMs = code === verdict.NONE ? entry.untilMs : Number.POSITIVE_INFINITY;
    const given = { deadlineMs, verdict: code, id };
    const { inner } = this.options;
    if (inner.submitGiven(entry.peer, entry.message, entry.number, this.sink, given)) return;
    this.backlog.push({ entry, code, id });
    this.schedule(1);
  }

  private judged(number: number, bytes: Buffer, reason: number, status: number): void {
    const entry = this.entries.get(number);
    if (entry === undefined) return;
    const owner = this.owners[entry.shard];
    if (reason !== pendingReason) this.close(entry, reason, bytes, status);
    else if (owner?.here === true) {
      entry.state = "deciding";
      this.toDecide.push(this.itemOf(entry, owner.epoch, Buffer.from(bytes)));
    } else if (isVisitor(entry.from)) this.close(entry, verdict.MOVED, nothing, 0);
    else this.wait(entry);
  }

  private wait(entry: Entry): void {
    entry.state = "waiting";
    const place = Math.min(entry.tries++, retryMs.length - 1);
    entry.dueMs = this.options.nowMs() + (retryMs[place] as number);
  }

  private refuse(entry: Entry): void {
    if (entry.shard >= 0) this.stats.unavailable[entry.shard]!++;
    this.judge({ entry, code: verdict.REFUSED, id: entry.id });
  }

  private close(entry: Entry, reason: number, bytes: Buffer, status: number): void {
    this.entries.delete(entry.number);
    const { from, ticket } = entry;
    if (isVisitor(from)) {
      const item = this.itemOf(entry, 0, Buffer.from(bytes));
      this.reply(from, { ...item, ticket, code: reason, status });
    } else {
      this.touched.add(from);
      from.answer(ticket, bytes, 0, bytes.length, reason, status);
    }
    if (this.entries.size === 0) for (const resolve of this.drained.splice(0)) resolve();
  }

  private reply(to: Visitor, item: PaymentItem): void {
    const key = `${to.node} ${to.nonce.toString("hex")}`;
    const parcel = this.toAnswer.get(key) ?? { to, items: [] };
    this.toAnswer.set(key, parcel);
    parcel.items.push(item);
  }

  /** What has gathered leaves together. */
  private flush(): void {
    const { line } = this.options;
    for (const sink of this.touched) sink.flush();
    this.touched.clear();
    if (this.toDecide.length > 0) line.decide(this.toDecide);
    this.toDecide = [];
    for (const [node, items] of this.toForward) line.forward(node, items);
    this.toForward.clear();
    for (const { to, items } of this.toAnswer.values()) {
      line.answer(to.node, to.nonce, items);
      for (const { body } of items) body.fill(0);
    }
    this.toAnswer.clear();
  }

  private tickLater(): void {
    if (this.ticking) return;
    this.ticking = true;
    this.options.later(tickMs, () => {
      this.ticking = false;
      this.tick();
      if (this.entries.size > 0) this.tickLater();
    });
  }

  private tick(): void {
    const nowMs = this.options.nowMs();
    for (const entry of this.entries.values()) {
      const { state } = entry;
      if (state === "judging" || state === "final" || state === "new") continue;
      if (entry.untilMs <= nowMs) this.expire(entry);
      else if (state === "waiting" && entry.dueMs <= nowMs) this.route(entry);
    }
    this.flush();
  }

  /** The node that it came from refuses it by itself. */
  private expire(entry: Entry): void {
    if (isVisitor(entry.from)) this.close(entry, verdict.REFUSED, nothing, 0);
    else this.refuse(entry);
  }
}

function isVisitor(from: AnswerSink | Visitor): from is Visitor {
  return "node" in from;
}
