// What a soak must show, as verdicts over its samples. Every bound is stated with its reason; what
// grows by a fixed amount a message or a second is found by comparing early and late parts.
import { median } from "../lib/statistics.ts";

const mebibyte = 2 ** 20;

/** One look at the run. */
export interface Sample {
  /** From the start of the measured run. */
  readonly seconds: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly claimBytes: number;
  readonly rowsBehind: number;
  readonly vaultBytes: number;
  /** Of the answers since the sample before, ms. */
  readonly p99: number;
  readonly p999: number;
}

export interface Intervention {
  readonly name: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly exitCode: number | null;
}

export interface SoakFacts {
  readonly offered: number;
  readonly achieved: number;
  readonly wrong: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly starved: number;
  readonly claimWindowSeconds: number;
  readonly loadedTokens: number;
  readonly samples: readonly Sample[];
  readonly interventions: readonly Intervention[];
}

export interface Verdict {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly bound: string;
}

export const soakBounds = {
  /** A collector's working room; a leak of 10 bytes a message at 50,000/s is 0.9 GB in 30 min. */
  heapGrowthMiB: 64,
  residentMiB: 300,
  residentGrowthMiB: 64,
  /** Segments of the journal that are opened and closed again. */
  descriptorGrowth: 8,
  /** A claim takes about 70 bytes; pages of three windows are not full. */
  claimBytes: 160,
  claimWindows: 3,
  /** A token with its card in pages that were split once. */
  loadedTokenBytes: 1_024,
  vaultGrowthMiB: 64,
  rowsBehindSeconds: 5,
  /** p99.9 late beside early. */
  p999Factor: 2,
  p999AddedMs: 5,
  /** While keys rotate, a backup is taken and tokens are loaded. */
  interventionP99Ms: 50,
} as const;

function part(samples: readonly Sample[], from: number, to: number): readonly Sample[] {
  const count = samples.length;
  return samples.slice(Math.floor(count * from), Math.max(1, Math.ceil(count * to)));
}

/** Early: the second quarter, when compiler and caches have settled. Late: the last quarter. */
function earlyAndLate(samples: readonly Sample[], figure: (sample: Sample) => number) {
  const early = part(samples, 0.25, 0.5).map(figure);
  const late = part(samples, 0.75, 1).map(figure);
  return { early, late };
}

const mib = (bytes: number) => `${(bytes / mebibyte).toFixed(0)} MiB`;
const ms = (value: number) => `${value.toFixed(2)} ms`;

function answerVerdicts(facts: SoakFacts): Verdict[] {
  const { offered, achieved, wrong, refused, unanswered, starved } = facts;
  const lost = wrong + refused + unanswered;
  const found = `${wrong} wrong, ${refused} refused, ${unanswered} unanswered`;
  return [
    { name: "every answer right", ok: lost === 0, found, bound: "0" },
    {
      name: "rate kept",
      ok: achieved >= offered * 0.999,
      found: `${((achieved / offered) * 100).toFixed(2)} %`,
      bound: "≥ 99.9 %",
    },
    {
      name: "payments made in time by the generator",
      ok: starved === 0,
      found: `${starved} late`,
      bound: "0",
    },
  ];
}

function memoryVerdicts({ samples }: SoakFacts): Verdict[] {
  const b = soakBounds;
  // The lowest points: between them lies what the collector has not looked at yet.
  const heap = earlyAndLate(samples, (one) => one.heapBytes);
  const heapGrowth = Math.min(...heap.late) - Math.min(...heap.early);
  const own = earlyAndLate(samples, (one) => one.residentBytes);
  const ownGrowth = median(own.late) - median(own.early);
  const ownMost = Math.max(...samples.map((one) => one.residentBytes));
  const open = earlyAndLate(samples, (one) => one.descriptors);
  const opened = median(open.late) - median(open.early);
  return [
    {
      name: "heaps do not grow",
      ok: heapGrowth <= b.heapGrowthMiB * mebibyte,
      found: mib(heapGrowth),
      bound: `≤ ${b.heapGrowthMiB} MiB`,
    },
    {
      name: "own memory does not grow",
      ok: ownGrowth <= b.residentGrowthMiB * mebibyte,
      found: mib(ownGrowth),
      bound: `≤ ${b.residentGrowthMiB} MiB`,
    },
    {
      name: "own memory at its most",
      ok: ownMost <= b.residentMiB * mebibyte,
      found: mib(ownMost),
      bound: `≤ ${b.residentMiB} MiB`,
    },
    {
      name: "descriptors do not grow",
      ok: opened <= b.descriptorGrowth,
      found: String(opened),
      bound: `≤ ${b.descriptorGrowth}`,
    },
  ];
}

