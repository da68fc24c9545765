// Defends: whatever pauses, cuts off or kills nodes of a cluster, no one-time value is accepted
// twice, every approval that was told stands in the log of payments under the id that was told, a
// rebooted node gets its claims back before it approves, and a shard that loses its owner delays no
// other shard.
import { describe, expect, it } from "vitest";
import { paymentKind, verdict } from "../../vault/mod.ts";
import { type Paid, Till } from "./test-till.ts";

const names = ["a", "b", "c"] as const;

async function started(seed: number, shards = 3): Promise<Till> {
  const till = new Till(seed, shards);
  for (const name of names) await till.start(name);
  await till.network.time.pass(50_000);
  expect(await till.settled(30_000)).toBe(true);
  return till;
}

async function all<T>(till: Till, work: readonly Promise<T>[], withinMs = 60_000): Promise<T[]> {
  let done: T[] | undefined;
  void Promise.all(work).then((found) => {
    done = found;
  });
  expect(await till.network.time.until(() => done !== undefined, withinMs)).toBe(true);
  return done ?? [];
}

const codes = (paid: readonly Paid[]): number[] => paid.map(({ code }) => code);

describe("a payment", () => {
  it("is approved by its owner from any node, and its claim is on all of them", async () => {
    const till = await started(1);
    const paid = await all(
      till,
      names.flatMap((name, n) =>
        [0, 1, 2].map((shard) =>
          till.pay(name, shard, { key: n * 10 + shard, id: n * 10 + shard }),
        ),
      ),
    );
    expect(codes(paid)).toEqual(new Array(9).fill(verdict.NEW));
    await till.network.time.pass(2_000);
    expect(till.paymentProblems()).toEqual([]);
  });

  it("of one value at three nodes at once has one winner", async () => {
    const till = await started(2);
    const rivals = names.map((name, n) => till.pay(name, 0, { key: 7, transaction: n, id: n + 1 }));
    const found = codes(await all(till, rivals)).sort((a, b) => a - b);
    expect(found).toEqual([verdict.NEW, verdict.USED, verdict.USED]);
    expect(till.paymentProblems()).toEqual([]);
  });

  it("that repeats a pending one waits for its group and gets its id", async () => {
    const till = await started(3);
    const [owner = ""] = till.owners(0);
    const two = [till.pay(owner, 0, { key: 7, id: 1 }), till.pay(owner, 0, { key: 7, id: 2 })];
    const [first, second] = await all(till, two);
    expect([first?.code, second?.code]).toEqual([verdict.NEW, verdict.REPETITION]);
    expect(second?.id).toBe(first?.id);
    const [later] = await all(till, [till.pay("a", 0, { key: 7, id: 3 })]);
    expect([later?.code, later?.id]).toEqual([verdict.REPETITION, first?.id]);
    expect(till.paymentProblems()).toEqual([]);
  });

  it("whose reversal came first is refused on every later owner", async () => {
    const till = await started(4);
    const orphan = { kind: paymentKind.ORPHAN, key: 99, id: 1 };
    await all(till, [till.pay("b", 1, orphan)]);
    const [owner = ""] = till.owners(1);
    till.crash(owner);
    const other = names.find((name) => name !== owner) as string;
    const original = till.pay(other, 1, { key: 5, original: 99, id: 2 }, 30_000);
    expect(codes(await all(till, [original]))).toEqual([verdict.REVERSED]);
  });
});

describe("a shard without an owner", () => {
  it("refuses at the deadline while the others go on", async () => {
    const till = await started(5);
    const [owner = ""] = till.owners(0);
    const kept = [1, 2].filter((shard) => till.owners(shard)[0] !== owner);
    const other = names.find((name) => name !== owner) as string;
    till.at(owner).process.paused = true;
    const paid = await all(till, [
      till.pay(other, 0, { key: 1, id: 1 }, 1_500),
      ...kept.map((shard) => till.pay(other, shard, { key: 10 + shard, id: 10 + shard }, 1_500)),
    ]);
    expect(codes(paid)).toEqual([verdict.REFUSED, ...kept.map(() => verdict.NEW)]);
    till.at(owner).process.resume();
    await till.network.time.pass(60_000);
    expect(till.paymentProblems()).toEqual([]);
  });

  it("knows under its new owner what the old one had accepted", async () => {
    const till = await started(6);
    const [owner = ""] = till.owners(0);
    await all(till, [till.pay(owner, 0, { key: 1, id: 1 })]);
    till.crash(owner);
    const other = names.find((name) => name !== owner) as string;
    const again = till.pay(other, 0, { key: 1, transaction: 9, id: 2 }, 30_000);
    expect(codes(await all(till, [again]))).toEqual([verdict.USED]);
  });
});

