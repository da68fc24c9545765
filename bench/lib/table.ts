// The rows of a report as text: the same columns as the JSON, aligned.
import { isRate, type Row, type Unit } from "./row.ts";

const headings = [
  "scenario",
  "metric",
  "median",
  "min",
  "max",
  "unit",
  "runs",
  "baseline",
  "base median",
  "ratio",
  "target",
  "met",
] as const;

/** Columns of numbers stand right-aligned. */
const rightAligned = new Set([2, 3, 4, 6, 8, 9, 10]);

function figure(value: number, unit: Unit): string {
  if (isRate(unit) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(Math.abs(value) < 1 ? 3 : 2);
}

function limit(row: Row): string {
  if (row.target === null) return "-";
  const whole = Number.isInteger(row.target) && !isRate(row.unit);
  const text = whole ? String(row.target) : figure(row.target, row.unit);
  return `${isRate(row.unit) ? "≥" : "≤"} ${text}`;
}

function cells(row: Row): string[] {
  const { unit, baseline } = row;
  return [
    row.scenario,
    row.metric,
    figure(row.median, unit),
    figure(row.min, unit),
    figure(row.max, unit),
    unit,
    String(row.runs),
    baseline === null ? "-" : baseline.name,
    baseline === null ? "-" : figure(baseline.median, unit),
    row.ratio === null ? "-" : row.ratio.toFixed(2),
    limit(row),
    row.met === null ? "-" : row.met ? "yes" : "NO",
  ];
}

/** One line a row under a line of headings; ends with a line break. */
export function renderTable(rows: readonly Row[]): string {
  const lines = [[...headings], ...rows.map(cells)];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] as string).length)),
  );
  const text = lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] as number;
        return rightAligned.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return `${text.join("\n")}\n`;
}
