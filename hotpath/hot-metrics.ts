// What the pipeline counts, in the cells of its own thread. The handles are taken once; counting
// allocates nothing and takes no lock.
import {
  type Counter,
  type Histogram,
  type MetricCells,
  reasonTable,
  reasonText,
} from "../platform/mod.ts";
import { claim } from "../vault/mod.ts";

/** Stages in the order of the pipeline; the names are the metric's labels. */
export const stageNames = [
  "decode",
  "mac",
  "index",
  "lookup",
  "rules",
  "verify",
  "claim",
  "open",
  "journal",
  "encode",
] as const;

const reasonMax = 10_000;

export class HotMetrics {
  readonly stages: readonly Histogram[];
  readonly batch: Histogram;
  readonly repetitions: Counter;
  readonly failedTags: Counter;
  readonly droppedTags: Counter;
  readonly ignoredPtavs: Counter;
  readonly journalFailures: Counter;
  private readonly outcomes: readonly Counter[];
  private readonly outcomeOf = new Int16Array(reasonMax).fill(-1);
  private readonly claims: (Counter | null)[] = [];

  constructor(cells: MetricCells, place: "inline" | "pool") {
    this.stages = stageNames.map((stage) => cells.histogram("stageSeconds", { stage }));
    this.batch = cells.histogram("batchMessages", { place });
    this.repetitions = cells.counter("repetitions", {});
    this.failedTags = cells.counter("failedTags", {});
    this.droppedTags = cells.counter("answerTagsDropped", {});
    this.ignoredPtavs = cells.counter("mitPtavIgnored", {});
    this.journalFailures = cells.counter("journalFailures", {});
    const counted = [...reasonTable.values()].filter((row) => !row.historyOnly);
    this.outcomes = counted.map((row, place) => {
      this.outcomeOf[row.code] = place;
      return cells.counter("outcomes", { reason: reasonText(row.code) });
    });
    const results = ["new", "repetition", "used", "expired", "failed", "reversed"] as const;
    for (const result of results) {
      const code = claim[result.toUpperCase() as keyof typeof claim];
      this.claims[code] = cells.counter("claims", { result });
    }
  }

  countOutcome(reason: number): void {
    (this.outcomes[this.outcomeOf[reason] as number] as Counter).add(1);
  }

  countClaim(result: number): void {
    (this.claims[result] as Counter).add(1);
  }
}
