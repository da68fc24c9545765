// Defends: kill -9 under load, then restart, 50 times: no PTAV is accepted twice, and no answered
// approval is forgotten.
import { expect, it } from "vitest";
import { Rig } from "../../hotpath/test-rig.ts";
import { killRounds } from "./kill-rounds.ts";

it("survives 50 kills", { timeout: 170_000 }, async () => {
  const report = await killRounds(() => new Rig({ startMs: Date.now() }), 50);
  expect(report).toMatchObject({ rounds: 50, kills: 50, forgotten: 0, doubled: 0 });
  expect(report.answered).toBeGreaterThan(50);
});
