// Latencies in a histogram of fixed relative error (HDR, three digits), in microseconds.
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";

/** Above a minute a payment is lost to everybody. */
const highestUs = 60_000_000;

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  readonly max: number;
}

export class Latency {
  readonly #histogram: Histogram;

  constructor(
    histogram: Histogram = build({
      bitBucketSize: 32,
      highestTrackableValue: highestUs,
      lowestDiscernibleValue: 1,
      numberOfSignificantValueDigits: 3,
      autoResize: false,
    }),
  ) {
    this.#histogram = histogram;
  }

  /** Of many, as `text()` gave them: percentiles of the whole, which no mean of percentiles is. */
  static merged(texts: readonly string[]): Latency {
    const whole = new Latency();
    for (const text of texts) whole.#histogram.add(decodeFromCompressedBase64(text, 32, false));
    return whole;
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  record(ms: number): void {
    const us = Math.round(ms * 1_000);
    this.#histogram.recordValue(us < 1 ? 1 : us > highestUs ? highestUs : us);
  }

  reset(): void {
    this.#histogram.reset();
  }

  percentiles(): Percentiles {
    const at = (percentile: number) => this.#histogram.getValueAtPercentile(percentile) / 1_000;
    const max = this.#histogram.maxValue / 1_000;
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), p9999: at(99.99), max };
  }

  /** The whole histogram, compressed, in base64. */
  text(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }
}
