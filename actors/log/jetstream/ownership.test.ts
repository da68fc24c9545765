// Defends: whatever pauses, cuts off, kills or misleads nodes, one epoch writes at a time, what was
// acknowledged is in the log once, shards find an owner again by themselves, and a log that lost
// something stops the shard instead of going on.
import { describe, expect, it } from "vitest";
import { type Delivery, sendBlocks } from "./block-sender.ts";
import type { BlockItem } from "./node-messages.ts";
import { ownershipTimes } from "./ownership-port.ts";
import { SimCluster } from "./test-cluster.ts";
import { troubles } from "./test-troubles.ts";

async function started(seed: number, shards: number, nodes: readonly string[]) {
  const cluster = new SimCluster(seed, shards);
  for (const node of nodes) await cluster.start(node);
  // Long enough for what only evens out to be over.
  await cluster.network.time.pass(50_000);
  expect(await cluster.settled(30_000)).toBe(true);
  return cluster;
}

function ownerOf(cluster: SimCluster, shard = 0): string {
  const [owner] = cluster.owners(shard);
  if (owner === undefined) throw new Error(`nobody owns shard ${shard}`);
  return owner;
}

describe("a start", () => {
  it("gives every shard one owner and every node its share", async () => {
    const cluster = await started(1, 6, ["a", "b", "c"]);
    await cluster.network.time.pass(40_000);
    const load = [...cluster.nodes.keys()].map(
      (key) => [0, 1, 2, 3, 4, 5].filter((shard) => cluster.owners(shard)[0] === key).length,
    );
    expect(Math.max(...load)).toBeLessThanOrEqual(2);
    expect(cluster.problems()).toEqual([]);
    expect(cluster.acked.length).toBeGreaterThan(100);
  });
});

