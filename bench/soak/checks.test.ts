// Defends: a soak that leaks, slows down, answers wrongly or is disturbed fails, each by its own
// check, and one that does nothing of it passes.
import { describe, expect, it } from "vitest";
import { type Sample, type SoakFacts, verdictsOf } from "./checks.ts";

const mebibyte = 2 ** 20;
const count = 40;

function sample(i: number, changes: Partial<Sample> = {}): Sample {
  return {
    seconds: (i + 1) * 10,
    // A collector's saw.
    heapBytes: (80 + (i % 5) * 10) * mebibyte,
    residentBytes: 200 * mebibyte,
    descriptors: 50 + (i % 2),
    claimBytes: Math.min(i + 1, 36) * 10 * 50_000 * 70,
    rowsBehind: 1_000,
    vaultBytes: 700 * mebibyte,
    p99: 1,
    p999: 3,
    ...changes,
  };
}

function facts(change: (i: number) => Partial<Sample> = () => ({}), rest: Partial<SoakFacts> = {}) {
  return {
    offered: 50_000,
    achieved: 50_000,
    wrong: 0,
    refused: 0,
    unanswered: 0,
    starved: 0,
    claimWindowSeconds: 120,
    loadedTokens: 10_000,
    samples: Array.from({ length: count }, (_, i) => sample(i, change(i))),
    interventions: [{ name: "backup", fromSeconds: 201, toSeconds: 219, exitCode: 0 }],
    ...rest,
  } satisfies SoakFacts;
}

const failed = (one: SoakFacts) =>
  verdictsOf(one)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

describe("a soak", () => {
  it("passes where nothing grows", () => {
    expect(failed(facts())).toEqual([]);
  });

  const faults: [string, SoakFacts, string][] = [
    ["a leak", facts((i) => ({ heapBytes: (80 + i * 4) * mebibyte })), "heaps do not grow"],
    ["mapped memory", facts(() => ({ residentBytes: 301 * mebibyte })), "own memory at its most"],
    ["open files", facts((i) => ({ descriptors: 50 + i })), "descriptors do not grow"],
    ["claims kept", facts((i) => ({ claimBytes: i * 300 * mebibyte })), "claims are let go of"],
    [
      "a growing map",
      facts((i) => ({ vaultBytes: (700 + i * 3) * mebibyte })),
      "the vault's map grows by what was loaded",
    ],
    ["a fold too slow", facts((i) => ({ rowsBehind: i * 10_000 })), "the fold keeps up"],
    ["slower and slower", facts((i) => ({ p999: 3 + i ** 2 / 10 })), "p99.9 stays"],
    [
      "a visible backup",
      facts((i) => ({ p99: i === 20 ? 51 : 1 })),
      "p99 while keys, backup and load go on",
    ],
    ["a wrong answer", facts(undefined, { wrong: 1 }), "every answer right"],
    [
      "a generator too slow",
      facts(undefined, { starved: 64 }),
      "payments made in time by the generator",
    ],
    ["a lower rate", facts(undefined, { achieved: 49_900 }), "rate kept"],
    [
      "a failed backup",
      facts(undefined, {
        interventions: [{ name: "backup", fromSeconds: 201, toSeconds: 219, exitCode: 1 }],
      }),
      "keys, backup and load succeed",
    ],
  ];
  it.each(faults)("fails for %s", (_name, one, check) => {
    expect(failed(one)).toEqual([check]);
  });

  it("fails where nothing was done to it, and has no verdict over too few samples", () => {
    expect(failed(facts(undefined, { interventions: [] }))).toHaveLength(2);
    expect(() => verdictsOf({ ...facts(), samples: [] })).toThrow(RangeError);
  });

  it("does not hold an intervention's latency against the rest", () => {
    expect(failed(facts((i) => ({ p999: i === 20 || i === 21 ? 400 : 3 })))).toEqual([]);
  });
});
