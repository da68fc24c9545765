// npm run soak:takeover -- [rounds]
// How long a shard takes no commands: three servers and three nodes, and in each round a hand-over,
// an owner killed, an owner frozen, a stream's leader killed and a machine lost (owner and server
// frozen). Prints each time as it comes, and the verdict also when it is stopped early.
import { setTimeout as sleep } from "node:timers/promises";
import { checkCluster } from "../../cmd/demo/cluster/checks.ts";
import type { ServeProcess } from "../../cmd/demo/cluster/serve-process.ts";
import { Workload } from "../../cmd/demo/cluster/workload.ts";
import { ClusterWorld } from "../../cmd/demo/cluster/world.ts";
import type { NatsServer } from "../../deploy/tools/nats-site.ts";
import { systemClock } from "../../platform/mod.ts";

interface Victims {
  readonly node: ServeProcess;
  readonly server: NatsServer;
}

interface Fault {
  readonly name: string;
  /** Seconds; what the shards that it concerns may take. */
  readonly goal: number;
  /** Whose shards it concerns: the node's that owns the first, or the server's that leads it. */
  readonly of: readonly ("owner" | "leader")[];
  begin(victims: Victims, world: ClusterWorld): Promise<void> | void;
  end(victims: Victims): Promise<void> | void;
}

const faults: readonly Fault[] = [
  {
    name: "hand-over",
    goal: 0.3,
    of: ["owner"],
    begin: ({ node }, world) => handOver(world, node),
    end: () => {},
  },
  {
    name: "owner killed",
    goal: 2,
    of: ["owner"],
    begin: ({ node }) => node.kill(),
    end: async ({ node }) => {
      node.launch();
      await node.ready();
    },
  },
  {
    name: "owner frozen",
    goal: 10,
    of: ["owner"],
    begin: ({ node }) => node.freeze(),
    end: ({ node }) => node.thaw(),
  },
  {
    name: "stream leader killed",
    goal: 10,
    of: ["leader"],
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.restart(),
  },
  {
    name: "machine lost",
    goal: 10,
    of: ["owner", "leader"],
    begin: ({ node, server }) => {
      node.freeze();
      server.pause();
    },
    end: async ({ node, server }) => {
      server.resume();
      await server.ready();
      node.thaw();
    },
  },
];

const shards = 6;
/** Acknowledged commands of every shard before and after each fault. */
const steady = 8;
const settleMs = 90_000;
/** What a shard may wait that no fault concerns: one that shares two cores with all of this. */
const pauseSecondsMax = 3;

let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopped = true;
    say(`${signal}: ends after this fault; once more ends at once`);
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The first shard goes to another node; commands wait for nothing else. */
async function handOver(world: ClusterWorld, node: ServeProcess): Promise<void> {
  const to = world.nodes.find(({ name }) => name !== node.name)?.name ?? "";
  await world.move(0, to);
}

async function settled(workload: Workload, what: string): Promise<void> {
  if (await workload.progress(steady, settleMs)) return;
  throw new Error(`some shard took no commands within ${settleMs / 1000} s after ${what}`);
}

interface Measured {
  /** Seconds without an acknowledged command, of each shard that the fault concerns. */
  readonly concerned: readonly number[];
  readonly others: readonly number[];
}

async function measure(world: ClusterWorld, workload: Workload, fault: Fault): Promise<Measured> {
  await world.spread();
  await settled(workload, "the spread");
  const owners = await world.owners();
  const streams = await world.site.leaders();
  const leaders = owners.map((_, shard) => streams.get(`EVT_0${shard}`) ?? "");
  const node = world.nodes.find(({ name }) => name === owners[0]);
  if (node === undefined) throw new Error("nobody owns shard 0");
  const victims = { node, server: world.site.server(leaders[0] ?? "") };
  const concerns = (shard: number): boolean => {
    if (fault.name === "hand-over") return shard === 0;
    const byOwner = fault.of.includes("owner") && owners[shard] === owners[0];
    return byOwner || (fault.of.includes("leader") && leaders[shard] === leaders[0]);
  };
  const fromMs = systemClock.monotonicMs();
  await fault.begin(victims, world);
  await settled(workload, fault.name);
  const toMs = systemClock.monotonicMs();
  await fault.end(victims);
  await settled(workload, `the end of ${fault.name}`);
  const gaps = owners.map((_, shard) => workload.longestGap(shard, fromMs, toMs) / 1_000);
  return {
    concerned: gaps.filter((_, shard) => concerns(shard)),
    others: gaps.filter((_, shard) => !concerns(shard)),
  };
}

function figures(seconds: readonly number[]): string {
  const sorted = [...seconds].sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const worst = sorted.at(-1) ?? 0;
  return `median ${median.toFixed(2)} s, worst ${worst.toFixed(2)} s of ${sorted.length}`;
}

/** What was measured, by fault, and the sentences that the run is judged by. */
function judge(all: ReadonlyMap<Fault, Measured[]>): string[] {
  const problems: string[] = [];
  for (const [{ name, goal }, rounds] of all) {
    const concerned = rounds.flatMap((one) => one.concerned);
    const others = rounds.flatMap((one) => one.others);
    say(`${name.padEnd(22)}${figures(concerned)}; target ${goal} s`);
    if (others.length > 0) say(`${"".padEnd(22)}other shards: ${figures(others)}`);
    const late = concerned.filter((seconds) => seconds > goal).length;
    if (late > 0) problems.push(`${name}: ${late} of ${concerned.length} above ${goal} s`);
    const paused = others.filter((seconds) => seconds > pauseSecondsMax).length;
    if (paused > 0) problems.push(`${name}: ${paused} other shards paused`);
  }
  return problems;
}

async function run(rounds: number): Promise<readonly string[]> {
  const world = await ClusterWorld.open({ nodes: 3, shards, tokensPerShard: 2 });
  const all = new Map<Fault, Measured[]>(faults.map((fault) => [fault, []]));
  const problems: string[] = [];
  const workload = new Workload(world);
  try {
    await settled(workload, "the start");
    for (let round = 1; round <= rounds && !stopped; round++) {
      for (const fault of faults) {
        if (stopped) break;
        const measured = await measure(world, workload, fault);
        all.get(fault)?.push(measured);
        const shown = measured.concerned.map((seconds) => seconds.toFixed(2)).join(" ");
        const others = Math.max(0, ...measured.others).toFixed(2);
        say(`round ${round}  ${fault.name.padEnd(22)}${shown} s; others at most ${others} s`);
      }
    }
    await workload.stop();
    const { lostInLog, twice, lostInVaults } = await checkCluster(world, workload.acked);
    const wrong = lostInLog + twice + lostInVaults.length + workload.wrong.length;
    const acked = workload.acked.length;
    const what = `${acked} commands acknowledged, ${lostInLog} lost, ${twice} twice`;
    say(`${what}, ${workload.wrong.length} wrong, ${lostInVaults.length} vaults behind`);
    if (wrong > 0) problems.push("commands were lost, doubled or answered wrongly");
  } catch (error) {
    problems.push((error as Error).message);
  } finally {
    problems.unshift(...judge(all));
    await Promise.race([workload.stop(), sleep(5_000)]);
    await world.close();
  }
  return problems;
}

const problems = await run(Number(process.argv[2] ?? 3));
for (const problem of problems) say(problem);
say(problems.length === 0 ? "verdict: no fault" : `verdict: ${problems.length} faults`);
process.exit(problems.length === 0 ? 0 : 1);
