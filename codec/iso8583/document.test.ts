// Property: what was on the wire survives decode and encode byte for byte; nothing sensitive is
// shown unless asked for; a masked part hides the raw bytes around it; no whole card number is in
// a description of any message, good or bad.
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { knownPan, knownTpan } from "../pan/fixtures.ts";
import { withCheckDigit } from "../pan/mod.ts";
import {
  type Codec,
  CodecError,
  dialects,
  type FieldInput,
  iso87Ascii,
  type MessageInput,
  mydebit,
} from "./mod.ts";
import { iso87AsciiFixtures } from "./testdata/iso87-ascii.ts";
import { mydebitFixtures, request0100, startBytes, withStartBytes } from "./testdata/mydebit.ts";
import { damage, seededRandom } from "./testdata/random.ts";
import { randomMessage } from "./testdata/values.ts";

// Thousands of whole documents: two seconds alone, more beside a busy neighbour.
vi.setConfig({ testTimeout: 60_000 });

function revealed(codec: Codec, bytes: Buffer): MessageInput {
  const document = codec.decode(bytes, 0, bytes.length, { bare: true, reveal: true });
  expect(document.ok).toBe(true);
  const fields = Object.entries(document.fields).map(([de, field]) => [de, field.value]);
  return { mti: document.mti!, fields: Object.fromEntries(fields) };
}

describe("round trip", () => {
  const upper = (bytes: Buffer, codec: Codec): Buffer => {
    const copy = Buffer.from(bytes);
    const digits = codec === iso87Ascii ? 16 : 32;
    copy.write(copy.toString("latin1", 4, 4 + digits).toUpperCase(), 4, "latin1");
    return copy;
  };

  it("of every fixture gives the same bytes", () => {
    const out = Buffer.alloc(4_096);
    for (const [codec, fixtures] of [
      [mydebit, mydebitFixtures],
      [iso87Ascii, iso87AsciiFixtures],
    ] as const) {
      for (const { bytes } of fixtures) {
        const end = codec.encode(revealed(codec, bytes), out, 0);
        expect(out.subarray(0, end)).toEqual(upper(bytes, codec));
      }
    }
  });

  it.each([mydebit, iso87Ascii])("of random values gives the same values ($name)", (codec) => {
    const random = seededRandom(77);
    const out = Buffer.alloc(65_535);
    for (let i = 0; i < 400; i++) {
      const message = randomMessage(codec.spec, random, 12);
      const end = codec.encode(message, out, 0);
      const bytes = Buffer.from(out.subarray(0, end));
      const again = codec.encode(revealed(codec, bytes), out, 0);
      expect(out.subarray(0, again)).toEqual(bytes);
      for (const [de, value] of Object.entries(message.fields)) {
        const field = codec.decode(bytes, 0, end, { bare: true, reveal: true }).fields[de]!;
        const tags = (field.tags ?? []).map((part) => [part.tag, part.value]);
        const given = ((value as FieldInput).tags ?? []).map((part) => [part.tag, part.value]);
        expect(typeof value === "string" ? field.value : tags).toEqual(
          typeof value === "string" ? value : given,
        );
      }
    }
  });

  // Of the zoo every way of writing has a test of its own.
  it.each(Object.values(dialects))("of random messages gives the same bytes ($name)", (codec) => {
    const random = seededRandom(78);
    const out = Buffer.alloc(65_535);
    for (let i = 0; i < 150; i++) {
      const end = codec.encode(randomMessage(codec.spec, random, 4 + random(40)), out, 0);
      const bytes = Buffer.from(out.subarray(0, end));
      const document = codec.decode(bytes, 0, end, { bare: true, reveal: true });
      expect(document).toMatchObject({ ok: true });
      const { mti, fields } = document;
      const again = codec.encode({ mti: mti!, fields }, out, 0);
      expect(out.subarray(0, again)).toEqual(bytes);
    }
  });

  it("keeps the start bytes", () => {
    const bytes = withStartBytes(request0100);
    const document = mydebit.decode(bytes, 0, bytes.length);
    expect(document.header).toBe(startBytes);
    const out = Buffer.alloc(512);
    const message = { ...revealed(mydebit, request0100.bytes), header: startBytes };
    expect(out.subarray(0, mydebit.encode(message, out, 0))).toEqual(bytes);
  });
});

