// Defends: on a node of a cluster a message is judged where its token's home is; nothing is
// approved before the log of payments has said so; what was suspended meanwhile is declined; what
// comes back undone is tried again until its deadline and then answered 91 with its own reason,
// while messages of other shards go on; an accepted row is journalled once, by the fold.
import { afterEach, beforeEach, expect, it } from "vitest";
import { suspendToken } from "../actors/card/test-rig.ts";
import { mydebit } from "../codec/iso8583/mod.ts";
import { createManualClock, reason } from "../platform/mod.ts";
import {
  doorCode,
  JournalWriter,
  type PaymentItem,
  parseRef,
  paymentAt,
  paymentBytes,
  verdict,
} from "../vault/mod.ts";
import { Batch } from "./batch.ts";
import { ClusterDispatcher, type PaymentLine, type PaymentOwner } from "./cluster-dispatcher.ts";
import type { AnswerSink } from "./dispatch-types.ts";
import { Dispatcher } from "./dispatcher.ts";
import { MessageHomes } from "./message-homes.ts";
import type { OpenedPipeline } from "./open-pipeline.ts";
import {
  type Answered,
  acquirer,
  de7,
  encode,
  merchant,
  plainPeer,
  Rig,
  readFields,
  trid,
} from "./test-rig.ts";

const nothing = Buffer.alloc(0);
const here: PaymentOwner = { node: "a", epoch: 1, here: true };

/** One node: its dispatcher, and a line whose log stores what it is told to. */
class Node {
  readonly monotonic = createManualClock(0);
  readonly asked: PaymentItem[] = [];
  readonly away: { node: string; items: PaymentItem[] }[] = [];
  readonly replies: PaymentItem[] = [];
  /** Tag, MAC and door of the peers that messages of other nodes came from. */
  readonly lookedFor: unknown[] = [];
  peer = plainPeer;
  readonly dispatcher: ClusterDispatcher;
  readonly opened: OpenedPipeline;
  readonly #journal: JournalWriter;
  readonly #timers: { atMs: number; work: () => void }[] = [];
  #seq = 0;

  constructor(rig: Rig, name: string, bootId?: string) {
    this.opened = rig.open(name, { logged: true, ...(bootId === undefined ? {} : { bootId }) });
    const { dir } = rig;
    this.#journal = JournalWriter.open({ dir, name: `pay-${name}`, clock: rig.clock });
    const { pipeline, vault } = this.opened;
    const inner = new Dispatcher({
      batches: Array.from({ length: 4 }, () => new Batch()),
      runner: { capacity: 0, run: () => Promise.reject(new Error("no pool")) },
      inline: (batch) => pipeline.processBatch(batch),
      refuse: (batch) => pipeline.refuseBatch(batch, reason.SYSTEM_ERROR),
      inlineRowsMax: 256,
      nowMs: () => this.monotonic.monotonicMs(),
      onRunnerFault: (error) => {
        throw error;
      },
    });
    const line: PaymentLine = {
      decide: (items) => this.asked.push(...items),
      forward: (node, items) => this.away.push({ node, items: [...items] }),
      answer: (_, __, items) => {
        this.replies.push(...items.map((one) => ({ ...one, body: Buffer.from(one.body) })));
      },
    };
    this.dispatcher = new ClusterDispatcher({
      ...{ inner, line, shards: vault.shards },
      homes: new MessageHomes(rig.keys.read(), vault.shards),
      peerOf: (tag, mac, door) => {
        this.lookedFor.push([tag, mac, door]);
        return tag === plainPeer.tag && !mac ? plainPeer : undefined;
      },
      nowMs: () => this.monotonic.monotonicMs(),
      wallMs: () => rig.clock.nowMs(),
      later: (ms, work) => {
        if (ms === 0) setImmediate(work);
        else this.#timers.push({ atMs: this.monotonic.monotonicMs() + ms, work });
      },
    });
    this.own(() => here);
  }

  own(ownerOf: (shard: number) => PaymentOwner | undefined): void {
    const { shards } = this.opened.vault;
    this.dispatcher.useOwners(Array.from({ length: shards }, (_, shard) => ownerOf(shard)));
  }

  /** What the door is told of one message; undefined until then. */
  send(message: Buffer, withinMs = 1_000): { answer: Answered | undefined } {
    const told: { answer: Answered | undefined } = { answer: undefined };
    const sink: AnswerSink = {
      answer: (_, bytes, offset, length, code, status) => {
        const copy = Buffer.from(bytes.subarray(offset, offset + length));
        told.answer = { reason: code, status, bytes: copy, ...readFields(copy) };
      },
      flush: () => {},
    };
    const untilMs = this.monotonic.monotonicMs() + withinMs;
    this.dispatcher.submit(this.peer, message, 0, message.length, 7, sink, untilMs);
    return told;
  }

