// A quota lets through what it says in each window, for each key by itself, and forgets nothing
// early.
import { expect, test } from "vitest";
import { createManualClock, isAppError } from "../../platform/mod.ts";
import { Quota } from "./quota.ts";

function refused(quota: Quota, key: string): number | null {
  try {
    quota.take(key);
    return null;
  } catch (error) {
    if (!isAppError(error, "RATE_LIMITED")) throw error;
    return error.retryAfterMs ?? 0;
  }
}

test("calls above the quota wait for the next window", () => {
  const clock = createManualClock();
  const quota = new Quota({ callsMax: 2, windowMs: 1_000, clock, subject: "caller" });
  expect([refused(quota, "a"), refused(quota, "a"), refused(quota, "b")]).toEqual([
    null,
    null,
    null,
  ]);
  clock.advance(400);
  expect(refused(quota, "a")).toBe(600);
  clock.advance(600);
  expect(refused(quota, "a")).toBeNull();
});

test("the table of keys has a bound", () => {
  const clock = createManualClock();
  const quota = new Quota({ callsMax: 5, windowMs: 1_000, clock, subject: "token" });
  for (let i = 0; i < 100_000; i++) quota.take(String(i));
  expect(refused(quota, "one more")).toBe(1_000);
  expect(refused(quota, "5")).toBeNull();
});
