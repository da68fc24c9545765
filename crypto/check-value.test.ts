// Defends: a check value is the one that other parties' HSMs show for the same key. The values were
// computed with OpenSSL (`openssl mac … CMAC` and `openssl enc …-ecb` over a zero block); those of
// zero keys and of 0123456789ABCDEFFEDCBA9876543210 are widely published.
import { expect, test } from "vitest";
import { checkValue, keyCheckValue } from "./mod.ts";

const counting = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const hex = (text: string) => Buffer.from(text, "hex");
const double = "0123456789ABCDEFFEDCBA9876543210";

test.each([
  ["AES-128, zero", Buffer.alloc(16), "763CBC", "66E94B"],
  ["AES-256, zero", Buffer.alloc(32), "921105", "DC95C0"],
  ["AES-128 of SP 800-38B", hex("2b7e151628aed2a6abf7158809cf4f3c"), "7AD386", "7DF76B"],
  ["AES-192, counting", counting.subarray(0, 24), "D4FFB8", "916251"],
  ["AES-256, counting", counting, "377822", "F29000"],
])("%s", (_, key, cmac, ecb) => {
  expect(checkValue(key, "aes")).toBe(cmac);
  expect(checkValue(key, "aes", "cmac")).toBe(cmac);
  expect(checkValue(key, "aes", "ecb")).toBe(ecb);
});

test.each([
  ["two keys", double, "08D7B4"],
  ["three keys", `${double}89ABCDEF01234567`, "3FD539"],
])("triple DES of %s", (_, text, kcv) => {
  expect(checkValue(hex(text), "tdes")).toBe(kcv);
  // Shown so without being told, since a key of that length is one for triple DES here.
  expect(keyCheckValue(hex(text))).toBe(kcv);
  expect(() => checkValue(hex(text), "tdes", "cmac")).toThrow("ECB");
});

test("lengths that the algorithm does not have are refused", () => {
  expect(() => checkValue(counting, "tdes")).toThrow("16 or 24");
  for (const length of [0, 8, 31, 64]) {
    expect(() => checkValue(Buffer.alloc(length), "aes")).toThrow("16 or 24 or 32");
  }
});

test("a key of two halves has a value for each", () => {
  const two = Buffer.concat([counting, Buffer.alloc(32)]);
  expect(keyCheckValue(two)).toBe("377822921105");
});