describe("an owner that", () => {
  it("crashes is followed within seconds, long before its lease ends", async () => {
    const cluster = await started(2, 2, ["a", "b", "c"]);
    const { time } = cluster.network;
    await time.pass(5_000);
    const owner = ownerOf(cluster);
    cluster.crash(owner);
    const atMs = time.monotonicMs();
    expect(await cluster.settled(5_000)).toBe(true);
    expect(time.monotonicMs() - atMs).toBeLessThan(5_000);
    expect(ownerOf(cluster)).not.toBe(owner);
    await time.pass(10_000);
    expect(cluster.problems()).toEqual([]);
  });

  it("crashes together with the leader of the leases is followed, and once", async () => {
    const cluster = await started(22, 2, ["a", "b", "c"]);
    const { time } = cluster.network;
    await time.pass(5_000);
    const owner = ownerOf(cluster);
    const before = cluster.nodes.get(owner)?.ownership.shard(0).epoch ?? 0;
    cluster.network.leaseless = true;
    cluster.crash(owner);
    expect(await cluster.settled(5_000)).toBe(true);
    await time.pass(5_000);
    const after = cluster.nodes.get(ownerOf(cluster))?.ownership.shard(0);
    expect([after?.epoch, after?.admits]).toEqual([before + 1, true]);
    cluster.network.leaseless = false;
    await time.pass(30_000);
    expect(await cluster.settled(5_000)).toBe(true);
    expect(cluster.problems()).toEqual([]);
  });

  it("should hand over to a node that does not answer keeps the shard and goes on", async () => {
    const cluster = await started(23, 1, ["a", "b"]);
    const { time } = cluster.network;
    const owner = ownerOf(cluster);
    const to = owner === "a" ? "b" : "a";
    const other = cluster.nodes.get(to)?.process;
    if (other === undefined) throw new Error("no other node");
    other.cut = true;
    let moved: boolean | undefined;
    const moving = cluster.nodes.get(owner)?.ownership.move(0, to);
    void moving?.then((done) => {
      moved = done;
    });
    await time.pass(2_000);
    expect(moved).toBe(false);
    expect(ownerOf(cluster)).toBe(owner);
    expect(cluster.notices.some(({ state }) => state === "DRAIN")).toBe(false);
    other.cut = false;
    await time.pass(5_000);
    expect(cluster.problems()).toEqual([]);
  });

  it("is alone owns again soon after a crash, though its old lease lives", async () => {
    const cluster = await started(21, 2, ["a"]);
    const { time } = cluster.network;
    await time.pass(2_000);
    cluster.crash("a");
    await cluster.start("a");
    expect(await cluster.settled(3_000)).toBe(true);
    await time.pass(10_000);
    expect(cluster.problems()).toEqual([]);
  });

  it.each([1_000, 25_000, 60_000])(
    "is paused for %d ms is fenced at its first append",
    async (ms) => {
      const cluster = await started(3, 1, ["a", "b"]);
      const { time } = cluster.network;
      const owner = ownerOf(cluster);
      const { process, ownership } = cluster.nodes.get(owner) as NonNullable<
        ReturnType<typeof cluster.nodes.get>
      >;
      const epoch = ownership.shard(0).epoch;
      process.paused = true;
      await time.pass(ms);
      if (ms > ownershipTimes.leaseTtlMs) expect(cluster.owners(0)).toHaveLength(2);
      process.resume();
      const wokeMs = time.monotonicMs();
      await time.pass(5_000);
      expect(cluster.owners(0)).toHaveLength(1);
      if (ms > ownershipTimes.leaseTtlMs) {
        const left = cluster.notices.find(({ node, atMs }) => node === owner && atMs >= wokeMs);
        expect(["fenced", "lease-lost", "lease-lapsed"]).toContain(left?.why);
        const other = cluster.nodes.get(ownerOf(cluster))?.ownership.shard(0).epoch;
        expect(other).toBeGreaterThan(epoch);
      } else expect(ownerOf(cluster)).toBe(owner);
      expect(cluster.problems()).toEqual([]);
    },
  );

  it("is cut off from NATS admits no more, is followed, and comes back as none", async () => {
    const cluster = await started(4, 1, ["a", "b"]);
    const { time } = cluster.network;
    const owner = ownerOf(cluster);
    const old = cluster.nodes.get(owner);
    if (old === undefined) throw new Error("no owner");
    old.process.cut = true;
    await time.pass(ownershipTimes.admitMs + 1_000);
    expect(old.ownership.admits(0)).toBe(false);
    await time.pass(15_000);
    expect(cluster.owners(0)).toEqual([owner === "a" ? "b" : "a"]);
    old.process.cut = false;
    await time.pass(10_000);
    expect(cluster.owners(0)).toHaveLength(1);
    expect(cluster.problems()).toEqual([]);
  });

  it("hands a shard over is followed within 300 ms by the node that it named", async () => {
    const cluster = await started(5, 1, ["a", "b", "c"]);
    const { time } = cluster.network;
    const owner = ownerOf(cluster);
    const to = ["a", "b", "c"].find((name) => name !== owner) as string;
    const from = time.monotonicMs();
    const moved = cluster.nodes.get(owner)?.ownership.move(0, to);
    expect(await time.until(() => cluster.owners(0)[0] === to, 5_000)).toBe(true);
    expect(await moved).toBe(true);
    const drained = cluster.notices.findLast(({ state }) => state === "DRAIN")?.atMs ?? 0;
    const taken = cluster.notices.findLast(({ state }) => state === "OWN")?.atMs ?? 0;
    expect(drained).toBeGreaterThanOrEqual(from);
    // The collection of the others' tails is part of it.
    expect(taken - drained).toBeLessThan(300 + ownershipTimes.collectMs);
    expect(cluster.problems()).toEqual([]);
  });

  it("stops hands everything over", async () => {
    const cluster = await started(6, 6, ["a", "b"]);
    const { time } = cluster.network;
    const stopping = cluster.nodes.get("a")?.ownership.stop();
    let done = false;
    void stopping?.then(() => {
      done = true;
    });
    expect(await time.until(() => done, 20_000)).toBe(true);
    cluster.nodes.get("a")?.host.end();
    cluster.nodes.delete("a");
    expect(await cluster.settled(5_000)).toBe(true);
    expect(cluster.problems()).toEqual([]);
  });
});

