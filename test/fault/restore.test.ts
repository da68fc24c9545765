// Defends: a restored backup accepts no PTAV that was used after the backup was taken, nor any
// other from before; new ones are minted above the fence and pay.

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openPipeline, TokenDataService } from "../../hotpath/mod.ts";
import { merchant, plainPeer, Rig, trid } from "../../hotpath/test-rig.ts";
import { MetricCells, reason } from "../../platform/mod.ts";
import { backupVault, restoreVault } from "../../vault/mod.ts";

let rig: Rig;
afterEach(() => rig.remove());

it("refuses what was fetched before, and takes what is fetched after", async () => {
  rig = new Rig();
  const unused = rig.payment();
  const backup = join(rig.dir, "backup");
  // The keys of the rig are in memory; a backup wants the file.
  mkdirSync(join(rig.dir, "keys"), { recursive: true });
  await backupVault(rig.vault, backup);
  const usedAfter = rig.payment();
  expect(rig.one(usedAfter).reason).toBe(0);
  const dir = join(rig.dir, "restored");
  const options = { dir, ring: rig.keys.read(), clock: rig.clock, random: randomBytes };
  await restoreVault(backup, options);
  const opened = openPipeline(
    { ...rig.settings, dir },
    {
      keys: rig.keys.shared,
      cells: new MetricCells().shared,
      place: "inline",
      journalName: "restored",
      clock: rig.clock,
      bootId: rig.bootId,
    },
  );
  const judge = (message: Buffer) => rig.one(message, plainPeer, opened).reason;
  expect([judge(usedAfter), judge(unused)]).toEqual([reason.PTAV_EXPIRED, reason.PTAV_EXPIRED]);
  const service = new TokenDataService({
    ...opened,
    keys: rig.keys,
    ptavTtlSeconds: 900,
    perTokenPerMinute: 0,
  });
  rig.clock.advance(5_000);
  const { ptav } = service.issue({
    trid,
    tokenRef: rig.token.ref,
    transactionType: "CIT",
    amount: 12_345n,
    currency: "458",
    merchantId: merchant,
    unpredictableNumber: null,
    bindAmount: true,
    bindMerchant: true,
  });
  // Stamped above the fence, a minute ahead of now: within the skew that verification allows.
  expect(judge(rig.payment({ tags: { "04": ptav } }))).toBe(0);
  await opened.close();
});
