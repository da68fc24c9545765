// Defends: a card or token is good through the last second of its month in UTC+8, and not a second
// longer; verification ids are UUIDv7 in the text that DE120 tag 14 carries.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthAt } from "./rows.ts";
import { assignIds, parseIdText, writeIdText } from "./verification-id.ts";

describe("the month in Malaysia", () => {
  it.each([
    ["2026-01-31T15:59:59Z", 2601],
    ["2026-01-31T16:00:00Z", 2602],
    ["2028-02-29T15:59:59Z", 2802],
    ["2028-02-29T16:00:00Z", 2803],
    ["2026-12-31T15:59:59Z", 2612],
    ["2026-12-31T16:00:00Z", 2701],
    ["2099-12-31T15:59:59Z", 9912],
  ])("at %s is %i", (time, yymm) => {
    expect(monthAt(Date.parse(time) / 1000)).toBe(yymm);
  });

  it("is what the calendar says, at any second of 100 years", () => {
    fc.assert(
      fc.property(fc.integer({ min: 946_684_800, max: 4_102_415_999 }), (seconds) => {
        const date = new Date((seconds + 8 * 3600) * 1000);
        expect(monthAt(seconds)).toBe((date.getUTCFullYear() % 100) * 100 + date.getUTCMonth() + 1);
      }),
    );
  });
});

describe("verification ids", () => {
  it("are UUIDv7 of the batch's time, all different", () => {
    const ids = Buffer.alloc(16 * 64);
    assignIds(ids, 64, Date.parse("2026-01-01T00:00:00Z"));
    const out = Buffer.alloc(36);
    const seen = new Set<string>();
    for (let row = 0; row < 64; row++) {
      writeIdText(ids, row * 16, out, 0);
      const text = out.toString("latin1");
      expect(text).toMatch(/^019b76da-a800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      seen.add(text);
    }
    expect(seen.size).toBe(64);
  });

  it("survive being written and read, and refuse other texts", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const text = Buffer.alloc(36);
        const back = Buffer.alloc(16);
        writeIdText(Buffer.from(bytes), 0, text, 0);
        expect(parseIdText(text, 0, 36, back, 0)).toBe(true);
        expect(back.equals(bytes)).toBe(true);
        text[8] = 0x5f;
        expect(parseIdText(text, 0, 36, back, 0)).toBe(false);
      }),
    );
    const bad = Buffer.from("0000000g-0000-7000-8000-000000000001");
    expect(parseIdText(bad, 0, 36, Buffer.alloc(16), 0)).toBe(false);
  });
});
