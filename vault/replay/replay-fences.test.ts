// Defends: what is no longer known is never accepted: emptied slots lie below the floor; another
// boot, another incarnation, another TTL begin with a fence; no claim lies above a flushed horizon.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claim } from "./claim-record.ts";
import { HorizonKeeper } from "./horizon-keeper.ts";
import { bootB, ReplayRig } from "./test-rig.ts";

let rig: ReplayRig;

beforeEach(() => {
  rig = new ReplayRig();
});
afterEach(() => rig.close());

describe("the floor", () => {
  it("refuses what an emptied slot knew, when the clock goes back", () => {
    const store = rig.store();
    const time = rig.now;
    expect(rig.claimOne(store, { time, key: 1, transaction: 1 })).toBe(claim.NEW);
    for (let slot = 0; slot < 3; slot++) {
      rig.clock.advance(1_200_000);
      rig.claimOne(store, { time: rig.now, key: 2 });
    }
    expect(store.stats().claims).toBeLessThan(4);
    expect(store.fence("ptav")).toBeGreaterThanOrEqual(time);
    rig.clock.stepWall(-3_600_000);
    expect(rig.now).toBe(time);
    expect(rig.claimOne(store, { time, key: 1, transaction: 2 })).toBe(claim.EXPIRED);
    expect(rig.claimOne(store, { time, key: 99 })).toBe(claim.EXPIRED);
  });

  it("still knows a claim when the clock goes back by less than a slot", () => {
    const store = rig.store();
    const time = rig.now;
    rig.claimOne(store, { time, key: 1, transaction: 1 });
    rig.clock.advance(1_200_000);
    rig.claimOne(store, { time: rig.now, key: 2 });
    rig.clock.stepWall(-1_200_000);
    expect(rig.claimOne(store, { time, key: 1, transaction: 2 })).toBe(claim.USED);
  });

  it("empties all slots after a long rest", () => {
    const store = rig.store();
    for (let i = 0; i < 3; i++) {
      rig.claimOne(store, { time: rig.now, key: i });
      rig.clock.advance(1_200_000);
    }
    rig.rememberOrphan(store, rig.now, 9);
    rig.clock.advance(30 * 86_400_000);
    expect(rig.claimOne(store, { time: rig.now, key: 5 })).toBe(claim.NEW);
    expect(store.stats()).toMatchObject({ claims: 1, orphans: 0 });
  });

  it("does not answer for an original whose reversal may have been emptied out", () => {
    const store = rig.store({ ttlSeconds: 3_600 });
    const issued = rig.now;
    const old = { time: rig.now - 3 * 3_900, key: 7 };
    rig.rememberOrphan(store, rig.now, 8);
    const tried = rig.claimOne(store, { time: issued, key: 1, original: old });
    expect(tried).toBe(claim.EXPIRED);
  });
});

describe("another boot", () => {
  it("begins with an empty store and a fence at the horizon", () => {
    const before = rig.store();
    const { now } = rig;
    expect(rig.claimOne(before, { time: now, key: 1, transaction: 1 })).toBe(claim.NEW);
    expect(rig.claimOne(before, { kind: "de7", time: now, key: 2 })).toBe(claim.NEW);
    const after = rig.store({ bootId: bootB });
    expect(after.stats().claims).toBe(0);
    expect(rig.claimOne(after, { time: now, key: 1, transaction: 2 })).toBe(claim.EXPIRED);
    expect(rig.claimOne(after, { kind: "de7", time: now, key: 2 })).toBe(claim.EXPIRED);
    expect(after.fence("ptav")).toBe(now + 5);
    expect(rig.claimOne(after, { time: now + 5, key: 3 })).toBe(claim.EXPIRED);
    expect(rig.claimOne(after, { time: now + 6, key: 3 })).toBe(claim.NEW);
  });

  it("keeps the two clocks apart", () => {
    const before = rig.store();
    rig.claimOne(before, { kind: "de7", time: rig.now + 300, key: 1 });
    const after = rig.store({ bootId: bootB });
    expect(after.fence("de7")).toBe(rig.now + 305);
    expect(after.stats().fencePtav).toBe(0);
    expect(rig.claimOne(after, { time: rig.now, key: 2 })).toBe(claim.NEW);
  });

  it("fences only where it makes the store: whoever joins it changes nothing", () => {
    const first = rig.store();
    rig.claimOne(first, { time: rig.now, key: 1 });
    const second = rig.store();
    expect(second.stats().fencePtav).toBe(0);
    expect(rig.claimOne(second, { time: rig.now, key: 2 })).toBe(claim.NEW);
  });
});

describe("another incarnation", () => {
  it("begins like another boot", () => {
    rig.claimOne(rig.store(), { time: rig.now, key: 1, transaction: 1 });
    const restored = rig.store({ incarnation: "f".repeat(32) });
    expect(rig.claimOne(restored, { time: rig.now, key: 1, transaction: 2 })).toBe(claim.EXPIRED);
  });
});

