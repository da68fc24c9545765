// Defends: on a full disk known tokens are still looked up and judged, claims that cannot be stored
// are refused with 9096, and nothing that was answered is lost; with room again, what was refused
// passes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { otherTrid, Rig } from "../../hotpath/test-rig.ts";
import { reason } from "../../platform/mod.ts";
import { openMs, startChildOnFullDisk } from "./child-runs.ts";
import { packMessages } from "./message-file.ts";

/** A little more than the mebibyte that the store of claims is given at its start. */
const fileKibibytesMax = 1_300;
const payments = 20_000;
/** Every so many rows comes a message that only needs a look-up to be declined. */
const declineEvery = 100;

let rig: Rig;
afterEach(() => rig.remove());

it("refuses what it cannot store, judges the rest, and loses nothing", {
  timeout: 120_000,
}, async () => {
  rig = new Rig({ startMs: Date.now() });
  const messages = Array.from({ length: payments }, (_, i) =>
    i % declineEvery === 0 ? rig.payment({ tags: { "03": otherTrid } }) : rig.payment(),
  );
  const file = join(rig.dir, "payments.bin");
  writeFileSync(file, packMessages(messages));
  const run = startChildOnFullDisk(
    {
      settings: rig.settings,
      bootId: rig.bootId,
      file,
      from: 0,
      batch: 16,
      startAtMs: Date.now() + 2 * openMs,
      paceMs: 0,
    },
    fileKibibytesMax,
  );
  await run.done;
  expect(run.verdicts.length).toBe(payments);
  const counts = new Map<number, number>();
  let lastApproved = 0;
  let firstRefused = payments;
  for (const verdict of run.verdicts) {
    counts.set(verdict.reason, (counts.get(verdict.reason) ?? 0) + 1);
    if (verdict.reason === 0) lastApproved = Math.max(lastApproved, verdict.row);
    if (verdict.reason === reason.SYSTEM_ERROR) {
      firstRefused = Math.min(firstRefused, verdict.row);
    }
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1003, 9096]);
  // Look-ups and declines go on to the end, long after the first claim was refused.
  expect(counts.get(reason.TRID_MISMATCH)).toBe(payments / declineEvery);
  expect(firstRefused).toBeLessThan(payments - 1_000);
  expect(counts.get(0)).toBeGreaterThan(1_000);
  expect(lastApproved).toBeGreaterThan(0);
  judgeWithRoom(messages, run.verdicts);
});

/**
 * With room again: approvals are known by their ids, refusals pass, and no PTAV was used up twice.
 */
function judgeWithRoom(
  messages: readonly Buffer[],
  verdicts: readonly { row: number; reason: number; id: string }[],
): void {
  for (const { row, reason: before, id } of verdicts) {
    if (before === reason.TRID_MISMATCH) continue;
    const now = rig.one(messages[row] as Buffer);
    expect(now.reason).toBe(0);
    if (before === 0) expect(now.tags["14"]?.replaceAll("-", "")).toBe(id);
  }
}
