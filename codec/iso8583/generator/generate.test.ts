// Property: the committed files are what the data says, a dialect that needs more than the
// templates can say is refused by name, and no text of a dialect reaches generated code.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Dialect, ElementSpec } from "../dialect.ts";
import { dialectSpecs } from "../dialects/all.ts";
import { iso87AsciiSpec } from "../dialects/iso87-ascii.ts";
import { mydebitSpec } from "../dialects/mydebit.ts";
import { fieldNamesPath, generateFieldNames } from "./field-names.ts";
import { generate } from "./generate.ts";
import { targets } from "./targets.ts";

it.each(targets)("$path is what its data says", ({ dialect, path, base }) => {
  const file = new URL(`../${path}`, import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(generate(dialect, base));
});

it(`${fieldNamesPath} is what the dialects say`, () => {
  const file = new URL(`../${fieldNamesPath}`, import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(generateFieldNames(dialectSpecs));
});

describe("refused", () => {
  const withElement = (key: string, change: Partial<ElementSpec>): Dialect => {
    const base = iso87AsciiSpec.elements[key] ?? iso87AsciiSpec.elements["48"]!;
    return {
      ...iso87AsciiSpec,
      elements: { ...iso87AsciiSpec.elements, [key]: { ...base, ...change } },
    };
  };
  const cases: readonly (readonly [what: string, dialect: Dialect, message: RegExp])[] = [
    ["BCD that is binary", withElement("64", { encoding: "bcd" }), /elements.64.encoding/],
    ["odd BCD", withElement("22", { encoding: "bcd", filler: "none" }), /elements.22.filler/],
    ["a third bitmap", withElement("129", {}), /elements.129: elements are 2 to 128/],
    ["two lengths of a fixed one", withElement("4", { min: 3 }), /elements.4.min/],
    ["a length over its prefix", withElement("44", { max: 1_000 }), /elements.44.prefix.digits/],
    ["a name that is code", { ...iso87AsciiSpec, name: "x;y" }, /name/],
    ["a run with a hole", { ...mydebitSpec, usualRuns: [[32, 37]] }, /usualRuns.0/],
    ["a run out of order", { ...mydebitSpec, usualRuns: [[4, 3]] }, /usualRuns.0/],
    [
      "presence of an element that is not there",
      { ...mydebitSpec, messages: [{ ...mydebitSpec.messages[0]!, mandatory: [200] }] },
      /element 200 is not in the dialect/,
    ],
  ];

  it.each(cases)("%s", (_, dialect, message) => {
    expect(() => generate(dialect)).toThrow(message);
  });
});

it("names and titles of a dialect stay out of the code", () => {
  const hostile = "*/ process.exit(1) //";
  const elements = Object.entries(mydebitSpec.elements).map(
    ([key, element]) => [key, { ...element, name: hostile }] as const,
  );
  const dialect = { ...mydebitSpec, title: hostile, elements: Object.fromEntries(elements) };
  expect(generate(dialect)).toBe(generate(mydebitSpec));
});

it("a usual run is read at constant offsets, beside the general way", () => {
  const short = generate(mydebitSpec);
  const long = generate({ ...mydebitSpec, usualRuns: [] });
  expect(short).toContain("s[50] = (p + 55) | 0;");
  expect(short.length).toBeGreaterThan(long.length);
});

it("an element that the dialect lacks is UNKNOWN_FIELD in generated code", () => {
  const { 48: _, ...elements } = mydebitSpec.elements;
  expect(generate({ ...mydebitSpec, elements })).toMatch(
    /if \(\(w & 0x10000\) !== 0\) return v\.fail\(10, 48, p, -1, -1\);/,
  );
});
