// Property: a card is provisioned so many times in an hour of its own, a repetition does not count,
// and any number of other cards keeps none out.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { createManualClock, isAppError, type ManualClock } from "../../platform/mod.ts";
import { createTestVault, type TestVault, testPan } from "../../vault/test-vault.ts";
import { CardRate } from "./card-rate.ts";

let t: TestVault;
let clock: ManualClock;
let rate: CardRate;
beforeEach(() => {
  t = createTestVault();
  clock = createManualClock();
  rate = new CardRate({ vault: t.vault, perHour: 3, clock, cardsMax: 4 });
});
afterEach(() => t.remove());

const call = { client: "a", idempotencyKey: "k", deadlineMs: 0 };
/** "OK", or after how many milliseconds. */
function take(pan: ClearPAN, isRepetition = false): string | number {
  try {
    rate.take(pan, { isRepetition: () => isRepetition }, call);
    return "OK";
  } catch (error) {
    if (isAppError(error, "RATE_LIMITED")) return error.retryAfterMs ?? 0;
    throw error;
  }
}

test("each card has an hour of its own, from its first provisioning on", () => {
  const [one, other] = [testPan(1), testPan(2)];
  expect([take(one), take(one)]).toEqual(["OK", "OK"]);
  clock.advance(1_800_000);
  expect([take(one), take(one), take(other)]).toEqual(["OK", 1_800_000, "OK"]);
  clock.advance(1_800_000);
  expect([take(one), take(one), take(one), take(one)]).toEqual(["OK", "OK", "OK", 3_600_000]);
  expect(take(other)).toBe("OK");
});

test("a repetition neither counts nor is held up", () => {
  for (let times = 0; times < 10; times++) expect(take(testPan(1), true)).toBe("OK");
  for (let times = 0; times < 3; times++) expect(take(testPan(1))).toBe("OK");
  expect(take(testPan(1))).toBe(3_600_000);
  expect(take(testPan(1), true)).toBe("OK");
});

test("more cards than are remembered keep no other out", () => {
  for (let card = 1; card <= 50; card++) expect(take(testPan(card))).toBe("OK");
  for (let times = 0; times < 2; times++) expect(take(testPan(50))).toBe("OK");
  expect(take(testPan(50))).toBe(3_600_000);
});
