// Property: the reader agrees with JSON.parse on flat objects, gives views of the bytes, and no
// bytes make it throw or read past their end.
import fc from "fast-check";
import { expect, test } from "vitest";
import { FlatObject } from "./flat-object.ts";

const read = (text: string) => FlatObject.read(Buffer.from(text));

test("reads what JSON.parse reads", () => {
  const name = fc.stringMatching(/^[a-zA-Z]{1,12}$/);
  const value = fc.oneof(fc.stringMatching(/^[0-9]{0,19}$/), fc.nat());
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 20 }), fc.nat(3), (object, indent) => {
      const found = read(JSON.stringify(object, null, indent));
      for (const [key, one] of Object.entries(object)) {
        expect(Buffer.from(found?.bytes(key) ?? []).toString()).toBe(String(one));
      }
      expect(found?.bytes("absent-one")).toBeUndefined();
    }),
  );
});

test("takes nothing that JSON.parse refuses, and never throws", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    '"',
    ",",
    ":",
    "a",
    "1",
    "\\",
    " ",
    "[",
    "null",
    "\u0001",
  );
  const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, (one) => {
      if (read(one) === undefined) return;
      // The one thing that is read more loosely: a number may begin with a zero.
      expect(() => JSON.parse(one.replace(/:\s*0+(?=[0-9])/g, ":"))).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});

test("refuses nesting, a name twice, and too many members", () => {
  expect(read('{"a":{}}')).toBeUndefined();
  expect(read('{"a":"1","a":"2"}')).toBeUndefined();
  expect(read('{"a":"1"} x')).toBeUndefined();
  const many = Array.from({ length: 40 }, (_, i) => `"m${i}":1`).join(",");
  expect(read(`{${many}}`)).toBeUndefined();
});

test("numbers are digits of a given length", () => {
  const object = read('{"a":"12","b":7,"c":"123","d":"","e":"1x"}');
  const numbers = ["a", "b", "c", "d", "e"].map((name) => object?.number(name, 2));
  expect(numbers).toEqual([12, 7, undefined, undefined, undefined]);
});
