// Defends: a ClearPAN holds only valid numbers, and no way of turning it into text (string,
// template, JSON, inspect, spread, error) shows more than the first six and last four digits.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { knownPan, sealedPan } from "./fixtures.ts";
import { ClearPAN, maskPan, PANError, withCheckDigit } from "./mod.ts";

const middle = knownPan.slice(6, -4);

describe("ClearPAN", () => {
  test("every text form is the mask", () => {
    const pan = ClearPAN.parse(knownPan);
    const mask = `${knownPan.slice(0, 6)}******${knownPan.slice(-4)}`;
    const texts = [
      String(pan),
      `${pan}`,
      pan.toString(),
      pan.mask(),
      JSON.stringify({ pan }),
      inspect(pan),
      inspect({ a: { b: [pan] } }, { depth: 9, showHidden: true }),
      new Error(`bad: ${pan}`).message,
    ];
    for (const text of texts) {
      expect(text).toContain(mask);
      expect(text).not.toContain(middle);
      expect(text).not.toContain(Buffer.from(knownPan).toString("hex"));
    }
    expect(JSON.stringify({ ...pan })).toBe("{}");
    expect(Object.keys(pan)).toEqual([]);
  });

  test("takes text and bytes, and gives bytes", () => {
    for (const length of [13, 16, 19]) {
      const digits = withCheckDigit("4".repeat(length - 1));
      const pan = ClearPAN.parse(Buffer.from(digits));
      const buf = Buffer.alloc(24, 0x2e);
      expect(pan.length).toBe(length);
      expect(pan.copyTo(buf, 3)).toBe(length);
      expect(buf.toString("latin1", 3, 3 + length)).toBe(digits);
      pan.bcdTo(buf, 1);
      expect(buf.toString("hex", 1, 11)).toBe(digits.padEnd(20, "f"));
      expect(pan.equals(ClearPAN.parse(digits))).toBe(true);
      expect(pan.equals(ClearPAN.parse(sealedPan))).toBe(false);
    }
  });

  test("keeps its own copy", () => {
    const bytes = Buffer.from(knownPan);
    const pan = ClearPAN.parse(bytes);
    bytes.fill(0x30);
    expect(pan.equals(ClearPAN.parse(knownPan))).toBe(true);
  });

  test.each([
    ["PAN_LENGTH", knownPan.slice(0, 12)],
    ["PAN_LENGTH", `${knownPan}0000`],
    ["PAN_LENGTH", ""],
    ["PAN_DIGITS", `${knownPan.slice(0, -1)}x`],
    ["PAN_DIGITS", `${knownPan.slice(0, -1)}\u0661`],
    ["PAN_CHECK_DIGIT", `${knownPan.slice(0, -1)}${(Number(knownPan.at(-1)) + 1) % 10}`],
  ])("%s without a digit in the message", (code, input) => {
    try {
      ClearPAN.parse(input);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(PANError);
      expect(error).toMatchObject({ code });
      if (input !== "") expect(inspect(error)).not.toContain(input);
    }
  });
});

describe("maskPan", () => {
  test.each([
    [12, "************"],
    [13, "444444***4444"],
    [16, "444444******4444"],
    [19, "444444*********4444"],
    [0, ""],
  ])("%i digits", (length, mask) => {
    expect(maskPan("4".repeat(length))).toBe(mask);
  });
});
