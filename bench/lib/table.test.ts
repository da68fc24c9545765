// Defends: the text says the same as the JSON: every field of every row, aligned under its
// heading.
import { describe, expect, it } from "vitest";
import { rowOf } from "./row.ts";
import { renderTable } from "./table.ts";

const summary = { median: 4.218, min: 4.1, max: 10.25, runs: 7 };
const rows = [
  rowOf({
    scenario: "pipeline-64",
    metric: "a message",
    unit: "µs",
    summary,
    baseline: { name: "raw lmdb", summary: { median: 2.109, min: 2, max: 3, runs: 7 } },
    target: 5,
  }),
  rowOf({
    scenario: "session",
    metric: "verified",
    unit: "messages/s",
    summary: { median: 123_456.7, min: 100_000, max: 150_000, runs: 5 },
    target: 150_000,
  }),
  rowOf({ scenario: "scan", metric: "0100", unit: "µs", summary: { ...summary, median: 0.1234 } }),
];

describe("renderTable", () => {
  const lines = renderTable(rows).split("\n");

  it("has a line of headings, a line a row, and ends with a line break", () => {
    expect(lines).toHaveLength(rows.length + 2);
    expect(lines.at(-1)).toBe("");
    expect(lines[0]).toMatch(/^scenario +metric +median +min +max +unit +runs +baseline/);
  });

  it("shows figures with the digits that their size carries", () => {
    expect(lines[1]).toMatch(/4\.22 +4\.10 +10\.25 +µs +7 +raw lmdb +2\.11 +0\.50 +≤ 5 +yes$/);
    expect(lines[2]).toMatch(/123,457 +100,000 +150,000 +messages\/s +5 +- +- +- +≥ 150,000 +NO$/);
    expect(lines[3]).toMatch(/0\.123 .* - +- +- +- +-$/);
  });

  it("aligns every column", () => {
    const at = lines[0]?.indexOf("unit") ?? -1;
    for (const line of lines.slice(1, -1)) expect(line.slice(at - 2, at)).toBe("  ");
  });
});
