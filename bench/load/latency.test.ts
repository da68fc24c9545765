// Defends: percentiles of a merged histogram are those of all values together, and a histogram's
// text holds the whole of it.
import { describe, expect, it } from "vitest";
import { Latency } from "./latency.ts";

function filled(values: readonly number[]): Latency {
  const latency = new Latency();
  for (const value of values) latency.record(value);
  return latency;
}

describe("Latency", () => {
  it("keeps three digits of every value", () => {
    const latency = filled(Array.from({ length: 10_000 }, (_, i) => (i + 1) / 100));
    const { p50, p90, p99, p999, max } = latency.percentiles();
    expect(p50 / 50).toBeCloseTo(1, 2);
    expect(p90 / 90).toBeCloseTo(1, 2);
    expect(p99 / 99).toBeCloseTo(1, 2);
    expect(p999 / 99.9).toBeCloseTo(1, 2);
    expect(max).toBeCloseTo(100, 3);
  });

  it("merges: the slow tenth of one run is the slow hundredth of ten", () => {
    const slow = filled([...Array(90).fill(1), ...Array(10).fill(1_000)]);
    const quick = Array.from({ length: 9 }, () => filled(Array(100).fill(1)));
    const whole = Latency.merged([slow, ...quick].map((one) => one.text()));
    expect(whole.count).toBe(1_000);
    expect(whole.percentiles().p90).toBeCloseTo(1, 2);
    expect(whole.percentiles().p99).toBeCloseTo(1, 2);
    expect(whole.percentiles().p999 / 1_000).toBeCloseTo(1, 2);
    // The mean of their 99th percentiles would have been 100 ms.
    expect(slow.percentiles().p99 / 1_000).toBeCloseTo(1, 2);
  });

  it("counts what is longer than a minute as a minute, and starts anew when reset", () => {
    const latency = filled([100_000]);
    expect(latency.percentiles().max / 60_000).toBeCloseTo(1, 2);
    latency.reset();
    expect(latency.count).toBe(0);
    expect(latency.percentiles().max).toBe(0);
  });
});
