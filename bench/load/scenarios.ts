// Runs at a rate: where the knee of each door is, how long a payment waits below it, and what a
// long run allocates.

import { measure } from "../lib/measure.ts";
import { type Row, rowOf } from "../lib/row.ts";
import { type BenchContext, isJudged, type Scenario } from "../lib/scenario.ts";
import { summarise } from "../lib/statistics.ts";
import { mebibyte, residentTargetMiB } from "../service/cost.ts";
import { findKnee, type Length, type Probe } from "./knee.ts";
import type { Percentiles } from "./latency.ts";
import type { LoadPoint } from "./open-loop.ts";
import { type RunShape, type Target, TestBed } from "./test-bed.ts";
import type { Door } from "./wire.ts";

interface DoorShape {
  readonly door: Door;
  readonly batch: number;
  readonly connections: number;
}

const sessionShape: DoorShape = { door: "session", batch: 64, connections: 2 };
const isoShape: DoorShape = { door: "iso", batch: 16, connections: 4 };
const isoMacShape: DoorShape = { ...isoShape, door: "iso-mac" };
const unaryShape: DoorShape = { door: "unary", batch: 1, connections: 4 };

/** A quiet service: the part of its knee at which latency is judged. */
const quietPart = 0.3;
const quietP99Ms = 2;

/** Of the knee, for the plot; with --full dense where the line bends, and beyond it. */
const curveParts = [0.1, 0.6, 0.9] as const;
const curvePartsFull = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05] as const;

/** The saturated rate is more than the knee: from here the search begins. */
const guessPart = 0.7;

function secondsOf(context: BenchContext, length: Length): number {
  if (length === "short") return context.quick ? 2 : 3;
  return context.quick ? 5 : 30;
}

function probeOf(point: LoadPoint): LoadPoint & Probe {
  const lost = point.refused + point.unanswered + point.wrong;
  return { ...point, lost, p99: point.latency.p99 };
}

function told({ offered, achieved, latency, late, starved }: LoadPoint): string {
  const rate = (value: number) => Math.round(value).toLocaleString("en-US");
  return (
    `${rate(offered)}/s: ${rate(achieved)}/s, p50 ${latency.p50.toFixed(2)}, ` +
    `p99 ${latency.p99.toFixed(2)}, p99.9 ${latency.p999.toFixed(2)} ms ` +
    `(left late p99 ${late.p99.toFixed(2)} ms${starved > 0 ? `, ${starved} made too late` : ""})`
  );
}

async function withBed<T>(
  context: BenchContext,
  door: Door,
  work: (bed: TestBed) => Promise<T>,
): Promise<T> {
  const bed = await TestBed.open(door, await context.vault());
  try {
    return await work(bed);
  } finally {
    await bed.close();
  }
}

async function knee(context: BenchContext, shape: DoorShape): Promise<Row[]> {
  return withBed(context, shape.door, async (bed) => {
    const scenario = `knee-${shape.door}`;
    const run = async (target: Target, rate: number, seconds: number) => {
      const { point } = await bed.run(target, { ...shape, rate, seconds });
      context.progress(`${scenario}: ${target} at ${told(point)}`);
      return point;
    };
    // The first run also warms both sides up.
    await bed.saturate("service", shape);
    const saturated = await bed.saturate("service", shape);
    const probe = async (rate: number, length: Length) =>
      probeOf(await run("service", rate, secondsOf(context, length)));
    const found = await findKnee(saturated * guessPart, probe, context.full);
    if (found === null) throw new Error("not even a low rate is carried: is the machine busy?");
    const rows = [
      rowOf({
        scenario,
        metric: `carried: 99.9 % answered, p99 ≤ 10 ms, ${Math.round(found.seconds)} s`,
        unit: "messages/s",
        summary: summarise([found.offered]),
        baseline: { name: "most that comes back", summary: summarise([saturated]) },
      }),
      ...(await quietRows(context, shape, found.offered, run)),
    ];
    await keepCurves(context, shape, found, run);
    return rows;
  });
}

type Run = (target: Target, rate: number, seconds: number) => Promise<LoadPoint>;

/** Latency at a part of the knee, service and echo in turns. */
async function quietRows(
  context: BenchContext,
  shape: DoorShape,
  kneeRate: number,
  run: Run,
): Promise<Row[]> {
  const rate = kneeRate * quietPart;
  const seen: Record<Target, Percentiles[]> = { service: [], echo: [] };
  const contender = (target: Target) => ({
    name: target,
    run: async () => {
      const { latency } = await run(target, rate, context.full ? 30 : 4);
      seen[target].push(latency);
      return latency.p99;
    },
  });
  await measure(context.loadPlan, [contender("service"), contender("echo")]);
  const target = shape.door === "session" && isJudged(context) ? quietP99Ms : null;
  const at = `at 30 % of the knee, ${Math.round(rate).toLocaleString("en-US")}/s`;
  const row = (name: "p50" | "p99" | "p999", label: string, limit: number | null) => {
    const of = (who: Target) =>
      summarise(seen[who].slice(-context.loadPlan.runs).map((one) => one[name]));
    return rowOf({
      scenario: `knee-${shape.door}`,
      metric: `${label} ${at}`,
      unit: "ms",
      summary: of("service"),
      baseline: { name: "echo at the same rate", summary: of("echo") },
      target: limit,
    });
  };
  return [row("p50", "p50", null), row("p99", "p99", target), row("p999", "p99.9", null)];
}

