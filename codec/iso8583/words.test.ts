// Property: four bytes at a time say what the class table says byte by byte, for every byte at
// every place of every length up to twelve, and a copy is exact and touches nothing beside it.
import { describe, expect, it } from "vitest";
import { classAnd, isDigit, isPrintable } from "./tables.ts";
import { allDigits, allPrintable, copyWords } from "./words.ts";

const wordsOf = (b: Buffer): DataView => new DataView(b.buffer, b.byteOffset, b.length);
const from = 3;

describe.each([
  ["digits", allDigits, isDigit, "0", "9"],
  ["printable text", allPrintable, isPrintable, " ", "~"],
] as const)("%s", (_, test, classBit, low, high) => {
  it.each(Array.from({ length: 13 }, (__, length) => length))("%i bytes", (length) => {
    const b = Buffer.alloc(from + length + 2, 0xff);
    const words = wordsOf(b);
    for (const good of [low, high]) {
      b.fill(good, from, from + length);
      expect(test(words, b, from, from + length)).toBe(true);
      for (let at = from; at < from + length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          b[at] = byte;
          const wanted = (classAnd(b, from, from + length) & classBit) !== 0;
          if (test(words, b, from, from + length) !== wanted)
            expect.unreachable(`${byte} at ${at}`);
        }
        b[at] = good.charCodeAt(0);
      }
    }
  });

  it("two bad bytes do not hide each other", () => {
    const b = Buffer.alloc(4);
    const words = wordsOf(b);
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        b.set([first, second, second, first]);
        const wanted = (classAnd(b, 0, 4) & classBit) !== 0;
        if (test(words, b, 0, 4) !== wanted) expect.unreachable(`${first} ${second}`);
      }
    }
  });
});

it.each(Array.from({ length: 40 }, (_, i) => i + 4))("copies %i bytes and no more", (length) => {
  const src = Buffer.from(Array.from({ length: length + 9 }, (_, i) => i + 1));
  const dst = Buffer.alloc(length + 9, 0xee);
  copyWords(wordsOf(src), 5, 5 + length, wordsOf(dst), 2);
  const wanted = Buffer.alloc(length + 9, 0xee);
  src.copy(wanted, 2, 5, 5 + length);
  expect(dst).toEqual(wanted);
});
