// Defends: what may be claimed now never touches more than two slots and never lies at or below the
// floor that its own slots make; so nothing that could still be claimed is forgotten.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { de7InWindow, floorOf, ptavInWindow, slotWidth } from "./window.ts";

const ttl = fc.integer({ min: 60, max: 86_400 });
const now = fc.integer({ min: 1_700_000_000, max: 4_000_000_000 });

describe("slots", () => {
  it("hold everything that may be claimed, in two neighbours", () => {
    fc.assert(
      fc.property(ttl, now, (ttlSeconds, nowSeconds) => {
        const width = slotWidth(ttlSeconds);
        const lowest = Math.min(nowSeconds - ttlSeconds, nowSeconds - 300);
        const highest = nowSeconds + 300;
        const last = Math.floor(highest / width);
        expect(last - Math.floor(lowest / width)).toBeLessThanOrEqual(1);
        expect(lowest).toBeGreaterThan(floorOf(last, width));
      }),
    );
  });

  it("are 1,200 s wide at the default TTL and 600 s at the shortest", () => {
    expect(slotWidth(900)).toBe(1_200);
    expect(slotWidth(60)).toBe(600);
    expect(slotWidth(86_400)).toBe(86_700);
  });

  it("never make a floor below zero", () => {
    expect(floorOf(0, 600)).toBe(0);
    expect(floorOf(2, 600)).toBe(0);
    expect(floorOf(3, 600)).toBe(599);
  });
});

describe("windows", () => {
  it("are closed at both ends", () => {
    expect(ptavInWindow(1_000, 940, 900)).toBe(true);
    expect(ptavInWindow(1_000, 939, 900)).toBe(false);
    expect(ptavInWindow(1_000, 1_900, 900)).toBe(true);
    expect(ptavInWindow(1_000, 1_901, 900)).toBe(false);
    expect(de7InWindow(1_000, 1_300)).toBe(true);
    expect(de7InWindow(1_000, 1_301)).toBe(false);
    expect(de7InWindow(1_000, 700)).toBe(true);
    expect(de7InWindow(1_000, 699)).toBe(false);
  });
});