/** Latency up to the knee; the run that decided it is the service's last point. */
async function keepCurves(
  context: BenchContext,
  { door }: DoorShape,
  found: LoadPoint,
  run: Run,
): Promise<void> {
  if (context.quick) return;
  const { full } = context;
  const parts = full ? curvePartsFull : curveParts;
  for (const target of ["service", "echo"] as const) {
    const points: LoadPoint[] = [];
    for (const part of parts) points.push(await run(target, found.offered * part, full ? 15 : 3));
    if (!full && target === "service") points.push(found);
    context.keep({ name: `${door}, ${target}`, points });
  }
}

/** The echo's rate that unary calls must reach, and what they may add to its p99. */
const unaryOfEcho = 0.9;
const unaryAddedMs = 1;

async function unary(context: BenchContext): Promise<Row[]> {
  return withBed(context, "unary", async (bed) => {
    const shape = unaryShape;
    const [served, echoed] = await measure(context.loadPlan, [
      { name: "service", run: () => bed.saturate("service", shape) },
      { name: "echo", run: () => bed.saturate("echo", shape) },
    ]);
    if (served === undefined || echoed === undefined) throw new Error("a contender has no figure");
    const rate = served.median / 2;
    const p99 = async (target: Target) => {
      const { point } = await bed.run(target, { ...shape, rate, seconds: context.quick ? 2 : 3 });
      context.progress(`unary: ${target} at ${told(point)}`);
      return point.latency.p99;
    };
    const [waited, echoWaited] = await measure(context.loadPlan, [
      { name: "service", run: () => p99("service") },
      { name: "echo", run: () => p99("echo") },
    ]);
    if (waited === undefined || echoWaited === undefined) throw new Error("no figure");
    const judged = isJudged(context);
    return [
      rowOf({
        scenario: "unary",
        metric: `verified, ${shape.connections} connections`,
        unit: "messages/s",
        summary: served,
        baseline: { name: "echo of the same calls", summary: echoed },
        target: judged ? echoed.median * unaryOfEcho : null,
      }),
      rowOf({
        scenario: "unary",
        metric: "p99 at half of that rate",
        unit: "ms",
        summary: waited,
        baseline: { name: "echo at the same rate", summary: echoWaited },
        target: judged ? echoWaited.median + unaryAddedMs : null,
      }),
    ];
  });
}

/** Bytes a message that the steady state may allocate, all threads together. */
const allocatedTargetBytes = 200;
const steadyPart = 0.5;

/** What a message allocates once everything has settled, and the memory held meanwhile. */
async function allocation(context: BenchContext): Promise<Row[]> {
  return withBed(context, "session", async (bed) => {
    const rate = (await bed.saturate("service", sessionShape)) * steadyPart;
    const shape: RunShape = { ...sessionShape, rate, seconds: context.quick ? 10 : 60 };
    context.progress(`allocation: warm-up and run of ${shape.seconds} s each`);
    await bed.run("service", shape);
    let before = bed.usage();
    const begin = () => {
      before = bed.usage();
    };
    const { point } = await bed.run("service", shape, { begin });
    const [first, last] = [await before, await bed.usage()];
    const messages = point.achieved * point.seconds;
    const bytes = (last.allocatedBytes - first.allocatedBytes) / messages;
    const mainBytes = (last.mainAllocatedBytes - first.mainAllocatedBytes) / messages;
    const judged = isJudged(context);
    const row = { scenario: "allocation", unit: "MiB" } as const;
    return [
      rowOf({
        ...row,
        metric: `allocated a message at ${Math.round(point.offered).toLocaleString("en-US")}/s`,
        unit: "B",
        summary: summarise([bytes]),
        target: judged ? allocatedTargetBytes : null,
      }),
      rowOf({
        ...row,
        metric: "of it by the main thread: doors and pipeline",
        unit: "B",
        summary: summarise([mainBytes]),
      }),
      rowOf({
        ...row,
        metric: "own memory under load (RssAnon and RssShmem)",
        summary: summarise([last.residentBytes / mebibyte]),
        target: judged ? residentTargetMiB : null,
      }),
      rowOf({
        ...row,
        metric: "heaps and external memory at the end",
        summary: summarise([last.heapBytes / mebibyte]),
        baseline: { name: "at the beginning", summary: summarise([first.heapBytes / mebibyte]) },
      }),
    ];
  });
}

function kneeScenario(shape: DoorShape, usual: boolean, what: string): Scenario {
  return {
    name: `knee-${shape.door}`,
    group: "load",
    usual,
    about: `${what}: the highest rate carried, and latency below it, beside an echo`,
    run: (context) => knee(context, shape),
  };
}

export const loadScenarios: readonly Scenario[] = [
  {
    name: "unary",
    group: "load",
    usual: true,
    about: "unary gRPC calls: rate, and p99 at half of it, beside an echo of the same calls",
    run: unary,
  },
  kneeScenario(sessionShape, true, "gRPC session"),
  kneeScenario(isoShape, false, "ISO 8583, 4 connections"),
  kneeScenario(isoMacShape, false, "the same with DE128"),
  kneeScenario(unaryShape, false, "unary calls"),
  {
    name: "allocation",
    group: "load",
    about: "bytes allocated a message in the steady state of the session, and memory held",
    run: allocation,
  },
];
