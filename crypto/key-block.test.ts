// Defends: X9.143 blocks as other parties make them open, and any change to one is noticed.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyCheckValue, openKeyBlock, sealKeyBlock, ZoneKey } from "./mod.ts";

const protection = Buffer.from(
  "88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6",
  "hex",
);
const header = { usage: "M6", algorithm: "A", mode: "C", version: "00", exportability: "N" };

test("the standard's example of version D", () => {
  const block =
    "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D2" +
    "07E2E417C07156A27E8E31DA05F7425509593D03A457DC34";
  const opened = openKeyBlock(protection, block);
  expect(opened.key.toString("hex").toUpperCase()).toBe("3F419E1CB7079442AA37474C2EFBF8B8");
  expect([opened.usage, opened.algorithm, opened.mode]).toEqual(["P0", "A", "E"]);
});

test("what is sealed opens, for every length of key", () => {
  fc.assert(
    fc.property(fc.constantFrom(16, 24, 32), fc.constantFrom(16, 24, 32, 48), (outer, inner) => {
      const kbpk = randomBytes(outer);
      const key = randomBytes(inner);
      const text = sealKeyBlock(kbpk, { ...header, key }, randomBytes);
      expect(openKeyBlock(kbpk, text).key).toEqual(key);
    }),
    { numRuns: 40 },
  );
});

test("every changed character is noticed", () => {
  const key = randomBytes(32);
  const text = sealKeyBlock(protection, { ...header, key }, randomBytes);
  for (let i = 0; i < text.length; i++) {
    const other = text[i] === "1" ? "2" : "1";
    const changed = text.slice(0, i) + other + text.slice(i + 1);
    expect(() => openKeyBlock(protection, changed)).toThrow("the key block");
  }
  expect(() => openKeyBlock(randomBytes(32), text)).toThrow("wrong MAC");
});

describe("zone key", () => {
  test.each([
    [32, 32],
    [32, 16],
    [16, 16],
    [24, 16],
    [16, 32],
  ])("of %i bytes carries a MAC key of %i bytes", (zone, length) => {
    const zmk = new ZoneKey(randomBytes(zone));
    const key = randomBytes(length);
    const { text, kcv } = zmk.seal(key, randomBytes);
    expect(kcv).toBe(keyCheckValue(key));
    expect(zmk.open(text, kcv.toLowerCase())).toEqual(key);
    expect(() => zmk.open(text, "000000")).toThrow("KCV");
  });

  test("a key that is for something else is refused", () => {
    const zmk = new ZoneKey(protection);
    const key = randomBytes(32);
    for (const change of [{ usage: "P0" }, { mode: "E" }, { algorithm: "T", usage: "M3" }]) {
      const text = sealKeyBlock(protection, { ...header, ...change, key }, randomBytes);
      expect(() => zmk.open(text, keyCheckValue(key))).toThrow("no key for message MACs");
    }
  });

  test("shows nothing of itself", () => {
    const zmk = new ZoneKey(protection);
    expect(`${zmk} ${JSON.stringify({ zmk })}`).toBe('[zone key] {"zmk":"[zone key]"}');
    expect(() => new ZoneKey(Buffer.alloc(8))).toThrow("16 or 24");
  });
});
