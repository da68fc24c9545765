// Defends: a log of a cluster that lost its end, or all of itself, holds again what was
// acknowledged, byte for byte under the same numbers, out of what the vaults kept; one that has
// gone on without what was lost gets none of it back, says what that is, and fences payments; the
// shard takes commands again under a new epoch; nothing that loses or deletes is done without the
// word.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verdict } from "../../vault/mod.ts";
import type { BrokenStream } from "../log/jetstream/stream-repair.ts";
import { SimProcess } from "../log/jetstream/test-network.ts";
import { readLogMeta } from "../log/log-meta.ts";
import { MemoryLog } from "../log/memory.ts";
import type { StreamKind } from "../log/port.ts";
import { RecordSeal } from "../log/record.ts";
import { logRing } from "../runtime/test-rig.ts";
import { CommandSeal } from "./command-seal.ts";
import { Operator } from "./operate.ts";
import { type SalvagedShard, salvageShard } from "./salvage.ts";
import { checkLogKind } from "./stream-identity.ts";
import { Till } from "./test-till.ts";

const names = ["a", "b", "c"] as const;
let keep: string;

beforeEach(() => {
  keep = mkdtempSync(join(tmpdir(), "pantun-salvage-"));
});
afterEach(() => rmSync(keep, { recursive: true }));

async function started(seed: number): Promise<Till> {
  const till = new Till(seed, 2);
  till.keepsTails = true;
  for (const name of names) await till.start(name);
  await till.network.time.pass(50_000);
  expect(await till.settled(30_000)).toBe(true);
  for (let i = 0; i < 3; i++) {
    const works = [till.deposit("a", 0), till.deposit("b", 1)];
    await awaited(till, Promise.all(works));
    await awaited(till, till.pay("a", 0, { key: i, id: i + 1 }));
  }
  await till.network.time.pass(1_000);
  return till;
}

async function awaited<T>(till: Till, work: Promise<T>): Promise<T> {
  let done: { readonly value: T } | { readonly error: unknown } | undefined;
  work.then(
    (value) => {
      done = { value };
    },
    (error) => {
      done = { error };
    },
  );
  expect(await till.network.time.until(() => done !== undefined, 120_000)).toBe(true);
  if (done !== undefined && "value" in done) return done.value;
  throw done?.error;
}

/** Records of events that the servers cannot read any more. */
const holes = new Set<number>();

function brokenStream(till: Till, kind: StreamKind, shard: number): BrokenStream {
  const isHole = (seq: number) => kind === "evt" && holes.has(seq);
  const stream = () => till.place.stream(kind, shard);
  const log = new MemoryLog(till.shards, till.place).stream(kind, shard);
  return {
    async state() {
      const { firstSeq, records } = stream();
      const missing = kind === "evt" ? holes.size : 0;
      return { firstSeq, lastSeq: firstSeq + records.length - 1, missing };
    },
    read: async (seq) => (isHole(seq) ? undefined : stream().records[seq - stream().firstSeq]),
    append: (bytes, expectedLast) => log.append(bytes, expectedLast, () => {}),
    async remake(firstSeq) {
      till.place.remakeOne(kind, shard, firstSeq);
      holes.clear();
    },
  };
}

interface Flags {
  readonly nodes?: readonly string[];
  readonly without?: readonly string[];
  readonly acceptLoss?: boolean;
  readonly remake?: boolean;
}

function salvage(till: Till, flags: Flags = {}): Promise<SalvagedShard> {
  const { time } = till.network;
  const bus = till.network.busOf(new SimProcess("operator", time));
  const { store } = [...till.nodes.values()][0]!;
  const { nodes = [...till.nodes.keys()], without = [] } = flags;
  const work = salvageShard({
    ...{ shard: 0, meta: readLogMeta(store)!, seal: new RecordSeal(logRing()), clock: time, keep },
    ...{ nodes, without, more: [], nonce: Buffer.alloc(8, 9) },
    ...{ acceptLoss: flags.acceptLoss ?? false, remake: flags.remake ?? false },
    stream: (kind, shard) => brokenStream(till, kind, shard),
    operator: new Operator(bus, new CommandSeal(logRing()), time),
  });
  return awaited(till, work);
}

