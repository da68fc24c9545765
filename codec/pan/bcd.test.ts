// Defends: digits and BCD are two forms of one number, F-padded to the fixed length that indexes
// and sealed blocks are made of, and a character that is no digit never becomes one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownTpan } from "./fixtures.ts";
import { bcdToDigits, digitsToBcd } from "./mod.ts";

const digits = fc
  .array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 })
  .map((all) => all.join(""));

describe("bcd", () => {
  test.each([
    [knownTpan, `${knownTpan}ffff`],
    ["1234567", "1234567fffffffffffff"],
    ["", "ffffffffffffffffffff"],
    ["9".repeat(19), `${"9".repeat(19)}f`],
    ["0".repeat(20), "0".repeat(20)],
  ])("%s becomes %s in ten bytes", (text, hex) => {
    const dst = Buffer.alloc(12, 0xaa);
    expect(digitsToBcd(Buffer.from(text), 0, text.length, dst, 1, 10)).toBe(true);
    expect(dst.toString("hex")).toBe(`aa${hex}aa`);
  });

  test("comes back as it went, wherever it stands", () => {
    fc.assert(
      fc.property(digits, fc.nat(5), fc.nat(5), (text, from, to) => {
        const bcd = Buffer.alloc(20);
        const src = Buffer.from("x".repeat(from) + text);
        expect(digitsToBcd(src, from, text.length, bcd, to, 10)).toBe(true);
        const back = Buffer.alloc(24, 0x2e);
        expect(bcdToDigits(bcd, to, 10, back, 2)).toBe(text.length);
        expect(back.toString("latin1", 2, 2 + text.length)).toBe(text);
        expect(back.subarray(2 + text.length).every((byte) => byte === 0x2e)).toBe(true);
      }),
    );
  });

  test("every byte that is no digit is refused at every place", () => {
    for (const length of [15, 16]) {
      for (let at = 0; at < length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          const src = Buffer.alloc(length, 0x31);
          src[at] = byte;
          const isDigit = byte >= 0x30 && byte <= 0x39;
          expect(digitsToBcd(src, 0, length, Buffer.alloc(10), 0, 10)).toBe(isDigit);
        }
      }
    }
  });

  test("what does not fit is refused", () => {
    const src = Buffer.alloc(30, 0x31);
    expect(digitsToBcd(src, 0, 21, Buffer.alloc(10), 0, 10)).toBe(false);
    expect(digitsToBcd(src, 15, 16, Buffer.alloc(10), 0, 10)).toBe(false);
    expect(digitsToBcd(src, 0, 4, Buffer.alloc(10), 1, 10)).toBe(false);
    expect(digitsToBcd(src, 0, -1, Buffer.alloc(10), 0, 10)).toBe(false);
  });

  test("nibbles A to E are no digits", () => {
    const dst = Buffer.alloc(4);
    for (let nibble = 10; nibble < 15; nibble++) {
      expect(bcdToDigits(Buffer.from([0x12, (nibble << 4) | 3]), 0, 2, dst, 0)).toBe(-1);
      expect(bcdToDigits(Buffer.from([0x12, 0x30 | nibble]), 0, 2, dst, 0)).toBe(-1);
    }
  });
});
