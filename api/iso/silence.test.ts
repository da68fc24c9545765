// Property: a signed-on peer is asked before it is given up, a peer without a sign-on is not, and
// any byte from the peer starts the clock anew.
import { expect, test } from "vitest";
import { isoLimits } from "./limits.ts";
import { Silence } from "./silence.ts";

test("echo after 60 s without traffic, three misses of 10 s, then the end", () => {
  const silence = new Silence(isoLimits, 0);
  const verdicts: string[] = [];
  for (let ms = 0; ms <= 95_000; ms += 500) {
    const verdict = silence.judge(ms, true);
    if (verdict !== "alive") verdicts.push(`${verdict} ${ms}`);
    if (verdict === "dead") break;
  }
  expect(verdicts).toEqual(["echo 60000", "echo 70000", "echo 80000", "dead 90000"]);
  expect(silence.echoes).toBe(3);
});

test("our own traffic puts the first echo off, but is no sign of life", () => {
  const silence = new Silence(isoLimits, 0);
  silence.spoke(50_000);
  expect(silence.judge(60_000, true)).toBe("alive");
  expect(silence.judge(110_000, true)).toBe("echo");
  silence.spoke(110_000);
  expect(silence.judge(120_000, true)).toBe("echo");
  expect(silence.judge(130_000, true)).toBe("echo");
  expect(silence.judge(140_000, true)).toBe("dead");
});

test("an answer between two echoes starts anew", () => {
  const silence = new Silence(isoLimits, 0);
  expect(silence.judge(60_000, true)).toBe("echo");
  silence.heard(61_000);
  expect(silence.judge(120_000, true)).toBe("alive");
  expect(silence.judge(121_000, true)).toBe("echo");
});

test("a connection without a sign-on is never asked", () => {
  const silence = new Silence(isoLimits, 0);
  silence.spoke(59_000);
  expect([silence.judge(59_999, false), silence.judge(60_000, false)]).toEqual(["alive", "dead"]);
});

test("answers are told apart: in time, too late, to nothing that was asked", () => {
  const silence = new Silence(isoLimits, 0);
  const { idleMs, echoAnswerMs } = isoLimits;
  expect(silence.answered(1, 0)).toBe("unmatched");
  expect(silence.judge(idleMs, true)).toBe("echo");
  expect(silence.answered(1, idleMs + 1)).toBe("fits");
  expect(silence.answered(1, idleMs + 2)).toBe("unmatched");
  expect(silence.judge(idleMs + echoAnswerMs, true)).toBe("echo");
  expect([silence.answered(1, idleMs), silence.answered(3, idleMs)]).toEqual(["late", "unmatched"]);
  expect(silence.missed).toBe(0);
  silence.judge(idleMs + 2 * echoAnswerMs, true);
  expect(silence.missed).toBe(1);
});
