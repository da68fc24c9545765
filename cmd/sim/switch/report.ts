// The result of a run as a table for people and as one document for machines.
import type { SwitchClientStats } from "../switch-client.ts";
import type { ReversalsReport } from "./reversals.ts";
import type { TrafficResult } from "./run.ts";
import type { LatencySummary, OutcomeRow } from "./tally.ts";

export interface TrafficReport {
  readonly ok: boolean;
  readonly sent: number;
  readonly right: number;
  readonly wrong: number;
  readonly unanswered: number;
  readonly seconds: number;
  readonly ratePerSecond: number;
  readonly lateStarts: number;
  readonly latency: LatencySummary;
  readonly outcomes: readonly OutcomeRow[];
  /** Kinds that could not be played, and how often a good payment went instead. */
  readonly replaced: Readonly<Record<string, number>>;
  readonly examples: readonly string[];
  readonly client: SwitchClientStats;
  /** Store and forward, where it was asked for. */
  readonly reversals?: ReversalsReport;
}

export function reportOf(
  result: TrafficResult,
  client: SwitchClientStats,
  reversals?: ReversalsReport,
): TrafficReport {
  const { tally, elapsedMs } = result;
  const sent = tally.total("sent");
  const wrong = tally.total("wrong");
  const unanswered = tally.total("unanswered");
  return {
    ok: wrong + unanswered + client.late + client.unreadable + client.lost === 0,
    sent,
    right: tally.total("right"),
    wrong,
    unanswered,
    seconds: elapsedMs / 1_000,
    ratePerSecond: elapsedMs > 0 ? Math.round((sent * 1_000) / elapsedMs) : 0,
    lateStarts: result.lateStarts,
    latency: tally.summary(),
    outcomes: [...tally.rows.values()].sort((a, b) => b.sent - a.sent),
    replaced: Object.fromEntries(tally.replaced),
    examples: tally.examples,
    client,
    ...(reversals === undefined ? {} : { reversals }),
  };
}

const columns = ["traffic", "sent", "right", "wrong", "no answer", "DE39 reason"] as const;

/** Lines for a terminal. */
export function reportLines(report: TrafficReport): string[] {
  const rows = report.outcomes.map((row) => [
    row.scenario,
    String(row.sent),
    String(row.right),
    String(row.wrong),
    String(row.unanswered),
    row.answer,
  ]);
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((r) => r[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const lines = [line(columns), ...rows.map(line), ""];
  lines.push(
    `${report.sent} messages in ${report.seconds.toFixed(1)} s, ${report.ratePerSecond}/s, ` +
      `${report.wrong} wrong, ${report.unanswered} without answer`,
  );
  lines.push(latencyLine(report.latency));
  const { reversals } = report;
  if (reversals !== undefined) {
    lines.push(
      `reversals: ${reversals.sent} sent, ${reversals.repeated} repeated, ` +
        `${reversals.arrived} arrived, ${reversals.depth} waiting (${reversals.parked} put aside)`,
    );
  }
  if (report.lateStarts > 0) {
    lines.push(`${report.lateStarts} messages left more than 100 ms after their time`);
  }
  for (const [name, count] of Object.entries(report.replaced)) {
    lines.push(`${name}: could not be played ${count} times, a good payment went instead`);
  }
  return [...lines, ...report.examples.map((example) => `wrong: ${example}`)];
}

/** Latency from the intended start to the answer. */
export function latencyLine(latency: LatencySummary): string {
  const ms = (us: number): string => (us / 1_000).toFixed(2);
  return (
    `latency ms: p50 ${ms(latency.p50Us)}, p90 ${ms(latency.p90Us)}, p99 ${ms(latency.p99Us)}, ` +
    `p99.9 ${ms(latency.p999Us)}, max ${ms(latency.maxUs)}`
  );
}
