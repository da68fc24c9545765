// Templates of the scanner: straight line, ascending elements, literal constants, no closures and
// no look-ups in the path. One function a bitmap word keeps each far below V8's limit of 61,440
// bytes of bytecode for optimisation.
import type { Dialect, MTISet } from "../dialect.ts";
import { isDigit } from "../tables.ts";
import { byteAt, failAt } from "./field.ts";
import { fieldsOf, hexLiteral } from "./resolve.ts";
import { wordScanner } from "./word.ts";

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

/** Reads 16 hex digits at p into two words. */
function hexBitmap(first: string, second: string): string[] {
  const nibbles = Array.from({ length: 16 }, (_, i) => `h${i}`);
  const word = (from: number): string =>
    nibbles
      .slice(from, from + 8)
      .map((name, i) => (i === 7 ? name : `(${name} << ${28 - 4 * i})`))
      .join(" | ");
  return [
    `  if (end - p < 16) ${failAt("BITMAP_TRUNCATED", 0, "p", 16, "end - p")}`,
    ...nibbles.map((name, i) => `  const ${name} = hex[${byteAt("p", i)}]!;`),
    `  if ((${nibbles.join(" | ")}) > 15) ${failAt("BITMAP_NOT_HEX", 0, "p", 16, 16)}`,
    `  ${first} = ${word(0)};`,
    `  ${second} = ${word(8)};`,
  ];
}

function bitmapReaders(): string[] {
  return [
    "/** Primary bitmap at p; returns the position after it, or a packed status. */",
    "function readPrimary(v: View, b: Buffer, p: number, end: number): number {",
    ...hexBitmap("v.w0", "v.w1"),
    "  return p + 16;",
    "}",
    "",
    "/** Secondary bitmap at p; bit 65 would announce a third one, where the dialect ends. */",
    "function readSecondary(v: View, b: Buffer, p: number, end: number): number {",
    ...hexBitmap("v.w2", "v.w3"),
    `  if (v.w2 < 0) ${failAt("NO_SECOND_BITMAP", 0, "p", -1, -1)}`,
    "  return p + 16;",
    "}",
    "",
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
  const { literal, digits } = dialect.header;
  const length = literal.length + digits;
  const wrong = [...literal]
    .map((char, i) => `b[off + ${i}] !== ${char.charCodeAt(0)}`)
    .join(" || ");
  const lookups = Array.from({ length: digits }, (_, i) => `cls[b[off + ${literal.length + i}]!]!`);
  return [
    "export function scan(v: View, b: Buffer, off: number, end: number): number {",
    "  reset(v, b, off, off, end);",
    `  if (end > b.length || end - off > ${dialect.bytesMax}) {`,
    `    ${failAt("FRAME_LENGTH", 0, "off", dialect.bytesMax, "end - off")}`,
    "  }",
    `  if (end - off < ${length}) ${failAt("HEADER_TRUNCATED", 0, "off", length, "end - off")}`,
    `  if (${wrong} || (${lookups.join(" & ")} & ${isDigit}) === 0)`,
    `    ${failAt("BAD_HEADER", 0, "off", length, length)}`,
    `  v.begin = off + ${length};`,
    `  return scanFrom(v, b, off + ${length}, end);`,
    "}",
    "",
  ];
}

function messageScan(dialect: Dialect): string[] {
  const version = Number(dialect.mti.version);
  return [
    "function reset(v: View, b: Buffer, origin: number, begin: number, end: number): void {",
    "  v.buf = b;",
    "  v.origin = origin;",
    "  v.begin = begin;",
    "  v.end = end;",
    "  v.mti = 0;",
    "  v.w0 = 0;",
    "  v.w1 = 0;",
    "  v.w2 = 0;",
    "  v.w3 = 0;",
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
    `  if (end - at < 4) ${failAt("MTI_TRUNCATED", 0, "at", 4, "end - at")}`,
    "  const m0 = b[at]! - 48;",
    "  const m1 = b[at + 1]! - 48;",
    "  const m2 = b[at + 2]! - 48;",
    "  const m3 = b[at + 3]! - 48;",
    `  if (m0 !== ${version} || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)`,
    `    ${failAt("BAD_MTI", 0, "at", 4, 4)}`,
    "  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;",
    "  v.mti = mti;",
    ...knownMTI(dialect.mti.known),
    "  let p = readPrimary(v, b, at + 4, end);",
    "  if (p > 0 && v.w0 < 0) p = readSecondary(v, b, p, end);",
    "  if (p > 0) p = scanWord0(v, b, p, end, v.w0);",
    "  if (p > 0 && v.w1 !== 0) p = scanWord1(v, b, p, end, v.w1);",
    "  if (p > 0 && v.w2 !== 0) p = scanWord2(v, b, p, end, v.w2);",
    "  if (p > 0 && v.w3 !== 0) p = scanWord3(v, b, p, end, v.w3);",
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

/** All functions of the scanner. */
export function scannerSource(dialect: Dialect): string[] {
  const fields = new Map(fieldsOf(dialect).map((field) => [field.de, field]));
  return [
    ...[0, 1, 2, 3].flatMap((word) => wordScanner(fields, word, dialect.usualRuns)),
    ...bitmapReaders(),
    ...messageScan(dialect),
    ...headerScan(dialect),
  ];
}
