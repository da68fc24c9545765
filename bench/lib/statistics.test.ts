// Defends: the figure of a row is the middle run, and one run that went wrong does not move it.
import { describe, expect, it } from "vitest";
import { median, summarise } from "./statistics.ts";

describe("median", () => {
  it("is the middle of an odd and between the middles of an even number of values", () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it("orders numbers as numbers and leaves the caller's list as it was", () => {
    const values = [100, 9, 20];
    expect(median(values)).toBe(20);
    expect(values).toEqual([100, 9, 20]);
  });

  it("refuses no values", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("summarise", () => {
  it("keeps the spread beside the median that an outlier does not move", () => {
    const summary = summarise([2, 3, 4, 3, 500]);
    expect(summary).toEqual({ median: 3, min: 2, max: 500, runs: 5 });
  });
});
