// The dialects of the run: ours, with the quirks of the other side by name. A quirk stands here and
// not in the dialect, because it is the other library's and not the standard's.
import type { ElementSpec } from "../../codec/iso8583/dialect.ts";
import { iso87AsciiSpec } from "../../codec/iso8583/dialects/iso87-ascii.ts";
import { iso87BcdSpec } from "../../codec/iso8583/dialects/iso87-bcd.ts";
import { iso93AsciiSpec, iso93BcdSpec } from "../../codec/iso8583/dialects/iso93.ts";
import type { Codec, Dialect } from "../../codec/iso8583/mod.ts";

type Elements = Record<string, ElementSpec>;

/** Another length of an element, written as before. */
function resized(elements: Readonly<Elements>, de: number, min: number, max: number): Elements {
  const element = elements[String(de)];
  if (element === undefined) throw new Error(`there is no element ${de}`);
  return { [String(de)]: { ...element, min, max } };
}

/** Inner layouts are ours alone: the other side sees one value. */
function flat(spec: Dialect): Dialect {
  const elements = Object.entries(spec.elements).map(([de, { composite: _inner, ...rest }]) => {
    return [de, rest] as const;
  });
  return { ...spec, elements: Object.fromEntries(elements) };
}

/** jPOS: 65 is one byte of data, 93 has six characters and 96 sixteen bytes. */
function withJposQuirks(spec: Dialect): Dialect {
  const { elements } = spec;
  const one: ElementSpec = { ...elements["64"]!, name: "jPOS 65", min: 1, max: 1 };
  const quirks = { ...resized(elements, 93, 6, 6), ...resized(elements, 96, 16, 16), "65": one };
  return { ...spec, elements: { ...elements, ...quirks } };
}

/** jPOS 1993: binary of variable length is bytes as they are also where the rest is text. */
function withRawVariables(spec: Dialect): Dialect {
  const raw = [53, 55, 96].map((de): [string, ElementSpec] => {
    return [String(de), { ...spec.elements[String(de)]!, encoding: "raw" }];
  });
  return { ...spec, elements: { ...spec.elements, ...Object.fromEntries(raw) } };
}

/** jPOS 1993: 65 is eight bytes of data, 99 is text. */
function withJpos93Quirks(spec: Dialect): Dialect {
  const { elements } = spec;
  const text: ElementSpec = { ...elements["44"]!, name: "jPOS 99", max: 11, content: "ans" };
  const bytes: ElementSpec = { ...elements["64"]!, name: "jPOS 65" };
  return { ...spec, elements: { ...elements, "65": bytes, "99": text } };
}

/** moov: 44 has up to 99 characters. */
function withMoovQuirks(spec: Dialect): Dialect {
  return { ...spec, elements: { ...spec.elements, ...resized(spec.elements, 44, 0, 99) } };
}

/**
 * moov's Spec87Hex: the message with its lengths in binary, and then all of it in hex. Lengths take
 * a byte a digit; two are what a dialect has, the third, always zero, is put in by `moovHexWire`.
 */
function beforeHex(spec: Dialect): Dialect {
  const elements = Object.entries(spec.elements).map(([de, element]): [string, ElementSpec] => {
    const { prefix, content } = element;
    const encoding = content === "b" ? "raw" : "ascii";
    if (prefix === null) return [de, { ...element, encoding }];
    return [de, { ...element, encoding, prefix: { ...prefix, digits: 2, encoding: "binary" } }];
  });
  const bitmap = { ...spec.bitmap, encoding: "raw" } as const;
  return { ...spec, bitmap, elements: Object.fromEntries(elements) };
}

