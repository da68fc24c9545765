// Durations and sizes as people write them.
import type { Unit } from "./setting.ts";

const factors: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  ms: { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
  s: { s: 1, m: 60, h: 3_600, d: 86_400 },
  bytes: {
    B: 1,
    KiB: 1_024,
    MiB: 1_048_576,
    GiB: 1_073_741_824,
    TiB: 1_099_511_627_776,
  },
};

/** The suffixes a unit takes, for error messages and docs. */
export function suffixesOf(unit: Unit): readonly string[] {
  return Object.keys(factors[unit]);
}

/** "250ms" in ms is 250, "2s" is 2000, "64MiB" in bytes 67108864; null where it is none. */
export function parseAmount(text: string, unit: Unit): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim());
  if (match === null) return null;
  const factor = match[2] === "" ? 1 : factors[unit][match[2] ?? ""];
  const amount = Number(match[1]) * (factor ?? Number.NaN);
  return Number.isInteger(amount) ? amount : null;
}

/** The shortest exact way to write an amount: 67108864 bytes is "64MiB". */
export function formatAmount(amount: number, unit: Unit): string {
  const largestFirst = Object.entries(factors[unit]).sort((a, b) => b[1] - a[1]);
  for (const [suffix, factor] of largestFirst) {
    if (amount !== 0 && amount % factor === 0) return `${amount / factor}${suffix}`;
  }
  return `${amount}${suffixesOf(unit)[0]}`;
}