describe("another TTL", () => {
  it("empties and fences, and refuses who still has the old one", () => {
    const old = rig.store({ ttlSeconds: 900 });
    const { now } = rig;
    expect(rig.claimOne(old, { time: now, key: 1, transaction: 1 })).toBe(claim.NEW);
    const longer = rig.store({ ttlSeconds: 3_600 });
    expect(rig.claimOne(longer, { time: now, key: 1, transaction: 2 })).toBe(claim.EXPIRED);
    expect(rig.claimOne(longer, { time: now + 6, key: 2 })).toBe(claim.NEW);
    expect(rig.claimOne(old, { time: now + 6, key: 3 })).toBe(claim.FAILED);
    expect(rig.rememberOrphan(old, now, 4)).toBe(false);
    expect(longer.stats().claims).toBe(1);
  });

  it("of the same W shares the store", () => {
    const a = rig.store({ ttlSeconds: 60 });
    const b = rig.store({ ttlSeconds: 300 });
    const { now } = rig;
    expect(rig.claimOne(a, { time: now, key: 1, transaction: 1 })).toBe(claim.NEW);
    expect(rig.claimOne(b, { time: now, key: 1, transaction: 2 })).toBe(claim.USED);
    rig.clock.advance(61_000);
    expect(rig.claimOne(a, { time: now, key: 1, transaction: 2 })).toBe(claim.EXPIRED);
    expect(rig.claimOne(b, { time: now, key: 1, transaction: 2 })).toBe(claim.USED);
  });

  it("is refused outside 60 to 86,400 s", () => {
    expect(() => rig.store({ ttlSeconds: 59 })).toThrow(RangeError);
    expect(() => rig.store({ ttlSeconds: 86_401 })).toThrow(RangeError);
  });
});

describe("the horizon", () => {
  it("is raised before the first claim above it, five seconds ahead", () => {
    const store = rig.store();
    const { now } = rig;
    rig.claim(store, { time: now, key: 1 }, { time: now + 1, key: 2 });
    expect(rig.horizon.raises).toEqual([{ kind: "ptav", seconds: now + 6 }]);
    rig.claimOne(store, { time: now + 6, key: 3 });
    expect(rig.horizon.raises).toHaveLength(1);
    rig.claimOne(store, { time: now + 7, key: 4 });
    expect(rig.horizon.raises).toHaveLength(2);
  });

  it("lets nothing be claimed where it cannot be raised", () => {
    const store = rig.store();
    rig.horizon.broken = true;
    expect(rig.claimOne(store, { time: rig.now, key: 1 })).toBe(claim.FAILED);
    expect(store.stats()).toMatchObject({ claims: 0, failures: 1 });
    rig.horizon.broken = false;
    expect(rig.claimOne(store, { time: rig.now, key: 1 })).toBe(claim.NEW);
  });

  it("that another process raised is used without raising it again", () => {
    const first = rig.store();
    const second = rig.store();
    rig.claimOne(first, { time: rig.now, key: 1 });
    rig.claimOne(second, { time: rig.now + 5, key: 2 });
    expect(rig.horizon.raises).toHaveLength(1);
  });

  it("is not believed from the vault alone, where it may not be flushed yet", () => {
    const store = rig.store();
    rig.horizon.seconds.ptav = rig.now + 100;
    rig.claimOne(store, { time: rig.now, key: 1 });
    expect(rig.horizon.raises).toHaveLength(1);
  });

  it("is not raised by times outside their window", () => {
    const store = rig.store();
    rig.claimOne(store, { time: rig.now + 61, key: 1 });
    rig.claimOne(store, { kind: "de7", time: rig.now + 301, key: 1 });
    expect(rig.horizon.raises).toHaveLength(0);
  });

  it("is kept three to five seconds ahead of all processes by the keeper", () => {
    const store = rig.store();
    const other = rig.store();
    const errors: unknown[] = [];
    const keeper = new HorizonKeeper({ store: other, onError: (error) => errors.push(error) });
    keeper.tick();
    expect(rig.horizon.raises).toHaveLength(0);
    const { now } = rig;
    rig.claimOne(store, { time: now, key: 1 });
    rig.claimOne(store, { time: now + 2, key: 2 });
    keeper.tick();
    expect(rig.horizon.seconds.ptav).toBe(now + 5);
    rig.claimOne(store, { time: now + 3, key: 3 });
    keeper.tick();
    expect(rig.horizon.seconds.ptav).toBe(now + 8);
    rig.claimOne(store, { time: now + 8, key: 4 });
    expect(rig.horizon.raises).toHaveLength(2);
    rig.horizon.broken = true;
    keeper.tick();
    expect(errors).toHaveLength(1);
  });
});

describe("a fence raised by hand", () => {
  it("holds for every process and never comes down", () => {
    const store = rig.store();
    const other = rig.store();
    store.raiseFence("ptav", rig.now);
    store.raiseFence("ptav", rig.now - 10);
    expect(other.fence("ptav")).toBe(rig.now);
    expect(rig.claimOne(other, { time: rig.now, key: 1 })).toBe(claim.EXPIRED);
    expect(rig.claimOne(other, { time: rig.now + 1, key: 1 })).toBe(claim.NEW);
    expect(rig.claimOne(other, { kind: "de7", time: rig.now, key: 1 })).toBe(claim.NEW);
  });
});
