// Property: every way of writing is read as the annotated bytes say, by the scanner, the slow
// decoder and the table-driven codec alike, and is written back byte for byte, from the document as
// a whole, from values alone, from raw bytes alone and from parts.
import { describe, expect, it } from "vitest";
import type { DecodedField, FieldInput } from "./codec.ts";
import { loadCodec } from "./create.ts";
import { expectAgreement } from "./testdata/agreement.ts";
import { zoo } from "./testdata/codecs.ts";
import { zooSpec } from "./testdata/zoo.ts";
import { zooMessage } from "./testdata/zoo-message.ts";
import { type ZooRow, zooRows, zooRows0200 } from "./testdata/zoo-rows.ts";

const cases: readonly (readonly [what: string, mti: string, row: ZooRow])[] = [
  ...zooRows.map((row) => [`${row.de}: ${row.what}`, "0100", row] as const),
  ...zooRows0200.map((row) => [`0200 ${row.de}: ${row.what}`, "0200", row] as const),
];

function partsOf(field: DecodedField, path: string): [string, string][] {
  const tags = (field.tags ?? []).map((tag) => [tag.tag, tag] as const);
  return [...tags, ...Object.entries(field.fields ?? {})].flatMap(([key, part]) => {
    const inner = path === "" ? key : `${path}.${key}`;
    return [[inner, part.value] as [string, string], ...partsOf(part, inner)];
  });
}

/** The parts of a field without anything that says what the whole is. */
function partsAlone(field: DecodedField): FieldInput {
  const { tags, fields, leading, bitmap } = field;
  const inner = (part: DecodedField): FieldInput =>
    part.tags === undefined && part.fields === undefined
      ? { value: part.value, masked: false }
      : partsAlone(part);
  return {
    ...(leading === undefined ? {} : { leading }),
    ...(bitmap === undefined ? {} : { bitmap }),
    ...(tags === undefined ? {} : { tags: tags.map((tag) => ({ tag: tag.tag, ...inner(tag) })) }),
    ...(fields === undefined
      ? {}
      : { fields: Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, inner(v)])) }),
  };
}

const out = Buffer.alloc(1_024);

function encoded(mti: string, de: number, input: FieldInput): string {
  const end = zoo.encode({ mti, fields: { [de]: input } }, out, 0);
  return out.toString("hex", 0, end);
}

describe.each(cases)("%s", (_, mti, row) => {
  const bytes = zooMessage(mti, [row]);
  const hex = bytes.toString("hex");
  const document = zoo.decode(bytes, 0, bytes.length, { bare: true, reveal: true });
  const field = document.fields[row.de]!;

  it("is read as it says", () => {
    expect(expectAgreement(zoo, zoo.createView(), bytes, true)).toBe("OK");
    expect(document).toMatchObject({ ok: true, mti });
    if (row.value !== null) expect(field.value).toBe(row.value);
    expect(partsOf(field, "")).toEqual(row.parts ?? []);
  });

  it("is written from the document, from its value, and from its bytes", () => {
    const end = zoo.encode(document, out, 0);
    expect(out.toString("hex", 0, end)).toBe(hex);
    const { digits = undefined } = field;
    const raw = { raw: field.raw!, ...(digits === undefined ? {} : { digits }) };
    expect(encoded(mti, row.de, raw)).toBe(hex);
    // The case of hex text is lost in a value alone: it is written upper-case.
    if (row.value !== null) {
      const alone = encoded(mti, row.de, { value: field.value, masked: false });
      expect(alone.toUpperCase()).toBe(row.de === 19 ? alone.toUpperCase() : hex.toUpperCase());
    }
    expect(() => encoded(mti, row.de, { ...field, raw: `${field.raw}00` })).toThrow(/ENCODE_/);
  });

  it("is written from its parts", () => {
    // Padding and long lengths are not kept by parts alone.
    if (row.parts === undefined || row.de === 50 || row.de === 51) return;
    expect(encoded(mti, row.de, partsAlone(field))).toBe(hex);
  });

  it("truncated or with a bit flipped, it means the same to both decoders", () => {
    const view = zoo.createView();
    for (let length = 0; length < bytes.length; length++) {
      expect(expectAgreement(zoo, view, bytes.subarray(0, length), true)).not.toBe("OK");
    }
    const flipped = Buffer.from(bytes);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expectAgreement(zoo, view, flipped, true);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
    }
  });
});

it("all rows in one message, behind start bytes, by the table-driven codec too", () => {
  const seen = new Set<number>();
  const rows = [...zooRows]
    .filter(({ de }) => !seen.has(de) && seen.add(de))
    .sort((a, b) => a.de - b.de);
  const start = Buffer.from("ZOO12\x01\x02\xfe", "latin1");
  const bytes = Buffer.concat([start, zooMessage("0100", rows)]);
  const loaded = loadCodec(zooSpec);
  for (const codec of [zoo, loaded]) {
    const view = codec.createView();
    expect(codec.scan(view, bytes, 0, bytes.length)).toBe(0);
    for (const row of rows) {
      expect(view.has(row.de)).toBe(true);
    }
    const document = codec.decode(bytes, 0, bytes.length, { reveal: true });
    expect(document.header).toBe("ZOO120102FE");
    const room = Buffer.alloc(4_096);
    expect(room.subarray(0, codec.encode(document, room, 0))).toEqual(bytes);
  }
});

it("a path leads into what is wrong, two levels down", () => {
  const bad = { ...zooRows.find(({ de }) => de === 45)!, wire: "303131 E3 F3F3F0F6 F0F1F0F2F1C2" };
  const bytes = zooMessage("0100", [bad]);
  for (const codec of [zoo, loadCodec(zooSpec)]) {
    const view = codec.createView();
    const status = codec.scanMessage(view, bytes, 0, bytes.length);
    expect(codec.error(status, view)).toMatchObject({ code: "BAD_FORMAT", path: "45.33.01" });
    expect(codec.decode(bytes, 0, bytes.length, { bare: true }).error).toMatchObject({
      code: "BAD_FORMAT",
      path: "45.33.01",
      offset: codec.error(status, view).offset,
    });
  }
});
