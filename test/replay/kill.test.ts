// Defends: kill -9 of claiming processes under load, 20 times, with a rival that goes on or
// without: nothing is accepted twice, no answered claim is forgotten, each stands in the journals
// once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { KillRounds, seeded } from "./kill-rounds.ts";

it("survives 20 rounds of kill -9", { timeout: 150_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "pantun-kill-"));
  const rounds = 20;
  const run = new KillRounds({ dir, rounds, keysPerRound: 600, random: seeded(Date.now()) });
  await run.run();
  rmSync(dir, { recursive: true, force: true });
  expect(run.faults).toEqual([]);
  expect(run.totals.kills).toBeGreaterThanOrEqual(rounds);
  expect(run.totals.claims + run.totals.unanswered).toBe(rounds * 600);
});
