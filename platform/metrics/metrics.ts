// The exporter: adds up the blocks of all threads and writes Prometheus text. This is the one file
// that knows the metrics library.
import { collectDefaultMetrics, type Metric, Registry } from "prom-client";
import {
  type Counter,
  type CounterKey,
  closedLabelsAt,
  firstCell,
  type Gauge,
  type GaugeKey,
  type Histogram,
  type HistogramKey,
  type LabelsOf,
  MetricCells,
  OpenTuples,
} from "./metric-cells.ts";
import { cellsPerTuple, type HistogramRow, type MetricRow, tuplesMax } from "./metric-row.ts";
import { type MetricKey, metricTable } from "./metric-table.ts";

/** Threads that may count: far more than any pool has, so that a leak is noticed. */
const blocksMax = 256;

interface Sample {
  readonly value: number;
  readonly labels: Record<string, string | number>;
  readonly metricName: string;
}

export interface Metrics {
  counter<K extends CounterKey>(key: K, labels: LabelsOf<K>): Counter;
  gauge<K extends GaugeKey>(key: K, labels: LabelsOf<K>): Gauge;
  histogram<K extends HistogramKey>(key: K, labels: LabelsOf<K>): Histogram;
  /** A block for another thread; its counts stay when the thread dies. */
  addBlock(): SharedArrayBuffer;
  /** Runs before every export: refresh gauges there. Returns how to stop. */
  onCollect(refresh: () => void): () => void;
  /** The value now, over all threads; a histogram's number of observations. */
  total<K extends MetricKey>(key: K, labels: LabelsOf<K>): number;
  /** Prometheus text exposition. */
  text(): Promise<string>;
  readonly contentType: string;
}

function histogramSamples(
  row: HistogramRow,
  cells: readonly number[],
  labels: Record<string, string>,
): Sample[] {
  const samples: Sample[] = [];
  let count = 0;
  for (let i = 0; i <= row.buckets.length; i++) {
    count += cells[i] ?? 0;
    const le = row.buckets[i] ?? "+Inf";
    samples.push({ value: count, labels: { le, ...labels }, metricName: `${row.name}_bucket` });
  }
  const sum = cells[row.buckets.length + 1] ?? 0;
  samples.push({ value: sum, labels, metricName: `${row.name}_sum` });
  samples.push({ value: count, labels, metricName: `${row.name}_count` });
  return samples;
}

class Exporter implements Metrics {
  readonly #open = new OpenTuples();
  readonly #own = new MetricCells(undefined, this.#open);
  readonly #blocks: Float64Array[] = [this.#own.cells];
  readonly #refreshers = new Set<() => void>();
  readonly #registry = new Registry();

  constructor() {
    for (const key of Object.keys(metricTable) as MetricKey[]) this.#register(key);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Process, heap, event loop and garbage collection, under the library's usual names. */
  collectRuntime(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  counter<K extends CounterKey>(key: K, labels: LabelsOf<K>): Counter {
    return this.#own.counter(key, labels);
  }

  gauge<K extends GaugeKey>(key: K, labels: LabelsOf<K>): Gauge {
    return this.#own.gauge(key, labels);
  }

  histogram<K extends HistogramKey>(key: K, labels: LabelsOf<K>): Histogram {
    return this.#own.histogram(key, labels);
  }

  addBlock(): SharedArrayBuffer {
    if (this.#blocks.length >= blocksMax) throw new Error("too many metric blocks");
    const block = new MetricCells();
    this.#blocks.push(block.cells);
    return block.shared;
  }

  onCollect(refresh: () => void): () => void {
    this.#refreshers.add(refresh);
    return () => this.#refreshers.delete(refresh);
  }

  total<K extends MetricKey>(key: K, labels: LabelsOf<K>): number {
    const wanted = Object.entries(labels) as [string, string][];
    const row: MetricRow = metricTable[key];
    const name = row.kind === "histogram" ? `${row.name}_count` : row.name;
    const sample = this.#samples(key).find(
      (one) => one.metricName === name && wanted.every(([k, value]) => one.labels[k] === value),
    );
    return sample?.value ?? 0;
  }

  async text(): Promise<string> {
    for (const refresh of this.#refreshers) refresh();
    return await this.#registry.metrics();
  }

  #register(key: MetricKey): void {
    const row: MetricRow = metricTable[key];
    const metric = {
      name: row.name,
      help: row.help,
      type: row.kind,
      aggregator: row.kind === "gauge" && row.merge === "max" ? "max" : "sum",
      get: () => ({
        name: row.name,
        help: row.help,
        type: row.kind,
        aggregator: "sum",
        values: this.#samples(key),
      }),
      reset: () => undefined,
    };
    // The library's type asks for its own classes; its registry only calls name, get and reset.
    this.#registry.registerMetric(metric as unknown as Metric);
  }

  #cell(row: MetricRow, at: number): number {
    const max = row.kind === "gauge" && row.merge === "max";
    let total = 0;
    for (const block of this.#blocks) {
      const value = block[at] as number;
      total = max ? Math.max(total, value) : total + value;
    }
    return total;
  }

  #samples(key: MetricKey): Sample[] {
    const row: MetricRow = metricTable[key];
    const samples: Sample[] = [];
    const width = cellsPerTuple(row);
    for (let tuple = 0; tuple < tuplesMax(row); tuple++) {
      const labels =
        "openLabels" in row ? this.#open.labelsAt(key, tuple) : closedLabelsAt(row, tuple);
      if (labels === null) break;
      const at = firstCell(key) + tuple * width;
      if (row.kind === "histogram") {
        const cells = Array.from({ length: width }, (_, i) => this.#cell(row, at + i));
        samples.push(...histogramSamples(row, cells, labels));
      } else {
        samples.push({ value: this.#cell(row, at), labels, metricName: row.name });
      }
    }
    return samples;
  }
}

/** Makes the program's metrics; `runtime: false` leaves the process's own out, for tests. */
export function createMetrics(options: { readonly runtime?: boolean } = {}): Metrics {
  const exporter = new Exporter();
  if (options.runtime ?? true) exporter.collectRuntime();
  return exporter;
}
