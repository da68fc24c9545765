// Defends: three nodes of the real program over three real servers lose nothing that was
// acknowledged when an owner of shards is killed, and all vaults are equal afterwards; payments
// come to any node, no PTAV is accepted twice, and the other nodes' shards go on; a node whose
// replay store is gone has its claims back before it approves; an operator moves, parks and takes
// over shards, and mends a log whose streams were deleted; a vault that follows JetStream is not
// opened over its own log.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  CardDesk,
  connectNats,
  type Envelope,
  type NodeShards,
  type Reply,
  routePan,
} from "../../actors/mod.ts";
import { checkCluster, checkPayments } from "../../cmd/demo/cluster/checks.ts";
import { Payers } from "../../cmd/demo/cluster/payers.ts";
import { Workload } from "../../cmd/demo/cluster/workload.ts";
import { ClusterWorld } from "../../cmd/demo/cluster/world.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { natsBinary, obtainTimeoutMs } from "../../deploy/tools/nats-site.ts";
import { comesTrue, systemClock } from "../../platform/mod.ts";
import { viewToken } from "../../vault/mod.ts";
import { testPan } from "../../vault/test-vault.ts";
import { pantun } from "../cli/run-pantun.ts";

let world: ClusterWorld;

beforeAll(() => {
  natsBinary();
}, obtainTimeoutMs);

beforeAll(async () => {
  world = await ClusterWorld.open({ nodes: 3, shards: 3, tokensPerShard: 1 });
}, 150_000);

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
  const killedMs = systemClock.monotonicMs();
  await node?.kill();
  expect(await workload.progress(5, 60_000)).toBe(true);
  const gapMs = workload.longestGap(0, killedMs, systemClock.monotonicMs());
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

it("takes payments at any node, and accepts no PTAV twice when an owner is killed", async () => {
  const payers = new Payers(world);
  expect(await payers.progress(20, 60_000)).toBe(true);
  const owners = await world.owners();
  const node = world.nodes.find(({ name }) => name === owners[0]);
  await node?.kill();
  expect(await payers.progress(20, 60_000)).toBe(true);
  // Its claims are in the log: it needs neither its replay store nor a fence.
  rmSync(join(node?.dir ?? "", "replay"), { recursive: true });
  node?.launch();
  await node?.ready();
  expect(await payers.progress(20, 60_000)).toBe(true);
  await payers.stop();
  expect(payers.wrong).toEqual([]);
  expect(payers.rivals).toBeGreaterThan(10);
  const checked = await checkPayments(world, payers.approved.values());
  expect(checked).toMatchObject({ lost: 0, twice: 0, behind: [] });
  expect(checked.claims).toBeGreaterThanOrEqual(payers.approved.size);
}, 180_000);

it("carries a PAN update from one node's shard to another's, though its door died", async () => {
  const owners = await world.owners();
  const [node] = world.nodes;
  const vault = world.openVault(node?.dir ?? "");
  const pan = testPan(1);
  const ownerOf = (one: ClearPAN) => owners[routePan(vault, one).shard];
  let number = 2;
  while (ownerOf(testPan(number)) === ownerOf(pan)) number++;
  const newPan = testPan(number);
  let left = Number.POSITIVE_INFINITY;
  const submit = async (envelope: Envelope): Promise<Reply> => {
    if (left-- <= 0) return new Promise<never>(() => {});
    const reply = await node?.submit(envelope);
    if (reply === undefined) throw new Error("the node hung up");
    return reply;
  };
  const desk = new CardDesk({ vault, commands: { submit }, clock: systemClock });
  const call = (idempotencyKey: string) => {
    return { client: "test", idempotencyKey, deadlineMs: systemClock.monotonicMs() + 20_000 };
  };
  const made = await desk.provision(call("p"), {
    command: "provision",
    ...{ pan, panExpiry: 3012, trid: "99900000001", assurance: 12 },
    ...{ active: true, verified: true, async: false },
  });
  left = 1;
  void desk.updatePan(call("u"), { pan, newPan, newExpiry: 3105, reason: "REPLACEMENT" });
  // The rest is the actors' own: the first one's timer, the second one's shard, and back.
  const ref = String(made.answer.tokenRef);
  for (const { dir } of world.nodes) {
    const replica = world.openVault(dir);
    const updated = () => {
      replica.freshRead();
      return viewToken(replica, ref).pan.equals(newPan);
    };
    await comesTrue(`the new PAN in ${dir}`, 40_000, updated);
    await replica.close();
  }
  await vault.close();
}, 60_000);

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

it("has a stream mended from the command line that was deleted under it", async () => {
  const connection = await connectNats({ servers: world.site.urls, name: "trouble" });
  const jsm = await jetstreamManager(connection);
  await jsm.streams.delete("EVT_01");
  await jsm.streams.delete("PAY_01");
  const [node] = world.nodes;
  const salvage = (...more: string[]) => {
    const config = ["--config", join(node?.dir ?? "", "settings.json")];
    const vault = ["--dir", node?.dir ?? "", "--passphrase-file", join(world.dir, "passphrase")];
    return pantun(["log", "salvage", "--shard", "1", ...more, ...config, ...vault, "--json"]);
  };
  const asked = await salvage();
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("--remake")]);
  const done = await salvage("--remake");
  expect(done.code, done.stderr).toBe(0);
  const { shards } = JSON.parse(done.stdout);
  expect(shards).toMatchObject([
    { shard: 1, fence: null, resumed: ["node-1", "node-2", "node-3"], lostCommands: [] },
  ]);
  await connection.close();
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
