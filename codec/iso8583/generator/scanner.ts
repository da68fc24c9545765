// Templates of the scanner: straight line, ascending elements, literal constants, no closures and
// no look-ups in the path. One function a bitmap word keeps each far below V8's limit of 61,440
// bytes of bytecode for optimisation.
import type { Dialect, ElementSpec, MTISet } from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { isDigit } from "../tables.ts";
import { bytesOfMTI } from "../wire-size.ts";
import { bitmapReaders } from "./bitmap.ts";
import { compositeSource } from "./composite.ts";
import { failAt } from "./field.ts";
import { type Field, fieldOf, fieldsOf, hexLiteral } from "./resolve.ts";
import { shapeDispatch, shapeScanners } from "./shape.ts";
import { type Elements, type Placed, type Variant, wordScanner } from "./word.ts";

function knownMTI(known: MTISet): string[] {
  if (known.kind === "table") {
    return ["  const known = messageRow(mti) >= 0;"];
  }
  const among = (name: string, digits: string): string => {
    let mask = 0;
    for (const digit of digits) {
      mask |= 1 << Number(digit);
    }
    return `((${hexLiteral(mask)} >> ${name}) & 1) !== 0`;
  };
  return [
    "  const known =",
    `    ${among("m1", known.classes)} &&`,
    `    ${among("m2", known.functions)} &&`,
    `    ${among("m3", known.origins)};`,
  ];
}

function headerScan(dialect: Dialect): string[] {
  if (dialect.header === null) {
    return [
      "export function scan(v: View, b: Buffer, off: number, end: number): number {",
      "  return scanMessage(v, b, off, end);",
      "}",
      "",
    ];
  }
  const { literal, digits, rawBytes = 0 } = dialect.header;
  const length = literal.length + digits + rawBytes;
  const wrong = [...literal].map((char, i) => `b[off + ${i}] !== ${char.charCodeAt(0)}`);
  const lookups = Array.from({ length: digits }, (_, i) => `cls[b[off + ${literal.length + i}]!]!`);
  if (digits > 0) {
    wrong.push(`(${lookups.join(" & ")} & ${isDigit}) === 0`);
  }
  const bad =
    wrong.length === 0
      ? []
      : [`  if (${wrong.join(" || ")})`, `    ${failAt("BAD_HEADER", 0, "off", length, length)}`];
  return [
    "export function scan(v: View, b: Buffer, off: number, end: number): number {",
    "  reset(v, b, off, off, end);",
    `  if (end > b.length || end - off > ${dialect.bytesMax}) {`,
    `    ${failAt("FRAME_LENGTH", 0, "off", dialect.bytesMax, "end - off")}`,
    "  }",
    `  if (end - off < ${length}) ${failAt("HEADER_TRUNCATED", 0, "off", length, "end - off")}`,
    ...bad,
    `  v.begin = off + ${length};`,
    `  return scanFrom(v, b, off + ${length}, end);`,
    "}",
    "",
  ];
}

/** Reads the digits of the message type. */
function mtiLines(dialect: Dialect): string[] {
  const { encoding, version } = dialect.mti;
  const size = bytesOfMTI(encoding);
  const zero = isEbcdic(encoding) ? 0xf0 : 48;
  const digit = (i: number): string => {
    if (encoding !== "bcd") {
      return `${i === 0 ? "b[at]!" : `b[at + ${i}]!`} - ${zero}`;
    }
    const byte = i < 2 ? "b[at]!" : "b[at + 1]!";
    return i % 2 === 0 ? `${byte} >> 4` : `${byte} & 15`;
  };
  const others = [...version].map((char) => `m0 !== ${char}`);
  const wrong = others.length === 1 ? others[0] : `(${others.join(" && ")})`;
  return [
    `  if (end - at < ${size}) ${failAt("MTI_TRUNCATED", 0, "at", size, "end - at")}`,
    ...[0, 1, 2, 3].map((i) => `  const m${i} = ${digit(i)};`),
    `  if (${wrong} || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)`,
    `    ${failAt("BAD_MTI", 0, "at", size, size)}`,
  ];
}

