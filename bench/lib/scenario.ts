// What a scenario is, and what it gets to work with.
import type { LoadPoint } from "../load/open-loop.ts";
import type { BenchVault } from "./bench-vault.ts";
import type { Contender } from "./measure.ts";
import { measure, type Plan } from "./measure.ts";
import { type Row, rowOf, type Unit } from "./row.ts";

/** Latency against the offered rate, for the plots. */
export interface Curve {
  readonly name: string;
  readonly points: readonly LoadPoint[];
}

export interface BenchContext {
  readonly quick: boolean;
  /** Everything, however long it takes. */
  readonly full: boolean;
  /** Tokens of the vault; targets are judged at a million only. */
  readonly tokens: number;
  readonly plan: Plan;
  /** The same for runs at a rate, which take seconds each. */
  readonly loadPlan: Plan;
  /** Least length of a run that loops in memory. */
  readonly runMs: number;
  /** The generated vault, made or opened when first asked for. */
  vault(): Promise<BenchVault>;
  /** Goes into the report beside the rows. */
  keep(curve: Curve): void;
  /** To stderr: what goes on. */
  progress(text: string): void;
}

export interface Scenario {
  readonly name: string;
  readonly group: "micro" | "service" | "load" | "growth";
  /** Part of the set that runs without names, in under ten minutes. */
  readonly usual?: boolean;
  /** One line for `list`. */
  readonly about: string;
  run(context: BenchContext): Promise<Row[]>;
}

/** The size of vault that the targets are stated for. */
export const targetTokens = 1_000_000;

/** Whether targets count in this run. */
export function isJudged(context: BenchContext): boolean {
  return context.tokens >= targetTokens;
}

export interface Comparison {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly subject: Contender;
  readonly baseline: Contender;
  readonly target?: number;
}

/** Measures a subject beside its baseline: one row. */
export async function compare(context: BenchContext, what: Comparison): Promise<Row> {
  const { scenario, metric, unit, subject, baseline } = what;
  const [summary, base] = await measure(context.plan, [subject, baseline]);
  if (summary === undefined || base === undefined) throw new Error("a contender has no figure");
  const judged = isJudged(context) ? (what.target ?? null) : null;
  return rowOf({
    scenario,
    metric,
    unit,
    summary,
    baseline: { name: baseline.name, summary: base },
    target: judged,
  });
}
