// Property: bytes judged four at a time are judged as one by one.
import fc from "fast-check";
import { expect, it } from "vitest";
import { digitsOnly } from "./tables.ts";

const plain = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x30 && byte <= 0x39);

it("digitsOnly agrees with a look at each byte", () => {
  const digits = fc.uint8Array({ min: 0x30, max: 0x39, maxLength: 40 });
  const place = fc.record({ bytes: digits, at: fc.nat(39), byte: fc.nat(255), front: fc.nat(7) });
  fc.assert(
    fc.property(place, ({ bytes, at, byte, front }) => {
      if (at < bytes.length) bytes[at] = byte;
      const buf = Buffer.concat([Buffer.alloc(front, 0xff), bytes, Buffer.alloc(3, 0xff)]);
      expect(digitsOnly(buf, front, front + bytes.length)).toBe(plain(bytes));
    }),
    { numRuns: 2_000 },
  );
});

it("digitsOnly sees every byte in every place of a word", () => {
  const buf = Buffer.alloc(9, 0x35);
  for (let at = 0; at < buf.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      buf[at] = byte;
      expect(digitsOnly(buf, 0, buf.length), `${byte} at ${at}`).toBe(plain(buf));
    }
    buf[at] = 0x35;
  }
});
