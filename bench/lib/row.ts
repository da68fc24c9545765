// One line of a report: what was measured, how it spread, against what, and whether it was enough.
import type { Summary } from "./statistics.ts";

/** A rate (more is better) or a time or size (less is better); the unit says which. */
export type Unit =
  | "µs"
  | "ms"
  | "s"
  | "B"
  | "MiB"
  | "messages/s"
  | "calls/s"
  | "tokens/s"
  | "commands/s"
  | "events/s"
  | "appends/s"
  | "records/s"
  | "messages/core-hour";

export interface Row {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
  /** What the same machine did in the same minutes with less to do; null where there is nothing. */
  readonly baseline: { readonly name: string; readonly median: number } | null;
  /** Times better than the baseline, for times and rates alike: above 1 is better. */
  readonly ratio: number | null;
  readonly target: number | null;
  readonly met: boolean | null;
}

export interface RowInput {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly summary: Summary;
  readonly baseline?: { readonly name: string; readonly summary: Summary };
  readonly target?: number | null;
}

export function isRate(unit: Unit): boolean {
  return unit.includes("/");
}

/** Fills in ratio and verdict. */
export function rowOf(input: RowInput): Row {
  const { scenario, metric, unit, summary, baseline, target = null } = input;
  const { median } = summary;
  const base = baseline === undefined ? null : baseline.summary.median;
  return {
    scenario,
    metric,
    unit,
    ...summary,
    baseline: baseline === undefined ? null : { name: baseline.name, median: base as number },
    ratio: base === null ? null : isRate(unit) ? median / base : base / median,
    target,
    met: target === null ? null : isRate(unit) ? median >= target : median <= target,
  };
}

/** True where every row that has a target met it. */
export function allMet(rows: readonly Row[]): boolean {
  return rows.every((row) => row.met !== false);
}