async function goesOn(till: Till): Promise<void> {
  expect(await till.settled(60_000)).toBe(true);
  await awaited(till, till.deposit("c", 0));
  await till.network.time.pass(5_000);
  expect(till.problems()).toEqual([]);
}

const evt = (till: Till) => till.place.stream("evt", 0).records;
const pay = (till: Till) => till.place.stream("pay", 0).records;

describe("a log that lost its end", () => {
  it("gets it back byte for byte, and its shard goes on in a new epoch", async () => {
    const till = await started(1);
    const before = [[...evt(till)], [...pay(till)]];
    evt(till).splice(-2);
    pay(till).splice(-1);
    const done = await salvage(till);
    const [events = [], payments = []] = before;
    expect(evt(till).slice(0, events.length)).toEqual(events);
    expect(pay(till).slice(0, payments.length)).toEqual(payments);
    expect(done).toMatchObject({ fence: null, resumed: names, strays: [], behind: [] });
    expect(done.streams).toMatchObject([
      { stream: "evt", act: "append", written: 2, lastSeq: events.length + 1, lost: [] },
      { stream: "pay", act: "append", written: 1, lastSeq: payments.length + 1, lost: [] },
    ]);
    expect(readdirSync(keep)).toEqual(["evt-00.kept", "pay-00.kept"]);
    await goesOn(till);
    const again = await awaited(till, till.pay("b", 0, { key: 2, transaction: 9, id: 50 }));
    expect(again.code).toBe(verdict.USED);
    expect(till.paymentProblems()).toEqual([]);
  });

  it("that nothing is missing from is left as it is", async () => {
    const till = await started(2);
    const before = [...evt(till)];
    const done = await salvage(till);
    expect(done.streams.map(({ act, written }) => [act, written])).toEqual([
      ["none", 0],
      ["none", 0],
    ]);
    expect(evt(till).slice(0, before.length)).toEqual(before);
    await goesOn(till);
  });
});

describe("a log that is gone", () => {
  it("is made anew out of what the vaults kept, when that was allowed", async () => {
    const till = await started(3);
    const before = [[...evt(till)], [...pay(till)]];
    till.place.remakeOne("evt", 0, 1);
    till.place.remakeOne("pay", 0, 1);
    // Something that nobody knows came into the place of one.
    pay(till).push(Buffer.alloc(90, 3));
    await expect(salvage(till)).rejects.toMatchObject({ code: "USAGE" });
    await expect(salvage(till, { acceptLoss: true })).rejects.toThrow(/--remake/);
    const done = await salvage(till, { acceptLoss: true, remake: true });
    expect(done.resumed).toEqual(names);
    expect(evt(till).slice(0, -1)).toEqual(before[0]!);
    await goesOn(till);
    expect(pay(till).slice(0, before[1]!.length)).toEqual(before[1]!);
  });

  it("is made anew, too, where it lacks records in its middle", async () => {
    const till = await started(7);
    const before = [...evt(till)];
    holes.add(2).add(3);
    await expect(salvage(till)).rejects.toThrow(/evt of shard 0 must be deleted.*--remake/);
    const done = await salvage(till, { remake: true });
    expect(done).toMatchObject({ fence: null, resumed: names });
    expect(done.streams).toMatchObject([{ act: "remake", firstSeq: 1 }, { act: "none" }]);
    expect(evt(till).slice(0, before.length)).toEqual(before);
    await goesOn(till);
  });

  it("begins where the oldest kept record is, and fences what was paid before", async () => {
    const till = await started(4);
    const [first = 0, last = 0] = [4, pay(till).length];
    for (const { store } of till.nodes.values()) {
      // Older ones have gone, as after a day.
      const tail = store.rows("tail");
      const key = (seq: number) => Buffer.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, seq);
      store.write(() => {
        for (let seq = 1; seq < first; seq++) tail.remove(key(seq));
      });
    }
    till.place.remakeOne("pay", 0, 1);
    await expect(salvage(till, { remake: true })).rejects.toThrow(/before 4.*--accept-loss/);
    const done = await salvage(till, { remake: true, acceptLoss: true });
    expect(done.streams[1]).toMatchObject({ act: "remake", firstSeq: 4, written: last - 3 });
    expect(done.fence?.ptav).toBeGreaterThan(1_700_000_000);
    expect(await till.settled(60_000)).toBe(true);
    // Never seen by anybody, but of a time that may have been.
    const old = await awaited(till, till.pay("b", 0, { key: 700, id: 70 }));
    expect(old.code).toBe(verdict.EXPIRED);
    till.crash("a");
    await till.start("a", true);
    await till.network.time.pass(30_000);
    expect(till.at("a").ledger.fences).toContainEqual(done.fence);
    const time = (done.fence?.ptav ?? 0) + 1;
    const fresh = await awaited(till, till.pay("b", 0, { key: 701, id: 71, time }));
    expect(fresh.code).toBe(verdict.NEW);
  });
});

