// Defends: a PTAV key is rotated under load without one false decline inside a PTAV's life:
// processes that see the new ring late verify what others mint already, and old PTAVs stay good.
import { afterEach, expect, it } from "vitest";
import { KeyPage, KeyRing } from "../crypto/mod.ts";
import { JournalWriter } from "../vault/mod.ts";
import { baseKeys, merchant, Rig, ringKey, trid } from "./test-rig.ts";
import { TokenDataService } from "./token-data.ts";

let rig: Rig;
afterEach(() => rig.remove());

const others = baseKeys.filter((key) => key.usage !== "ptav");
const ringOf = (...ptav: (typeof baseKeys)[number][]) => new KeyRing([...others, ...ptav]);

it("declines nothing while KVN 1 gives way to KVN 2", () => {
  rig = new Rig();
  // The minting process sees each step two rounds before the verifying one.
  const minting = new KeyPage();
  const journal = JournalWriter.open({ dir: rig.dir, name: "minting", clock: rig.clock });
  const steps = [
    ringOf(ringKey("ptav", 0)),
    ringOf(ringKey("ptav", 0), ringKey("ptav", 50, { version: 2, state: "PRE_ACTIVE" })),
    ringOf(ringKey("ptav", 0, { state: "VERIFY_ONLY" }), ringKey("ptav", 50, { version: 2 })),
  ] as const;
  minting.publish(steps[0]);
  const service = new TokenDataService({
    vault: rig.vault,
    replay: rig.opened.replay,
    journal,
    keys: minting,
    clock: rig.clock,
    ptavTtlSeconds: 900,
    perTokenPerMinute: 0,
  });
  const mint = () =>
    service.issue({
      trid,
      tokenRef: rig.token.ref,
      transactionType: "CIT",
      amount: 12_345n,
      currency: "458",
      merchantId: merchant,
      unpredictableNumber: null,
      bindAmount: true,
      bindMerchant: true,
    }).ptav;
  const kept: string[] = [];
  const kvns = new Set<number>();
  for (let round = 0; round < 12; round++) {
    if (round === 2 || round === 6) minting.publish(steps[round / 4 + 0.5] as KeyRing);
    if (round === 4 || round === 8) rig.keys.publish(steps[round / 4] as KeyRing);
    kept.push(mint());
    // Each round pays with a new PTAV and with one that waited.
    const ptavs = [mint(), kept[Math.floor(round / 2)] as string];
    if (round % 2 === 1) ptavs.pop();
    const answers = rig.judge(ptavs.map((ptav) => rig.payment({ tags: { "04": ptav } })));
    expect(answers.map((answer) => answer.reason)).toEqual(ptavs.map(() => 0));
    for (const ptav of ptavs) kvns.add(Buffer.from(ptav, "base64")[1] as number);
    rig.clock.advance(20_000);
  }
  expect([...kvns].sort()).toEqual([1, 2]);
  journal.close();
});
