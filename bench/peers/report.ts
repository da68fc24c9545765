// From the figures of all rounds to rows with a target and whether it was met, as a table and as
// JSON.
import { type Summary, summarise } from "../lib/statistics.ts";

export interface PeerRow extends Summary {
  readonly task: string;
  readonly set: string;
  readonly who: string;
  readonly unit: "µs";
  /** How many times as long as ours it takes: the median of the rounds' ratios; null for ours. */
  readonly times: number | null;
  /** The same from the best round of each: less moved by a busy machine. */
  readonly timesOfBest: number | null;
  /** Of ours the most µs, of a peer the least times; null where there is none. */
  readonly target: number | null;
  readonly met: boolean | null;
}

/** What ours must not exceed, in µs, by task and set. */
const mostMicros: Readonly<Record<string, number>> = {
  "unpack same": 0.15,
  "unpack tsp": 0.2,
  "offsets same": 0.35,
  "answer same": 0.5,
};

/** How many times as long as ours a peer must take. */
const leastTimes: Readonly<Record<string, number>> = {
  "object same jPOS": 1.5,
  "object same moov": 4,
  "object same npm iso_8583": 8,
  "eight same jPOS": 2,
  "answer same jPOS": 8,
  "answer same moov": 15,
};

/** Figures of one contender in one task, a round each. */
export interface Series {
  readonly task: string;
  readonly set: string;
  readonly who: string;
  readonly figures: readonly number[];
}

function rowOf(series: Series, own: Series | undefined): PeerRow {
  const { task, set, who, figures } = series;
  const summary = summarise(figures);
  const isPeer = who !== "ours" && own !== undefined;
  const ratios = isPeer ? figures.map((figure, round) => figure / own.figures[round]!) : null;
  const times = ratios === null ? null : summarise(ratios).median;
  const timesOfBest = isPeer ? summary.min / Math.min(...own.figures) : null;
  const target =
    (who === "ours" ? mostMicros[`${task} ${set}`] : leastTimes[`${task} ${set} ${who}`]) ?? null;
  const met = target === null ? null : times === null ? summary.median <= target : times >= target;
  return { task, set, who, unit: "µs", ...summary, times, timesOfBest, target, met };
}

export function rowsOf(all: readonly Series[]): PeerRow[] {
  return all.map((series) => {
    const own = all.find(
      ({ who, task, set }) => who === "ours" && task === series.task && set === series.set,
    );
    return rowOf(series, own);
  });
}

/** Lines of cells, aligned; ends with a line break. */
export function renderCells(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

const micros = (value: number): string => value.toFixed(value < 1 ? 3 : 2);

export function renderRows(rows: readonly PeerRow[]): string {
  const head = [
    "task",
    "set",
    "who",
    "median µs",
    "min",
    "max",
    "runs",
    "times",
    "of best",
    "target",
    "met",
  ];
  const cells = rows.map((row) => [
    row.task,
    row.set,
    row.who,
    micros(row.median),
    micros(row.min),
    micros(row.max),
    String(row.runs),
    row.times === null ? "-" : row.times.toFixed(1),
    row.timesOfBest === null ? "-" : row.timesOfBest.toFixed(1),
    row.target === null ? "-" : `${row.times === null ? "≤" : "≥"} ${row.target}`,
    row.met === null ? "-" : row.met ? "yes" : "NO",
  ]);
  return renderCells([head, ...cells]);
}

/** Who took which bad message. */
export function renderBad(
  what: readonly string[],
  taken: Readonly<Record<string, readonly boolean[]>>,
): string {
  const names = Object.keys(taken);
  const cells = what.map((text, i) => [
    text,
    ...names.map((name) => (taken[name]![i] === true ? "takes" : "refuses")),
  ]);
  return renderCells([["bad message", ...names], ...cells]);
}

/** What the figures compare, and what they do not. */
export const notes: readonly string[] = [
  "Every peer reads the same bytes; npm iso_8583 gets an empty second bitmap put in before the " +
    "clock runs, since its ASCII mode reads 32 hex digits whatever bit 1 says.",
  "unpack: ours finds offsets and judges lengths, content classes and dates, and makes no value; " +
    "the others make their values in it.",
  "object: all values as strings in one object, each looked at; eight: 2 4 14 32 37 42 48 49.",
  "answer: ours repeats the elements of its dialect's echo set and adds 39; jPOS and moov pack " +
    "every element of the request again; npm iso_8583 too. None writes a MAC.",
  "No peer masks, judges presence, or looks into composites in these tasks; ours looks into DE3 " +
    "and DE22 only. tsp is our own profile, with tags in DE120: no peer reads it.",
  "A process for each figure, all of a task one after the other within a round; times is the " +
    "median of the rounds' ratios. JMH makes one fork a round.",
  "primitives are what this machine needs for less: an HMAC and a cipher object a message, a get " +
    "of lmdb, an echo of 256 messages under way.",
];
