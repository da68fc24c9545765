// Property: what may be shown depends on the class alone, and no class means the length only. A
// card number is found in free text with spaces and dashes in it; other digits stay readable.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../pan/fixtures.ts";
import { withCheckDigit } from "../pan/mod.ts";
import { maskText, maskValue } from "./mask.ts";
import { sensitivityCode } from "./sensitivity.ts";

const masked = `${knownTpan.slice(0, 6)}******${knownTpan.slice(-4)}`;

describe("classes", () => {
  const rows = [
    ["open", knownTpan, knownTpan],
    ["pan", knownTpan, masked],
    ["pan", "123456789012", "************"],
    ["pan", "ACCOUNT-1234567", "***************"],
    ["track", `${knownTpan}=3012101`, `${knownTpan.slice(0, 6)}******************`],
    ["track", `B${knownTpan}^A/B^3012`, `B${knownTpan.slice(0, 6)}*******************`],
    ["track", "123=456789012345678", "*******************"],
    ["track", "", ""],
    ["person", "A NAME", "******"],
    ["authentication", "0011223344556677", "****************"],
    [undefined, "anything", "********"],
  ] as const;

  it.each(rows)("%s: %s", (sensitivity, text, shown) => {
    expect(maskValue(sensitivityCode(sensitivity), text)).toBe(shown);
  });

  it("a number that names no class shows the length only", () => {
    expect(maskValue(99, "secret")).toBe("******");
  });
});

describe("free text", () => {
  const pan13 = withCheckDigit("411111000000");
  const pan19 = withCheckDigit("608727001000001234");

  it.each([
    [`ref ${knownTpan}.`, `ref ${masked}.`],
    [
      `${pan13},${pan19}`,
      `${pan13.slice(0, 6)}***${pan13.slice(-4)},608727*********${pan19.slice(-4)}`,
    ],
    [`${knownTpan.slice(0, 4)} ${knownTpan.slice(4)}`, "*****************"],
    [`a ${knownTpan.slice(0, 8)}-${knownTpan.slice(8)} b`, "a ***************** b"],
    ["0".repeat(20), "*".repeat(20)],
    [`x${"7".repeat(400)}`, `x${"*".repeat(400)}`],
  ])("%s", (text, shown) => {
    expect(maskText(text)).toBe(shown);
  });

  it("keeps what is no card number", () => {
    const wrong = knownTpan.slice(0, -1) + ((Number(knownTpan.at(-1)) + 1) % 10);
    for (const text of ["", "order 123456789012", wrong, "0x00ff", "2026-01-01 00:05:00"]) {
      expect(maskText(text)).toBe(text);
    }
  });
});
