// Defends: a number is taken for a PAN exactly when its last digit is its Luhn check digit. Shown
// against the check digits of published examples, against a second way of computing the sum, and by
// the errors that Luhn must catch: every single wrong digit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownPan, knownTpan, sealedPan } from "./fixtures.ts";
import { luhnDigit, luhnValid, panValid, withCheckDigit } from "./mod.ts";

const ascii = (text: string) => Buffer.from(text, "latin1");
const digitsOf = (min: number, max: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max })
    .map((digits) => digits.join(""));

/** The sum as a person would do it on paper, with the doubled digits' own digits added. */
function sumOnPaper(digits: string): number {
  let sum = 0;
  [...digits].reverse().forEach((digit, i) => {
    const value = i % 2 === 1 ? Number(digit) * 2 : Number(digit);
    for (const part of String(value)) sum += Number(part);
  });
  return sum;
}

describe("luhn", () => {
  test.each([
    ["7992739871", "3"],
    ["0", "0"],
    ["1", "8"],
    ["", "0"],
  ])("%s takes the check digit %s", (prefix, digit) => {
    expect(luhnDigit(prefix)).toBe(digit);
  });

  test("the fixtures are valid where they stand in a larger buffer", () => {
    for (const pan of [knownPan, knownTpan, sealedPan]) {
      const buf = ascii(`99${pan}77`);
      expect(luhnValid(buf, 2, pan.length)).toBe(true);
      expect(panValid(buf, 2, pan.length)).toBe(true);
      expect(luhnValid(buf, 1, pan.length)).toBe(sumOnPaper(`9${pan.slice(0, -1)}`) % 10 === 0);
    }
  });

  test("agrees with the sum on paper on every digit string", () => {
    fc.assert(
      fc.property(digitsOf(2, 25), (digits) => {
        expect(luhnValid(ascii(digits), 0, digits.length)).toBe(sumOnPaper(digits) % 10 === 0);
      }),
    );
  });

  test("a check digit makes valid, and any other digit anywhere makes invalid", () => {
    fc.assert(
      fc.property(digitsOf(1, 18), fc.nat(), fc.integer({ min: 1, max: 9 }), (prefix, at, add) => {
        const whole = withCheckDigit(prefix);
        const buf = ascii(whole);
        expect(luhnValid(buf, 0, buf.length)).toBe(true);
        const i = at % buf.length;
        buf[i] = 0x30 + ((buf[i]! - 0x30 + add) % 10);
        expect(luhnValid(buf, 0, buf.length)).toBe(false);
      }),
    );
  });

  test("anything that is no digit is invalid", () => {
    for (const byte of [0x00, 0x2f, 0x3a, 0x20, 0x41, 0xff]) {
      for (let i = 0; i < knownPan.length; i++) {
        const buf = ascii(knownPan);
        buf[i] = byte;
        expect(luhnValid(buf, 0, buf.length)).toBe(false);
      }
    }
    expect(() => luhnDigit("12a")).toThrow(RangeError);
  });

  test("lengths outside 13-19, and ranges outside the buffer, are no PAN", () => {
    for (let length = 2; length <= 24; length++) {
      const buf = ascii(withCheckDigit("5".repeat(length - 1)));
      expect(panValid(buf, 0, length)).toBe(length >= 13 && length <= 19);
    }
    const buf = ascii(knownPan);
    expect(luhnValid(buf, 1, buf.length)).toBe(false);
    expect(luhnValid(buf, -1, 4)).toBe(false);
    expect(luhnValid(buf, 0, 1)).toBe(false);
    expect(luhnValid(buf, 0, 0)).toBe(false);
  });
});
