// `pantun demo --nodes 3`: three NATS servers, three nodes and commands that never stop, while one
// node and then one server are killed. Says what was lost, how long each shard was without answers,
// and whether all vaults are equal in the end.
import { exitCode, systemClock } from "../../../platform/mod.ts";
import { type Checked, checkCluster } from "./checks.ts";
import { Workload } from "./workload.ts";
import { ClusterWorld } from "./world.ts";

const print = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

const shards = 6;
const tokensPerShard = 2;
/** Acknowledged commands of every shard before and after each kill. */
const steady = 20;
const settleMs = 90_000;

interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Shards whose owner, or one of whose streams' leaders, was killed. */
  readonly hit: ReadonlySet<number>;
}

export async function runClusterDemo(nodes: number): Promise<number> {
  print(`Pantun on ${nodes} nodes and three NATS servers of this machine, with test cards only.`);
  const world = await ClusterWorld.open({ nodes, shards, tokensPerShard });
  try {
    const workload = new Workload(world);
    const phases: Phase[] = [];
    try {
      await settled(workload, "the start");
      await world.spread();
      await printOwners(world);
      phases.push(await quiet(workload));
      phases.push(await killNode(world, workload));
      phases.push(await killServer(world, workload));
    } finally {
      await workload.stop();
    }
    for (const phase of phases) printPhase(phase, workload);
    const checked = await checkCluster(world, workload.acked);
    const right = printChecks(checked, workload);
    print(
      "\nNot shown here: payments. A payment is approved by the node that it reaches; taking it",
    );
    print(
      "to the owner of its shard, and the streams of payments, are not part of the cluster yet.",
    );
    return right ? exitCode.DONE : exitCode.FAILED;
  } finally {
    await world.close();
  }
}

async function settled(workload: Workload, what: string): Promise<void> {
  if (await workload.progress(steady, settleMs)) return;
  throw new Error(`some shard did not take commands within ${settleMs / 1000} s after ${what}`);
}

async function quiet(workload: Workload): Promise<Phase> {
  const fromMs = systemClock.monotonicMs();
  await settled(workload, "the start");
  return { name: "nothing is killed", fromMs, toMs: systemClock.monotonicMs(), hit: new Set() };
}

async function killNode(world: ClusterWorld, workload: Workload): Promise<Phase> {
  const owners = await world.owners();
  const [victim] = owners;
  const node = world.nodes.find(({ name }) => name === victim);
  if (node === undefined) throw new Error("no node owns a shard");
  const hit = new Set(owners.flatMap((owner, shard) => (owner === victim ? [shard] : [])));
  print(`\nkill -9 ${victim}, which owns shards ${[...hit].join(", ")}`);
  const fromMs = systemClock.monotonicMs();
  await node.kill();
  await settled(workload, "the kill of a node");
  const toMs = systemClock.monotonicMs();
  print(`${victim} is started again`);
  node.launch();
  await node.ready();
  await settled(workload, "its start");
  return { name: `${victim} killed`, fromMs, toMs, hit };
}

async function killServer(world: ClusterWorld, workload: Workload): Promise<Phase> {
  const [server] = world.site.servers;
  if (server === undefined) throw new Error("no server");
  const leaders = await world.site.leaders();
  const hit = new Set<number>();
  for (const [stream, leader] of leaders) {
    const shard = /^EVT_(\d+)$/.exec(stream)?.[1];
    if (shard !== undefined && leader === server.name) hit.add(Number(shard));
  }
  const which = [...hit].sort((a, b) => a - b).join(", ") || "of none";
  print(`\nkill -9 the NATS server ${server.name}, leader of the event streams of shards ${which}`);
  const fromMs = systemClock.monotonicMs();
  await server.kill();
  await settled(workload, "the kill of a server");
  const toMs = systemClock.monotonicMs();
  print(`${server.name} is started again`);
  await server.restart();
  await settled(workload, "its start");
  return { name: `NATS server ${server.name} killed`, fromMs, toMs, hit };
}

async function printOwners(world: ClusterWorld): Promise<void> {
  const owners = await world.owners();
  print(`  ${world.shards} shards, ${world.subjects.length} tokens get commands without a pause`);
  for (const { name } of world.nodes) {
    const own = owners.flatMap((owner, shard) => (owner === name ? [shard] : []));
    print(`  ${name} owns ${own.length === 0 ? "none" : `shards ${own.join(", ")}`}`);
  }
}

function printPhase({ name, fromMs, toMs, hit }: Phase, workload: Workload): void {
  print(`\nLongest time without an acknowledged command, ${name}:`);
  for (let shard = 0; shard < shards; shard++) {
    const seconds = (workload.longestGap(shard, fromMs, toMs) / 1000).toFixed(1);
    const why = hit.has(shard) ? "owner or leader was killed" : "kept owner and stream leader";
    print(`  shard ${shard}  ${seconds.padStart(5)} s  ${hit.size === 0 ? "" : why}`.trimEnd());
  }
}

function printChecks(checked: Checked, workload: Workload): boolean {
  const { records, commands, lostInLog, twice, lostInVaults, digests } = checked;
  const equal = new Set(digests.map(({ digest }) => digest)).size === 1;
  print(`\n${workload.acked.length} commands were acknowledged.`);
  print(`  in the log        ${commands} commands in ${records} records`);
  print(`  lost              ${lostInLog} of the acknowledged ones`);
  print(`  stored twice      ${twice}`);
  print(`  wrong answers     ${workload.wrong.length} ${workload.wrong[0] ?? ""}`.trimEnd());
  print(`  vaults behind     ${lostInVaults.length === 0 ? "none" : lostInVaults.join(", ")}`);
  for (const { node, digest } of digests) print(`  vault of ${node}   ${digest}`);
  print(equal ? "  all vaults are equal" : "  the vaults DIFFER");
  const none = lostInLog + twice + lostInVaults.length + workload.wrong.length === 0;
  return none && equal;
}
