// Defends: the contract of a row. The ratio says how many times better than the baseline, for
// times and rates alike; a target is a ceiling for a time and a floor for a rate; no target is
// never missed.
import { describe, expect, it } from "vitest";
import { allMet, type RowInput, rowOf } from "./row.ts";

const summary = (median: number) => ({ median, min: median / 2, max: median * 2, runs: 5 });
const time: RowInput = { scenario: "scan", metric: "m", unit: "µs", summary: summary(2) };
const rate: RowInput = { ...time, unit: "messages/s", summary: summary(200) };

describe("rowOf", () => {
  it("has exactly the fields of the contract", () => {
    const row = rowOf({ ...time, baseline: { name: "slow", summary: summary(6) }, target: 5 });
    expect(row).toEqual({
      scenario: "scan",
      metric: "m",
      unit: "µs",
      median: 2,
      min: 1,
      max: 4,
      runs: 5,
      baseline: { name: "slow", median: 6 },
      ratio: 3,
      target: 5,
      met: true,
    });
  });

  it("counts better upwards for rates too", () => {
    const baseline = { name: "echo", summary: summary(400) };
    expect(rowOf({ ...rate, baseline }).ratio).toBe(0.5);
  });

  it("holds a time below its target and a rate above it, the target itself included", () => {
    expect(rowOf({ ...time, target: 2 }).met).toBe(true);
    expect(rowOf({ ...time, target: 1.9 }).met).toBe(false);
    expect(rowOf({ ...rate, target: 200 }).met).toBe(true);
    expect(rowOf({ ...rate, target: 201 }).met).toBe(false);
  });

  it("says null where there is neither baseline nor target", () => {
    const { baseline, ratio, target, met } = rowOf(time);
    expect([baseline, ratio, target, met]).toEqual([null, null, null, null]);
  });
});

describe("allMet", () => {
  it("is false with one missed target among met ones and rows without", () => {
    const good = [rowOf(time), rowOf({ ...time, target: 3 })];
    expect(allMet(good)).toBe(true);
    expect(allMet([...good, rowOf({ ...time, target: 1 })])).toBe(false);
  });
});
