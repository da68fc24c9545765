// Defends: the knee is the highest rung of the ladder that a service carries, whatever the guess,
// and one bad run of the machine does not lower it.
import { describe, expect, it } from "vitest";
import { findKnee, isCarried, kneeRules, type Length, type Probe } from "./knee.ts";

/** A service with one queue: beyond its capacity it falls behind, near it answers wait. */
function simulated(capacity: number, seconds = 30) {
  const probes: { rate: number; length: Length }[] = [];
  const probe = async (rate: number, length: Length): Promise<Probe> => {
    probes.push({ rate, length });
    const load = rate / capacity;
    if (load >= 1) {
      const behind = (1 - 1 / load) * seconds * 1_000 + 20;
      return { offered: rate, achieved: capacity, lost: 0, p99: behind };
    }
    return { offered: rate, achieved: rate, lost: 0, p99: 0.2 / (1 - load) };
  };
  return { probe, probes };
}

/** Where a queue's p99 is 10 ms: a fiftieth below its capacity. */
const kneeOf = (capacity: number) => capacity * 0.98;

describe("findKnee", () => {
  it.each([0.07, 0.5, 0.97, 1, 1.6, 12])("finds it from a guess of %f of it", async (part) => {
    const { probe, probes } = simulated(100_000);
    const found = await findKnee(100_000 * part, probe);
    const highest = kneeOf(100_000);
    expect(found?.offered).toBeLessThanOrEqual(highest);
    expect(found?.offered).toBeGreaterThan(highest / kneeRules.step / 1.001);
    expect(isCarried(found as Probe)).toBe(true);
    // Runs of full length are dear.
    expect(probes.filter(({ length }) => length === "full").length).toBeLessThanOrEqual(4);
    expect(probes.length).toBeLessThan(30);
  });

  it("believes a full run more than short ones", async () => {
    const { probe } = simulated(100_000);
    const tired = simulated(80_000);
    const found = await findKnee(100_000, (rate, length) =>
      length === "short" ? probe(rate, length) : tired.probe(rate, length),
    );
    expect(found?.offered).toBeLessThanOrEqual(kneeOf(80_000));
    expect(found?.offered).toBeGreaterThan(kneeOf(80_000) / kneeRules.step / 1.001);
  });

  it("may be told not to climb: one full run where it agrees with the short ones", async () => {
    const { probe, probes } = simulated(100_000);
    const found = await findKnee(60_000, probe, false);
    expect(found?.offered).toBeGreaterThan(kneeOf(100_000) / kneeRules.step / 1.001);
    expect(probes.filter(({ length }) => length === "full")).toHaveLength(1);
  });

  it("is not moved by every second run failing", async () => {
    const { probe } = simulated(100_000);
    let turn = 0;
    const found = await findKnee(50_000, async (rate, length) => {
      const figures = await probe(rate, length);
      return turn++ % 2 === 0 ? { ...figures, p99: 500 } : figures;
    });
    expect(found?.offered).toBeGreaterThan(kneeOf(100_000) / kneeRules.step / 1.001);
  });

  it("gives null where nothing is carried", async () => {
    const deaf = async (rate: number) => ({ offered: rate, achieved: 0, lost: 10, p99: 0 });
    expect(await findKnee(1_000, deaf)).toBeNull();
  });
});

describe("isCarried", () => {
  const good: Probe = { offered: 1_000, achieved: 999, lost: 0, p99: 10 };
  it("asks for 99.9 % of the rate, nothing lost, and a p99 of 10 ms", () => {
    expect(isCarried(good)).toBe(true);
    expect(isCarried({ ...good, achieved: 998.9 })).toBe(false);
    expect(isCarried({ ...good, lost: 1 })).toBe(false);
    expect(isCarried({ ...good, p99: 10.1 })).toBe(false);
  });
});
