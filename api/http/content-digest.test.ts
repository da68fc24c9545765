// Property: a request is the same in whatever order and space it is written, and another with any
// other value in it.
import fc from "fast-check";
import { expect, test } from "vitest";
import { contentDigest } from "./content-digest.ts";

const text = (value: unknown) => contentDigest(value).toString("hex");

/** The same value with the members of every object the other way round. */
function turned(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(turned);
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, one]) => [name, turned(one)]));
}

test("the order of members and undefined ones do not count", () => {
  const property = fc.property(fc.jsonValue(), (value) => {
    expect(text(turned(value))).toBe(text(value));
    const object = { a: value, b: undefined };
    expect(text({ a: value })).toBe(text(object));
  });
  fc.assert(property, { numRuns: 300 });
});

test("everything else counts", () => {
  const property = fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
    const same = JSON.stringify(one) === JSON.stringify(other);
    fc.pre(same || JSON.stringify(turned(one)) !== JSON.stringify(turned(other)));
    expect(text({ one }) === text({ one: other })).toBe(same || text(one) === text(other));
    expect(text([one, 1])).not.toBe(text([one, 2]));
    expect(text({ one })).not.toBe(text([["one", one]]));
    expect(text([1, 2, one])).not.toBe(text([2, 1, one]));
  });
  fc.assert(property, { numRuns: 300 });
});
