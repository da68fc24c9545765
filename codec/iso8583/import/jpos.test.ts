// Property: every field class of a jPOS packager becomes the way of writing that it is; nested
// packagers become composites; whatever cannot be carried is named with its line; a DOCTYPE fetches
// and expands nothing; and what comes out is a dialect file that checks.
import { describe, expect, it } from "vitest";
import { loadCodec, parseDialect } from "../mod.ts";
import { damage, seededRandom } from "../testdata/random.ts";
import type { ImportedDialect } from "./foreign.ts";
import { importJpos } from "./jpos.ts";
import { jposClasses } from "./jpos-classes.ts";
import { ForeignFileError } from "./xml.ts";

const doctype = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE isopackager PUBLIC "-//jPOS/jPOS Generic Packager DTD 1.0//EN"
  "http://127.0.0.1:1/never-fetched.dtd">`;

function packager(fields: string, root = ""): string {
  return `${doctype}
<isopackager ${root}>
<isofield id="0" length="4" name="MTI" class="org.jpos.iso.IFA_NUMERIC"/>
<isofield id="1" length="16" name="BIT MAP" class="org.jpos.iso.IFA_BITMAP"/>
${fields}
</isopackager>
`;
}

const field = (id: number, length: number, name: string, more = ""): string =>
  `<isofield id="${id}" length="${length}" name="f${id}" class="org.jpos.iso.${name}" ${more}/>`;

const nested = (attributes: string, fields: string): string =>
  `<isofieldpackager name="nest" ${attributes}>${fields}</isofieldpackager>`;

function codecOf(made: ImportedDialect) {
  const { dialect, problems } = parseDialect(made.file, {});
  expect(problems).toEqual([]);
  return loadCodec(dialect!);
}

/** The message as a document in clear, its error first. */
function read(made: ImportedDialect, message: string | Buffer) {
  const bytes = typeof message === "string" ? Buffer.from(message, "latin1") : message;
  return codecOf(made).decode(bytes, 0, bytes.length, { reveal: true });
}

/** 0100 with element 48 alone. */
const only48 = "01000000000000010000";

describe("classes", () => {
  it.each(Object.keys(jposClasses))("%s gives an element that writes and reads back", (name) => {
    const made = importJpos(packager(field(48, 8, name)), "one");
    const codec = codecOf(made);
    const { content, min, max } = codec.spec.elements["48"]!;
    const digits = content === "x+n" ? `C${"1".repeat(max - 1)}` : "1".repeat(max);
    const value = content === "b" ? "A5".repeat(max) : digits;
    const out = Buffer.alloc(256);
    const end = codec.encode({ mti: "0100", fields: { "48": value } }, out, 0);
    expect(min === max || min === 0).toBe(true);
    const document = codec.decode(out, 0, end, { reveal: true });
    expect(document).toMatchObject({ ok: true, fields: { "48": { value } } });
  });

  const wires: readonly (readonly [name: string, more: string, wire: string, value: string])[] = [
    ["IFA_LLCHAR", "", "3033313233", "123"],
    ["IFB_LLNUM", "", "0312 30", "123"],
    ["IFB_LLNUM", 'pad="true"', "0301 23", "123"],
    ["IFB_FLLNUM", "", "0312 3F", "123"],
    ["IFB_LLHNUM", "", "0312 30", "123"],
    ["IFEB_LLNUM", "", "F0F2 123F", "123"],
    ["IFE_LLCHAR", "", "F0F3 C1C2C3", "ABC"],
    ["IFA_LLABINARY", "", "3032 30414645", "0AFE"],
    ["IFB_LLLBINARY", "", "0002 0AFE", "0AFE"],
    ["IFA_LLBNUM", "", "3034 0123", "0123"],
    ["IFB_AMOUNT", 'pad="true"', "44 00000123", "D0000123"],
    ["IFB_LLHECHAR", "", "02 C1C2", "AB"],
  ];
  it.each(wires)("%s %s reads %s", (name, more, wire, value) => {
    const length = name === "IFB_AMOUNT" ? 8 : 12;
    const made = importJpos(packager(field(48, length, name, more)), "one");
    const bytes = Buffer.from(wire.replaceAll(" ", ""), "hex");
    const document = read(made, Buffer.concat([Buffer.from(only48, "latin1"), bytes]));
    expect(document.error).toBeUndefined();
    expect(document.fields["48"]!.value).toBe(value);
  });

  it("track data and account numbers stay what they are, and masked", () => {
    const made = importJpos(packager(field(2, 19, "IFA_LLNUM") + field(35, 37, "IFA_LLNUM")), "t");
    const { elements } = codecOf(made).spec;
    expect(elements["2"]).toMatchObject({ content: "n", sensitivity: "pan" });
    expect(elements["35"]).toMatchObject({ content: "z", sensitivity: "track" });
  });
});

describe("what is nested", () => {
  const inner = field(0, 0, "IF_NOP") + field(1, 8, "IFB_BITMAP") + field(3, 4, "IF_CHAR");

  it("a bitmap of its own makes the text around it bytes", () => {
    const text = nested(
      'id="48" length="99" class="IFA_LLLCHAR" packager="x.GenericSubFieldPackager"',
      inner,
    );
    const made = importJpos(packager(text), "n");
    expect(made.losses).toEqual([]);
    const message = Buffer.from(`${only48}012`, "latin1");
    const body = Buffer.from("200000000000000041424344", "hex");
    const document = read(made, Buffer.concat([message, body]));
    expect(document.fields["48"]!.fields!["3"]!.value).toBe("ABCD");
  });

  it("subfields without a bitmap follow each other, and in EBCDIC all is EBCDIC", () => {
    const text = nested(
      `id="48" length="9" class="IFE_LLCHAR" emitBitmap="false" firstField="1"
       packager="org.jpos.iso.packager.GenericSubFieldPackager"`,
      field(1, 2, "IF_CHAR") + field(2, 5, "IFA_LLCHAR"),
    );
    const made = importJpos(packager(text), "n");
    const body = Buffer.from("F0F6C1C2F0F2C3C4", "hex");
    const document = read(made, Buffer.concat([Buffer.from(only48, "latin1"), body]));
    const { fields } = document.fields["48"]!;
    expect([fields!["1"]!.value, fields!["2"]!.value]).toEqual(["AB", "CD"]);
  });

  it("tags: a token, a number, BER", () => {
    const tokens = nested(
      `id="48" length="99" class="IFA_LLLCHAR" token="00"
       packager="org.jpos.tlv.packager.TaggedSequencePackager"`,
      `${field(0, 1, "IF_CHAR")}${field(1, 9, "x.IFTA_LLCHAR", 'token="07"')}`,
    );
    const sequence = read(importJpos(packager(tokens), "n"), `${only48}007T0702ab`);
    expect(sequence.fields["48"]).toMatchObject({
      leading: "T",
      tags: [{ tag: "07", value: "ab", name: "f1" }],
    });
    const numbers = nested(
      `id="48" length="99" class="IFA_LLLCHAR" tagMapper="org.jpos.iso.packager.TTDecimalTagMapper"
       packager="org.jpos.iso.packager.GenericTaggedFieldsPackager"`,
      field(7, 9, "IFA_TTLLCHAR"),
    );
    const numbered = read(importJpos(packager(numbers), "n"), `${only48}0060702ab`);
    expect(numbered.fields["48"]!.tags).toMatchObject([{ tag: "07", name: "f7" }]);
    const ber = nested(
      'id="48" length="99" class="IFA_LLLBINARY" packager="x.bertlv.BERTLVBinaryPackager"',
      "",
    );
    const message = Buffer.from(`${only48}005\x9f\x36\x02\x00\x07`, "latin1");
    const emv = read(importJpos(packager(ber), "n"), message);
    expect(emv.fields["48"]!.tags).toMatchObject([{ tag: "9F36" }]);
  });
});

describe("what is lost", () => {
  it("is named: field, class, why and line", () => {
    const text = packager(
      [
        field(2, 19, "IFB_LLHEX"),
        field(3, 6, "IFA_NUMERIC"),
        field(4, 255, "IFB_LLCHAR"),
        nested('id="48" length="99" class="IFA_LLLCHAR" packager="x.EuroSubFieldPackager"', ""),
        field(130, 6, "IFA_NUMERIC"),
      ].join("\n"),
    );
    const made = importJpos(text, "l");
    expect(made.elements).toBe(3);
    expect(made.losses.map(({ line, path, what }) => [line, path, what])).toEqual([
      [7, "2", "IFB_LLHEX"],
      [9, "4", "length 255"],
      [10, "48", "EuroSubFieldPackager"],
      [0, "130", "130"],
    ]);
    expect(made.losses.every(({ why }) => why.length > 10)).toBe(true);
    expect(codecOf(made).spec.elements["4"]!.max).toBe(99);
  });

  const unusable: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ["another root", "<x/>", /not isopackager/],
    ["no message type", "<isopackager/>", /without a bitmap/],
    ["no bitmap", packager("", 'emitBitmap="false"'), /without a bitmap/],
    ["no element", packager(""), /no element/],
    ["broken", "<isopackager><isofield></isopackager>", /tag/],
    ["nothing", "", /./],
    ["an entity", packager("&boom;"), /entity/],
    ["a bomb", `<!DOCTYPE a [<!ENTITY b "c">]><isopackager>&b;</isopackager>`, /entity/],
    ["a deep one", "<a>".repeat(40), /nested/],
  ];
  it.each(unusable)("%s is refused", (_, text, message) => {
    expect(() => importJpos(text, "u")).toThrow(message);
  });

  it("a header of raw bytes and an internal DTD are taken", () => {
    const body = packager(field(3, 6, "IFA_NUMERIC"), 'headerLength="3"').replace(
      doctype,
      "<!DOCTYPE isopackager [<!ELEMENT isopackager (isofield*)>]>",
    );
    const spec = codecOf(importJpos(body, "h")).spec;
    expect(spec.header).toMatchObject({ rawBytes: 3 });
  });
});

it("a damaged file gives a dialect that checks, or one clear error", () => {
  const inner = `${field(1, 8, "IFB_BITMAP")}${field(3, 4, "IF_CHAR")}`;
  const kinds = ["GenericSubFieldPackager", "TaggedSequencePackager", "DatasetPackager"];
  const nests = kinds.map((kind, i) =>
    nested(
      `id="${48 + i}" length="99" class="IFB_LLHBINARY" token="00" packager="x.${kind}"`,
      inner,
    ),
  );
  const whole = Buffer.from(packager(`${field(2, 19, "IFA_LLNUM")}${nests.join("\n")}`), "latin1");
  const random = seededRandom(8);
  const verdicts = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const text = damage(random, whole, 200).toString("latin1");
    try {
      expect(parseDialect(importJpos(text, "d").file, {}).problems).toEqual([]);
      verdicts.add("made");
    } catch (error) {
      expect(error).toBeInstanceOf(ForeignFileError);
      verdicts.add("refused");
    }
  }
  expect(verdicts.size).toBe(2);
});