describe("a log that has gone on without what was lost", () => {
  it("keeps its own, says what is lost, and fences; the others join again", async () => {
    const till = await started(5);
    till.at("c").process.cut = true;
    await awaited(till, till.deposit("a", 0));
    await awaited(till, till.pay("a", 0, { key: 30, id: 30 }));
    await till.network.time.pass(1_000);
    const lostSeq = evt(till).length;
    const lostBytes = evt(till).at(-1)!;
    // The servers come up with an older state, and with the one node that had not seen more.
    for (const name of ["a", "b"]) till.crash(name);
    evt(till).splice(till.at("c").node.runtime.fold.cursor(0).seq);
    pay(till).splice(till.at("c").node.runtime.fold.cursor(0, "pay").seq);
    till.at("c").process.cut = false;
    expect(await till.settled(120_000)).toBe(true);
    const own = [...evt(till)];
    expect(own.length).toBeGreaterThanOrEqual(lostSeq);
    for (const name of ["a", "b"]) await till.start(name);
    await till.network.time.pass(30_000);
    expect(till.at("a").node.standing()[0]!.state).toBe("PARKED");
    await expect(salvage(till)).rejects.toThrow(/--accept-loss/);
    const done = await salvage(till, { acceptLoss: true });
    expect(done.streams[0]).toMatchObject({ act: "none", written: 0 });
    expect(done.streams[0]!.lost).toContainEqual({ seq: lostSeq, bytes: lostBytes });
    expect(done).toMatchObject({ resumed: ["c"] });
    expect([...done.strays].sort()).toEqual(["a", "b"]);
    // Their vaults are not opened again.
    expect(() => checkLogKind(till.at("a").store, "jetstream", 2)).toThrow(/join the cluster/);
    expect(() => checkLogKind(till.at("c").store, "jetstream", 2)).not.toThrow();
    expect(evt(till).slice(0, own.length)).toEqual(own);
    expect(evt(till).some((bytes) => bytes.equals(lostBytes))).toBe(false);
    expect(await till.network.time.until(() => till.owners(0)[0] === "c", 60_000)).toBe(true);
    // It was accepted by a node whose word is lost: nobody accepts it again.
    const twice = await awaited(till, till.pay("c", 0, { key: 30, transaction: 8, id: 80 }));
    expect(twice.code).toBe(verdict.EXPIRED);
  });

  it("is not taken for whole while a node is left out", async () => {
    const till = await started(6);
    await expect(salvage(till, { nodes: ["a"], without: ["b", "c"] })).rejects.toThrow(
      /only b, c may have/,
    );
    const done = await salvage(till, { nodes: ["a"], without: ["b", "c"], acceptLoss: true });
    expect(done.fence).not.toBeNull();
    expect(pay(till).length).toBe(done.streams[1]!.lastSeq);
  });
});