describe("what should not happen", () => {
  it("the lease's bucket is deleted: owners stay, and no epoch is given out again", async () => {
    const cluster = await started(7, 2, ["a", "b"]);
    const before = [0, 1].map((shard) => ownerOf(cluster, shard));
    cluster.network.dropLeases();
    await cluster.network.time.pass(10_000);
    expect([0, 1].map((shard) => ownerOf(cluster, shard))).toEqual(before);
    expect([0, 1].map((shard) => cluster.network.holderOf(shard))).toEqual(before);
    expect(cluster.problems()).toEqual([]);
  });

  it("the wall clock jumps by an hour: nothing changes hands", async () => {
    const cluster = await started(8, 2, ["a", "b"]);
    const before = [0, 1].map((shard) => ownerOf(cluster, shard));
    for (const stepMs of [3_600_000, -7_200_000]) {
      cluster.network.time.wallOffsetMs += stepMs;
      await cluster.network.time.pass(30_000);
    }
    expect([0, 1].map((shard) => ownerOf(cluster, shard))).toEqual(before);
    expect(cluster.problems()).toEqual([]);
  });

  it("two processes run under one name: the log still has one owner an epoch", async () => {
    const cluster = new SimCluster(9, 2);
    await cluster.start("a", "a1");
    await cluster.start("a", "a2");
    await cluster.network.time.pass(60_000);
    cluster.crash(ownerOf(cluster));
    await cluster.network.time.pass(60_000);
    expect(await cluster.settled(30_000)).toBe(true);
    expect(cluster.problems()).toEqual([]);
  });

  it("the log lost what a node has applied: whoever would take over parks", async () => {
    const cluster = await started(10, 1, ["a", "b", "c"]);
    const { time } = cluster.network;
    await time.pass(5_000);
    const owner = ownerOf(cluster);
    cluster.crash(owner);
    cluster.place.stream("evt", 0).records.splice(-2);
    await time.pass(60_000);
    expect(cluster.owners(0)).toEqual([]);
    const parked = [...cluster.nodes.values()].map(({ host }) => host.parkedAs(0));
    expect(parked).toContain("log-behind-projection");
    expect(cluster.notices.some(({ state }) => state === "PARKED")).toBe(true);
  });

  it("the streams were made anew: whoever would take over parks", async () => {
    const cluster = await started(11, 1, ["a", "b"]);
    const { time } = cluster.network;
    await time.pass(2_000);
    cluster.crash(ownerOf(cluster));
    cluster.place.remake();
    await time.pass(60_000);
    expect(cluster.owners(0)).toEqual([]);
    const [left] = cluster.nodes.values();
    expect(left?.host.parkedAs(0)).toBe("log-recreated");
  });

  it("an operator unparks a shard: it finds an owner again", async () => {
    const cluster = await started(12, 1, ["a"]);
    const { ownership } = cluster.nodes.get("a") ?? {};
    ownership?.shard(0).park("operator", "to look at it");
    await cluster.network.time.pass(60_000);
    expect(cluster.owners(0)).toEqual([]);
    expect(ownership?.shard(0).state).toBe("PARKED");
    ownership?.shard(0).unpark();
    await cluster.network.time.until(() => cluster.owners(0).length === 1, 30_000);
    expect(cluster.owners(0)).toEqual(["a"]);
  });
});

describe("messages for another node's shards", () => {
  it("are answered by the owner, moved by any other, and safe to send again", async () => {
    const cluster = await started(13, 4, ["a", "b"]);
    const { network } = cluster;
    await network.time.pass(1_000);
    const { ownership, process } = cluster.nodes.get("a") ?? {};
    if (ownership === undefined || process === undefined) throw new Error("no node");
    const bus = network.busOf(process);
    const ask = async (items: readonly BlockItem[], node = "b") => {
      let found: Delivery[] | undefined;
      void sendBlocks(bus, node, items, 2_000).then((deliveries) => {
        found = deliveries;
      });
      await network.time.until(() => found !== undefined, 5_000);
      return found;
    };
    const items = [0, 1, 2, 3, 0].flatMap((shard) => {
      const { node, epoch = 0 } = ownership.ownerOf(shard) ?? {};
      return node === "b" ? [{ shard, epoch, message: Buffer.from(`to ${shard}`) }] : [];
    });
    expect(items.length).toBeGreaterThan(1);
    const done = items.map(({ message }) => Buffer.concat([Buffer.from("done "), message]));
    expect(await ask(items)).toEqual(done.map((message) => ({ kind: "answer", message })));
    const wrong = items.map((item) => ({ ...item, epoch: 99 }));
    expect(await ask(wrong)).toEqual(items.map(() => ({ kind: "moved" })));
    expect(await ask(items, "z")).toEqual(items.map(() => ({ kind: "moved" })));
    cluster.crash("a");
  });
});

describe("any mixture of faults", () => {
  it.each(Array.from({ length: 4 }, (_, i) => 1_000 + i))(
    "of seed %d",
    async (seed) => {
      expect(await troubles(seed)).toEqual([]);
    },
    60_000,
  );
});
