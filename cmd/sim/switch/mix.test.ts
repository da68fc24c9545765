// Property: every stretch of the traffic has the shares of the whole mix, and a wrong mix is one
// clear sentence.
import { expect, test } from "vitest";
import { isAppError } from "../../../platform/mod.ts";
import { createMixer, defaultMix, parseMix } from "./mix.ts";

test("a hundred draws have the shares exactly, and no kind waits for its turn", () => {
  const draw = createMixer(parseMix("good=80, replay=5,amount=10,trid=5"));
  const names = Array.from({ length: 100 }, () => draw().name);
  const counts = Object.groupBy(names, (name) => name);
  expect(Object.fromEntries(Object.entries(counts).map(([k, v]) => [k, v?.length]))).toEqual({
    good: 80,
    replay: 5,
    amount: 10,
    trid: 5,
  });
  for (let from = 0; from + 20 <= 100; from++) {
    const stretch = names.slice(from, from + 20).filter((name) => name === "amount").length;
    expect(stretch).toBeGreaterThanOrEqual(1);
    expect(stretch).toBeLessThanOrEqual(3);
  }
});

test("a kind with share 0 is never drawn", () => {
  const draw = createMixer(parseMix("good=1,replay=0"));
  expect(new Set(Array.from({ length: 20 }, () => draw().name))).toEqual(new Set(["good"]));
});

test("the default mix is a mix", () => {
  expect(parseMix(defaultMix).length).toBeGreaterThan(10);
});

test.each(["goood=1", "good", "good=x", "good=-1", "good=1.5", "good=0", "good=1=2,", ""])(
  "%s is refused in one sentence",
  (text) => {
    try {
      parseMix(text);
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, "USAGE")).toBe(true);
    }
  },
);
