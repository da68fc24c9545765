// Property: parts inside of hex text are parts like any other: read, judged, masked and written,
// with places that are those of the text on the wire. And DE113 of iso2003 has its parts.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../pan/fixtures.ts";
import { generate } from "./generator/generate.ts";
import {
  type Codec,
  type Dialect,
  type ElementSpec,
  iso93Ascii,
  iso2003,
  loadCodec,
  parseDialect,
} from "./mod.ts";

/** A 1100 with DE55 alone: its length counts the bytes that the hex says. */
const head = (bytes: number): string => `11000000000000000200${String(bytes).padStart(3, "0")}`;
const card = `5A08${knownTpan}`;
const objects = `${card}9F3602000A9A03261125`;
const bytesOf = (hex: string): Buffer => Buffer.from(head(hex.length / 2) + hex, "latin1");
const message = bytesOf(objects);
const dataAt = head(0).length;

const out = Buffer.alloc(4_096);

describe.each<readonly [string, Codec]>([
  ["generated", iso93Ascii],
  ["table-driven", loadCodec(iso93Ascii.spec)],
])("DE55 in hex, %s", (_, codec) => {
  const errorOf = (bytes: Buffer) => {
    const view = codec.createView();
    return codec.error(codec.scanMessage(view, bytes, 0, bytes.length), view);
  };

  it("is read, with places on the wire", () => {
    const view = codec.createView();
    expect(codec.scanMessage(view, message, 0, message.length)).toBe(0);
    const field = codec.decode(message, 0, message.length, { reveal: true }).fields["55"]!;
    expect(field).toMatchObject({ value: objects, offset: dataAt, length: objects.length });
    expect(
      field.tags!.map(({ tag, value, raw, offset, length }) => [tag, value, raw, offset, length]),
    ).toEqual([
      ["5A", knownTpan, knownTpan, dataAt + 4, 16],
      ["9F36", "000A", "000A", dataAt + 26, 4],
      ["9A", "261125", "261125", dataAt + 34, 6],
    ]);
  });

  it("tells a fault by its path and its place in the text", () => {
    const letter = errorOf(bytesOf("9F3602000A5A02123A"));
    expect(letter).toMatchObject({ code: "BAD_BCD", path: "55.5A", offset: dataAt + 14 });
    const cut = errorOf(bytesOf("9F3602"));
    expect(cut).toMatchObject({ code: "TLV_VALUE_TRUNCATED", path: "55.9F36", offset: dataAt + 6 });
    const noHex = errorOf(bytesOf("9F3G02"));
    expect(noHex).toMatchObject({ code: "BAD_HEX", path: "55", offset: dataAt });
  });

  it("is masked inside of the text of the element too", () => {
    const field = codec.decode(message, 0, message.length).fields["55"]!;
    const shown = `${knownTpan.slice(0, 6)}******${knownTpan.slice(-4)}`;
    expect(field.tags![0]).toMatchObject({ value: shown, masked: true });
    expect(field.tags![0]!.raw).toBeUndefined();
    expect(field).toMatchObject({ value: objects.replace(knownTpan, shown), masked: true });
    expect(field.raw).toBeUndefined();
  });

  it("is written from its tags, from its text, and as it came, whatever the case", () => {
    const write = (fields: Record<string, object | string>): string =>
      out.toString("latin1", 0, codec.encode({ mti: "1100", fields }, out, 0));
    const tags = [
      { tag: "5A", value: knownTpan },
      { tag: "9F36", raw: "000a" },
      { tag: "9A", value: "261125" },
    ];
    expect(write({ "55": { tags } })).toBe(message.toString("latin1"));
    expect(write({ "55": objects.toLowerCase() })).toBe(message.toString("latin1"));
    const lower = bytesOf(objects.toLowerCase());
    const document = codec.decode(lower, 0, lower.length, { reveal: true });
    expect(out.subarray(0, codec.encode(document, out, 0))).toEqual(lower);
    for (const bad of [{ value: "9F36" }, { value: "5A0" }, { raw: "39" }, { raw: "39474647" }]) {
      expect(() => write({ "55": bad })).toThrow(/ENCODE_BAD_VALUE/);
    }
    expect(() => write({ "55": { tags: Array(64).fill({ tag: "C1", raw: "0000" }) } })).toThrow(
      /ENCODE_TOO_LONG/,
    );
  });
});

describe("a composite in hex in a dialect", () => {
  const withElement = (change: Partial<ElementSpec>): Dialect => ({
    ...iso93Ascii.spec,
    elements: {
      ...iso93Ascii.spec.elements,
      "55": { ...iso93Ascii.spec.elements["55"]!, ...change },
    },
  });
  const part = { name: "part", min: 1, max: 1, content: "n" } as const;

  it("is binary, and of a kind that bytes can hold", () => {
    expect(() => generate(withElement({ content: "ans" }))).toThrow(/elements.55.encoding/);
    expect(() =>
      generate(withElement({ composite: { kind: "positional", parts: [part] } })),
    ).toThrow(/no slices of text/);
    const tokens = { kind: "token-list", tokensMax: 2, unknown: "keep", tokens: {} } as const;
    expect(() => generate(withElement({ composite: tokens }))).toThrow(/a token list is text/);
  });

  it("can stand in a file", () => {
    const file = {
      name: "mine",
      extends: "iso87-ascii",
      elements: {
        "56": {
          content: "b",
          max: 99,
          encoding: "hex",
          prefix: { digits: 3, encoding: "ascii", unit: "characters" },
          composite: { kind: "ber-tlv", tags: "emv" },
        },
      },
    };
    const { spec } = iso93Ascii;
    const known = {
      "iso87-ascii": { ...spec, name: "iso87-ascii", mti: { ...spec.mti, version: "0" } },
    };
    const { dialect, problems } = parseDialect(JSON.stringify(file), known);
    expect(problems).toEqual([]);
    const codec = loadCodec(dialect!);
    const bytes = Buffer.from(`01000000000000000100012${"9A0326112500"}`, "latin1");
    const document = codec.decode(bytes, 0, bytes.length);
    expect(document).toMatchObject({ ok: true });
    expect(document.fields["56"]!.tags).toMatchObject([{ tag: "9A", value: "261125" }]);
  });
});

it("DE113 of iso2003: a bitmap, then parts in its order", () => {
  const data = Buffer.from(`6100000000000000${"0131"}${"05"}${"416E6E6120"}${"A5"}`, "hex");
  const length = Buffer.from(String(data.length).padStart(4, "0"), "hex");
  const start = Buffer.from("2100" + "8000000000000000" + "0000000000008000", "hex");
  const bytes = Buffer.concat([start, length, data]);
  const view = iso2003.createView();
  expect(iso2003.scanMessage(view, bytes, 0, bytes.length)).toBe(0);
  const { fields } = iso2003.decode(bytes, 0, bytes.length);
  expect(fields["113"]!.fields).toMatchObject({
    "2": { name: "format version", value: "1" },
    "3": { name: "first name", value: "*****", masked: true },
    "8": { name: "status flags", value: "A5" },
  });
  const parts = { "2": "1", "3": "Anna ", "8": "A5" };
  const end = iso2003.encode({ mti: "2100", fields: { "113": { fields: parts } } }, out, 0);
  expect(out.subarray(0, end)).toEqual(bytes);
  bytes[bytes.length - 7] = 0x45;
  expect(iso2003.error(iso2003.scanMessage(view, bytes, 0, bytes.length), view)).toMatchObject({
    path: "113.3",
  });
});
