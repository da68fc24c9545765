// One run: a world, its nodes and callers, faults for a while, then peace, and the verdict.
import { MemoryPlace } from "../../actors/log/memory.ts";
import { bugNamed } from "./bugs.ts";
import { Client } from "./clients.ts";
import { judge } from "./oracles.ts";
import { faultNames, type Plan } from "./plan.ts";
import { SimNode } from "./sim-node.ts";
import { World } from "./world.ts";

export interface Verdict {
  readonly plan: Plan;
  readonly faults: readonly string[];
  readonly trace: readonly string[];
  /** Commands that were answered, records that the log holds, lives of the nodes. */
  readonly commands: number;
  readonly records: number;
  readonly lives: number;
}

/** Faults go on for so long at most. */
const stormMs = 20_000;
/** In peace everybody is served, and all nodes are equal, within so long. */
const peaceMs = 60_000;
/** What a node put off while it stood still comes when its pause would have ended. */
const quietMs = 6_000;

export async function runPlan(plan: Plan): Promise<Verdict> {
  const bug = bugNamed(plan.bug);
  if (plan.bug !== undefined && bug === undefined) throw new Error(`no bug ${plan.bug}`);
  const undo = bug?.plant?.();
  try {
    const world = new World(plan.seed);
    const place = new MemoryPlace();
    const names = Array.from({ length: plan.nodes }, (_, i) => String.fromCharCode(97 + i));
    const nodes = names.map((name) => new SimNode(name, world, place, plan, bug));
    const clients = Array.from({ length: plan.clients }, (_, i) => {
      return new Client(i, world, nodes, plan);
    });
    const storm = startStorm(world, nodes, plan);
    const served = () => clients.every((client) => client.done);
    await world.run(stormMs, served);
    storm.end();
    for (const node of nodes) node.heal();
    // Liveness: new commands are served too, not only those that were under way.
    for (const client of clients) client.goOn(2);
    const peaceUntilMs = world.nowMs + peaceMs;
    await world.run(peaceUntilMs, served);
    const faults = served() ? [] : ["liveness: commands are not answered in peace"];
    await world.run(world.nowMs + quietMs);
    faults.push(...lagging(plan, place, nodes), ...judge(plan, place, nodes, clients));
    return {
      plan,
      faults: [...new Set(faults)],
      trace: world.trace,
      commands: clients.reduce((sum, client) => sum + client.told.length, 0),
      records: recordsOf(plan, place),
      lives: nodes.reduce((sum, node) => sum + node.lives, 0),
    };
  } finally {
    undo?.();
  }
}

/** Nodes whose projection does not stand at the log's end. */
function lagging(plan: Plan, place: MemoryPlace, nodes: readonly SimNode[]): string[] {
  return nodes.flatMap((node) =>
    (node.runtime?.shards ?? []).flatMap(({ shard, cursor }) => {
      const end = place.stream("evt", shard).records.length;
      if (cursor.seq === end || shard >= plan.shards) return [];
      return [`lag: ${node.name} shard ${shard} stands at ${cursor.seq} of ${end}`];
    }),
  );
}

function recordsOf(plan: Plan, place: MemoryPlace): number {
  let records = 0;
  for (let shard = 0; shard < plan.shards; shard++) {
    records += place.stream("evt", shard).records.length;
  }
  return records;
}

/** Who owns what, in place of a lease: hints that may be wrong; and what else befalls nodes. */
function startStorm(world: World, nodes: readonly SimNode[], plan: Plan): { end(): void } {
  const { dice } = world;
  let raging = true;
  const has = (fault: (typeof faultNames)[number]) => raging && plan.faults.includes(fault);
  const unowned = (shard: number) =>
    nodes.every((node) => {
      const state = node.runtime?.shards[shard]?.state;
      return state === undefined || state === "FOLLOW" || state === "PARKED";
    });
  const watch = () => {
    for (let shard = 0; shard < plan.shards; shard++) {
      if (unowned(shard)) dice.pick(nodes).acquire(shard);
    }
    world.after(dice.between(40, 200), watch);
  };
  const befall = () => {
    const node = dice.pick(nodes);
    const roll = dice.below(4);
    if (roll === 0 && has("takeover")) node.acquire(dice.below(plan.shards));
    if (roll === 1 && has("pause")) node.pause(dice.between(50, 4_000));
    if (roll === 2 && has("clock")) node.stepClock(dice.between(-3_600_000, 3_600_000));
    if (roll === 3 && has("takeover")) node.drain(dice.below(plan.shards), dice.pick(nodes).name);
    if (has("crash") && dice.chance(0.15)) node.crash();
    if (raging) world.after(dice.between(50, 900), befall);
  };
  world.after(0, watch);
  world.after(dice.between(50, 900), befall);
  return {
    end: () => {
      raging = false;
    },
  };
}

/** The smallest plan that still fails: fewer faults, fewer callers, fewer commands. */
export async function shrink(failing: Verdict): Promise<Verdict> {
  let best = failing;
  const tryPlan = async (plan: Plan): Promise<boolean> => {
    const verdict = await runPlan(plan);
    if (verdict.faults.length > 0) best = verdict;
    return verdict.faults.length > 0;
  };
  for (const fault of faultNames) {
    const faults = best.plan.faults.filter((name) => name !== fault);
    if (faults.length < best.plan.faults.length) await tryPlan({ ...best.plan, faults });
  }
  for (const size of ["clients", "commands"] as const) {
    while (best.plan[size] > 1) {
      const smaller = Math.floor(best.plan[size] / 2);
      if (!(await tryPlan({ ...best.plan, [size]: smaller }))) break;
    }
  }
  return best;
}
