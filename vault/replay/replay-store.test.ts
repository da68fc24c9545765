// Defends: a key is given out once. The same transaction from the same peer within 120 s is told so
// and gets the first verification id; everything else that brings a used key is refused.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClaimLanes } from "./claim-lanes.ts";
import { claim } from "./claim-record.ts";
import type { ReplayStore } from "./replay-store.ts";
import { ReplayRig } from "./test-rig.ts";

let rig: ReplayRig;
let store: ReplayStore;

beforeEach(() => {
  rig = new ReplayRig();
  store = rig.store();
});
afterEach(() => rig.close());

describe("one key", () => {
  it("is NEW once and USED for any other transaction", () => {
    const { now } = rig;
    expect(rig.claimOne(store, { time: now, key: 1, transaction: 1 })).toBe(claim.NEW);
    expect(rig.claimOne(store, { time: now, key: 1, transaction: 2 })).toBe(claim.USED);
    expect(rig.claimOne(store, { time: now, key: 2, transaction: 2 })).toBe(claim.NEW);
    expect(rig.claimOne(store, { time: now - 1, key: 1, transaction: 2 })).toBe(claim.NEW);
  });

  it("gives the same transaction the first verification id", () => {
    const { now } = rig;
    rig.claim(store, { time: now, key: 1, id: 77 });
    expect(rig.claim(store, { time: now, key: 1, id: 88 })).toEqual([
      { result: claim.REPETITION, id: 77 },
    ]);
  });

  it("is USED for the same transaction from another peer", () => {
    const { now } = rig;
    rig.claim(store, { time: now, key: 1, peer: 1 });
    expect(rig.claimOne(store, { time: now, key: 1, peer: 2 })).toBe(claim.USED);
  });

  it("is USED for the same transaction after 120 s", () => {
    const time = rig.now;
    rig.claim(store, { time, key: 1 });
    rig.clock.advance(120_000);
    expect(rig.claimOne(store, { time, key: 1 })).toBe(claim.REPETITION);
    rig.clock.advance(1_000);
    expect(rig.claimOne(store, { time, key: 1 })).toBe(claim.USED);
  });

  it("is USED for the same transaction when the clock went back by more than 120 s", () => {
    const time = rig.now;
    rig.claim(store, { time: time - 200, key: 1 });
    rig.clock.stepWall(-121_000);
    expect(rig.claimOne(store, { time: time - 200, key: 1 })).toBe(claim.USED);
  });

  it("belongs to the first of two rows of one batch", () => {
    const { now } = rig;
    const outcomes = rig.claim(
      store,
      { time: now, key: 1, transaction: 1, id: 5 },
      { time: now, key: 1, transaction: 2, id: 6 },
      { time: now, key: 1, transaction: 1, id: 7 },
    );
    expect(outcomes).toEqual([
      { result: claim.NEW, id: 5 },
      { result: claim.USED, id: 6 },
      { result: claim.REPETITION, id: 5 },
    ]);
  });

  it("is one key for all stores of a vault", () => {
    const other = rig.store();
    const { now } = rig;
    expect(rig.claimOne(store, { time: now, key: 1, transaction: 1 })).toBe(claim.NEW);
    expect(rig.claimOne(other, { time: now, key: 1, transaction: 2 })).toBe(claim.USED);
  });
});

describe("the window", () => {
  it.each([
    ["ptav", -901, claim.EXPIRED],
    ["ptav", -900, claim.NEW],
    ["ptav", 60, claim.NEW],
    ["ptav", 61, claim.EXPIRED],
    ["de7", -301, claim.EXPIRED],
    ["de7", -300, claim.NEW],
    ["de7", 300, claim.NEW],
    ["de7", 301, claim.EXPIRED],
  ] as const)("of %s at %i s from now gives %i", (kind, distance, expected) => {
    expect(rig.claimOne(store, { kind, time: rig.now + distance, key: 1 })).toBe(expected);
  });

  it("judges every row of a batch by itself", () => {
    const { now } = rig;
    const results = rig.claim(
      store,
      { time: now - 901, key: 1 },
      { time: now, key: 2 },
      { kind: "de7", time: now - 301, key: 3 },
      { kind: "de7", time: now, key: 4 },
    );
    expect(results.map(({ result }) => result)).toEqual([
      claim.EXPIRED,
      claim.NEW,
      claim.EXPIRED,
      claim.NEW,
    ]);
  });
});

describe("a reversal that came before its original", () => {
  it("makes the original REVERSED, also when it was claimed before", () => {
    const { now } = rig;
    const original = { time: now - 10, key: 9 };
    expect(rig.claimOne(store, { time: now, key: 1, original })).toBe(claim.NEW);
    expect(rig.rememberOrphan(store, original.time, original.key)).toBe(true);
    expect(store.stats().orphans).toBe(1);
    expect(rig.claimOne(store, { time: now, key: 1, original })).toBe(claim.REVERSED);
    expect(rig.claimOne(store, { kind: "de7", time: now, key: 2, original })).toBe(claim.REVERSED);
    const other = { time: now - 10, key: 8 };
    expect(rig.claimOne(store, { time: now, key: 3, original: other })).toBe(claim.NEW);
  });

  it("is counted once however often it is repeated", () => {
    rig.rememberOrphan(store, rig.now, 9);
    rig.rememberOrphan(store, rig.now, 9);
    expect(store.stats()).toMatchObject({ orphans: 1, claims: 0 });
  });

  it("is never taken for a claim with the same twelve bytes", () => {
    const { now } = rig;
    rig.rememberOrphan(store, now, 1);
    expect(rig.claimOne(store, { kind: "de7", time: now, key: 1 })).toBe(claim.NEW);
  });

  it("is not stored when its original is stale in any case", () => {
    expect(rig.rememberOrphan(store, rig.now - 301, 9)).toBe(true);
    expect(store.stats().orphans).toBe(0);
  });

  it("raises the horizons over what its original may carry", () => {
    const { now } = rig;
    rig.rememberOrphan(store, now + 100, 9);
    expect(rig.horizon.seconds.de7).toBeGreaterThanOrEqual(now + 100);
    expect(rig.horizon.seconds.ptav).toBeGreaterThanOrEqual(now);
  });

  it("says that it could not be stored", () => {
    rig.horizon.broken = true;
    expect(rig.rememberOrphan(store, rig.now, 9)).toBe(false);
    expect(store.stats().failures).toBe(1);
  });
});

describe("lanes", () => {
  it("refuses more rows than it has", () => {
    const lanes = new ClaimLanes(2);
    lanes.count = 3;
    expect(() => store.claim(lanes)).toThrow(RangeError);
    expect(() => new ClaimLanes(0)).toThrow(RangeError);
    expect(() => new ClaimLanes(4_097)).toThrow(RangeError);
  });

  it("does nothing for an empty batch", () => {
    const lanes = new ClaimLanes(2);
    store.claim(lanes);
    expect(store.stats().claims).toBe(0);
  });
});

describe("stats", () => {
  it("raises the alarm when 70 % of the map are in use", async () => {
    await rig.close();
    const small = rig.store({ mapSizeBytes: 256 * 1024 });
    const { now } = rig;
    expect(small.stats().full).toBe(false);
    for (let from = 0; from < 3_000; from += 500) {
      const claims = Array.from({ length: 500 }, (_, i) => ({ time: now, key: from + i }));
      rig.claim(small, ...claims);
    }
    expect(small.stats()).toMatchObject({ full: true, claims: 3_000 });
  });
});
