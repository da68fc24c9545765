// Defends: kill -9 of a node that takes commands, 200 times on both logs: nothing that was answered
// is lost or moved, and nothing has a second effect.
import { beforeAll, expect, it } from "vitest";
import { natsBinary, obtainTimeoutMs } from "../../deploy/tools/nats-site.ts";
import { crashRounds } from "./crash-rounds.ts";

beforeAll(() => {
  natsBinary();
}, obtainTimeoutMs);

it.each([
  ["embedded", 160],
  ["jetstream", 40],
] as const)("survives on the log %s %d kills", { timeout: 480_000 }, async (log, rounds) => {
  const totals = await crashRounds(log, rounds);
  expect(totals.problems).toEqual([]);
  expect(totals.kills).toBe(rounds);
  expect(totals.answered).toBeGreaterThan(rounds * 5);
});
