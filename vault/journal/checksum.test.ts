// Known answers of XXH32 with seed 0, from the xxhash library (Python, 3.x): byte i is 7i mod 256.
import { expect, it } from "vitest";
import { checksum } from "./checksum.ts";

it.each([
  [0, 0x02cc5d05],
  [4, 0xc8f60fc5],
  [12, 0x548e862f],
  [16, 0xb59b7e13],
  [20, 0x612586f6],
  [316, 0x9ae37f52],
])("of %i bytes", (bytes, wanted) => {
  const words = new Int32Array(Uint8Array.from({ length: bytes }, (_, i) => 7 * i).buffer);
  expect(checksum(words, 0, bytes / 4)).toBe(wanted);
  const inside = new Int32Array([1, 2, ...words, 3]);
  expect(checksum(inside, 2, bytes / 4)).toBe(wanted);
});
