// Property: a moov spec becomes a dialect file that checks and reads what the spec writes;
// composites by bitmap, by tag and by order are kept; whatever cannot be carried is named.
import { describe, expect, it } from "vitest";
import { loadCodec, parseDialect } from "../mod.ts";
import { damage, seededRandom } from "../testdata/random.ts";
import { importMoov } from "./moov.ts";
import { ForeignFileError } from "./xml.ts";

const mti = { type: "String", length: 4, description: "MTI", enc: "ASCII", prefix: "ASCII.Fixed" };
const bitmap = { type: "Bitmap", length: 8, enc: "HexToASCII", prefix: "Hex.Fixed" };

function specOf(fields: Readonly<Record<string, unknown>>, first: unknown = bitmap): string {
  return JSON.stringify({ name: "mine", fields: { "0": mti, "1": first, ...fields } }, null, 2);
}

function read(text: string, message: string | Buffer) {
  const { dialect, problems } = parseDialect(importMoov(text, "m").file, {});
  expect(problems).toEqual([]);
  const bytes = typeof message === "string" ? Buffer.from(message, "latin1") : message;
  return loadCodec(dialect!).decode(bytes, 0, bytes.length, { reveal: true });
}

const only48 = "01000000000000010000";
const text = (length: number, prefix: string, more = {}) => ({
  type: "String",
  length,
  enc: "ASCII",
  prefix,
  ...more,
});

const fields: readonly (readonly [what: string, field: unknown, wire: string, value: string])[] = [
  ["text", text(9, "ASCII.LL"), "30324142", "AB"],
  ["BCD, right-aligned", text(9, "BCD.LL", { enc: "BCD" }), "030123", "123"],
  ["BCD, left-aligned", text(9, "BCD.LL", { enc: "LBCD" }), "031230", "123"],
  ["EBCDIC", text(9, "EBCDIC.LL", { enc: "EBCDIC" }), "F0F2C14F", "A!"],
  ["bytes", { type: "Binary", length: 9, enc: "Binary", prefix: "Binary.L" }, "020AFE", "0AFE"],
  ["hex", { type: "Hex", length: 9, enc: "HexToASCII", prefix: "ASCII.LL" }, "3031 4131", "A1"],
  ["track", { type: "Track2", length: 37, enc: "ASCII", prefix: "ASCII.LL" }, "3033313d32", "1=2"],
];

describe("fields", () => {
  it.each(fields)("%s", (_, field, wire, value) => {
    const message = Buffer.from(only48, "latin1");
    const body = Buffer.from(wire.replaceAll(" ", ""), "hex");
    const document = read(specOf({ "48": field }), Buffer.concat([message, body]));
    expect(document.error).toBeUndefined();
    expect(document.fields["48"]!.value).toBe(value);
  });

  it("padding fills what is written", () => {
    const padded = text(6, "ASCII.Fixed", { type: "Numeric", padding: { type: "Left", pad: "0" } });
    const { dialect } = parseDialect(importMoov(specOf({ "11": padded }), "m").file, {});
    const out = Buffer.alloc(64);
    const end = loadCodec(dialect!).encode({ mti: "0800", fields: { "11": "7" } }, out, 0);
    expect(out.toString("latin1", 20, end)).toBe("000007");
  });
});

