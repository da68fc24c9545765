// Defends: whatever pauses, cuts off or kills nodes that run real runtimes, what was acknowledged is
// in the log and in every vault, once; a command finds its shard's owner from any node; what an
// actor sends to another shard arrives there; and a stream that was made anew stops its shard.
import { describe, expect, it } from "vitest";
import { envelope } from "../runtime/test-rig.ts";
import { IdentityRows } from "./stream-identity.ts";
import { TestCluster } from "./test-cluster.ts";

const names = ["a", "b", "c"] as const;

async function started(seed: number, shards = 4): Promise<TestCluster> {
  const cluster = new TestCluster(seed, shards);
  for (const name of names) await cluster.start(name);
  await cluster.network.time.pass(50_000);
  expect(await cluster.settled(30_000)).toBe(true);
  return cluster;
}

async function all(cluster: TestCluster, work: readonly Promise<void>[]): Promise<void> {
  let done = false;
  void Promise.all(work).then(() => {
    done = true;
  });
  expect(await cluster.network.time.until(() => done, 200_000)).toBe(true);
  await cluster.network.time.pass(2_000);
}

describe("a command", () => {
  it("is answered from any node by the shard's owner, applied everywhere", async () => {
    const cluster = await started(1);
    const sends = [0, 1, 2, 3].flatMap((shard) =>
      names.map((name) => cluster.deposit(name, shard)),
    );
    await all(cluster, sends);
    expect(cluster.acked).toHaveLength(12);
    expect(cluster.problems()).toEqual([]);
  });

  it("that comes twice, to two nodes, has one effect and one answer", async () => {
    const cluster = await started(2);
    const one = envelope(0, 1, { do: "deposit", amount: 5 });
    const replies = names.map(
      (name) => new Promise<unknown>((resolve) => cluster.at(name).node.send(one, resolve)),
    );
    let answers: unknown[] = [];
    void Promise.all(replies).then((found) => {
      answers = found;
    });
    await cluster.network.time.until(() => answers.length > 0, 10_000);
    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: true, answer: { balance: 5, changes: 1 } });
    }
  });

  it("waits for a new owner where the old one was killed, and is not lost", async () => {
    const cluster = await started(3);
    const [owner = ""] = cluster.owners(0);
    const other = names.find((name) => name !== owner) as string;
    const before = cluster.deposit(owner, 0);
    await all(cluster, [before]);
    cluster.crash(owner);
    await all(cluster, [cluster.deposit(other, 0), cluster.deposit(other, 0)]);
    await cluster.start(owner);
    await cluster.settled(60_000);
    await cluster.network.time.pass(20_000);
    expect(cluster.acked).toHaveLength(3);
    expect(cluster.problems()).toEqual([]);
  });

  it("is refused by a node that has heard of no owner for five seconds", async () => {
    const cluster = await started(4);
    const one = cluster.at("a");
    one.process.cut = true;
    await cluster.network.time.pass(40_000);
    let code = "";
    one.node.send(envelope(0, 1, { do: "look" }), (reply) => {
      code = reply.ok ? "ok" : reply.error.code;
    });
    expect(code).toBe("SERVICE_UNAVAILABLE");
    expect(one.node.staleShards()).toHaveLength(4);
    one.process.cut = false;
    await cluster.network.time.pass(20_000);
    expect(one.node.staleShards()).toEqual([]);
  });
});

describe("a hand-over", () => {
  it("loses nothing and needs no lease to end", async () => {
    const cluster = await started(5);
    const [owner = ""] = cluster.owners(1);
    const to = names.find((name) => name !== owner) as string;
    let moved = false;
    const deposits = Array.from({ length: 8 }, () => cluster.deposit(to, 1));
    void cluster
      .at(owner)
      .node.ownership.move(1, to)
      .then((is) => {
        moved = is;
      });
    const atMs = cluster.network.time.monotonicMs();
    await cluster.network.time.until(() => cluster.owners(1)[0] === to, 10_000);
    expect(cluster.network.time.monotonicMs() - atMs).toBeLessThan(2_000);
    await all(cluster, deposits);
    expect(moved).toBe(true);
    expect(cluster.problems()).toEqual([]);
  });
});

describe("a stream that is another than before", () => {
  it("stands with the reason, also after a restart", async () => {
    const cluster = await started(6, 2);
    cluster.crash("a");
    const store = (await cluster.start("a")).store;
    cluster.crash("a");
    store.write(() => new IdentityRows(store).put("evt", 1, "another"));
    const { node } = await cluster.start("a");
    await cluster.network.time.pass(15_000);
    expect(node.standing()[1]).toMatchObject({ state: "PARKED" });
    expect(node.standing()[1]!.parked).toContain("log-recreated");
    expect(node.standing()[0]!.parked).toBe("");
  });
});

/** Four minutes of trouble while deposits come, then quiet. */
async function troubles(seed: number): Promise<string[]> {
  const cluster = new TestCluster(seed, 3);
  for (const name of names) await cluster.start(name);
  const { random, time } = cluster.network;
  await time.pass(30_000);
  cluster.network.faultsInHundred = random.below(20);
  const deposits: Promise<void>[] = [];
  for (let round = 0; round < 16; round++) {
    const name = names[random.below(3)] as string;
    const one = cluster.nodes.get(name);
    const what = random.below(6);
    if (what === 0) cluster.crash(name);
    else if (one === undefined) await cluster.start(name);
    else if (what === 1) one.process.cut = !one.process.cut;
    else if (what === 2) cluster.network.dropLeases();
    else if (what === 3 && one.process.paused) one.process.resume();
    else if (what === 3) one.process.paused = true;
    else void one.node.ownership.move(random.below(3), names[random.below(3)] as string);
    for (let i = 0; i < 6; i++) {
      deposits.push(cluster.deposit(names[random.below(3)] as string, random.below(3)));
    }
    await time.pass(random.below(20_000));
  }
  cluster.network.faultsInHundred = 0;
  for (const name of names) {
    const one = cluster.nodes.get(name) ?? (await cluster.start(name));
    one.process.cut = false;
    one.process.resume();
  }
  await all(cluster, deposits);
  expect(await cluster.settled(120_000)).toBe(true);
  await time.pass(15_000);
  expect(cluster.acked.length).toBeGreaterThan(50);
  return cluster.problems();
}

describe("any mixture of faults", () => {
  it.each(Array.from({ length: 6 }, (_, i) => 100 + i))(
    "of seed %d",
    async (seed) => {
      expect(await troubles(seed)).toEqual([]);
    },
    60_000,
  );
});