function moovHexWire(codec: Codec, bytes: Buffer): Buffer {
  const { fields } = codec.decode(bytes, 0, bytes.length, { reveal: true });
  const parts: Buffer[] = [];
  let from = 0;
  for (const [de, { offset }] of Object.entries(fields)) {
    const element = codec.spec.elements[de];
    if (element?.prefix === null || element === undefined || element.max < 100) continue;
    parts.push(bytes.subarray(from, offset - 2), Buffer.from([0]));
    from = offset - 2;
  }
  const whole = Buffer.concat([...parts, bytes.subarray(from)]);
  return Buffer.from(whole.toString("hex").toUpperCase(), "latin1");
}

/** moov's Spec87ASCII: always 128 bits, and bit 1 says nothing. */
function withoutBit1(spec: Dialect): Dialect {
  const bitmap = { ...spec.bitmap, continues: "never", writesAll: true } as const;
  return { ...spec, bitmap };
}

function only(spec: Dialect, elements: ReadonlySet<number>): Dialect {
  const kept = Object.entries(spec.elements).filter(([de]) => elements.has(Number(de)));
  // Echo sets name elements that are gone; nobody answers here.
  return { ...spec, elements: Object.fromEntries(kept), messages: [], echo: [], errorEcho: [] };
}

export interface Packager {
  /** As the other side calls it. */
  readonly name: string;
  readonly library: "jpos" | "moov";
  /** The dialect, restricted to the elements that the other side has. */
  readonly dialectOf: (theirs: ReadonlySet<number>) => Dialect;
  /** Changes what the dialect wrote into what goes over the wire. */
  readonly wire?: (codec: Codec, bytes: Buffer) => Buffer;
  /**
   * Set where the other side cannot pack what it unpacks, not even its own MTI: it only reads. The
   * elements named lose their leading zeros there.
   */
  readonly onlyReads?: { readonly losesZeros: readonly number[] };
  /** What about the other side is special, for the report. */
  readonly quirks: string;
}

const jposQuirks = "65, 93, 96";
const rename = (spec: Dialect, name: string): Dialect => ({ ...spec, name });

export const packagers: readonly Packager[] = [
  {
    name: "ISO87A",
    library: "jpos",
    quirks: jposQuirks,
    dialectOf: () => rename(withJposQuirks(flat(iso87AsciiSpec)), "jpos-iso87a"),
  },
  {
    name: "ISO87B",
    library: "jpos",
    quirks: jposQuirks,
    dialectOf: () => rename(withJposQuirks(flat(iso87BcdSpec)), "jpos-iso87b"),
  },
  {
    name: "ISO93A",
    library: "jpos",
    quirks: "65 bytes, 99 text; 53, 55, 96 as bytes",
    dialectOf: () =>
      rename(withJpos93Quirks(withRawVariables(flat(iso93AsciiSpec))), "jpos-iso93a"),
  },
  {
    name: "ISO93B",
    library: "jpos",
    quirks: "65 bytes, 99 text",
    dialectOf: () => rename(withJpos93Quirks(flat(iso93BcdSpec)), "jpos-iso93b"),
  },
  {
    name: "Spec87",
    library: "moov",
    quirks: "44; no 65-69, 71-89, 91-128",
    dialectOf: (theirs) =>
      rename(only(withMoovQuirks(flat(iso87AsciiSpec)), theirs), "moov-spec87"),
  },
  {
    name: "Spec87ASCII",
    library: "moov",
    quirks: "44; 128 bits without bit 1",
    dialectOf: (theirs) =>
      rename(withoutBit1(only(withMoovQuirks(flat(iso87AsciiSpec)), theirs)), "moov-spec87-ascii"),
  },
  {
    name: "Spec87Hex",
    library: "moov",
    quirks: "44; 52 of 16 bytes; it reads fixed elements and the MTI but cannot write them",
    wire: moovHexWire,
    onlyReads: { losesZeros: [4, 5, 6] },
    dialectOf: (theirs) => {
      const spec = beforeHex(only(withMoovQuirks(flat(iso87AsciiSpec)), theirs));
      const elements = { ...spec.elements, ...resized(spec.elements, 52, 16, 16) };
      return rename({ ...spec, elements }, "moov-spec87-hex");
    },
  },
];
