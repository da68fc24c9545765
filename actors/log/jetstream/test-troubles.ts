// Six minutes of trouble for a cluster, drawn from one seed, then quiet; and what must hold of it.
import { SimCluster, type SimNode } from "./test-cluster.ts";

const names = ["a", "b", "c"] as const;
const rounds = 24;
const roundMsMax = 30_000;

async function disturb(cluster: SimCluster): Promise<void> {
  const { random } = cluster.network;
  const name = names[random.below(3)] as string;
  const node: SimNode | undefined = cluster.nodes.get(name);
  switch (random.below(6)) {
    case 0:
      return cluster.crash(name);
    case 1:
      if (node === undefined) await cluster.start(name);
      return;
    case 2:
      if (node !== undefined) node.process.cut = !node.process.cut;
      return;
    case 3:
      if (node?.process.paused === true) node.process.resume();
      else if (node !== undefined) node.process.paused = true;
      return;
    case 4:
      return cluster.network.dropLeases();
    default:
      void node?.ownership.move(random.below(3), names[random.below(3)] as string);
  }
}

async function heal(cluster: SimCluster): Promise<void> {
  cluster.network.faultsInHundred = 0;
  for (const name of names) {
    const node = cluster.nodes.get(name);
    if (node === undefined) await cluster.start(name);
    else {
      node.process.cut = false;
      node.process.resume();
    }
  }
}

/** What went wrong, in words: safety at any time, and life once the trouble is over. */
export async function troubles(seed: number): Promise<string[]> {
  const cluster = new SimCluster(seed, 3);
  for (const name of names) await cluster.start(name);
  const { random, time } = cluster.network;
  cluster.network.faultsInHundred = random.below(20);
  for (let round = 0; round < rounds; round++) {
    await disturb(cluster);
    await time.pass(random.below(roundMsMax));
  }
  await heal(cluster);
  const settled = await cluster.settled(120_000);
  const before = cluster.acked.length;
  await time.pass(10_000);
  const problems = cluster.problems();
  if (!settled) problems.push("some shard found no owner");
  if (cluster.acked.length === before) problems.push("nobody works");
  for (const { state, node, shard, why } of cluster.notices) {
    if (state === "PARKED") problems.push(`${node} parked shard ${shard}: ${why}`);
  }
  return problems;
}
