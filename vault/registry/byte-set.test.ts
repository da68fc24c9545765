// Defends: an allow-list answers as a set of strings would, for any bytes at any place of a buffer.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteSet } from "./byte-set.ts";

const text = fc.string({ minLength: 1, maxLength: 15, unit: fc.constantFrom(..."01A B") });

describe("ByteSet", () => {
  test("agrees with a set of strings", () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 60 }),
        fc.array(text),
        fc.nat(9),
        (entries, asked, off) => {
          const set = new ByteSet(entries);
          expect(set.size).toBe(new Set(entries).size);
          expect(set.entries()).toEqual([...new Set(entries)]);
          for (const one of [...entries, ...asked]) {
            const buf = Buffer.from(`${"x".repeat(off)}${one}yz`);
            expect(set.has(buf, off, one.length)).toBe(entries.includes(one));
          }
        },
      ),
    );
  });

  test("an entry is no prefix: neither shorter nor longer bytes are in it", () => {
    const set = new ByteSet(["458001"]);
    const buf = Buffer.from("0458001458001  ");
    expect(set.has(buf, 7, 6)).toBe(true);
    expect(set.has(buf, 7, 5)).toBe(false);
    expect(set.has(buf, 0, 7)).toBe(false);
  });

  test("a merchant is compared without its trailing spaces, and only those", () => {
    const set = new ByteSet(["M1", "M 2"]);
    expect(set.hasTrimmed(Buffer.from("M1             "), 0, 15)).toBe(true);
    expect(set.hasTrimmed(Buffer.from("M 2            "), 0, 15)).toBe(true);
    expect(set.hasTrimmed(Buffer.from(" M1            "), 0, 15)).toBe(false);
  });

  test("holds tens of thousands", () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => `M${i}`);
    const set = new ByteSet(entries);
    expect(entries.every((one) => set.has(Buffer.from(one), 0, one.length))).toBe(true);
    expect(set.has(Buffer.from("M20000"), 0, 6)).toBe(false);
  });
});
