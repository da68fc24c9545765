// Property: a report is only good when every message was answered rightly and in time, and its
// table holds every number of the document.
import { expect, test } from "vitest";
import { reportLines, reportOf } from "./report.ts";
import { Tally } from "./tally.ts";

const client = {
  sent: 3,
  answered: 3,
  timedOut: 0,
  late: 0,
  reconnected: 0,
  unreadable: 0,
  lost: 0,
  echoesAnswered: 0,
};

function tally(): Tally {
  const t = new Tally();
  Object.assign(t.row("good"), { sent: 2, right: 2, answer: "00 0000" });
  Object.assign(t.row("replay"), { sent: 1, right: 1, answer: "63 2006" });
  for (const ms of [1, 2, 40]) t.latency(1_000, 1_000 + ms);
  return t;
}

test("all right", () => {
  const report = reportOf({ tally: tally(), elapsedMs: 2_000, lateStarts: 0 }, client);
  expect(report.ok).toBe(true);
  expect([report.sent, report.right, report.ratePerSecond]).toEqual([3, 3, 2]);
  expect(report.latency.maxUs).toBeGreaterThanOrEqual(39_900);
  const lines = reportLines(report);
  expect(lines[0]?.split(/ {2,}/)[0]).toBe("traffic");
  expect(lines[1]?.split(/\s+/)).toEqual(["good", "2", "2", "0", "0", "00", "0000"]);
  expect(lines.join("\n")).toContain("p50 2.00");
});

test.each([
  ["a wrong answer", (t: Tally) => t.wrong("good", ["DE39 05 and not 00"]), {}],
  ["no answer", (t: Tally) => (t.row("good").unanswered += 1), {}],
  ["a late answer", () => 0, { late: 1 }],
  ["an unreadable answer", () => 0, { unreadable: 1 }],
  ["a lost connection", () => 0, { lost: 1 }],
])("%s makes it bad", (_name, spoil, over) => {
  const t = tally();
  spoil(t);
  const report = reportOf({ tally: t, elapsedMs: 1, lateStarts: 0 }, { ...client, ...over });
  expect(report.ok).toBe(false);
});

test("examples are kept, but not without end", () => {
  const t = tally();
  for (let i = 0; i < 100; i++) t.wrong("good", ["reason 1001"]);
  const report = reportOf({ tally: t, elapsedMs: 1, lateStarts: 0 }, client);
  expect([report.wrong, report.examples.length]).toEqual([100, 20]);
  expect(reportLines(report).filter((line) => line.startsWith("wrong: ")).length).toBe(20);
});
