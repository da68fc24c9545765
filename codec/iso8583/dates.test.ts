// Property: a date without a year gets the one year of the rule, and nothing that is no date
// passes.
import fc from "fast-check";
import { expect, test } from "vitest";
import { transmissionSeconds, writeTransmission } from "./dates.ts";

function seconds(iso: string): number {
  return Date.parse(iso) / 1_000;
}

function parse(text: string, now: string): number {
  return transmissionSeconds(Buffer.from(text, "latin1"), 0, seconds(now));
}

test.each([
  ["0101000500", "2026-01-01T00:05:00Z", "2026-01-01T00:05:00Z"],
  ["1231235959", "2026-01-01T00:00:10Z", "2025-12-31T23:59:59Z"],
  ["0101000001", "2025-12-31T23:59:50Z", "2026-01-01T00:00:01Z"],
  ["0415120000", "2026-03-15T12:00:00Z", "2026-04-15T12:00:00Z"],
  ["0415120001", "2026-03-15T12:00:00Z", "2025-04-15T12:00:01Z"],
  ["0131235959", "2025-12-31T23:59:59Z", "2026-01-31T23:59:59Z"],
  ["0228000000", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"],
  ["0301000000", "2026-01-31T00:00:00Z", "2025-03-01T00:00:00Z"],
  ["0229101112", "2028-03-01T00:00:00Z", "2028-02-29T10:11:12Z"],
  ["0229101112", "2028-01-29T10:11:12Z", "2028-02-29T10:11:12Z"],
  ["0229000000", "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"],
])("%s seen at %s is %s", (text, now, want) => {
  expect(new Date(parse(text, now) * 1_000).toISOString()).toBe(want.replace("Z", ".000Z"));
});

test.each([
  ["0229101112", "2026-03-01T00:00:00Z"],
  ["0229101112", "2028-01-29T10:11:11Z"],
  ["0229000000", "2100-03-01T00:00:00Z"],
  ["0230000000", "2028-03-01T00:00:00Z"],
  ["0431000000", "2026-05-01T00:00:00Z"],
  ["1301000000", "2026-05-01T00:00:00Z"],
  ["0001000000", "2026-05-01T00:00:00Z"],
  ["0500000000", "2026-05-01T00:00:00Z"],
  ["0501240000", "2026-05-01T00:00:00Z"],
  ["0501006000", "2026-05-01T00:00:00Z"],
  ["0501000060", "2026-05-01T00:00:00Z"],
  ["05010000 0", "2026-05-01T00:00:00Z"],
  ["0501+10000", "2026-05-01T00:00:00Z"],
  ["05:1000000", "2026-05-01T00:00:00Z"],
])("%s seen at %s is no date", (text, now) => {
  expect(parse(text, now)).toBe(-1);
});

// 2001-01-01 to 2099-12-31: the years that two-digit card dates can name.
const instants = fc.integer({ min: 978_307_200, max: 4_102_444_799 });

test("what was written within eleven months is read back", () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -330 * 86_400, max: 27 * 86_400 }), (at, ahead) => {
      const buf = Buffer.alloc(14, 0x78);
      expect(writeTransmission(buf, 2, at)).toBe(12);
      const iso = new Date(at * 1_000).toISOString();
      const want = iso.slice(5, 19).replace(/[-T:]/g, "");
      expect(buf.toString("latin1")).toBe(`xx${want}xx`);
      expect(transmissionSeconds(buf, 2, at - ahead)).toBe(at);
    }),
    { numRuns: 2_000 },
  );
});

test("agrees with the calendar of the platform on any ten digits", () => {
  const digits = fc.tuple(
    fc.integer({ min: 0, max: 14 }),
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 25 }),
    fc.integer({ min: 0, max: 61 }),
    fc.integer({ min: 0, max: 61 }),
  );
  fc.assert(
    fc.property(instants, digits, (now, parts) => {
      const text = parts.map((n) => String(n).padStart(2, "0")).join("");
      const got = transmissionSeconds(Buffer.from(text), 0, now);
      expect(got).toBe(byCalendar(parts, now));
    }),
    { numRuns: 3_000 },
  );
});

/** The slow twin: tries the years around now and compares the bounds as sortable text. */
function byCalendar(parts: readonly number[], now: number): number {
  const [mm, dd, hh, mi, ss] = parts as [number, number, number, number, number];
  const two = (n: number): string => String(n).padStart(2, "0");
  const today = new Date(now * 1_000);
  const tail = today.toISOString().slice(8, 19);
  const bound = (months: number): string => {
    const count = today.getUTCFullYear() * 12 + today.getUTCMonth() + months;
    return `${Math.floor(count / 12)}-${two((count % 12) + 1)}-${tail}`;
  };
  for (const y of [-1, 0, 1].map((n) => today.getUTCFullYear() + n)) {
    const text = `${y}-${two(mm)}-${two(dd)}T${two(hh)}:${two(mi)}:${two(ss)}`;
    if (text <= bound(-11) || text > bound(1)) continue;
    const at = Date.parse(`${text}Z`);
    if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text)) return -1;
    return at / 1_000;
  }
  return -1;
}
