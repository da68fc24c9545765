// Where counting happens: plain numbers in one shared block per thread. A thread owns its block, so
// counting is an addition without a lock; the exporter adds the blocks up when it is asked.
import {
  type ClosedLabels,
  cellsPerTuple,
  labelNames,
  type MetricRow,
  tuplesMax,
} from "./metric-row.ts";
import { type MetricKey, type MetricTable, metricTable } from "./metric-table.ts";

type Row<K extends MetricKey> = MetricTable[K];
type KeyOf<Kind extends MetricRow["kind"]> = {
  [K in MetricKey]: Row<K>["kind"] extends Kind ? K : never;
}[MetricKey];
export type CounterKey = KeyOf<"counter">;
export type HistogramKey = KeyOf<"histogram">;
export type GaugeKey = KeyOf<"gauge">;

/** The labels a row takes: each one of its closed values, or any text for open labels. */
export type LabelsOf<K extends MetricKey> =
  Row<K> extends { openLabels: readonly (infer N extends string)[] }
    ? Readonly<Record<N, string>>
    : Row<K> extends { labels: infer L extends ClosedLabels }
      ? { readonly [N in keyof L]: L[N][number] }
      : never;

/** First cell of every row, and the length of a block. */
interface Layout {
  readonly base: ReadonlyMap<MetricKey, number>;
  readonly cells: number;
}

function layOut(): Layout {
  const base = new Map<MetricKey, number>();
  let cells = 0;
  for (const key of Object.keys(metricTable) as MetricKey[]) {
    base.set(key, cells);
    cells += tuplesMax(metricTable[key]) * cellsPerTuple(metricTable[key]);
  }
  return { base, cells };
}

const layout = layOut();

export function firstCell(key: MetricKey): number {
  return layout.base.get(key) ?? 0;
}

export class Counter {
  readonly #cells: Float64Array;
  readonly #at: number;
  constructor(cells: Float64Array, at: number) {
    this.#cells = cells;
    this.#at = at;
  }
  add(count: number): void {
    this.#cells[this.#at] = (this.#cells[this.#at] as number) + count;
  }
}

export class Gauge {
  readonly #cells: Float64Array;
  readonly #at: number;
  constructor(cells: Float64Array, at: number) {
    this.#cells = cells;
    this.#at = at;
  }
  set(value: number): void {
    this.#cells[this.#at] = value;
  }
  add(count: number): void {
    this.#cells[this.#at] = (this.#cells[this.#at] as number) + count;
  }
}

export class Histogram {
  readonly #cells: Float64Array;
  readonly #at: number;
  readonly #bounds: Float64Array;
  constructor(cells: Float64Array, at: number, buckets: readonly number[]) {
    this.#cells = cells;
    this.#at = at;
    this.#bounds = Float64Array.from(buckets);
  }
  /** Counts one value, in the row's unit. Few buckets, so a walk beats a search. */
  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    const cells = this.#cells;
    const at = this.#at + bucket;
    cells[at] = (cells[at] as number) + 1;
    const sum = this.#at + bounds.length + 1;
    cells[sum] = (cells[sum] as number) + value;
  }
}

function closedTuple(row: MetricRow, labels: Readonly<Record<string, string>>): number {
  if ("openLabels" in row) throw new Error(`${row.name}: open labels count on the main thread`);
  let tuple = 0;
  for (const [name, values] of Object.entries(row.labels)) {
    const position = values.indexOf(labels[name] ?? "");
    if (position < 0) throw new Error(`${row.name}: label ${name} has no such value`);
    tuple = tuple * values.length + position;
  }
  return tuple;
}

/** Label values of the combination at `tuple` of a closed row; the reverse of `closedTuple`. */
export function closedLabelsAt(row: MetricRow, tuple: number): Record<string, string> {
  const labels: Record<string, string> = {};
  if ("openLabels" in row) return labels;
  let rest = tuple;
  for (const [name, values] of Object.entries(row.labels).reverse()) {
    labels[name] = values[rest % values.length] ?? "";
    rest = Math.floor(rest / values.length);
  }
  return labels;
}

/** Names of the combinations of open labels that were seen, shared by all users of one exporter. */
export class OpenTuples {
  readonly #seen = new Map<MetricKey, string[][]>();

  /** Position of a combination; the last place of a row is "other", for whatever comes too late. */
  tupleOf(key: MetricKey, labels: Readonly<Record<string, string>>): number {
    const row: MetricRow = metricTable[key];
    const names = labelNames(row);
    const values = names.map((name) => labels[name] ?? "");
    const seen = this.#seen.get(key) ?? [];
    this.#seen.set(key, seen);
    const known = seen.findIndex((other) => other.every((value, i) => value === values[i]));
    if (known >= 0) return known;
    const max = tuplesMax(row);
    if (seen.length < max - 1 || max === 1) return seen.push(values) - 1;
    if (seen.length === max - 1) seen.push(names.map(() => "other"));
    return max - 1;
  }

  labelsAt(key: MetricKey, tuple: number): Record<string, string> | null {
    const values = this.#seen.get(key)?.[tuple];
    if (values === undefined) return null;
    return Object.fromEntries(
      labelNames(metricTable[key]).map((name, i) => [name, values[i] ?? ""]),
    );
  }
}

/**
 * One thread's block. Take the handles once, at start, and keep them: the calls on a handle
 * allocate nothing. `shared` goes to a worker, which attaches to it with `new MetricCells(shared)`.
 */
export class MetricCells {
  readonly shared: SharedArrayBuffer;
  readonly cells: Float64Array;
  readonly #open: OpenTuples | null;

  constructor(shared?: SharedArrayBuffer, open?: OpenTuples) {
    this.shared = shared ?? new SharedArrayBuffer(layout.cells * 8);
    this.cells = new Float64Array(this.shared);
    this.#open = open ?? null;
  }

  counter<K extends CounterKey>(key: K, labels: LabelsOf<K>): Counter {
    return new Counter(this.cells, this.#cellOf(key, labels));
  }

  gauge<K extends GaugeKey>(key: K, labels: LabelsOf<K>): Gauge {
    return new Gauge(this.cells, this.#cellOf(key, labels));
  }

  histogram<K extends HistogramKey>(key: K, labels: LabelsOf<K>): Histogram {
    return new Histogram(this.cells, this.#cellOf(key, labels), metricTable[key].buckets);
  }

  #cellOf(key: MetricKey, labels: Readonly<Record<string, string>>): number {
    const row: MetricRow = metricTable[key];
    const tuple =
      this.#open !== null && "openLabels" in row
        ? this.#open.tupleOf(key, labels)
        : closedTuple(row, labels);
    return firstCell(key) + tuple * cellsPerTuple(row);
  }
}
