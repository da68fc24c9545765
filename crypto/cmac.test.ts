// Defends: CMAC is SP 800-38B's, for all AES key lengths, one message or many at a time, whatever
// their lengths and their neighbours. Shown by the published vectors, by an independent library,
// and by the lanes agreeing with the single form on every mixture of lengths and counts.
import { cmac as independentCmac } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cmac, CmacLanes } from "./mod.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

// SP 800-38B appendix D (AES-128 ones are RFC 4493 section 4 too).
const message = hex(
  "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710",
);
const vectors: [key: string, length: number, mac: string][] = [
  ["2b7e151628aed2a6abf7158809cf4f3c", 0, "bb1d6929e95937287fa37d129b756746"],
  ["2b7e151628aed2a6abf7158809cf4f3c", 16, "070a16b46b4d4144f79bdd9dd04a287c"],
  ["2b7e151628aed2a6abf7158809cf4f3c", 40, "dfa66747de9ae63030ca32611497c827"],
  ["2b7e151628aed2a6abf7158809cf4f3c", 64, "51f0bebf7e3b9d92fc49741779363cfe"],
  ["8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 0, "d17ddf46adaacde531cac483de7a9367"],
  ["8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 16, "9e99a7bf31e710900662f65e617c5184"],
  ["8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 40, "8a1de5be2eb31aad089a82e6ee908b0e"],
  ["8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", 64, "a1d5df0eed790f794d77589659f39a11"],
  [
    "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
    0,
    "028962f61b7bf89efc6b551f4667d983",
  ],
  [
    "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
    16,
    "28a7023f452e8f82bd4bf28d8c37c35c",
  ],
  [
    "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
    40,
    "aaf3d8f1de5640c232f5b169b9c911e6",
  ],
  [
    "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
    64,
    "e1992190549f6ed5696a2c056c315410",
  ],
];

const key = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anyKey = fc.constantFrom(16, 24, 32).chain(key);

function macOf(cmac: Cmac, bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(16);
  cmac.mac(bytes, 0, bytes.length, out, 0, 16);
  return out;
}

describe("Cmac", () => {
  test.each(vectors)("SP 800-38B: key %s, %i bytes", (keyHex, length, mac) => {
    const cmac = new Cmac(hex(keyHex));
    // Twice, with another message between: the long-lived chain must start anew each time.
    expect(macOf(cmac, message.subarray(0, length)).toString("hex")).toBe(mac);
    macOf(cmac, message.subarray(3, 50));
    expect(macOf(cmac, message.subarray(0, length)).toString("hex")).toBe(mac);
  });

  test("agrees with an independent library on any key and message", () => {
    fc.assert(
      fc.property(anyKey, fc.uint8Array({ maxLength: 200 }), (bytes, text) => {
        expect(macOf(new Cmac(bytes), text)).toEqual(Buffer.from(independentCmac(text, bytes)));
      }),
    );
  });

  test.each([1023, 1024, 1025, 2047, 2048, 2049, 5000])("long messages: %i bytes", (length) => {
    const cmac = new Cmac(Buffer.alloc(32, 7));
    const text = Buffer.from(Array.from({ length }, (_, i) => (i * 31) & 0xff));
    const expected = Buffer.from(independentCmac(text, Buffer.alloc(32, 7)));
    expect(macOf(cmac, text)).toEqual(expected);
    expect(macOf(cmac, text)).toEqual(expected);
  });

  test("reads and writes only its ranges, and truncates from the left", () => {
    const cmac = new Cmac(hex(vectors[2]![0]));
    const src = Buffer.concat([Buffer.alloc(5, 0xaa), message.subarray(0, 40), Buffer.alloc(5)]);
    const out = Buffer.alloc(12, 0xee);
    cmac.mac(src, 5, 40, out, 2, 8);
    expect(out.toString("hex")).toBe(`eeee${vectors[2]![2].slice(0, 16)}eeee`);
    expect(() => cmac.mac(src, 40, 20, out, 0, 8)).toThrow(RangeError);
    expect(() => cmac.mac(src, 0, 20, out, 8, 8)).toThrow(RangeError);
    expect(() => cmac.mac(src, 0, 20, out, 0, 17)).toThrow(RangeError);
  });

  test("refuses keys of other lengths", () => {
    for (const length of [0, 8, 15, 33, 64]) {
      expect(() => new Cmac(Buffer.alloc(length))).toThrow(/16, 24 or 32 bytes/);
    }
  });
});

describe("CmacLanes", () => {
  function run(lanes: CmacLanes, messages: readonly Uint8Array[]): Buffer[] {
    messages.forEach((text, lane) => {
      lanes.bytes.set(text, lanes.at(lane));
      lanes.setLength(lane, text.length);
    });
    lanes.run(messages.length);
    return messages.map((_, lane) => Buffer.from(lanes.out.subarray(lane * 16, lane * 16 + 16)));
  }

  test("SP 800-38B, all lengths side by side, and in every number of lanes", () => {
    for (const keyHex of new Set(vectors.map(([k]) => k))) {
      const own = vectors.filter(([k]) => k === keyHex);
      const lanes = new CmacLanes(hex(keyHex), { lanesMax: 40, bytesMax: 64 });
      for (let count = 1; count <= 40; count++) {
        const chosen = Array.from({ length: count }, (_, i) => own[i % own.length]!);
        const macs = run(
          lanes,
          chosen.map(([, length]) => message.subarray(0, length)),
        );
        expect(macs.map((mac) => mac.toString("hex"))).toEqual(chosen.map(([, , mac]) => mac));
      }
    }
  });

  test("agree with the single form on any mixture, also when reused", () => {
    const lanesMax = 24;
    const lanes = new CmacLanes(Buffer.alloc(32, 9), { lanesMax, bytesMax: 90 });
    const single = new Cmac(Buffer.alloc(32, 9));
    const even = fc
      .tuple(fc.nat(90), fc.integer({ min: 1, max: lanesMax }))
      .chain(([length, count]) => fc.array(key(length), { minLength: count, maxLength: count }));
    const uneven = fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: lanesMax });
    fc.assert(
      fc.property(fc.oneof(even, uneven), (messages) => {
        expect(run(lanes, messages)).toEqual(messages.map((text) => macOf(single, text)));
        messages.forEach((text, lane) => {
          const at = lanes.at(lane);
          expect(lanes.bytes.subarray(at, at + text.length)).toEqual(Buffer.from(text));
        });
      }),
    );
  });

  test("refuse more lanes or longer messages than they were made for", () => {
    const lanes = new CmacLanes(Buffer.alloc(32), { lanesMax: 4, bytesMax: 53 });
    expect(() => lanes.run(5)).toThrow(RangeError);
    expect(() => lanes.setLength(0, 54)).toThrow(RangeError);
    expect(() => lanes.setLength(0, -1)).toThrow(RangeError);
    expect(() => lanes.run(0)).not.toThrow();
  });
});
