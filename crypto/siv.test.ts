// Defends: SIV is RFC 5297's, in the general form and in the lanes, and nothing that was changed
// opens: not a bit of the sealed block, not its associated data, not its key.
import { aessiv as independentSiv } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SivLanes, sivOpen, sivSeal } from "./mod.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

// RFC 5297 appendix A: deterministic (A.1) and nonce-based (A.2) authenticated encryption.
const vectors = [
  {
    name: "A.1",
    key: hex("fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff"),
    headers: [hex("10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627")],
    plain: hex("11223344 55667788 99aabbcc ddee"),
    sealed: hex("85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c"),
  },
  {
    name: "A.2",
    key: hex("7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f"),
    headers: [
      hex(
        "00112233 44556677 8899aabb ccddeeff deaddada deaddada" +
          "ffeeddcc bbaa9988 77665544 33221100",
      ),
      hex("10203040 50607080 90a0"),
      hex("09f91102 9d74e35b d84156c5 635688c0"),
    ],
    plain: Buffer.from("this is some plaintext to encrypt using SIV-AES"),
    sealed: hex(
      "7bdb6e3b 432667eb 06f4d14b ff2fbd0f cb900f2f ddbe4043 26601965 c889bf17" +
        "dba77ceb 094fa663 b7a3f748 ba8af829 ea64ad54 4a272e9c 485b62a3 fd5c0d",
    ),
  },
];

describe("AES-SIV, any lengths", () => {
  test.each(vectors)("RFC 5297 $name", ({ key, headers, plain, sealed }) => {
    expect(sivSeal(key, headers, plain).toString("hex")).toBe(sealed.toString("hex"));
    expect(sivOpen(key, headers, sealed)).toEqual(plain);
  });

  test("agrees with an independent library", () => {
    const headers = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 });
    fc.assert(
      fc.property(bytes(64), headers, fc.uint8Array({ maxLength: 70 }), (key, ads, plain) => {
        const sealed = sivSeal(key, ads, plain);
        expect(sealed).toEqual(Buffer.from(independentSiv(key, ...ads).encrypt(plain)));
        expect(sivOpen(key, ads, sealed)).toEqual(Buffer.from(plain));
      }),
    );
  });

  test("no changed bit, missing header or short text opens", () => {
    const { key, headers, sealed } = vectors[1]!;
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bad = Buffer.from(sealed);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect(sivOpen(key, headers, bad)).toBeUndefined();
    }
    expect(sivOpen(key, headers.slice(1), sealed)).toBeUndefined();
    expect(sivOpen(key, headers.toReversed(), sealed)).toBeUndefined();
    for (let length = 0; length < sealed.length; length++) {
      expect(sivOpen(key, headers, sealed.subarray(0, length))).toBeUndefined();
    }
    expect(() => sivSeal(Buffer.alloc(40), [], Buffer.alloc(1))).toThrow(/32, 48 or 64/);
  });
});

describe("SivLanes", () => {
  const lanesMax = 20;

  function fill(siv: SivLanes, rows: readonly (readonly [Uint8Array, Uint8Array])[]): void {
    rows.forEach(([plain, ad], lane) => {
      siv.plain.set(plain, lane * 16);
      siv.ad.set(ad, lane * 16);
    });
  }

  test("seal as the general form does, and open again, in any number of lanes", () => {
    const rows = fc.array(fc.tuple(bytes(16), bytes(16)), { maxLength: lanesMax });
    fc.assert(
      fc.property(fc.constantFrom(32, 48, 64).chain(bytes), rows, (key, lanes) => {
        const siv = new SivLanes(key, lanesMax);
        fill(siv, lanes);
        siv.seal(lanes.length);
        lanes.forEach(([plain, ad], lane) => {
          const sealed = siv.sealed.subarray(lane * 32, lane * 32 + 32);
          expect(sealed).toEqual(sivSeal(key, [ad], plain));
        });
        siv.wipe(lanes.length);
        siv.ok.fill(7);
        siv.open(lanes.length);
        lanes.forEach(([plain], lane) => {
          expect(siv.ok[lane]).toBe(1);
          expect(siv.plain.subarray(lane * 16, lane * 16 + 16)).toEqual(Buffer.from(plain));
        });
        // Lanes that were not asked for are not touched.
        expect(siv.ok.subarray(lanes.length).every((ok) => ok === 7)).toBe(true);
      }),
    );
  });

  test("a changed bit closes its own lane, zeroes its plaintext, and no other", () => {
    const siv = new SivLanes(Buffer.from(Array.from({ length: 64 }, (_, i) => i)), 3);
    const rows = [1, 2, 3].map((n) => [Buffer.alloc(16, n), Buffer.alloc(16, n * 16)] as const);
    fill(siv, rows);
    siv.seal(3);
    const sealed = Buffer.from(siv.sealed);
    for (let bit = 0; bit < 48 * 8; bit++) {
      siv.sealed.set(sealed);
      fill(siv, rows);
      // The first 256 bits are the sealed block, the rest its associated data.
      if (bit < 256) siv.sealed[32 + (bit >> 3)]! ^= 1 << (bit & 7);
      else siv.ad[16 + ((bit - 256) >> 3)]! ^= 1 << (bit & 7);
      siv.open(3);
      expect([...siv.ok]).toEqual([1, 0, 1]);
      expect(siv.plain.subarray(0, 16)).toEqual(rows[0]![0]);
      expect(siv.plain.subarray(16, 32)).toEqual(Buffer.alloc(16));
      expect(siv.plain.subarray(32, 48)).toEqual(rows[2]![0]);
    }
  });

  test("a block moved under another record does not open", () => {
    const siv = new SivLanes(Buffer.alloc(64, 5), 2);
    fill(siv, [
      [Buffer.alloc(16, 1), Buffer.alloc(16, 1)],
      [Buffer.alloc(16, 2), Buffer.alloc(16, 2)],
    ]);
    siv.seal(2);
    const first = Buffer.from(siv.sealed.subarray(0, 32));
    siv.sealed.copyWithin(0, 32, 64);
    siv.sealed.set(first, 32);
    siv.open(2);
    expect([...siv.ok]).toEqual([0, 0]);
  });

  test("refuse other key lengths and more lanes than they have", () => {
    expect(() => new SivLanes(Buffer.alloc(33), 1)).toThrow(/32, 48 or 64/);
    expect(() => new SivLanes(Buffer.alloc(64), 1).open(2)).toThrow(RangeError);
  });
});
