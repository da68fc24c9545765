// Defends: the 53 bytes are those of the layout, for every profile, so that no two different
// payments share one MAC input; and a part that is no number never gets as far as a MAC. The plain
// version below builds them from hex text.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownTpan, knownTpanExpiry, knownTrid } from "../pan/fixtures.ts";
import { MAC_INPUT_BYTES, writeMacInput } from "./mod.ts";

interface Parts {
  readonly header: Buffer;
  readonly tpan: string;
  readonly expiry: string;
  readonly trid: string;
  readonly amount: string;
  readonly currency: string;
  readonly merchant: string;
}

const known: Parts = {
  header: Buffer.from("13010000a1b2c3d46955b900", "hex"),
  tpan: knownTpan,
  expiry: knownTpanExpiry,
  trid: knownTrid,
  amount: "000000012345",
  currency: "458",
  merchant: "MERCHANT0000001",
};

/** Through one message, as the parts stand in a frame, at odd offsets. */
function write(parts: Parts): Buffer | undefined {
  const texts = [parts.tpan, parts.expiry, parts.trid, parts.amount, parts.currency].join("|");
  const frame = Buffer.from(`#${texts}|${parts.merchant}|`, "latin1");
  let at = 1;
  const place = (text: string) => {
    const start = at;
    at += text.length + 1;
    return start;
  };
  const [tpan, expiry, trid, amount, currency, merchant] = [
    place(parts.tpan),
    place(parts.expiry),
    place(parts.trid),
    place(parts.amount),
    place(parts.currency),
    place(parts.merchant),
  ];
  const dst = Buffer.alloc(MAC_INPUT_BYTES + 2, 0xee);
  const ok = writeMacInput(
    ...([dst, 1, parts.header, 0, frame, tpan, parts.tpan.length, frame, expiry] as const),
    ...([frame, trid, parts.trid.length, frame, amount, frame, currency] as const),
    ...([frame, merchant, parts.merchant.length] as const),
  );
  expect(dst[0]).toBe(0xee);
  expect(dst[MAC_INPUT_BYTES + 1]).toBe(0xee);
  return ok ? dst.subarray(1, MAC_INPUT_BYTES + 1) : undefined;
}

function writePlainly(parts: Parts): string {
  const profile = parts.header[0]! & 15;
  const bound = `${parts.amount}0${parts.currency}`;
  const merchant = Buffer.from(parts.merchant.padEnd(15, " "), "latin1").toString("hex");
  return [
    parts.header.toString("hex"),
    parts.tpan.padEnd(20, "f"),
    parts.expiry,
    parts.trid.padStart(12, "0"),
    (profile & 1) === 1 ? bound : "0".repeat(16),
    (profile & 2) === 2 ? merchant : "0".repeat(30),
  ].join("");
}

const digits = (min: number, max: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max })
    .map((all) => all.join(""));

const anyParts: fc.Arbitrary<Parts> = fc.record({
  header: fc
    .tuple(fc.integer({ min: 0x10, max: 0x17 }), fc.uint8Array({ minLength: 11, maxLength: 11 }))
    .map(([first, rest]) => Buffer.from([first, ...rest])),
  tpan: digits(13, 19),
  expiry: digits(4, 4),
  trid: digits(1, 12),
  amount: digits(12, 12),
  currency: digits(3, 3),
  merchant: fc.string({ unit: "grapheme-ascii", maxLength: 15 }),
});

describe("PTAV MAC input", () => {
  test("the known answer's input", () => {
    expect(write(known)?.toString("hex")).toBe(writePlainly(known));
    expect(write(known)?.length).toBe(53);
  });

  test("any parts are written as the plain version writes them", () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(write(parts)?.toString("hex")).toBe(writePlainly(parts));
      }),
    );
  });

  test("unbound parts are not read", () => {
    const header = Buffer.from(known.header);
    header[0] = 0x10;
    const odd = { ...known, header, amount: "not a number", currency: "xyz", merchant: "?" };
    expect(write(odd)?.toString("hex")).toBe(writePlainly({ ...known, header }));
  });

  test("a character that is no digit is refused in every number at every place", () => {
    for (const part of ["tpan", "expiry", "trid", "amount", "currency"] as const) {
      for (let at = 0; at < known[part].length; at++) {
        for (const bad of ["/", ":", "A", " ", "\u0000", "\u00ff"]) {
          const text = known[part].slice(0, at) + bad + known[part].slice(at + 1);
          expect(write({ ...known, [part]: text }), `${part} at ${at}`).toBeUndefined();
        }
      }
    }
  });

  test("what is too long is refused", () => {
    expect(write({ ...known, tpan: "1".repeat(20) })).toBeUndefined();
    expect(write({ ...known, trid: "1".repeat(13) })).toBeUndefined();
    expect(write({ ...known, merchant: "M".repeat(16) })).toBeUndefined();
    expect(write({ ...known, tpan: "" })).toBeUndefined();
    expect(write({ ...known, trid: "" })).toBeUndefined();
  });
});
