// Defends: two processes that verify one PTAV at the same moment, 10,000 times, accept it exactly
// once.
import { afterEach, expect, it } from "vitest";
import { Rig } from "../../hotpath/test-rig.ts";
import { startChild } from "./child-runs.ts";
import { writeRivals } from "./rivals.ts";

const ptavs = 10_000;
const batch = 8;
/** Both processes have started and wait well before this. */
const leadMs = 1_500;

let rig: Rig;
afterEach(() => rig.remove());

it("accepts each PTAV exactly once", { timeout: 120_000 }, async () => {
  rig = new Rig({ startMs: Date.now() });
  const files = writeRivals(rig, ptavs);
  const order = {
    settings: rig.settings,
    bootId: rig.bootId,
    from: 0,
    batch,
    startAtMs: Date.now() + leadMs,
    paceMs: 1,
  };
  const runs = [files.first, files.second].map((file) => startChild({ ...order, file }));
  await Promise.all(runs.map((run) => run.done));
  const accepted = new Int32Array(ptavs);
  const wonBy = [0, 0];
  runs.forEach((run, who) => {
    expect(run.verdicts.length).toBe(ptavs);
    for (const { row, reason } of run.verdicts) {
      expect([0, 2006]).toContain(reason);
      if (reason !== 0) continue;
      accepted[row] = (accepted[row] as number) + 1;
      wonBy[who] = (wonBy[who] as number) + 1;
    }
  });
  expect(accepted.every((times) => times === 1)).toBe(true);
  // They really met: neither was always first.
  expect(Math.min(...wonBy)).toBeGreaterThan(0);
});