/** Bitmaps as they announce each other, then the elements of each word. */
function bodyLines(elements: Elements): string[] {
  const { dialect } = elements;
  const { bits, continues } = dialect.bitmap;
  const first = `  let p = readPrimary(v, b, at + ${bytesOfMTI(dialect.mti.encoding)}, end);`;
  const more = (word: number): string =>
    continues === "bit1" ? `  if (p > 0 && v.w${word} < 0)` : "  if (p > 0)";
  return [
    first,
    ...(bits > 64 ? [`${more(0)} p = readSecondary(v, b, p, end);`] : []),
    ...(bits > 128 ? [`${more(2)} p = readThird(v, b, p, end);`] : []),
    ...shapeDispatch(elements),
    "  if (p > 0) p = scanWord0(v, b, p, end, v.w0);",
    ...Array.from({ length: bits / 32 - 1 }, (_, i) => {
      const word = i + 1;
      return `  if (p > 0 && v.w${word} !== 0) p = scanWord${word}(v, b, p, end, v.w${word});`;
    }),
  ];
}

function messageScan(elements: Elements): string[] {
  const { dialect } = elements;
  const third = dialect.bitmap.bits > 128 ? ["  v.w4 = 0;", "  v.w5 = 0;"] : [];
  return [
    "function reset(v: View, b: Buffer, origin: number, begin: number, end: number): void {",
    "  v.attach(b);",
    "  v.origin = origin;",
    "  v.begin = begin;",
    "  v.end = end;",
    "  v.mti = 0;",
    "  v.w0 = 0;",
    "  v.w1 = 0;",
    "  v.w2 = 0;",
    "  v.w3 = 0;",
    ...third,
    "  v.validUpTo = 0;",
    "  v.tags.clear();",
    "}",
    "",
    "export function scanMessage(v: View, b: Buffer, off: number, end: number): number {",
    "  reset(v, b, off, off, end);",
    `  if (end > b.length || end - off > ${dialect.bytesMax}) {`,
    `    ${failAt("FRAME_LENGTH", 0, "off", dialect.bytesMax, "end - off")}`,
    "  }",
    "  return scanFrom(v, b, off, end);",
    "}",
    "",
    "function scanFrom(v: View, b: Buffer, at: number, end: number): number {",
    ...mtiLines(dialect),
    "  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;",
    "  v.mti = mti;",
    ...knownMTI(dialect.mti.known),
    ...bodyLines(elements),
    "  if (p > 0) {",
    `    v.validUpTo = ${dialect.bitmap.bits};`,
    "    if (p === end && known) return 0;",
    "    if (known) return failTrailing(v, p, end);",
    "  }",
    "  return known ? p : failUnknownMTI(v, at, p === end);",
    "}",
    "",
  ];
}

/** The function of an element's composite, and its name. */
function place(field: Field, name: string): Placed & { readonly source: string[] } {
  const { composite, encoding } = field.spec;
  if (composite === undefined || field.tagList !== null) {
    return { field, composite: null, source: [] };
  }
  const source = compositeSource(composite, { name, encoding, spec: field.spec });
  return { field, composite: source.length === 0 ? null : name, source };
}

/** Elements, their variants by message type, and the functions of their composites. */
function elementsOf(dialect: Dialect): Elements & { readonly source: string[] } {
  const placed = new Map<number, Placed>();
  const variants = new Map<number, Variant[]>();
  const source: string[] = [];
  const add = (field: Field, name: string): Placed => {
    const made = place(field, name);
    source.push(...made.source);
    return made;
  };
  for (const field of fieldsOf(dialect)) {
    placed.set(field.de, add(field, `composite${field.de}`));
  }
  dialect.messages.forEach(({ mtis, overrides = {} }, row) => {
    for (const [key, spec] of Object.entries<ElementSpec>(overrides)) {
      const de = Number(key);
      const made = add(fieldOf(de, spec, null), `composite${de}m${row}`);
      const variant = { ...made, mtis: mtis.map((mti) => Number.parseInt(mti, 16)) };
      variants.set(de, [...(variants.get(de) ?? []), variant]);
    }
  });
  return { dialect, placed, variants, source };
}

/** All functions of the scanner. */
export function scannerSource(dialect: Dialect): string[] {
  const elements = elementsOf(dialect);
  const words = Array.from({ length: dialect.bitmap.bits / 32 }, (_, word) => word);
  return [
    ...elements.source,
    ...words.flatMap((word) => wordScanner(elements, word)),
    ...shapeScanners(elements),
    ...bitmapReaders(dialect),
    ...messageScan(elements),
    ...headerScan(dialect),
  ];
}
