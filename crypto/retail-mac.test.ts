// Defends: X9.19 as other parties compute it, whatever the message's length and whatever went
// through the long-lived ciphers before.
import { createCipheriv, createDecipheriv } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { knownTpan } from "../codec/pan/fixtures.ts";
import { createMessageMac, keyCheckValue, RetailMac } from "./mod.ts";

const key = Buffer.from("0123456789ABCDEFFEDCBA9876543210", "hex");

function macOf(mac: { mac: RetailMac["mac"] }, text: string): string {
  const out = Buffer.alloc(8);
  const input = Buffer.from(text, "latin1");
  mac.mac(input, 0, input.length, out, 0, 8);
  return out.toString("hex").toUpperCase();
}

const request =
  `0100F23C448108C08000000000000000010116${knownTpan}000000000000012345010100` +
  "0500000123080500010130125411810590645800160010000012" +
  "3TERM0001MERCHANT0000001458061030119990000000105001C07001F04028" +
  "EwEAAKGyw9RpVbkAuHbVDFLsKAk=";

test.each([
  ["Now is the time for all ", "A1C72E74EA3FA9B6"],
  ["Now is the time for it", "2E2B1428CC78254F"],
  [request, "695D8DDD8352C777"],
])("known answer %#", (text, expected) => {
  expect(macOf(new RetailMac(key), text)).toBe(expected);
  expect(macOf(createMessageMac(key), text)).toBe(expected);
});

/** Step by step as the standard writes it, a fresh cipher a block. */
function slowly(message: Buffer): string {
  const des = (half: Buffer, block: Buffer, encrypt: boolean): Buffer => {
    const three = Buffer.concat([half, half, half]);
    const make = encrypt ? createCipheriv : createDecipheriv;
    return make("des-ede3", three, null).setAutoPadding(false).update(block);
  };
  const blocks = Math.max(1, Math.ceil(message.length / 8));
  const padded = Buffer.alloc(8 * blocks);
  message.copy(padded);
  let state: Buffer = Buffer.alloc(8);
  for (let at = 0; at < padded.length; at += 8) {
    const block = padded.subarray(at, at + 8).map((byte, i) => byte ^ state[i]!);
    state = des(key.subarray(0, 8), Buffer.from(block), true);
  }
  const middle = des(key.subarray(8), state, false);
  return des(key.subarray(0, 8), middle, true).toString("hex").toUpperCase();
}

test("agrees with the standard's steps over messages of all lengths, one after the other", () => {
  const mac = new RetailMac(key);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1_200 }), (bytes) => {
      const message = Buffer.from(bytes);
      expect(macOf(mac, message.toString("latin1"))).toBe(slowly(message));
    }),
    { numRuns: 100 },
  );
});

test("other key lengths are refused", () => {
  for (const length of [8, 15, 24, 32]) {
    expect(() => new RetailMac(Buffer.alloc(length))).toThrow("16 bytes");
  }
});

test("its KCV is that of triple DES", () => {
  expect(keyCheckValue(key)).toBe("08D7B4");
});
