// Compares measured ratios with the least that is accepted of them. Ratios are times better than a
// baseline of the same run, so a slow machine moves both; times are never compared.
import type { Row } from "../lib/row.ts";

export interface Bound {
  readonly scenario: string;
  readonly metric: string;
  /** Times better than the row's baseline. */
  readonly atLeast: number;
}

export interface Judged extends Bound {
  /** Null where the run has no such row, or no baseline beside it. */
  readonly ratio: number | null;
  readonly kept: boolean;
}

/** A bound without its row is broken: a bench that vanished watches nothing. */
export function judge(bounds: readonly Bound[], rows: readonly Row[]): Judged[] {
  return bounds.map((bound) => {
    const row = rows.find((r) => r.scenario === bound.scenario && r.metric === bound.metric);
    const ratio = row?.ratio ?? null;
    return { ...bound, ratio, kept: ratio !== null && ratio >= bound.atLeast };
  });
}

export function renderJudged(judged: readonly Judged[]): string {
  const lines = judged.map(({ scenario, metric, ratio, atLeast, kept }) => {
    const figure = ratio === null ? "missing" : ratio.toFixed(2);
    const least = String(atLeast).padEnd(5);
    return `${kept ? "ok  " : "LOW "} ${figure.padStart(8)} >= ${least} ${scenario}: ${metric}\n`;
  });
  return lines.join("");
}
