// Defends: the 20 bytes say what was put into them, and only version 1 with no reserved bit and a
// KVN passes for a PTAV at all.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  PTAV_BYTES,
  ptavFormatValid,
  ptavIssuedAt,
  ptavKvn,
  ptavProfile,
  writePtavHeader,
} from "./mod.ts";

describe("PTAV layout", () => {
  test("the header comes back field by field", () => {
    const any = fc.record({
      profile: fc.integer({ min: 0, max: 7 }),
      kvn: fc.integer({ min: 1, max: 255 }),
      nonce: fc.uint8Array({ minLength: 6, maxLength: 6 }),
      issuedAt: fc.integer({ min: 0, max: 0xffffffff }),
      at: fc.nat(9),
    });
    fc.assert(
      fc.property(any, ({ profile, kvn, nonce, issuedAt, at }) => {
        const buf = Buffer.alloc(32, 0xee);
        writePtavHeader(buf, at, profile, kvn, nonce, 0, issuedAt);
        expect(ptavFormatValid(buf, at)).toBe(true);
        expect(ptavProfile(buf, at)).toBe(profile);
        expect(ptavKvn(buf, at)).toBe(kvn);
        expect(ptavIssuedAt(buf, at)).toBe(issuedAt);
        expect(buf.subarray(at + 2, at + 8)).toEqual(Buffer.from(nonce));
        expect(buf[at + 12]).toBe(0xee);
      }),
    );
  });

  test("of all first bytes only 0x10 to 0x17 are valid, and never KVN 0", () => {
    const buf = Buffer.alloc(PTAV_BYTES);
    for (let first = 0; first < 256; first++) {
      buf[0] = first;
      buf[1] = 1;
      expect(ptavFormatValid(buf, 0)).toBe(first >= 0x10 && first <= 0x17);
      buf[1] = 0;
      expect(ptavFormatValid(buf, 0)).toBe(false);
    }
  });

  test.each([
    [8, 1, 0],
    [-1, 1, 0],
    [0, 0, 0],
    [0, 256, 0],
    [0, 1, -1],
    [0, 1, 2 ** 32],
    [0, 1, 1.5],
  ])("refuses profile %d, KVN %d, issuedAt %d", (profile, kvn, issuedAt) => {
    const write = () =>
      writePtavHeader(Buffer.alloc(12), 0, profile, kvn, Buffer.alloc(6), 0, issuedAt);
    expect(write).toThrow(RangeError);
  });
});
