// Defends: three nodes of the real program over three real servers lose nothing that was
// acknowledged when an owner of shards is killed, and all vaults are equal afterwards; an operator
// moves, parks and takes over shards; a vault that follows JetStream is not opened over its own log.
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { NodeShards } from "../../actors/mod.ts";
import { checkCluster } from "../../cmd/demo/cluster/checks.ts";
import { Workload } from "../../cmd/demo/cluster/workload.ts";
import { ClusterWorld } from "../../cmd/demo/cluster/world.ts";
import { obtainTimeoutMs } from "../../deploy/tools/nats-site.ts";
import { pantun } from "../cli/run-pantun.ts";

let world: ClusterWorld;

beforeAll(async () => {
  world = await ClusterWorld.open({ nodes: 3, shards: 3, tokensPerShard: 1 });
}, obtainTimeoutMs);

afterAll(() => world?.close());

function shard(...args: string[]) {
  const servers = world.site.urls.join(",");
  const vault = ["--dir", join(world.dir, "routes")];
  const passphrase = ["--passphrase-file", join(world.dir, "passphrase")];
  return pantun(["shard", ...args, "--servers", servers, ...vault, ...passphrase, "--json"]);
}

it("loses nothing when an owner is killed, and ends with equal vaults", async () => {
  await world.spread();
  const workload = new Workload(world);
  expect(await workload.progress(5, 60_000)).toBe(true);
  const [owner] = await world.owners();
  const node = world.nodes.find(({ name }) => name === owner);
  const killedMs = performance.now();
  await node?.kill();
  expect(await workload.progress(5, 60_000)).toBe(true);
  const gapMs = workload.longestGap(0, killedMs, performance.now());
  console.log(`takeover: ${(gapMs / 1000).toFixed(1)} s without an answer in shard 0`);
  node?.launch();
  await node?.ready();
  await workload.stop();
  expect(workload.wrong).toEqual([]);
  expect(workload.acked.length).toBeGreaterThanOrEqual(30);
  const checked = await checkCluster(world, workload.acked);
  expect(checked).toMatchObject({ lostInLog: 0, twice: 0, lostInVaults: [] });
  expect(new Set(checked.digests.map(({ digest }) => digest)).size).toBe(1);
  expect(await world.owners()).not.toContain("");
}, 120_000);

it("is operated from the command line", async () => {
  const [owner = ""] = await world.owners();
  const to = world.nodes.find(({ name }) => name !== owner)?.name ?? "";
  const moved = await shard("move", "0", "--to", to);
  expect(moved.code, moved.stderr).toBe(0);
  expect((await world.owners())[0]).toBe(to);
  const parked = await shard("park", "1");
  const { nodes } = JSON.parse(parked.stdout) as { nodes: readonly NodeShards[] };
  expect(nodes.map(({ shards }) => shards[1]?.state)).toEqual(["PARKED", "PARKED", "PARKED"]);
  expect(nodes[0]?.shards[1]?.parked).toContain("operator");
  expect((await shard("unpark", "1")).code).toBe(0);
  const taken = await shard("takeover", "2", "--node", owner);
  expect(taken.code, taken.stderr).toBe(0);
  const none = await shard("move", "9", "--to", to);
  expect([none.code, none.stderr.includes("FAILED")]).toEqual([1, true]);
  const workload = new Workload(world);
  expect(await workload.progress(2, 60_000)).toBe(true);
  await workload.stop();
  expect(workload.wrong).toEqual([]);
}, 90_000);

it("keeps its vaults from being changed without it", async () => {
  const [node] = world.nodes;
  await node?.stop();
  const ref = world.subjects[0]?.ref ?? "";
  const vault = ["--dir", node?.dir ?? "", "--passphrase-file", join(world.dir, "passphrase")];
  const direct = await pantun(["token", "suspend", ref, ...vault]);
  expect(direct.stderr).toContain("LOG_UNFIT");
  expect(direct.code).not.toBe(0);
}, 60_000);
