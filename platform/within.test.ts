// Defends: a wait ends, with a sentence that says what did not come, also where the look itself
// never answers; what comes in time, or fails, comes as it is.
import { expect, it } from "vitest";
import { comesTrue, within } from "./within.ts";

const never = new Promise<never>(() => {});

it("passes on what comes in time", async () => {
  expect(await within(1_000, "late", Promise.resolve(7))).toBe(7);
  const failing = within(1_000, "late", Promise.reject(new Error("its own")));
  await expect(failing).rejects.toThrow("its own");
});

it("ends with its sentence where nothing comes", async () => {
  await expect(within(5, "the node did not stop", never)).rejects.toThrow("the node did not stop");
});

it("looks until it holds", async () => {
  let looks = 0;
  await comesTrue("the third look", 5_000, () => ++looks === 3);
  expect(looks).toBe(3);
});

it.each([
  ["does not hold", () => false],
  ["never answers", () => never],
])("ends where the look %s", async (_, holds) => {
  await expect(comesTrue("a leader", 20, holds)).rejects.toThrow(/^a leader: .* within 0.02 s$/);
});
