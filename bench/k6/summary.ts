// What a run leaves behind: everything as JSON, one page of HTML that needs no network, and a few
// lines on the terminal.
import { outDir } from "./k6-env.ts";

interface Metric {
  readonly type: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

interface SummaryData {
  readonly metrics: Readonly<Record<string, Metric | undefined>>;
}

const columns = ["med", "p(90)", "p(99)", "p(99.9)", "max"] as const;
const shown = ["grpc_req_duration{scenario:unary}", "pantun_frame_duration"];

function cell(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(2);
}

function facts(data: SummaryData): [string, string][] {
  const value = (metric: string, name: string) => data.metrics[metric]?.values[name];
  const checks = data.metrics.checks?.values;
  return [
    ["iterations", `${value("iterations", "count") ?? 0}`],
    ["dropped", `${value("dropped_iterations", "count") ?? 0}`],
    ["checks passed", `${checks?.passes ?? 0}`],
    ["checks failed", `${checks?.fails ?? 0}`],
  ];
}

function thresholdsOf(data: SummaryData): { metric: string; rule: string; ok: boolean }[] {
  return Object.entries(data.metrics).flatMap(([metric, one]) =>
    Object.entries(one?.thresholds ?? {}).map(([rule, { ok }]) => ({ metric, rule, ok })),
  );
}

function text(data: SummaryData): string {
  const lines = [`  ${"ms".padEnd(36)}${columns.map((name) => name.padStart(10)).join("")}`];
  for (const name of shown) {
    const values = data.metrics[name]?.values;
    if (values === undefined) continue;
    const cells = columns.map((column) => cell(values[column]).padStart(10));
    lines.push(`  ${name.padEnd(36)}${cells.join("")}`);
  }
  lines.push(
    `  ${facts(data)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
  );
  for (const { metric, rule, ok } of thresholdsOf(data)) {
    lines.push(`  ${ok ? "ok  " : "FAIL"} ${metric} ${rule}`);
  }
  return `${lines.join("\n")}\n`;
}

const style =
  "body{font:15px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}" +
  "td,th{border:1px solid #bbb;padding:.3em .8em;text-align:right}" +
  "td:first-child{text-align:left}.no{color:#b00;font-weight:bold}";

function escaped(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

function html(data: SummaryData): string {
  const head = columns.map((name) => `<th>${name}</th>`).join("");
  const rows = shown.flatMap((name) => {
    const values = data.metrics[name]?.values;
    if (values === undefined) return [];
    const cells = columns.map((column) => `<td>${cell(values[column])}</td>`).join("");
    return [`<tr><td>${name}, ms</td>${cells}</tr>`];
  });
  const counts = facts(data).map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`);
  const rules = thresholdsOf(data).map(({ metric, rule, ok }) => {
    const verdict = ok ? "<td>met</td>" : '<td class="no">broken</td>';
    return `<tr><td>${escaped(`${metric} ${rule}`)}</td>${verdict}</tr>`;
  });
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pantun, k6</title>` +
    `<style>${style}</style><h1>Pantun, k6</h1>` +
    `<table><tr><th></th>${head}</tr>${rows.join("")}</table>` +
    `<table>${counts.join("")}</table><table>${rules.join("")}</table></html>\n`
  );
}

export function summary(data: unknown): Record<string, string> {
  const known = data as SummaryData;
  return {
    [`${outDir}/summary.json`]: JSON.stringify(data, null, 2),
    [`${outDir}/report.html`]: html(known),
    stdout: text(known),
  };
}