describe("a node whose machine was started anew", () => {
  it("has its claims back before it approves, without a fence", async () => {
    const till = await started(7, 1);
    const [owner = ""] = till.owners(0);
    await all(till, [till.pay(owner, 0, { key: 1, id: 1 })]);
    for (const name of names) till.crash(name);
    const { ledger } = await till.start("a", true);
    const again = till.pay("a", 0, { key: 1, transaction: 9, id: 2 }, 60_000);
    expect(codes(await all(till, [again], 90_000))).toEqual([verdict.USED]);
    expect(ledger.fences).toEqual([]);
    const [fresh] = await all(till, [till.pay("a", 0, { key: 2, id: 3 })]);
    expect(fresh?.code).toBe(verdict.NEW);
  });

  it("fences what the log no longer holds", async () => {
    const till = await started(8, 1);
    const owner = till.owners(0)[0] as string;
    const late = names.find((name) => name !== owner) as string;
    till.crash(late);
    const key = { time: 5_000, key: 1, id: 1 };
    const paid = await all(till, [
      till.pay(owner, 0, key),
      till.pay(owner, 0, { time: 6_000, key: 2, id: 2 }),
    ]);
    expect(codes(paid)).toEqual([verdict.NEW, verdict.NEW]);
    await all(till, [till.pay(owner, 0, { time: 6_001, key: 3, id: 3 })]);
    const stream = till.place.stream("pay", 0);
    // Only the newest record is kept.
    const last = stream.records.length;
    stream.records.splice(0, last - 1);
    stream.firstSeq = last;
    const { ledger, node } = await till.start(late, true);
    await till.network.time.pass(20_000);
    expect(ledger.fences).toEqual([{ ptav: 6_001, de7: 0 }]);
    expect(node.runtime.fold.cursor(0, "pay").seq).toBe(last);
  });
});

/** Minutes of trouble while payments come, each value from several switches, then quiet. */
async function troubles(seed: number): Promise<string[]> {
  const till = new Till(seed, 3);
  for (const name of names) await till.start(name);
  const { random, time } = till.network;
  await time.pass(30_000);
  till.network.faultsInHundred = random.below(20);
  const paid: Promise<Paid>[] = [];
  let id = 0;
  for (let round = 0; round < 24; round++) {
    const name = names[random.below(3)] as string;
    const one = till.nodes.get(name);
    const what = random.below(7);
    if (what === 0) till.crash(name);
    else if (one === undefined) await till.start(name, random.below(2) === 0);
    else if (what === 1) one.process.cut = !one.process.cut;
    else if (what === 2) till.network.dropLeases();
    else if (what === 3 && one.process.paused) one.process.resume();
    else if (what === 3) one.process.paused = true;
    else void one.node.ownership.move(random.below(3), names[random.below(3)] as string);
    for (let i = 0; i < 12; i++) {
      // Few values, so that most are met again: by another transaction or by the same.
      const key = Math.floor(round / 4) * 8 + random.below(8);
      const transaction = random.below(2);
      const at = names[random.below(3)] as string;
      const kind = random.below(8) === 0 ? paymentKind.ROW : paymentKind.PTAV;
      paid.push(till.pay(at, key % 3, { kind, key, transaction, id: ++id }, 3_000));
      // Some come together, so that rivals meet while neither is stored.
      if (random.below(3) === 0) await time.pass(random.below(1_500));
    }
    await time.pass(random.below(8_000));
  }
  till.network.faultsInHundred = 0;
  for (const name of names) {
    const one = till.nodes.get(name) ?? (await till.start(name, true));
    one.process.cut = false;
    one.process.resume();
  }
  await all(till, paid);
  expect(await till.settled(120_000)).toBe(true);
  await time.pass(30_000);
  const approved = till.told.filter(({ code }) => code === verdict.NEW).length;
  expect(approved).toBeGreaterThan(10);
  return [...till.problems(), ...till.paymentProblems()];
}

describe("any mixture of faults", () => {
  it.each(Array.from({ length: 8 }, (_, i) => 200 + i))(
    "of seed %d",
    async (seed) => {
      expect(await troubles(seed)).toEqual([]);
    },
    60_000,
  );
});
