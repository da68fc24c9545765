// The figures of docs/performance.md out of reports of the bench: tables and charts.
import { describeMachine, type MachineFacts } from "../lib/machine.ts";
import { isRate, type Row } from "../lib/row.ts";
import type { Curve } from "../lib/scenario.ts";
import type { LoadPoint } from "../load/open-loop.ts";
import { type Bar, barChart, type Line, lineChart } from "./chart.ts";

export interface Report {
  readonly machine: MachineFacts;
  readonly options: { readonly tokens: number; readonly quick: boolean };
  readonly rows: readonly Row[];
  readonly curves?: readonly Curve[];
}

/** A chart with the name of its file and the sentence below it. */
export interface Figure {
  readonly file: string;
  readonly text: string;
  readonly svg: string;
}

/** Later reports replace rows and curves of earlier ones. */
export function mergedReport(reports: readonly Report[]): Report {
  const last = reports.at(-1);
  if (last === undefined) throw new RangeError("no report");
  const rows = new Map<string, Row>();
  const curves = new Map<string, Curve>();
  for (const report of reports) {
    for (const row of report.rows) rows.set(`${row.scenario}\n${row.metric}`, row);
    for (const curve of report.curves ?? []) curves.set(curve.name, curve);
  }
  return { ...last, rows: [...rows.values()], curves: [...curves.values()] };
}

const doorNames: Readonly<Record<string, string>> = {
  session: "gRPC session, frames of 64",
  unary: "unary gRPC calls",
  iso: "ISO 8583, 4 connections",
  "iso-mac": "ISO 8583 with DE128, 4 connections",
};

function latencyFigures(report: Report): Figure[] {
  const points = (name: string) => report.curves?.find((one) => one.name === name)?.points;
  return Object.entries(doorNames).flatMap(([door, name]) => {
    const service = points(`${door}, service`);
    if (service === undefined) return [];
    const echo = points(`${door}, echo`) ?? [];
    const line = (what: keyof LoadPoint["latency"], from: readonly LoadPoint[]) =>
      from.map(({ offered, latency }) => [offered, latency[what]] as const);
    const lines: Line[] = [
      { name: "service, p50", points: line("p50", service) },
      { name: "service, p99", points: line("p99", service) },
      { name: "service, p99.9", points: line("p999", service) },
      { name: "echo of the same messages, p99", points: line("p99", echo), dashed: true },
    ].filter((one) => one.points.length > 0);
    const title = `Latency against offered rate: ${name}`;
    const y = "ms from the moment a payment was due";
    const mark = { at: 10, text: "p99 at the knee: at most 10 ms" };
    const svg = lineChart({ title, x: "offered, messages/s", y, lines, mark });
    const text = `${name}: the last points lie at and beyond the knee.`;
    return [{ file: `performance-latency-${door}.svg`, text, svg }];
  });
}

function stageFigure({ rows }: Report): Figure[] {
  const bars: Bar[] = [];
  for (const [scenario, name] of [
    ["stages", "without DE128"],
    ["stages-mac", "with DE128"],
  ] as const) {
    const parts = rows
      .filter((row) => row.scenario === scenario)
      .map(({ metric, median }) => ({
        name: /^stage ([a-z]+)/.exec(metric)?.[1] ?? metric,
        value: median,
      }));
    if (parts.length > 0) bars.push({ name, parts });
  }
  if (bars.length === 0) return [];
  const title = "Where each microsecond goes: the pipeline's stages at batch 64";
  const text = "The pipeline's own stage clock, a message in batches of 64.";
  const svg = barChart({ title, unit: "µs", bars, digits: 2 });
  return [{ file: "performance-stages.svg", text, svg }];
}

function throughputFigure({ rows }: Report): Figure[] {
  const bars = rows.flatMap((row): Bar[] => {
    if (!row.metric.startsWith("verified") || row.unit !== "messages/s") return [];
    const what = row.metric.replace(/^verified, /, "");
    return [{ name: `${row.scenario}: ${what}`, parts: [{ name: "", value: row.median }] }];
  });
  if (bars.length === 0) return [];
  const title = "Verified messages a second, service and generator on one machine";
  const text = "As many as come back, whatever the latency; the echo's figures are in the table.";
  const svg = barChart({ title, unit: "/s", bars, digits: 0 });
  return [{ file: "performance-throughput.svg", text, svg }];
}

function growthFigures({ rows }: Report): Figure[] {
  return ["tokens", "connections", "batch", "processes"].flatMap((subject) => {
    const scenario = `growth-${subject}`;
    const bars = rows
      .filter((row) => row.scenario === scenario)
      .map(({ metric, median }): Bar => ({ name: metric, parts: [{ name: "", value: median }] }));
    if (bars.length === 0) return [];
    const title = `The session's most, by ${subject === "batch" ? "messages a frame" : subject}`;
    const svg = barChart({ title, unit: "messages/s", bars, digits: 0 });
    return [{ file: `performance-${scenario}.svg`, text: `${title}.`, svg }];
  });
}

export function figuresOf(report: Report): Figure[] {
  return [
    ...throughputFigure(report),
    ...latencyFigures(report),
    ...stageFigure(report),
    ...growthFigures(report),
  ];
}

/** Figures with as many digits as they carry. */
function shown(value: number, unit: Row["unit"]): string {
  if (isRate(unit) || value >= 1_000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

const micro = /^(scan|fields|encode|cmac|siv|lookup|claim|stages|stages-mac|pipeline.*)$/;

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { scenario, metric, unit, median, min, max, baseline, target } = row;
    const spread = row.runs === 1 ? "" : ` (${shown(min, unit)}–${shown(max, unit)})`;
    const beside = baseline === null ? "" : `${baseline.name}: ${shown(baseline.median, unit)}`;
    const sign = isRate(unit) ? "≥" : "≤";
    const due = target === null ? "" : `${sign} ${shown(target, unit)}`;
    const met = row.met === null ? "" : row.met ? "yes" : "**no**";
    const figure = `${shown(median, unit)} ${unit}${spread}`;
    return `| \`${scenario}\` | ${metric} | ${figure} | ${beside} | ${due} | ${met} |`;
  });
  const head = "| scenario | what | median (min–max) | beside | target | met |";
  return [head, "| --- | --- | --- | --- | --- | --- |", ...lines].join("\n");
}

/** The part of the page between its marks. */
export function pagePart(report: Report, figures: readonly Figure[]): string {
  const { tokens, quick } = report.options;
  const doors = report.rows.filter(({ scenario }) => !micro.test(scenario));
  const inside = report.rows.filter(({ scenario }) => micro.test(scenario));
  const parts = [
    `${describeMachine(report.machine)}; ${tokens.toLocaleString("en-US")} tokens` +
      `${quick ? "; **a quick run: a look, not a figure to quote**" : ""}.`,
  ];
  if (doors.length > 0) parts.push("### The service", tableOf(doors));
  for (const { file, text } of figures) parts.push(`![${text}](images/${file})`, text);
  if (inside.length > 0) parts.push("### The pipeline in one process", tableOf(inside));
  return parts.join("\n\n");
}

const begin = "<!-- figures: npm run bench:plots writes from here -->";
const end = "<!-- figures: to here -->";

/** The page with its figures replaced. */
export function pageWith(page: string, part: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error("the page has lost its marks");
  return `${page.slice(0, from)}${begin}\n\n${part}\n\n${page.slice(to)}`;
}
