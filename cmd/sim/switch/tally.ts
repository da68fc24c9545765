// What came of the traffic: outcomes by kind, what was wrong, and latency from the intended start.
import { build, type Histogram } from "hdr-histogram-js";

export interface OutcomeRow {
  readonly scenario: string;
  sent: number;
  right: number;
  wrong: number;
  unanswered: number;
  /** DE39 and reason of a right answer, as text. */
  answer: string;
}

export interface LatencySummary {
  readonly count: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
}

/** Examples of wrong answers that are kept; the counters have them all. */
const examplesMax = 20;
const latencyMaxUs = 60_000_000;

export class Tally {
  readonly rows = new Map<string, OutcomeRow>();
  /** "scenario: fault" of the first wrong answers, without a value of a message. */
  readonly examples: string[] = [];
  /** Scenarios that could not be played and were replaced by good payments. */
  readonly replaced = new Map<string, number>();
  readonly #latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: latencyMaxUs,
    numberOfSignificantValueDigits: 3,
  });

  row(scenario: string): OutcomeRow {
    let row = this.rows.get(scenario);
    if (row === undefined) {
      row = { scenario, sent: 0, right: 0, wrong: 0, unanswered: 0, answer: "" };
      this.rows.set(scenario, row);
    }
    return row;
  }

  wrong(scenario: string, faults: readonly string[]): void {
    this.row(scenario).wrong += 1;
    if (this.examples.length < examplesMax) {
      this.examples.push(`${scenario}: ${faults.join("; ")}`);
    }
  }

  replace(scenario: string): void {
    this.replaced.set(scenario, (this.replaced.get(scenario) ?? 0) + 1);
  }

  latency(fromMs: number, toMs: number): void {
    const us = Math.round((toMs - fromMs) * 1_000);
    this.#latency.recordValue(Math.min(latencyMaxUs, Math.max(1, us)));
  }

  total(what: "sent" | "right" | "wrong" | "unanswered"): number {
    let sum = 0;
    for (const row of this.rows.values()) sum += row[what];
    return sum;
  }

  summary(): LatencySummary {
    const h = this.#latency;
    return {
      count: h.totalCount,
      p50Us: h.getValueAtPercentile(50),
      p90Us: h.getValueAtPercentile(90),
      p99Us: h.getValueAtPercentile(99),
      p999Us: h.getValueAtPercentile(99.9),
      maxUs: h.maxValue,
    };
  }
}
