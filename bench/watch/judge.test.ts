// Defends: a ratio below its bound, or a row that vanished, fails the watch.
import { expect, test } from "vitest";
import type { Row } from "../lib/row.ts";
import { judge, renderJudged } from "./judge.ts";

const row = (metric: string, ratio: number | null) =>
  ({ scenario: "s", metric, ratio }) as unknown as Row;
const bound = (metric: string) => ({ scenario: "s", metric, atLeast: 2 });

test("a ratio at its bound is kept, one below it is not", () => {
  const [at, below] = judge([bound("a"), bound("b")], [row("a", 2), row("b", 1.99)]);
  expect([at?.kept, below?.kept]).toEqual([true, false]);
});

test("a row that is missing or has no baseline breaks its bound", () => {
  const judged = judge([bound("a"), bound("b")], [row("b", null)]);
  expect(judged.map(({ kept }) => kept)).toEqual([false, false]);
  expect(renderJudged(judged)).toContain("LOW   missing >= 2     s: a");
});
