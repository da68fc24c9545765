// Defends: the page shows what the reports say: every row with its spread, baseline and verdict,
// a chart for every curve, and nothing outside its marks is touched.
import { describe, expect, it } from "vitest";
import { rowOf } from "../lib/row.ts";
import type { LoadPoint } from "../load/open-loop.ts";
import { figuresOf, mergedReport, pagePart, pageWith, type Report } from "./report-page.ts";

const machine = {
  node: "v26.10.0",
  cpu: "a processor",
  cores: 2,
  memoryBytes: 1,
  kernel: "Linux",
  commit: "abc",
  dirty: false,
  date: "2026-11-25T00:00:00Z",
  loadAverage: 0,
};
const summary = { median: 123_456, min: 120_000, max: 130_000, runs: 5 };
const session = rowOf({
  scenario: "session",
  metric: "verified, frames of 64",
  unit: "messages/s",
  summary,
  baseline: { name: "echo", summary: { ...summary, median: 700_000 } },
  target: 200_000,
});
const stage = rowOf({
  scenario: "stages",
  metric: "stage claim, batch of 64",
  unit: "µs",
  summary: { median: 1.234, min: 1, max: 2, runs: 5 },
});
const latency = { p50: 0.5, p90: 1, p99: 2, p999: 4, p9999: 8, max: 9 };
const point = { offered: 1_000, latency } as LoadPoint;

function report(changes: Partial<Report> = {}): Report {
  const options = { tokens: 1_000_000, quick: false };
  return { machine, options, rows: [session, stage], curves: [], ...changes };
}

describe("the page's part", () => {
  it("has a line a row", () => {
    const part = pagePart(report(), []);
    const line =
      "| `session` | verified, frames of 64 | 123,456 messages/s (120,000–130,000) " +
      "| echo: 700,000 | ≥ 200,000 | **no** |";
    expect(part).toContain(line);
    expect(part).toContain("1.23 µs (1–2)");
    expect(part).toContain("1,000,000 tokens.");
    expect(pagePart(report({ options: { tokens: 9, quick: true } }), [])).toContain("quick run");
  });

  it("has a chart for each door that was driven, and those of rates and stages", () => {
    const curves = [{ name: "session, service", points: [point, { ...point, offered: 2_000 }] }];
    const figures = figuresOf(report({ curves }));
    expect(figures.map(({ file }) => file)).toEqual([
      "performance-throughput.svg",
      "performance-latency-session.svg",
      "performance-stages.svg",
    ]);
    for (const { file } of figures) {
      expect(pagePart(report(), figures)).toContain(`](images/${file})`);
    }
  });
});

describe("reports", () => {
  it("are merged, the later one's rows before the earlier one's", () => {
    const better = { ...session, median: 250_000 };
    const merged = mergedReport([report(), report({ rows: [better] })]);
    expect(merged.rows).toHaveLength(2);
    expect(merged.rows.find(({ scenario }) => scenario === "session")?.median).toBe(250_000);
  });
});

describe("pageWith", () => {
  it("replaces what lies between the marks and nothing else", () => {
    const begin = "<!-- figures: npm run bench:plots writes from here -->";
    const page = `head\n${begin}\nold\n<!-- figures: to here -->\ntail\n`;
    const once = pageWith(page, "new");
    expect(once).toBe(`head\n${begin}\n\nnew\n\n<!-- figures: to here -->\ntail\n`);
    expect(pageWith(once, "new")).toBe(once);
    expect(() => pageWith("no marks", "new")).toThrow("marks");
  });
});