function storeVerdicts(facts: SoakFacts): Verdict[] {
  const { samples, offered, claimWindowSeconds, loadedTokens } = facts;
  const b = soakBounds;
  const claims = Math.max(...samples.map((one) => one.claimBytes));
  // Until three windows are full there are only as many claims as there were payments.
  const seconds = Math.min(
    (samples.at(-1)?.seconds ?? 0) + 60,
    b.claimWindows * claimWindowSeconds,
  );
  const claimsMax = offered * seconds * b.claimBytes + 16 * mebibyte;
  const first = samples[0]?.vaultBytes ?? 0;
  const growth = (samples.at(-1)?.vaultBytes ?? 0) - first;
  const growthMax = b.vaultGrowthMiB * mebibyte + loadedTokens * b.loadedTokenBytes;
  const behind = median(earlyAndLate(samples, (one) => one.rowsBehind).late);
  return [
    {
      name: "claims are let go of",
      ok: claims <= claimsMax,
      found: mib(claims),
      bound: `≤ ${mib(claimsMax)}`,
    },
    {
      name: "the vault's map grows by what was loaded",
      ok: growth <= growthMax,
      found: mib(growth),
      bound: `≤ ${mib(growthMax)}`,
    },
    {
      name: "the fold keeps up",
      ok: behind <= offered * b.rowsBehindSeconds,
      found: `${Math.round(behind)} rows behind`,
      bound: `≤ ${Math.round(offered * b.rowsBehindSeconds)}`,
    },
  ];
}

function latencyVerdicts({ samples, interventions }: SoakFacts): Verdict[] {
  const b = soakBounds;
  const touched = (one: Sample, before: number) =>
    interventions.some(
      ({ fromSeconds, toSeconds }) => one.seconds > fromSeconds && before < toSeconds,
    );
  const during: number[] = [];
  const quiet: Sample[] = [];
  for (const [i, one] of samples.entries()) {
    if (touched(one, samples[i - 1]?.seconds ?? 0)) during.push(one.p99);
    else quiet.push(one);
  }
  const { early, late } = earlyAndLate(quiet, (one) => one.p999);
  const [before, after] = [median(early), median(late)];
  const afterMax = before * b.p999Factor + b.p999AddedMs;
  const most = during.length === 0 ? 0 : Math.max(...during);
  const failed = interventions.filter(({ exitCode }) => exitCode !== 0).map(({ name }) => name);
  return [
    {
      name: "p99.9 stays",
      ok: after <= afterMax,
      found: `${ms(before)} early, ${ms(after)} late`,
      bound: `≤ ${ms(afterMax)}`,
    },
    {
      name: "p99 while keys, backup and load go on",
      ok: most <= b.interventionP99Ms && during.length > 0,
      found: during.length === 0 ? "nothing was measured" : ms(most),
      bound: `≤ ${ms(b.interventionP99Ms)}`,
    },
    {
      name: "keys, backup and load succeed",
      ok: failed.length === 0 && interventions.length > 0,
      found: failed.length === 0 ? `${interventions.length} done` : `failed: ${failed.join(", ")}`,
      bound: "all",
    },
  ];
}

export function verdictsOf(facts: SoakFacts): Verdict[] {
  if (facts.samples.length < 8) throw new RangeError("too few samples for a verdict");
  return [
    ...answerVerdicts(facts),
    ...memoryVerdicts(facts),
    ...storeVerdicts(facts),
    ...latencyVerdicts(facts),
  ];
}

/** A line a verdict, and one for all. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  const width = Math.max(...verdicts.map(({ name }) => name.length));
  const lines = verdicts.map(
    ({ name, ok, found, bound }) =>
      `${ok ? "ok  " : "FAIL"} ${name.padEnd(width)}  ${found} (${bound})`,
  );
  const failed = verdicts.filter(({ ok }) => !ok).length;
  lines.push(failed === 0 ? "The soak passed." : `The soak failed in ${failed} checks.`);
  return `${lines.join("\n")}\n`;
}
