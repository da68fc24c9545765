// Property: a message whose elements are those of a recorded shape, whole or damaged, is read by
// the shape's scanner as the slow decoder reads it; shapes change no verdict and are really in use.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generate } from "./generator/generate.ts";
import { mydebit } from "./mod.ts";
import { expectAgreement } from "./testdata/agreement.ts";
import { damage, seededRandom } from "./testdata/random.ts";
import { elementInput } from "./testdata/values.ts";

const { spec } = mydebit;
const shapes = spec.shapes!;
const mtis = ["0100", "0101", "0200", "0420", "0120", "0800"];

it.each(shapes.map((shape, i) => [i, shape] as const))("shape %i", (index, shape) => {
  const random = seededRandom(400 + index);
  const view = mydebit.createView();
  const out = Buffer.alloc(4_096);
  const outcomes = new Map<string, number>();
  const count = (code: string): void => {
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  };
  for (let i = 0; i < 120; i++) {
    const inputs = shape.map(
      (de) => [String(de), elementInput(spec.elements[de]!, random)] as const,
    );
    const fields = Object.fromEntries(inputs);
    const end = mydebit.encode({ mti: mtis[random(mtis.length)]!, fields }, out, 0);
    const bytes = Buffer.from(out.subarray(0, end));
    expect(expectAgreement(mydebit, view, bytes, true)).toBe("OK");
    for (let round = 0; round < 12; round++) {
      // Behind the bitmaps, so that the shape stays what it is.
      const tail = damage(random, bytes.subarray(36), 0);
      count(expectAgreement(mydebit, view, Buffer.concat([bytes.subarray(0, 36), tail]), true));
    }
  }
  expect(outcomes.get("OK")).toBeGreaterThan(20);
  expect(outcomes.size).toBeGreaterThan(shape.length > 4 ? 6 : 3);
});

it("each shape has a scanner, and without shapes there is none", () => {
  const code = readFileSync(new URL("gen/mydebit.ts", import.meta.url), "utf8");
  expect(code.match(/^function scanShape\d+/gm)).toHaveLength(shapes.length);
  expect(generate({ ...spec, shapes: [] })).not.toContain("scanShape");
});
