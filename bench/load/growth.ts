// How the session's most grows: with tokens, connections, messages a frame, and processes.
import { type BenchVault, obtainVault } from "../lib/bench-vault.ts";
import { measure } from "../lib/measure.ts";
import { type Row, rowOf } from "../lib/row.ts";
import type { BenchContext, Scenario } from "../lib/scenario.ts";
import { TestBed } from "./test-bed.ts";

const usualBatch = 64;
const usualConnections = 2;

const tokenCounts = [10_000, 100_000, 1_000_000, 10_000_000] as const;
const tokenCountsQuick = [10_000, 100_000] as const;
const connectionCounts = [1, 4, 16, 64, 256] as const;
const batchSizes = [1, 4, 16, 64, 256] as const;

interface Step {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** Steps in turns; the first one is the baseline of the others. */
async function rowsOf(context: BenchContext, scenario: string, steps: readonly Step[]) {
  const summaries = await measure(context.loadPlan, steps);
  const [first] = summaries;
  if (first === undefined) throw new Error("there is nothing to compare");
  return summaries.map((summary, i): Row => {
    const metric = (steps[i] as Step).name;
    const row = { scenario, metric, unit: "messages/s", summary } as const;
    const name = (steps[0] as Step).name;
    return rowOf(i === 0 ? row : { ...row, baseline: { name, summary: first } });
  });
}

async function withBeds<T>(
  vaults: readonly BenchVault[],
  work: (beds: readonly TestBed[]) => Promise<T>,
  sameFolder = false,
): Promise<T> {
  const beds: TestBed[] = [];
  try {
    for (const vault of vaults) {
      beds.push(await TestBed.open("session", vault, sameFolder ? beds[0] : undefined));
    }
    return await work(beds);
  } finally {
    for (const bed of beds.reverse()) await bed.close();
  }
}

const usual = { batch: usualBatch, connections: usualConnections } as const;

async function tokens(context: BenchContext): Promise<Row[]> {
  const counts = context.quick ? tokenCountsQuick : tokenCounts;
  const vaults: BenchVault[] = [];
  for (const count of counts) vaults.push(await obtainVault(count, context.progress));
  return withBeds(vaults, (beds) =>
    rowsOf(
      context,
      "growth-tokens",
      beds.map((bed, i) => ({
        name: `${counts[i]?.toLocaleString("en-US")} tokens`,
        run: () => bed.saturate("service", usual),
      })),
    ),
  );
}

async function shapes(
  context: BenchContext,
  scenario: string,
  steps: readonly { readonly name: string; readonly batch: number; readonly connections: number }[],
): Promise<Row[]> {
  return withBeds([await context.vault()], ([bed]) =>
    rowsOf(
      context,
      scenario,
      steps.map(({ name, batch, connections }) => ({
        name,
        run: () => (bed as TestBed).saturate("service", { batch, connections }),
      })),
    ),
  );
}

function connections(context: BenchContext): Promise<Row[]> {
  const steps = connectionCounts.map((count) => ({
    name: `${count} connections`,
    batch: usualBatch,
    connections: count,
  }));
  return shapes(context, "growth-connections", steps);
}

function batches(context: BenchContext): Promise<Row[]> {
  const steps = batchSizes.map((batch) => ({
    name: `frames of ${batch}`,
    batch,
    connections: usualConnections,
  }));
  return shapes(context, "growth-batch", steps);
}

/** Two processes of one vault, each with a generator of its own: their sum beside one alone. */
async function processes(context: BenchContext): Promise<Row[]> {
  const vault = await context.vault();
  const work = async (beds: readonly TestBed[]) => {
    const together = async () => {
      const rates = await Promise.all(beds.map((bed) => bed.saturate("service", usual)));
      return rates.reduce((sum, rate) => sum + rate, 0);
    };
    return rowsOf(context, "growth-processes", [
      { name: "1 process", run: () => (beds[0] as TestBed).saturate("service", usual) },
      { name: "2 processes, one vault, in all", run: together },
    ]);
  };
  return withBeds([vault, vault], work, true);
}

export const growthScenarios: readonly Scenario[] = [
  {
    name: "growth-tokens",
    group: "growth",
    about: "the session's most over 10 thousand to 10 million tokens",
    run: tokens,
  },
  {
    name: "growth-connections",
    group: "growth",
    about: "the session's most over 1 to 256 connections",
    run: connections,
  },
  {
    name: "growth-batch",
    group: "growth",
    about: "the session's most in frames of 1 to 256",
    run: batches,
  },
  {
    name: "growth-processes",
    group: "growth",
    about: "one and two processes of the service over one vault",
    run: processes,
  },
];
