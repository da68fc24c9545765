// Defends: a chart shows every figure at its place, is well-formed whatever the names are, and is
// the same for the same figures.
import { describe, expect, it } from "vitest";
import { barChart, linearTicks, lineChart, logTicks, tickText } from "./chart.ts";

const chart = {
  title: "p99 & rate < knee",
  x: "offered, messages/s",
  y: "ms",
  lines: [
    {
      name: "service",
      points: [
        [1_000, 0.5],
        [2_000, 1],
        [4_000, 50],
      ] as [number, number][],
    },
    { name: "echo", points: [[1_000, 0.2]] as [number, number][], dashed: true },
  ],
  mark: { at: 10, text: "10 ms" },
};

/** Opened and closed elements balance: enough for text that we write ourselves. */
function balanced(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name, self] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (self === "/") continue;
    if (close === "") open.push(name as string);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

describe("lineChart", () => {
  const svg = lineChart(chart);

  it("has a dot a point, a line a series, and names without markup", () => {
    expect(svg.match(/<circle/g)).toHaveLength(4);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).toContain("p99 &amp; rate &lt; knee");
    expect(balanced(svg)).toBe(true);
    expect(lineChart(chart)).toBe(svg);
  });

  it("puts a tenfold latency one decade higher", () => {
    const ys = [
      ...lineChart({
        ...chart,
        lines: [
          {
            name: "a",
            points: [
              [1, 1],
              [2, 10],
              [3, 100],
            ],
          },
        ],
      }).matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g),
    ].map(([, y]) => Number(y));
    expect(ys[0]! - ys[1]!).toBeCloseTo(ys[1]! - ys[2]!, 0);
    expect(ys[0]!).toBeGreaterThan(ys[1]!);
  });

  it("refuses to draw nothing", () => {
    expect(() => lineChart({ ...chart, lines: [] })).toThrow(RangeError);
    expect(() => barChart({ title: "", unit: "", bars: [], digits: 0 })).toThrow(RangeError);
  });
});

describe("barChart", () => {
  it("draws parts end to end and says the sum", () => {
    const svg = barChart({
      title: "stages",
      unit: "µs",
      digits: 2,
      bars: [
        {
          name: "plain",
          parts: [
            { name: "claim", value: 3 },
            { name: "lookup", value: 1 },
          ],
        },
        {
          name: "mac",
          parts: [
            { name: "claim", value: 4 },
            { name: "lookup", value: 4 },
          ],
        },
      ],
    });
    const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="22"/g)];
    const [first, second] = boxes.map(([, x, long]) => [Number(x), Number(long)]);
    expect(second?.[0]).toBeCloseTo((first?.[0] ?? 0) + (first?.[1] ?? 0), 0);
    expect((first?.[1] ?? 0) / (second?.[1] ?? 1)).toBeCloseTo(3, 1);
    expect(svg).toContain("4.00 µs");
    expect(svg).toContain("8.00 µs");
    expect(balanced(svg)).toBe(true);
  });
});

describe("ticks", () => {
  it("are round and reach beyond the figures", () => {
    expect(linearTicks(87_000)).toEqual([0, 20_000, 40_000, 60_000, 80_000, 100_000]);
    expect(logTicks(0.3, 40)).toEqual([0.1, 1, 10, 100]);
    expect(["0.1", "20k", "1.5M"]).toEqual([0.1, 20_000, 1_500_000].map(tickText));
  });
});
