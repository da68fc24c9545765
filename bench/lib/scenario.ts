// What a scenario is, and what it gets to work with.
import type { BenchVault } from "./bench-vault.ts";
import type { Contender } from "./measure.ts";
import { measure, type Plan } from "./measure.ts";
import { type Row, rowOf, type Unit } from "./row.ts";

export interface BenchContext {
  readonly quick: boolean;
  /** Tokens of the vault; targets are judged at a million only. */
  readonly tokens: number;
  readonly plan: Plan;
  /** Least length of a run that loops in memory. */
  readonly runMs: number;
  /** The generated vault, made or opened when first asked for. */
  vault(): Promise<BenchVault>;
  /** To stderr: what goes on. */
  progress(text: string): void;
}

export interface Scenario {
  readonly name: string;
  readonly group: "micro" | "service";
  /** One line for `list`. */
  readonly about: string;
  run(context: BenchContext): Promise<Row[]>;
}

/** The size of vault that the targets are stated for. */
export const targetTokens = 1_000_000;

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
  const judged = context.tokens >= targetTokens ? (what.target ?? null) : null;
  return rowOf({
    scenario,
    metric,
    unit,
    summary,
    baseline: { name: baseline.name, summary: base },
    target: judged,
  });
}
