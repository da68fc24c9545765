// What one row of the metric table says, and what can be computed from it.

/** A closed set of values; the product of a row's sets is its number of series. */
export type ClosedLabels = Readonly<Record<string, readonly string[]>>;

interface RowBase {
  readonly name: string;
  readonly help: string;
  readonly unit: "seconds" | "bytes" | "ratio" | "messages" | "events" | "rows" | "items" | "info";
}

/** Every combination of label values has its place from the start; any thread may count. */
interface ClosedRow {
  readonly labels: ClosedLabels;
}

/** Label values come from configuration; combinations above the limit count as "other". */
interface OpenRow {
  readonly openLabels: readonly string[];
  readonly seriesMax: number;
}

export type CounterRow = RowBase & { readonly kind: "counter" } & (ClosedRow | OpenRow);
export type HistogramRow = RowBase & {
  readonly kind: "histogram";
  /** Upper bounds in the row's unit, ascending; +Inf is implied. */
  readonly buckets: readonly number[];
} & (ClosedRow | OpenRow);
export type GaugeRow = RowBase & {
  readonly kind: "gauge";
  /** How the values of several threads become one. */
  readonly merge: "sum" | "max";
} & (ClosedRow | OpenRow);

export type MetricRow = CounterRow | HistogramRow | GaugeRow;

export function labelNames(row: MetricRow): readonly string[] {
  return "openLabels" in row ? row.openLabels : Object.keys(row.labels);
}

/** Combinations of label values that a row can have. */
export function tuplesMax(row: MetricRow): number {
  if ("openLabels" in row) return row.seriesMax;
  let count = 1;
  for (const values of Object.values(row.labels)) count *= values.length;
  return count;
}

/** Numbers kept for one combination: a histogram has its buckets, +Inf and the sum. */
export function cellsPerTuple(row: MetricRow): number {
  return row.kind === "histogram" ? row.buckets.length + 2 : 1;
}

/** Time series that Prometheus sees at most: a histogram adds +Inf, _sum and _count. */
export function seriesMax(row: MetricRow): number {
  const each = row.kind === "histogram" ? row.buckets.length + 3 : 1;
  return tuplesMax(row) * each;
}

/** `count` bounds, each `factor` times the one before. */
export function exponential(first: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((first * factor ** i).toPrecision(6)));
}
