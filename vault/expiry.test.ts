// Defends: a month ends at midnight in Malaysia (UTC+8), not in UTC, and lengths are counted in
// months.
import { describe, expect, test } from "vitest";
import {
  hasPassed,
  isYymm,
  monthAt,
  monthOf,
  needsExtension,
  parseYymm,
  tokenExpiryFrom,
  yymmOf,
} from "./expiry.ts";

const at = (iso: string) => Date.parse(iso) / 1000;

describe("expiry", () => {
  test("is good through the last second of its month in UTC+8", () => {
    expect(hasPassed(2601, at("2026-01-31T15:59:59Z"))).toBe(false);
    expect(hasPassed(2601, at("2026-01-31T16:00:00Z"))).toBe(true);
    expect(hasPassed(2512, at("2025-12-31T15:59:59Z"))).toBe(false);
    expect(hasPassed(2512, at("2025-12-31T16:00:00Z"))).toBe(true);
  });

  test("a new TPAN is good for 60 months with that of its issue", () => {
    expect(tokenExpiryFrom(at("2026-01-15T00:00:00Z"))).toBe(3012);
    expect(tokenExpiryFrom(at("2026-01-31T16:00:00Z"))).toBe(3101);
    expect(tokenExpiryFrom(at("2026-02-01T00:00:00Z"))).toBe(3101);
  });

  test("extension is due below twelve months", () => {
    const now = at("2026-01-15T00:00:00Z");
    expect(needsExtension(2701, now)).toBe(false);
    expect(needsExtension(2612, now)).toBe(true);
    expect(needsExtension(2512, now)).toBe(true);
  });

  test("months and YYMM are each other's inverse", () => {
    for (let month = 0; month < 1200; month++) expect(monthOf(yymmOf(month))).toBe(month);
    expect(monthAt(at("2000-01-01T00:00:00Z"))).toBe(0);
    expect(monthOf(3012)).toBe(371);
  });

  test("only real months are taken", () => {
    for (const bad of ["2600", "2613", "261", "26011", "26a1", " 261", ""]) {
      expect(parseYymm(bad)).toBeUndefined();
    }
    expect(parseYymm("0001")).toBe(1);
    expect(isYymm(100.5)).toBe(false);
  });
});