describe("encode", () => {
  const fields = { "7": "0101000500", "11": "000001", "70": "301" };
  const encode = (more: MessageInput["fields"], room = 512): string => {
    const out = Buffer.alloc(room);
    const end = mydebit.encode({ mti: "0800", fields: { ...fields, ...more } }, out, 0);
    return out.toString("latin1", 0, end);
  };

  it("fills numbers with zeros and text with spaces, and leaves dates alone", () => {
    expect(encode({ "11": "1", "42": "M1" })).toContain("000001M1             301");
    expect(() => encode({ "13": "101" })).toThrow(CodecError);
  });

  const refused: readonly (readonly [
    de: string,
    value: string | Record<string, string>,
    code: string,
    path: string,
  ])[] = [
    ["11", "1234567", "ENCODE_TOO_LONG", "11"],
    ["11", "12A", "ENCODE_BAD_VALUE", "11"],
    ["11", "", "ENCODE_BAD_VALUE", "11"],
    ["42", "ü", "ENCODE_BAD_VALUE", "42"],
    ["52", "00", "ENCODE_BAD_VALUE", "52"],
    ["52", "00".repeat(9), "ENCODE_TOO_LONG", "52"],
    ["65", "1", "ENCODE_BAD_VALUE", "65"],
    ["1", "1", "ENCODE_BAD_VALUE", "1"],
    ["48", { "01": "x" }, "ENCODE_BAD_VALUE", "48"],
    ["120", { "05": "CC" }, "ENCODE_TOO_LONG", "120.05"],
    ["120", { "05": "" }, "ENCODE_BAD_VALUE", "120.05"],
    ["120", { "5": "C" }, "ENCODE_BAD_VALUE", "120.5"],
    ["120", { "77": "x".repeat(995) }, "ENCODE_TOO_LONG", "120"],
  ];

  it.each(refused)("refuses element %s = %j", (de, value, code, path) => {
    let error: unknown;
    try {
      encode({ [de]: value });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(CodecError);
    expect(error).toMatchObject({ code, path });
    const text = typeof value === "string" ? value : Object.values(value).join("");
    expect(text.length > 3 && (error as Error).message.includes(text)).toBe(false);
  });

  it("refuses an output that is too small and an MTI that is none", () => {
    expect(() => encode({}, 54)).toThrow(/OUTPUT_FULL/);
    expect(encode({}, 55).length).toBe(55);
    const out = Buffer.alloc(99);
    expect(() => mydebit.encode({ mti: "1800", fields }, out, 0)).toThrow(/ENCODE_BAD_VALUE/);
    for (const header of ["ISO02600005", "ISX026000050", "ISO02600005A"]) {
      const message = { mti: "0800", header, fields };
      expect(() => mydebit.encode(message, out, 0)).toThrow(/ENCODE_BAD_VALUE/);
    }
  });
});

describe("documents and descriptions", () => {
  const other = withCheckDigit("123456789012345678");

  it("show first six and last four of a TPAN, and the length of a PTAV", () => {
    const { bytes } = request0100;
    const document = mydebit.decode(bytes, 0, bytes.length, { bare: true });
    expect(document.fields["2"]).toEqual({
      name: "primary account number",
      value: `${knownTpan.slice(0, 6)}******${knownTpan.slice(-4)}`,
      masked: true,
      offset: 38,
      length: 16,
    });
    const list = document.fields["120"]!;
    expect(list.raw).toBeUndefined();
    expect(list.value).toBe(`030119990000000105001C07001F04028${"*".repeat(28)}`);
    expect(list.tags![3]).toMatchObject({ tag: "04", value: "*".repeat(28), length: 28 });
    expect(list.tags![0]).toMatchObject({
      tag: "03",
      value: "99900000001",
      raw: Buffer.from("99900000001").toString("hex"),
    });
    expect(document.fields["128"]!.raw).toBeUndefined();
    expect(document.fields["22"]!.fields!["1"]).toMatchObject({ name: "entry mode", value: "81" });
  });

  it("show everything on request", () => {
    const { bytes } = request0100;
    const document = mydebit.decode(bytes, 0, bytes.length, { bare: true, reveal: true });
    expect(document.fields["2"]).toMatchObject({ value: knownTpan });
    expect(document.fields["128"]).toMatchObject({ value: "366527A289B875E6" });
  });

  it("hide a card number wherever free text can carry one", () => {
    const spaced = `${other.slice(0, 4)} ${other.slice(4, 11)}-${other.slice(11)}`;
    const cases: MessageInput["fields"][] = [
      { "34": other },
      { "35": `${other}=3012` },
      { "42": withCheckDigit("12345678901234") },
      { "43": other },
      { "44": other },
      { "45": `B${other}^NAME` },
      { "48": `ref ${spaced} end` },
      { "60": `x${other}y` },
      { "102": other },
      { "104": `${other}${other}` },
      { "120": { "77": other } },
      { "120": { "08": other } },
      { "120": { "52": other } },
      { "127": spaced },
    ];
    for (const fields of cases) {
      const out = Buffer.alloc(512);
      const end = mydebit.encode({ mti: "0100", fields }, out, 0);
      const document = mydebit.decode(out, 0, end, { bare: true });
      expect(document.ok).toBe(true);
      const text = JSON.stringify(document).replace(/[ -]/g, "");
      for (const secret of [other, withCheckDigit("12345678901234")]) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString("hex").toUpperCase());
      }
    }
  });

  it("keep ordinary digits in free text", () => {
    const out = Buffer.alloc(512);
    const text = "20261122000001235";
    const end = mydebit.encode({ mti: "0100", fields: { "62": text } }, out, 0);
    expect(mydebit.decode(out, 0, end, { bare: true }).fields["62"]!.value).toBe(text);
  });

  it("never leak a card number, whatever is done to the message", () => {
    const random = seededRandom(2_026);
    const view = mydebit.createView();
    const hidden = [knownTpan, knownPan];
    for (let i = 0; i < 2_000; i++) {
      const { bytes } = mydebitFixtures[random(mydebitFixtures.length)]!;
      // Damage behind the card number, so that the number itself stays whole.
      const cut = 54 + random(bytes.length - 54);
      const bad = Buffer.concat([bytes.subarray(0, cut), damage(random, bytes.subarray(cut), 99)]);
      const status = mydebit.scanMessage(view, bad, 0, bad.length);
      const error = status < 0 ? inspect(mydebit.error(status, view)) : "";
      const document = inspect(mydebit.decode(bad, 0, bad.length, { bare: true }), { depth: 9 });
      const shown = mydebit.describe(view).join("\n") + document + error;
      for (const secret of hidden) {
        expect(shown.includes(secret)).toBe(false);
      }
    }
  });

  it("judge presence only where asked", () => {
    const out = Buffer.alloc(512);
    const end = mydebit.encode({ mti: "0100", fields: { "2": knownTpan } }, out, 0);
    expect(mydebit.decode(out, 0, end, { bare: true }).ok).toBe(true);
    const document = mydebit.decode(out, 0, end, { bare: true, judge: true });
    expect(document).toMatchObject({
      ok: false,
      error: { code: "MISSING_FIELD", path: "3", offset: end },
    });
    expect(document.fields["2"]).toBeDefined();
  });

  it("keep what stood before an error, and name the error", () => {
    const { bytes } = request0100;
    const lines = mydebit.describe(scanned(bytes.subarray(0, 100)));
    expect(lines[0]).toMatch(/^0100 {3}verify/);
    expect(lines.join("\n")).toMatch(/^3 {6}processing code\.+ \[6\] 000000 {2}\(purchase, /m);
    expect(lines.at(-1)).toBe(
      "error  FIELD_TRUNCATED in element 14 at offset 98: the data is shorter than its length says",
    );
  });

  function scanned(bytes: Buffer) {
    const view = mydebit.createView();
    mydebit.scanMessage(view, bytes, 0, bytes.length);
    return view;
  }
});
