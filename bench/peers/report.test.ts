// Defends: how verdicts come about: ours by microseconds, a peer's by how many times longer it
// takes, round by round, so that a slow minute hits both sides of a ratio.
import { expect, it } from "vitest";
import { badMessages } from "./messages.ts";
import { renderBad, renderRows, rowsOf } from "./report.ts";

const series = (task: string, set: string, who: string, figures: readonly number[]) => ({
  task,
  set,
  who,
  figures,
});

it("sets a peer beside our figure of the same round", () => {
  const rows = rowsOf([
    series("eight", "same", "ours", [1, 10, 2]),
    series("eight", "same", "jPOS", [3, 20, 6]),
    series("answer", "same", "ours", [0.5, 0.7, 0.6]),
    series("answer", "same", "jPOS", [5, 5.6, 3]),
    series("hmac", "-", "primitives", [2, 3, 4]),
  ]);
  expect(
    rows.map(({ who, median, times, target, met }) => [who, median, times, target, met]),
  ).toEqual([
    ["ours", 2, null, null, null],
    ["jPOS", 6, 3, 2, true],
    ["ours", 0.6, null, 0.5, false],
    ["jPOS", 5, 8, 8, true],
    ["primitives", 3, null, null, null],
  ]);
  const lines = renderRows(rows).split("\n");
  expect(lines[3]).toMatch(/^answer +same +ours +0\.600 +0\.500 +0\.700 +3 +- +- +≤ 0\.5 +NO$/);
  expect(lines[4]).toMatch(/^answer +same +jPOS +5\.00 .* 8\.0 +6\.0 +≥ 8 +yes$/);
});

it("says who takes which bad message", () => {
  const text = renderBad(["month 13", "cut"], { ours: [false, false], jPOS: [true, false] });
  expect(text).toBe(
    "bad message  ours     jPOS\nmonth 13     refuses  takes\ncut          refuses  refuses\n",
  );
});

it("has bad messages that differ from each other", () => {
  const texts = Object.values(badMessages()).map((bytes) => bytes.toString("latin1"));
  expect(new Set(texts).size).toBe(texts.length);
});
