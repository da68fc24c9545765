// `pantun demo --nodes 3`: three NATS servers, three nodes, commands and payments that never stop,
// while one node and then one server are killed. Says what was lost, what was accepted twice, how
// long each shard was without answers, and whether all vaults are equal in the end.
import { exitCode, systemClock } from "../../../platform/mod.ts";
import { type Checked, type CheckedPayments, checkCluster, checkPayments } from "./checks.ts";
import { Payers } from "./payers.ts";
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

/** A shard that kept everything and was longer without an approval has paused. */
const pauseMs = 2_000;

/** Who owned each shard, and which servers led its streams. */
interface Places {
  readonly owners: readonly string[];
  readonly leaders: readonly string[];
  readonly payLeaders: readonly string[];
}

/** What never stops. */
interface Traffic {
  readonly commands: Workload;
  readonly payments: Payers;
}

interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly before: Places;
  readonly after: Places;
}

export async function runClusterDemo(nodes: number): Promise<number> {
  print(`Pantun on ${nodes} nodes and three NATS servers of this machine, with test cards only.`);
  const world = await ClusterWorld.open({ nodes, shards, tokensPerShard });
  try {
    const traffic = { commands: new Workload(world), payments: new Payers(world) };
    const phases: Phase[] = [];
    try {
      await settled(traffic, "the start");
      await world.spread();
      await printOwners(world);
      phases.push(await phase(world, traffic, "nothing is killed", async () => {}));
      phases.push(await killNode(world, traffic));
      phases.push(await killServer(world, traffic));
    } finally {
      await Promise.all([traffic.commands.stop(), traffic.payments.stop()]);
    }
    const steadfast = phases.map((phase) => printPhase(phase, traffic)).every((kept) => kept);
    const { commands, payments } = traffic;
    const right = [
      steadfast,
      printChecks(await checkCluster(world, commands.acked), commands),
      printPayments(await checkPayments(world, payments.approved.values()), payments),
    ];
    return right.every((one) => one) ? exitCode.DONE : exitCode.FAILED;
  } finally {
    await world.close();
  }
}

async function settled({ commands, payments }: Traffic, what: string): Promise<void> {
  const done = await Promise.all([
    commands.progress(steady, settleMs),
    payments.progress(steady, settleMs),
  ]);
  if (done.every((one) => one)) return;
  const kind = done[0] ? "payments" : "commands";
  throw new Error(`some shard did not take ${kind} within ${settleMs / 1000} s after ${what}`);
}

async function placesOf(world: ClusterWorld): Promise<Places> {
  const owners = await world.owners();
  const streams = await world.site.leaders();
  const leadersOf = (kind: string) => {
    return owners.map((_, shard) => streams.get(`${kind}_${String(shard).padStart(2, "0")}`) ?? "");
  };
  return { owners, leaders: leadersOf("EVT"), payLeaders: leadersOf("PAY") };
}

/** Does something and waits until each shard takes commands again. */
async function phase(
  world: ClusterWorld,
  traffic: Traffic,
  name: string,
  work: () => Promise<void>,
): Promise<Phase> {
  const before = await placesOf(world);
  const fromMs = systemClock.monotonicMs();
  await work();
  await settled(traffic, name);
  const toMs = systemClock.monotonicMs();
  return { name, fromMs, toMs, before, after: await placesOf(world) };
}

async function killNode(world: ClusterWorld, traffic: Traffic): Promise<Phase> {
  const [victim] = await world.owners();
  const node = world.nodes.find(({ name }) => name === victim);
  if (node === undefined) throw new Error("no node owns a shard");
  print(`\nkill -9 ${node.name}`);
  const done = await phase(world, traffic, `${node.name} killed`, () => node.kill());
  print(`${node.name} is started again`);
  node.launch();
  await node.ready();
  await settled(traffic, "its start");
  return done;
}

async function killServer(world: ClusterWorld, traffic: Traffic): Promise<Phase> {
  const [leader = ""] = (await placesOf(world)).leaders;
  const server = world.site.server(leader);
  print(`\nkill -9 the NATS server ${leader}`);
  const name = `NATS server ${leader} killed`;
  const done = await phase(world, traffic, name, () => server.kill());
  print(`${leader} is started again`);
  await server.restart();
  await settled(traffic, "its start");
  return done;
}

async function printOwners(world: ClusterWorld): Promise<void> {
  const owners = await world.owners();
  print(`  ${world.shards} shards, ${world.subjects.length} tokens get commands without a pause`);
  for (const { name } of world.nodes) {
    const own = owners.flatMap((owner, shard) => (owner === name ? [shard] : []));
    print(`  ${name} owns ${own.length === 0 ? "none" : `shards ${own.join(", ")}`}`);
  }
}

/** False where a shard that kept its owner and its leaders has paused. */
function printPhase(phase: Phase, { commands, payments }: Traffic): boolean {
  const { name, fromMs, toMs, before, after } = phase;
  print(`\nLongest time without an answer, ${name}:`);
  print("  shard  commands  approvals  payments with 91");
  let steadfast = true;
  for (let shard = 0; shard < shards; shard++) {
    const { gapMs, refused } = payments.span(shard, fromMs, toMs);
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    const changes = [
      changed("owner", before.owners[shard], after.owners[shard]),
      changed("leader of events", before.leaders[shard], after.leaders[shard]),
      changed("leader of payments", before.payLeaders[shard], after.payLeaders[shard]),
    ].filter((text) => text !== "");
    const kept = changes.length === 0;
    if (kept && gapMs > pauseMs) steadfast = false;
    const text = kept ? "kept owner and stream leaders" : changes.join(", ");
    const [waited, unpaid] = [seconds(commands.longestGap(shard, fromMs, toMs)), seconds(gapMs)];
    const counts = `${waited.padStart(8)}${unpaid.padStart(11)}${String(refused).padStart(18)}`;
    print(`  ${String(shard).padStart(5)}${counts}  ${text}`);
  }
  if (!steadfast) print("  a shard that kept all of them has PAUSED");
  return steadfast;
}

function changed(what: string, before: string | undefined, after: string | undefined): string {
  return before === after ? "" : `${what} ${before} -> ${after}`;
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

function printPayments(checked: CheckedPayments, payments: Payers): boolean {
  const { claims, twice, lost, behind } = checked;
  const { told, approved, wrong, rivals } = payments;
  const refused = told.filter(({ response }) => response === "91").length;
  print(`\n${approved.size} payments were approved; ${rivals} PTAVs were presented twice at once.`);
  print(`  in the log        ${claims} claims`);
  print(`  lost              ${lost} of the approved ones`);
  print(`  accepted twice    ${twice}`);
  print(`  wrong answers     ${wrong.length} ${wrong[0] ?? ""}`.trimEnd());
  print(`  answered 91       ${refused} of ${told.length} messages`);
  print(`  vaults behind     ${behind.length === 0 ? "none" : behind.join(", ")}`);
  return lost + twice + wrong.length + behind.length === 0;
}
