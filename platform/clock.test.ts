// Defends: deadlines mean the same in every thread, and a stepped wall clock revives nothing.
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { createManualClock, systemClock } from "./clock.ts";
import { guardClock } from "./clock-guard.ts";

describe("the system clock", () => {
  it("has one monotonic time line for all threads", async () => {
    const file = new URL("./clock.ts", import.meta.url).href;
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      import(workerData).then(({ systemClock }) => {
        parentPort.postMessage(systemClock.monotonicMs());
      });`;
    const beforeMs = systemClock.monotonicMs();
    const inWorkerMs = await new Promise<number>((resolve, reject) => {
      new Worker(code, { eval: true, workerData: file })
        .once("message", resolve)
        .once("error", reject);
    });
    const afterMs = systemClock.monotonicMs();
    expect(inWorkerMs).toBeGreaterThan(beforeMs);
    expect(inWorkerMs).toBeLessThan(afterMs);
  });
});

describe("the clock guard", () => {
  it("follows time and small corrections", () => {
    const clock = createManualClock(1_000_000);
    const guard = guardClock({ clock, onStep: () => expect.unreachable() });
    clock.advance(86_400_000);
    expect(guard.nowMs()).toBe(clock.nowMs());
    clock.stepWall(-59_000);
    expect(guard.nowMs()).toBe(clock.nowMs());
    expect(guard.heldMs).toBe(0);
  });

  it.each([-3_600_000, 3_600_000])("does not follow a step of %d ms, and tells it once", (step) => {
    const clock = createManualClock(10_000_000);
    const steps: number[] = [];
    const guard = guardClock({ clock, onStep: ({ stepMs }) => steps.push(stepMs) });
    clock.advance(1_000);
    clock.stepWall(step);
    expect(guard.nowMs()).toBe(10_001_000);
    clock.advance(5_000);
    expect(guard.nowMs()).toBe(10_006_000);
    expect(steps).toEqual([step]);
    clock.stepWall(-step);
    expect(guard.nowMs()).toBe(10_006_000);
    expect(guard.heldMs).toBe(0);
    expect(steps).toEqual([step, -step]);
  });
});
