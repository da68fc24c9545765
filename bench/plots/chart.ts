// Small charts as SVG text: lines over two axes, and horizontal bars. No dates, no randomness: the
// same figures give the same bytes.

export interface Line {
  readonly name: string;
  /** Pairs of x and y, both above 0 where an axis is logarithmic. */
  readonly points: readonly (readonly [number, number])[];
  readonly dashed?: boolean;
}

export interface LineChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  /** Horizontal line with a label: a target. */
  readonly mark?: { readonly at: number; readonly text: string };
  readonly logX?: boolean;
}

export interface Bar {
  readonly name: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
  /** Digits after the point. */
  readonly digits: number;
}

const colours = [
  "#1f6feb",
  "#d1242f",
  "#1a7f37",
  "#9a6700",
  "#8250df",
  "#57606a",
  "#bf3989",
  "#0a9396",
  "#e36209",
  "#7ee787",
  "#33b3ae",
  "#b08800",
];
const width = 760;
const frame = { left: 70, right: 20, top: 40, bottom: 50 } as const;
const plotHeight = 300;
const legendRow = 18;

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function colour(i: number): string {
  return colours[i % colours.length] as string;
}

function label(x: number, y: number, text: string, extra = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${extra}>${escaped(text)}</text>`;
}

function svg(height: number, title: string, body: readonly string[]): string {
  const style =
    "text{font:12px sans-serif;fill:#24292f}.title{font-size:15px;font-weight:bold}" +
    ".grid{stroke:#d0d7de;stroke-width:1}.axis{stroke:#57606a;stroke-width:1}" +
    ".mark{stroke:#57606a;stroke-dasharray:2 3}";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">\n` +
    `<title>${escaped(title)}</title>\n<style>${style}</style>\n` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>\n` +
    `${label(frame.left, 22, title, 'class="title"')}\n${body.join("\n")}\n</svg>\n`
  );
}

/** Short text of a figure on an axis. */
export function tickText(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toPrecision(3))}M`;
  if (value >= 1_000) return `${Number((value / 1_000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(2)));
}

/** About five round steps from 0 to at least `most`. */
export function linearTicks(most: number): number[] {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) as number;
  const ticks: number[] = [];
  for (let i = 0; i * step < most + step * 0.999; i++) ticks.push(i * step);
  return ticks;
}

/** Powers of ten around the values. */
export function logTicks(least: number, most: number): number[] {
  const from = Math.floor(Math.log10(least));
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

/** Latency spans decades, so the y axis is logarithmic. */
export function lineChart(chart: LineChart): string {
  const all = chart.lines.flatMap(({ points }) => points);
  if (all.length === 0) throw new RangeError("a chart of nothing");
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y).concat(chart.mark === undefined ? [] : [chart.mark.at]);
  const xTicks = chart.logX
    ? logTicks(Math.min(...xs), Math.max(...xs))
    : linearTicks(Math.max(...xs));
  const yTicks = logTicks(Math.min(...ys), Math.max(...ys));
  const right = width - frame.right;
  const bottom = frame.top + plotHeight;
  const [x0, x1] = [xTicks[0] as number, xTicks.at(-1) as number];
  const [y0, y1] = [yTicks[0] as number, yTicks.at(-1) as number];
  const part = (value: number, from: number, to: number, log: boolean) =>
    log
      ? (Math.log10(value) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))
      : (value - from) / (to - from);
  const atX = (x: number) =>
    frame.left + part(x, x0, x1, chart.logX === true) * (right - frame.left);
  const atY = (y: number) => bottom - part(y, y0, y1, true) * plotHeight;
  const body: string[] = [];
  for (const tick of xTicks) {
    const x = atX(tick).toFixed(1);
    body.push(`<line class="grid" x1="${x}" y1="${frame.top}" x2="${x}" y2="${bottom}"/>`);
    body.push(label(atX(tick), bottom + 18, tickText(tick), 'text-anchor="middle"'));
  }
  for (const tick of yTicks) {
    const y = atY(tick).toFixed(1);
    body.push(`<line class="grid" x1="${frame.left}" y1="${y}" x2="${right}" y2="${y}"/>`);
    body.push(label(frame.left - 8, atY(tick) + 4, tickText(tick), 'text-anchor="end"'));
  }
  body.push(label((frame.left + right) / 2, bottom + 38, chart.x, 'text-anchor="middle"'));
  const middle = (frame.top + bottom) / 2;
  const turned = `transform="rotate(-90 16 ${middle})" text-anchor="middle"`;
  body.push(label(16, middle, chart.y, turned));
  if (chart.mark !== undefined) body.push(...markOf(chart.mark, atY(chart.mark.at), right));
  body.push(...linesOf(chart.lines, atX, atY, bottom + frame.bottom));
  const height = bottom + frame.bottom + chart.lines.length * legendRow + 10;
  return svg(height, chart.title, body);
}

function markOf(mark: { readonly text: string }, y: number, right: number): string[] {
  const at = y.toFixed(1);
  return [
    `<line class="mark" x1="${frame.left}" y1="${at}" x2="${right}" y2="${at}"/>`,
    label(frame.left + 6, y - 5, mark.text),
  ];
}

function linesOf(
  lines: readonly Line[],
  atX: (x: number) => number,
  atY: (y: number) => number,
  legendTop: number,
): string[] {
  return lines.flatMap(({ name, points, dashed }, i) => {
    const path = points.map(([x, y]) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(" ");
    const dash = dashed === true ? ' stroke-dasharray="5 4"' : "";
    const stroke = `fill="none" stroke="${colour(i)}" stroke-width="2"${dash}`;
    const y = legendTop + i * legendRow;
    const dots = points.map(([px, py]) => {
      const at = `cx="${atX(px).toFixed(1)}" cy="${atY(py).toFixed(1)}"`;
      return `<circle ${at} r="3" fill="${colour(i)}"/>`;
    });
    return [
      `<polyline points="${path}" ${stroke}/>`,
      ...dots,
      `<line x1="${frame.left}" y1="${y}" x2="${frame.left + 26}" y2="${y}" ${stroke}/>`,
      label(frame.left + 34, y + 4, name),
    ];
  });
}

const barHeight = 22;
const barGap = 10;
const barsLeft = 230;

/** Bars from 0; parts of a bar lie end to end. */
export function barChart({ title, unit, bars, digits }: BarChart): string {
  if (bars.length === 0) throw new RangeError("a chart of nothing");
  const sum = (bar: Bar) => bar.parts.reduce((total, { value }) => total + value, 0);
  const most = Math.max(...bars.map(sum));
  const room = width - barsLeft - 110;
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  const body: string[] = [];
  bars.forEach((bar, i) => {
    const y = frame.top + i * (barHeight + barGap);
    body.push(label(barsLeft - 8, y + 15, bar.name, 'text-anchor="end"'));
    let x = barsLeft;
    for (const { name, value } of bar.parts) {
      const long = (value / most) * room;
      const fill = colour(names.indexOf(name));
      const box = `x="${x.toFixed(1)}" y="${y}" width="${long.toFixed(1)}" height="${barHeight}"`;
      body.push(`<rect ${box} fill="${fill}"/>`);
      x += long;
    }
    const text = sum(bar).toLocaleString("en-US", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    body.push(label(x + 6, y + 15, `${text} ${unit}`));
  });
  let height = frame.top + bars.length * (barHeight + barGap) + 10;
  if (names.length > 1) {
    names.forEach((name, i) => {
      const [column, row] = [i % 4, Math.floor(i / 4)];
      const x = frame.left + column * 165;
      const y = height + row * legendRow;
      body.push(`<rect x="${x}" y="${y}" width="12" height="12" fill="${colour(i)}"/>`);
      body.push(label(x + 18, y + 11, name));
    });
    height += Math.ceil(names.length / 4) * legendRow + 10;
  }
  return svg(height, title, body);
}
