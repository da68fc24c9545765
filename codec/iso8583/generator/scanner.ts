// Templates of the scanner: straight line, ascending elements, literal constants, no closures and
// no look-ups in the path. One function a bitmap word keeps each far below V8's limit of 61,440
// bytes of bytecode for optimisation.
import type { Dialect, MTISet } from "../dialect.ts";
import { codeTable } from "../errors.ts";
import { isDigit, isHexDigit } from "../tables.ts";
import { type Field, fieldsOf, hexLiteral } from "./resolve.ts";

const code = (name: keyof typeof codeTable): number => codeTable[name].number;

/** A call that notes an error: expected and actual lengths are expressions, -1 for none. */
function failAt(
  name: keyof typeof codeTable,
  de: number,
  at: string,
  expected: number | string,
  actual: number | string,
): string {
  return `return v.fail(${code(name)}, ${de}, ${at}, ${expected}, ${actual});`;
}

const dateTests = {
  MMDDhhmmss: (p: string) => `isMonthDay(b, ${p}) && isTime(b, ${p} + 4)`,
  hhmmss: (p: string) => `isTime(b, ${p})`,
  MMDD: (p: string) => `isMonthDay(b, ${p})`,
  YYMM: (p: string) => `isYearMonth(b, ${p})`,
  YYMMDD: (p: string) => `isYearMonthDay(b, ${p})`,
  YYYYMMDDhhmmss: (p: string) => `isTimestamp(b, ${p})`,
} as const;

/** The byte `i` behind a position; `| 0` spares the overflow check of the sum. */
function byteAt(position: string, i: number): string {
  return i === 0 ? `b[${position}]!` : `b[(${position} + ${i}) | 0]!`;
}

/** Bytes up to this many are checked one after the other without a loop. */
const unrolledMax = 20;

/** Class lookups of `count` bytes from `from`, ANDed. */
function classAnd(from: number, count: number): string {
  const terms: string[] = [];
  for (let i = from; i < from + count; i++) {
    terms.push(`cls[${byteAt("p", i)}]!`);
  }
  return terms.join(" & ");
}

function fixedContent(field: Field): string[] {
  const { classBit, date, signed } = field.content;
  const lines: string[] = [];
  const fail =
    classBit === isHexDigit
      ? `v.fail(${code("BAD_HEX")}, ${field.de}, p, ${field.max}, ${field.max})`
      : `failContent(v, b, ${field.de}, p, ${field.max})`;
  if (signed) {
    lines.push(`    if (b[p] !== 67 && b[p] !== 68) return ${fail};`);
  }
  const from = signed ? 1 : 0;
  const count = field.max - from;
  if (classBit !== 0 && count <= unrolledMax) {
    lines.push(`    if ((${classAnd(from, count)} & ${classBit}) === 0) return ${fail};`);
  } else if (classBit !== 0) {
    lines.push(`    if ((classAnd(b, p, p + ${field.max}) & ${classBit}) === 0) return ${fail};`);
  }
  if (date !== null) {
    lines.push(`    if (!(${dateTests[date]("p")})) return ${fail};`);
  }
  return lines;
}

function fixedField(field: Field): string[] {
  const { de, max } = field;
  return [
    `    if (end - p < ${max}) ${failAt("FIELD_TRUNCATED", de, "p", max, "end - p")}`,
    ...fixedContent(field),
    `    s[${2 * de}] = p;`,
    `    s[${2 * de + 1}] = ${max};`,
    `    p += ${max};`,
  ];
}

function lengthPrefix(field: Field): string[] {
  const { de, prefixDigits: digits, max, min } = field;
  const names = ["d0", "d1", "d2", "d3", "d4", "d5"].slice(0, digits);
  const value = names
    .map((name, i) => (i === digits - 1 ? name : `${name} * ${10 ** (digits - 1 - i)}`))
    .join(" + ");
  const lines = [
    `    if (end - p < ${digits}) ${failAt("LEN_TRUNCATED", de, "p", digits, "end - p")}`,
    ...names.map((name, i) => `    const ${name} = ${byteAt("p", i)} - 48;`),
    `    if (${names.map((name) => `${name} >>> 0 > 9`).join(" || ")})`,
    `      ${failAt("LEN_NOT_NUMERIC", de, "p", digits, digits)}`,
    `    n = ${value};`,
  ];
  if (max < 10 ** digits - 1) {
    lines.push(`    if (n > ${max}) ${failAt("LEN_EXCEEDS_MAX", de, "p", max, "n")}`);
  }
  lines.push(`    p += ${digits};`);
  if (min > 0) {
    lines.push(`    if (n < ${min}) ${failAt("BAD_FORMAT", de, "p", min, "n")}`);
  }
  lines.push(
    `    if (end - p < n) ${failAt("FIELD_TRUNCATED", de, "p", "n", "end - p")}`,
    "    q = p + n;",
  );
  return lines;
}

function variableField(field: Field): string[] {
  const { de } = field;
  const lines = lengthPrefix(field);
  if (field.tagList !== null) {
    lines.push(
      `    n = scanTagList(v, b, ${de}, p, q, tagRules);`,
      "    if (n !== 0) return n;",
      "    n = q - p;",
    );
  } else if (field.content.classBit !== 0) {
    lines.push(
      `    if ((classAnd(b, p, q) & ${field.content.classBit}) === 0)`,
      `      return failContent(v, b, ${de}, p, n);`,
    );
  }
  lines.push(`    s[${2 * de}] = p;`, `    s[${2 * de + 1}] = n;`, "    p = q;");
  return lines;
}

/** The scanner of one bitmap word: returns the position after it, or a packed status. */
function wordScanner(fields: readonly Field[], word: number): string[] {
  const lines = [
    `function scanWord${word}(v: View, b: Buffer, at: number, end: number, w: number): number {`,
    "  const s = v.slots;",
    "  let p = at;",
  ];
  const body: string[] = [];
  for (let de = 32 * word + 1; de <= 32 * word + 32; de++) {
    if (de === 1 || de === 65) {
      continue;
    }
    const field = fields.find((candidate) => candidate.de === de);
    const mask = hexLiteral((1 << (-de & 31)) | 0);
    if (field === undefined) {
      body.push(`  if ((w & ${mask}) !== 0) ${failAt("UNKNOWN_FIELD", de, "p", -1, -1)}`);
      continue;
    }
    body.push(`  if ((w & ${mask}) !== 0) {`);
    body.push(...(field.prefixDigits === 0 ? fixedField(field) : variableField(field)), "  }");
  }
  for (const name of ["n", "q"]) {
    if (body.some((line) => new RegExp(`^\\s+${name} = `).test(line))) {
      lines.push(`  let ${name} = 0;`);
    }
  }
  lines.push(...body, "  return p;", "}", "");
  return lines;
}

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
  const fields = fieldsOf(dialect);
  return [
    ...[0, 1, 2, 3].flatMap((word) => wordScanner(fields, word)),
    ...bitmapReaders(),
    ...messageScan(dialect),
    ...headerScan(dialect),
  ];
}