describe("composites", () => {
  it("in order", () => {
    const subfields = { "2": text(3, "ASCII.LL"), "1": text(2, "ASCII.Fixed") };
    const field = { type: "Composite", length: 9, prefix: "ASCII.LL", subfields, tag: {} };
    const document = read(specOf({ "48": field }), `${only48}06AB02CD`);
    const parts = document.fields["48"]!.fields!;
    expect([parts["1"]!.value, parts["2"]!.value]).toEqual(["AB", "CD"]);
  });

  it("by tag", () => {
    const subfields = { "7": text(9, "ASCII.LL", { description: "seven" }) };
    const tag = { length: 2, enc: "ASCII", padding: { type: "Left", pad: "0" } };
    const field = { type: "Composite", length: 99, prefix: "ASCII.LLL", subfields, tag };
    const document = read(specOf({ "48": field }), `${only48}0060702ab`);
    expect(document.fields["48"]!.tags).toMatchObject([{ tag: "07", name: "seven", value: "ab" }]);
  });

  it("by BER tag", () => {
    const own = { type: "Binary", length: 2, description: "ATC", enc: "Binary", prefix: "BerTLV" };
    const tag = { enc: "BerTLVTag", sort: "StringsByHex" };
    const subfields = { "9F36": own };
    const field = { type: "Composite", length: 99, prefix: "ASCII.LLL", subfields, tag };
    const message = Buffer.from(`${only48}005\x9f\x36\x02\x00\x1c`, "latin1");
    const document = read(specOf({ "48": field }), message);
    expect(document.fields["48"]!.tags).toMatchObject([{ tag: "9F36", value: "001C" }]);
  });

  it("by a bitmap of its own", () => {
    const own = { type: "Bitmap", length: 8, enc: "Binary", prefix: "Binary.Fixed" };
    const subfields = { "3": text(2, "ASCII.Fixed") };
    const inner = { ...own, disableAutoExpand: true };
    const field = { type: "Composite", length: 99, prefix: "ASCII.LL", subfields, bitmap: inner };
    const body = Buffer.from("20000000000000004142", "hex");
    const message = Buffer.concat([Buffer.from(`${only48}10`, "latin1"), body]);
    expect(read(specOf({ "48": field }), message).fields["48"]!.fields!["3"]!.value).toBe("AB");
  });
});

describe("what is lost", () => {
  it("is named with its line", () => {
    const hex = text(9, "Hex.LL");
    const left = text(6, "ASCII.Fixed", { padding: { type: "Left", pad: " " } });
    const tag = { length: 2, enc: "BCD" };
    const subfields = { "7": text(9, "ASCII.LL") };
    const tagged = { type: "Composite", length: 99, prefix: "ASCII.LLL", subfields, tag };
    const file = specOf({ "44": hex, "45": left, "48": tagged, "49": text(3, "ASCII.Fixed") });
    const made = importMoov(file, "m");
    expect(made.losses.map(({ path, what }) => [path, what])).toEqual([
      ["44", "prefix Hex.LL"],
      ["45", 'padding Left " "'],
      ["48", "subfields"],
    ]);
    const lines = file.split("\n");
    expect(made.losses.map(({ line }) => lines[line - 1]!.trim())).toEqual([
      '"44": {',
      '"45": {',
      '"48": {',
    ]);
    const { dialect } = parseDialect(made.file, {});
    expect(Object.keys(dialect!.elements)).toEqual(["45", "48", "49"]);
    // The bytes of what could not be taken apart are not shown.
    expect(dialect!.elements["48"]!.sensitivity).toBeUndefined();
  });

  it.each([
    ["[]", /no fields/],
    ["{", /./],
    ['{"fields":{"0":{}}}', /bitmap|message type/],
    [specOf({}), /no element/],
    [specOf({ "3": text(6, "ASCII.Fixed") }, { type: "Bitmap", length: 3 }), /bitmap/],
  ])("%s is refused", (file, message) => {
    expect(() => importMoov(file, "m")).toThrow(message);
  });

  it("128 bits at once are read at once", () => {
    const wide = { ...bitmap, length: 16, disableAutoExpand: true };
    const document = read(
      specOf({ "70": text(3, "ASCII.Fixed") }, wide),
      "0800" + "00000000000000000400000000000000" + "301",
    );
    expect(document.fields["70"]!.value).toBe("301");
  });
});

it("a damaged file gives a dialect that checks, or one clear error", () => {
  const subfields = { "7": text(9, "ASCII.LL"), "8": text(2, "ASCII.Fixed") };
  const composite = { type: "Composite", length: 99, prefix: "ASCII.LLL", subfields };
  const fields = {
    "2": text(19, "ASCII.LL"),
    "48": { ...composite, tag: { length: 2, enc: "ASCII" } },
    "49": { ...composite, bitmap },
    "50": composite,
  };
  const whole = Buffer.from(specOf(fields), "latin1");
  const random = seededRandom(9);
  const verdicts = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const broken = damage(random, whole, 4).toString("latin1");
    try {
      expect(parseDialect(importMoov(broken, "d").file, {}).problems).toEqual([]);
      verdicts.add("made");
    } catch (error) {
      expect(error).toBeInstanceOf(ForeignFileError);
      verdicts.add("refused");
    }
  }
  expect(verdicts.size).toBe(2);
});
