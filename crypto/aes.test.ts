// Defends: a cipher whose call failed is never used again, since nobody knows what state it was
// left in: the next MAC is right and not a continuation of the broken chain. Also FIPS 197 itself.
import { Cipheriv } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AesBlocks, encryptBlock } from "./aes.ts";
import { Cmac, CmacLanes, CryptoError, SivLanes } from "./mod.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function failNextUpdate(): void {
  vi.spyOn(Cipheriv.prototype, "update").mockImplementationOnce(() => {
    throw new Error("out of memory");
  });
}

describe("AES blocks", () => {
  // FIPS 197 appendix C.
  test.each([
    [16, "69c4e0d86a7b0430d8cdb78070b4c55a"],
    [24, "dda97ca4864cdfe06eaf70a0ec0d7191"],
    [32, "8ea2b7ca516745bfeafc49904b496089"],
  ])("FIPS 197, %i key bytes", (length, expected) => {
    const key = Buffer.from(Array.from({ length }, (_, i) => i));
    const plain = Buffer.from(Array.from({ length: 16 }, (_, i) => i * 0x11));
    expect(encryptBlock(key, plain).toString("hex")).toBe(expected);
    const ecb = new AesBlocks(key, "ecb", 3);
    for (let i = 0; i < 3; i++) ecb.input.set(plain, i * 16);
    ecb.run(3);
    expect(ecb.output.toString("hex")).toBe(expected.repeat(3));
  });

  test("a single MAC after a failed call is right", () => {
    const cmac = new Cmac(Buffer.alloc(32, 1));
    const text = Buffer.from("fifty-three bytes of text, more or less, are enough..");
    const expected = Buffer.alloc(16);
    cmac.mac(text, 0, text.length, expected, 0, 16);
    for (let round = 0; round < 3; round++) {
      failNextUpdate();
      const out = Buffer.alloc(16);
      expect(() => cmac.mac(text, 0, text.length, out, 0, 16)).toThrow(CryptoError);
      cmac.mac(text, 0, text.length, out, 0, 16);
      expect(out).toEqual(expected);
    }
  });

  test("lanes after a failed call are right", () => {
    const lanes = new CmacLanes(Buffer.alloc(32, 1), { lanesMax: 8, bytesMax: 16 });
    for (let lane = 0; lane < 8; lane++) lanes.setLength(lane, 16);
    lanes.run(8);
    const expected = Buffer.from(lanes.out);
    failNextUpdate();
    expect(() => lanes.run(8)).toThrow(CryptoError);
    lanes.run(8);
    expect(lanes.out).toEqual(expected);
  });

  test("an opening that failed leaves no plaintext and no lane marked good", () => {
    const siv = new SivLanes(Buffer.alloc(64, 1), 4);
    siv.plain.fill(0x42);
    siv.seal(4);
    siv.open(4);
    expect([...siv.ok]).toEqual([1, 1, 1, 1]);
    failNextUpdate();
    expect(() => siv.open(4)).toThrow(CryptoError);
    expect([...siv.ok]).toEqual([0, 0, 0, 0]);
    expect(siv.plain.every((byte) => byte === 0)).toBe(true);
    siv.open(4);
    expect([...siv.ok]).toEqual([1, 1, 1, 1]);
  });
});
