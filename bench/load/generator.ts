// The generator's process: takes orders from its parent and runs them one after the other.
import { setTimeout as pause } from "node:timers/promises";
import { macPeerName, openBenchVault } from "../lib/bench-vault.ts";
import { IsoLane } from "./iso-lane.ts";
import { type LoadMetrics, serveMetrics } from "./load-metrics.ts";
import type { FromGenerator, LoadOrder, LoadResult } from "./load-order.ts";
import { type Lane, OpenLoop, realTurns } from "./open-loop.ts";
import { Schedule } from "./schedule.ts";
import { SessionLane } from "./session-lane.ts";
import { Supply } from "./supply.ts";
import { UnaryLane } from "./unary-lane.ts";

/** Payments that wait in memory, made before the clock runs where the run is short enough. */
const aheadBytes = 1_536 * 2 ** 20;
const messageBytes = 260;
const aheadMin = 3;

/** Generous: what is made too early is a little older when it leaves, which nobody minds. */
const makeUs = { session: 4, iso: 5, "iso-mac": 8, unary: 40 } as const;

type OpenLane = Lane & { close(): void };

function tell(told: FromGenerator): void {
  process.send?.(told);
}

async function openLanes(order: LoadOrder, loop: OpenLoop): Promise<OpenLane[]> {
  const { door, address, isoPort: port, echo: inOrder } = order;
  const vault = await openBenchVault(order.vaultDir);
  const macKey = door === "iso-mac" ? vault.ring.active("mac", macPeerName).bytes : null;
  const open = (): Promise<OpenLane> => {
    if (door === "session") return SessionLane.open(address, loop);
    if (door === "unary") return UnaryLane.open(address, loop);
    return IsoLane.open({ port, macKey, inOrder }, loop);
  };
  const lanes: OpenLane[] = [];
  for (let i = 0; i < order.connections; i++) lanes.push(await open());
  return lanes;
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const schedule = new Schedule(order);
  const { perSecond } = schedule;
  const blocks = Math.ceil(schedule.count / perSecond);
  const ahead = Math.max(
    aheadMin,
    Math.min(blocks, Math.floor(aheadBytes / perSecond / messageBytes)),
  );
  const makeSeconds = (Math.min(ahead, blocks) * perSecond * makeUs[order.door]) / 1e6;
  const firstSecond = Math.ceil(Date.now() / 1_000 + makeSeconds) + 1;
  const { door, vaultDir } = order;
  const supply = new Supply({
    vaultDir,
    door,
    withBad: !order.echo,
    perSecond,
    firstSecond,
    blocks,
    ahead: Math.min(ahead, blocks),
  });
  const loop = new OpenLoop();
  const metrics: LoadMetrics | null =
    order.metricsPort === null ? null : await serveMetrics(order.metricsPort, loop, door);
  const lanes = await openLanes(order, loop);
  try {
    await supply.ready(Math.min(ahead, blocks));
    await pause(Math.max(0, firstSecond * 1_000 - Date.now()));
    return await measured(order, loop, schedule, supply, lanes);
  } finally {
    for (const lane of lanes) lane.close();
    metrics?.close();
    await supply.close();
  }
}

async function measured(
  order: LoadOrder,
  loop: OpenLoop,
  schedule: Schedule,
  supply: Supply,
  lanes: readonly OpenLane[],
): Promise<LoadResult> {
  const { graceMs } = order;
  const before = process.cpuUsage();
  let number = 0;
  const begin = setTimeout(() => tell({ kind: "begin" }), order.warmUpSeconds * 1_000);
  const timer = setInterval(() => {
    const { right, wrong, refused } = loop.tally;
    const latency = loop.interval.percentiles();
    loop.interval.reset();
    tell({ kind: "tick", tick: { number: number++, answered: right, wrong, refused, latency } });
  }, order.tickSeconds * 1_000);
  try {
    const point = await loop.run({ schedule, source: supply, lanes, turns: realTurns, graceMs });
    const { user, system } = process.cpuUsage(before);
    return { point, cpuSeconds: (user + system) / 1e6 };
  } finally {
    clearTimeout(begin);
    clearInterval(timer);
  }
}

process.on("message", (order) => {
  run(order as LoadOrder).then(
    (result) => tell({ kind: "result", result }),
    (error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tell({ kind: "failed", text });
    },
  );
});
process.on("disconnect", () => process.exit(0));