  /** Lets turns pass, and so many milliseconds. */
  async turn(ms = 0): Promise<void> {
    this.monotonic.advance(ms);
    const due = this.#timers.filter(({ atMs }) => atMs <= this.monotonic.monotonicMs());
    for (const timer of due) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.work();
    }
    for (let i = 0; i < 4; i++) await new Promise(setImmediate);
  }

  /** The log takes what it was asked, and what was judged new is stored and folded in. */
  store(nowMs: number): number[] {
    const items = this.asked.splice(0).map((item) => ({ ...item, body: Buffer.from(item.body) }));
    const { logged } = this.opened.replay;
    const decided = items.map((item): PaymentItem => {
      const code = logged.judge(item.body);
      const id = code === verdict.REPETITION ? Buffer.from(logged.firstId) : item.id;
      if (code === verdict.NEW) this.fold(item.body, nowMs);
      return { ...item, code, id, body: nothing };
    });
    this.dispatcher.decided(decided);
    return decided.map(({ code }) => code);
  }

  /** What the log brings to every node. */
  fold(payment: Buffer, nowMs: number): void {
    if (payment.length === paymentBytes) {
      payment.copy(this.#journal.rows, 0, paymentAt.row);
      this.#journal.append(1);
    }
    this.opened.replay.logged.fold(0, ++this.#seq, nowMs, [Buffer.from(payment)]);
  }

  close(): void {
    this.#journal.close();
  }
}

let rig: Rig;
let nodes: Node[];
const node = (name: string, bootId?: string): Node => {
  const made = new Node(rig, name, bootId);
  nodes.push(made);
  return made;
};

beforeEach(() => {
  rig = new Rig();
  nodes = [];
});
afterEach(async () => {
  for (const one of nodes) one.close();
  await rig.remove();
});

it("approves what the log has stored, and not before", async () => {
  const a = node("a");
  const told = a.send(rig.payment());
  await a.turn();
  expect(a.asked).toHaveLength(1);
  expect(told.answer).toBeUndefined();
  expect(a.store(rig.clock.nowMs())).toEqual([verdict.NEW]);
  await a.turn();
  expect(told.answer).toMatchObject({ reason: 0, fields: { 39: "00" } });
  expect(told.answer?.fields[2]).not.toMatch(/^608727/);
  expect(told.answer?.tags["20"]).toBeUndefined();
  expect(a.dispatcher.waiting).toBe(0);
});

it("answers a repetition under the first id, and a replay with its reason", async () => {
  const a = node("a");
  const message = rig.payment();
  const told = [a.send(message)];
  await a.turn();
  a.store(rig.clock.nowMs());
  const other = Buffer.from(message);
  const view = mydebit.createView();
  mydebit.scanMessage(view, other, 0, other.length);
  other.write("999999", view.offset(11), "latin1");
  told.push(a.send(message), a.send(other));
  await a.turn();
  expect(a.store(rig.clock.nowMs())).toEqual([verdict.REPETITION, verdict.USED]);
  await a.turn();
  const [first, again, replay] = told.map(({ answer }) => answer);
  expect(again).toMatchObject({ reason: 0, tags: { 20: "R", 14: first?.tags[14] } });
  expect(replay).toMatchObject({ reason: reason.PTAV_REPLAY, fields: { 39: "63" } });
});

it("declines without asking anybody, and declines what was suspended while it waited", async () => {
  const a = node("a");
  const wrong = a.send(rig.payment({ fields: { 4: "000000099999" } }));
  const waits = a.send(rig.payment());
  await a.turn();
  expect(wrong.answer?.reason).toBe(reason.PTAV_INVALID);
  expect(a.asked).toHaveLength(1);
  suspendToken(rig.vault, rig.token.ref, "ADMIN");
  a.store(rig.clock.nowMs());
  await a.turn();
  expect(waits.answer).toMatchObject({ reason: reason.TOKEN_SUSPENDED });
  expect(waits.answer?.fields[2]).toMatch(/^608727/);
});

it("hands a message to the owner, which answers for it", async () => {
  const a = node("a");
  const b = node("b", "fedcba9876543210fedcba9876543210");
  a.own(() => ({ node: "b", epoch: 3, here: false }));
  a.peer = { ...plainPeer, door: doorCode.json };
  const told = [a.send(rig.payment()), a.send(rig.payment())];
  await a.turn();
  expect(a.asked).toHaveLength(0);
  // Both in one parcel.
  expect(a.away.map(({ node: to, items }) => [to, items.length])).toEqual([["b", 2]]);
  const [parcel] = a.away.splice(0);
  const items = parcel?.items ?? [];
  expect(items[0]).toMatchObject({ epoch: 3, peer: plainPeer.tag, leftMs: 1_000 });
  b.dispatcher.arrived("a", Buffer.alloc(8), items);
  const asked = [plainPeer.tag, false, doorCode.json];
  expect(b.lookedFor).toEqual([asked, asked]);
  await b.turn();
  expect(b.store(rig.clock.nowMs())).toEqual([verdict.NEW, verdict.NEW]);
  await b.turn();
  a.dispatcher.answered(b.replies.splice(0));
  expect(told.map(({ answer }) => answer?.reason)).toEqual([0, 0]);
  expect(told[0]?.answer?.fields[2]).toBe(told[1]?.answer?.fields[2]);
  expect([a.dispatcher.waiting, b.dispatcher.waiting]).toEqual([0, 0]);
  expect([a.dispatcher.stats.forwarded, b.dispatcher.stats.arrived]).toEqual([2, 2]);
});

it("tries again what came back, under the same id", async () => {
  const a = node("a");
  a.own(() => ({ node: "b", epoch: 3, here: false }));
  const told = a.send(rig.payment());
  await a.turn();
  const [first] = a.away.splice(0);
  a.dispatcher.returned((first?.items ?? []).map((item) => ({ ...item, code: verdict.MOVED })));
  await a.turn(25);
  const [second] = a.away.splice(0);
  expect(second?.items[0]?.id).toEqual(first?.items[0]?.id);
  a.own(() => here);
  a.dispatcher.returned(second?.items ?? []);
  await a.turn(60);
  // The first try had been stored after all: its own claim is no repetition.
  const [item] = a.asked;
  a.fold(item?.body ?? nothing, rig.clock.nowMs());
  a.asked.splice(0);
  a.dispatcher.decided([{ ...(item as PaymentItem), code: verdict.NEW, body: nothing }]);
  await a.turn();
  expect(told.answer).toMatchObject({ reason: 0 });
  expect(told.answer?.tags["20"]).toBeUndefined();
  expect(a.dispatcher.stats.returned).toBe(2);
});

it("answers 91 at the deadline where nobody owns the shard, and keeps nobody waiting", async () => {
  const a = node("a");
  a.own(() => undefined);
  const told = a.send(rig.payment(), 400);
  await a.turn();
  for (let ms = 0; ms < 500; ms += 25) await a.turn(25);
  expect(told.answer).toMatchObject({ reason: reason.SHARD_UNAVAILABLE, fields: { 39: "91" } });
  expect(a.dispatcher.stats.unavailable.reduce((sum, one) => sum + one, 0)).toBe(1);
  // What was decided, and the decision did not come: refused as well, and late when it comes.
  a.own(() => here);
  const decided = a.send(rig.payment(), 400);
  await a.turn();
  for (let ms = 0; ms < 500; ms += 25) await a.turn(25);
  expect(decided.answer?.reason).toBe(reason.SHARD_UNAVAILABLE);
  a.store(rig.clock.nowMs());
  expect(a.dispatcher.stats.late).toBe(1);
  expect(a.dispatcher.waiting).toBe(0);
});

it("remembers a reversal without its original everywhere before it is answered", async () => {
  const a = node("a");
  const message = rig.payment();
  const stan = /RRN(\d{6})/.exec(message.toString("latin1"))?.[1] as string;
  const seconds = Math.floor(rig.clock.nowMs() / 1_000);
  const named = `0100${stan}${de7(seconds)}${acquirer.padStart(11, "0")}${"0".repeat(11)}`;
  const { tpan } = rig.tpanOf(rig.token);
  const mine = String(rig.nextStan()).padStart(6, "0");
  const reversal = encode(
    "0400",
    {
      ...{ 2: tpan, 3: "000000", 4: "000000012345", 7: de7(seconds), 11: mine },
      ...{ 12: "153045", 13: "1122", 32: acquirer, 37: `RRN${mine}000`, 42: merchant },
      ...{ 49: "458", 90: named },
    },
    { "03": trid, "05": "C", "07": "N" },
  );
  const told = a.send(reversal);
  await a.turn();
  expect(told.answer).toBeUndefined();
  const [item] = a.asked.splice(0);
  a.fold(item?.body ?? nothing, rig.clock.nowMs());
  a.dispatcher.decided([{ ...(item as PaymentItem), code: verdict.NOTED, body: nothing }]);
  await a.turn();
  expect(told.answer).toMatchObject({ reason: reason.ORIGINAL_NOT_FOUND });
  const late = a.send(message);
  await a.turn();
  expect(a.store(rig.clock.nowMs())).toEqual([verdict.REVERSED]);
  await a.turn();
  expect(late.answer).toMatchObject({ reason: reason.ORIGINAL_NOT_FOUND });
});

it("gives the history one row of an accepted payment", async () => {
  const a = node("a");
  const paid = rig.payment();
  a.send(paid);
  a.send(rig.payment({ fields: { 4: "000000099999" } }));
  await a.turn();
  a.store(rig.clock.nowMs());
  await a.turn();
  const { history } = a.opened;
  history.foldAll(10_000);
  const index = rig.vault.findTokenByRef(parseRef(rig.token.ref) as Buffer)?.index as Buffer;
  const payments = history.eventsOf(index).filter(({ kind }) => kind === "verification");
  const reasons = payments.map((event) => event.reason);
  // The reason of the decline is the finer one that the history finds.
  expect(reasons.sort()).toEqual([0, reason.AMOUNT_MISMATCH]);
});
