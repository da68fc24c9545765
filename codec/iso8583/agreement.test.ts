// Property: the generated scanners and the slow decoder say the same of every input, good or bad:
// verdict, code, path, offset, lengths and slots. Shown on all prefixes and bit flips of all
// fixtures, on damaged fixtures, and on random messages of every dialect and of dialects that no
// network speaks. The large run is test/codec.
import { describe, expect, it, vi } from "vitest";
import type { Codec } from "./codec.ts";
import { iso87Ascii, mydebit } from "./mod.ts";
import { expectAgreement } from "./testdata/agreement.ts";
import { allCodecs } from "./testdata/codecs.ts";
import { compareRandomly } from "./testdata/fuzz.ts";
import { iso87AsciiFixtures } from "./testdata/iso87-ascii.ts";
import { mydebitFixtures, startBytes } from "./testdata/mydebit.ts";
import { damage, seededRandom } from "./testdata/random.ts";
import { randomMessage } from "./testdata/values.ts";

// Some hundred thousand cases take four seconds alone, and more beside a busy neighbour.
vi.setConfig({ testTimeout: 60_000 });

const cases: readonly (readonly [codec: Codec, fixtures: readonly { bytes: Buffer }[]])[] = [
  [mydebit, mydebitFixtures],
  [iso87Ascii, iso87AsciiFixtures],
];

describe.each(cases)("scanner and oracle", (codec, fixtures) => {
  it("agree on every fixture, which is good", () => {
    const view = codec.createView();
    for (const { bytes } of fixtures) {
      expect(expectAgreement(codec, view, bytes, true)).toBe("OK");
    }
  });

  it("agree on every prefix of every fixture, which is bad", () => {
    const view = codec.createView();
    for (const { bytes } of fixtures) {
      for (let length = 0; length < bytes.length; length++) {
        expect(expectAgreement(codec, view, bytes.subarray(0, length), true)).not.toBe("OK");
      }
    }
  });

  it("agree on every bit flip of every fixture", () => {
    const view = codec.createView();
    for (const { bytes } of fixtures) {
      const flipped = Buffer.from(bytes);
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expectAgreement(codec, view, flipped, true);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  });

  it("agree on damaged fixtures, and the damage reaches many kinds of error", () => {
    const view = codec.createView();
    const random = seededRandom(8583);
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const { bytes } = fixtures[random(fixtures.length)]!;
      seen.add(expectAgreement(codec, view, damage(random, bytes, 4), true));
    }
    expect(seen.size).toBeGreaterThanOrEqual(codec.name === "mydebit" ? 18 : 13);
  });

  it("agree on random messages of any elements, whole and damaged", () => {
    const view = codec.createView();
    const random = seededRandom(1987);
    const out = Buffer.alloc(codec.spec.bytesMax);
    for (let i = 0; i < 3_000; i++) {
      const message = randomMessage(codec.spec, random, 2 + random(20));
      let end = 0;
      try {
        end = codec.encode(message, out, 0);
      } catch (error) {
        expect(error).toMatchObject({ code: "OUTPUT_FULL" });
        continue;
      }
      const bytes = out.subarray(0, end);
      expect(expectAgreement(codec, view, bytes, true)).toBe("OK");
      for (let round = 0; round < 3; round++) {
        expectAgreement(codec, view, damage(random, bytes, 4), true);
      }
    }
  });

  it("agree on noise", () => {
    const view = codec.createView();
    const random = seededRandom(404);
    for (let i = 0; i < 3_000; i++) {
      const bytes = Buffer.from(Array.from({ length: random(80) }, () => 48 + random(24)));
      expectAgreement(codec, view, bytes, true);
    }
  });
});

it("agree on random and damaged messages of every dialect, which reach many kinds of error", () => {
  const outcomes = compareRandomly(allCodecs, 2003, 60_000);
  expect(outcomes.size).toBeGreaterThanOrEqual(22);
  expect(outcomes.get("OK")).toBeGreaterThan(5_000);
});

describe("start bytes", () => {
  it("are read by both alike, at every prefix and with every byte changed", () => {
    const view = mydebit.createView();
    const whole = Buffer.concat([Buffer.from(startBytes), mydebitFixtures[0]!.bytes]);
    expect(expectAgreement(mydebit, view, whole, false)).toBe("OK");
    for (let length = 0; length < 60; length++) {
      const code = expectAgreement(mydebit, view, whole.subarray(0, length), false);
      expect(code === "HEADER_TRUNCATED").toBe(length < 12);
    }
    for (let at = 0; at < 12; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = 0x2f;
      expect(expectAgreement(mydebit, view, bytes, false)).toBe("BAD_HEADER");
    }
  });

  it("count in the length limit", () => {
    const view = mydebit.createView();
    const long = Buffer.alloc(4_097, 0x30);
    expect(expectAgreement(mydebit, view, long, false)).toBe("FRAME_LENGTH");
    expect(expectAgreement(mydebit, view, long.subarray(1), false)).toBe("BAD_HEADER");
  });
});
