// Templates of one value whose bytes are known: is it written as it should be, and of its class?
import { dateKind } from "../content.ts";
import type { DataEncoding, Filler } from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { isDigit, isHexDigit, isPrintable } from "../tables.ts";
import { type Content, classTable, fillOf } from "./resolve.ts";
import { code, type Scope } from "./scope.ts";

export const dateTests = {
  MMDDhhmmss: (p: string) => `isMonthDay(b, ${p}) && isTime(b, ${p} + 4)`,
  hhmmss: (p: string) => `isTime(b, ${p})`,
  MMDD: (p: string) => `isMonthDay(b, ${p})`,
  YYMM: (p: string) => `isYearMonth(b, ${p})`,
  YYMMDD: (p: string) => `isYearMonthDay(b, ${p})`,
  YYYYMMDD: (p: string) => `isLongDate(b, ${p})`,
  YYMMDDhhmmss: (p: string) => `isYearMonthDay(b, ${p}) && isTime(b, ${p} + 6)`,
  YYYYMMDDhhmmss: (p: string) => `isTimestamp(b, ${p})`,
} as const;

/** The byte `i` behind a position; `| 0` spares the overflow check of the sum. */
export function byteAt(position: string, i: number): string {
  return i === 0 ? `b[${position}]!` : `b[(${position} + ${i}) | 0]!`;
}

/** Bytes up to this many are checked one after the other without a loop. */
export const unrolledMax = 20;

/** A value as the templates need it. */
export interface Value {
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly content: Content;
  readonly min: number;
  readonly max: number;
  readonly isTrack: boolean;
}

/** The bytes: from p to `to`, `length` of them; a number where the length is fixed. */
export interface Place {
  readonly to: string;
  readonly length: number | string;
  /** Characters or digits, where something outside of the value says so. */
  readonly count: number | string | null;
}

/** Class lookups of `count` bytes from `from`, ANDed. */
function classTerms(table: string, from: number, count: number): string {
  const terms: string[] = [];
  for (let i = from; i < from + count; i++) {
    terms.push(`${table}[${byteAt("p", i)}]!`);
  }
  return terms.join(" & ");
}

/** Name of the test of four bytes at a time for a class, where there is one. */
export function wordTest(classBit: number): "allDigits" | "allPrintable" | null {
  return classBit === isDigit ? "allDigits" : classBit === isPrintable ? "allPrintable" : null;
}

/** Fewer bytes than a word are looked up one by one. */
export const wordBytes = 4;

function charCode(encoding: DataEncoding, ascii: number): number {
  return isEbcdic(encoding) ? ascii + 0x80 : ascii;
}

/** Checks a value in a one-byte encoding; `bad` is what is returned where it fails. */
function oneByteLines(value: Value, place: Place, bad: string, isWhole: boolean): string[] {
  const { encoding, content } = value;
  const { classBit, date, signed } = content;
  const table = classTable(encoding);
  const all = table === "cls" ? "classAnd(" : `classAndIn(${table}, `;
  const lines: string[] = [];
  if (signed) {
    const [credit, debit] = [charCode(encoding, 67), charCode(encoding, 68)];
    lines.push(`    if (b[p] !== ${credit} && b[p] !== ${debit}) return ${bad};`);
  }
  const from = signed ? 1 : 0;
  const fixed = typeof place.length === "number" ? place.length - from : null;
  const start = from === 0 ? "p" : `(p + ${from}) | 0`;
  const test = isWhole && table === "cls" ? wordTest(classBit) : null;
  if (test !== null && (fixed === null || fixed >= wordBytes)) {
    lines.push(`    if (!${test}(v.words, b, ${start}, ${place.to})) return ${bad};`);
  } else if (fixed !== null && fixed <= unrolledMax && classBit !== 0) {
    if (fixed > 0) {
      lines.push(`    if ((${classTerms(table, from, fixed)} & ${classBit}) === 0) return ${bad};`);
    }
  } else if (classBit !== 0 && (fixed !== null || signed)) {
    lines.push(`    if ((${all}b, ${start}, ${place.to}) & ${classBit}) === 0) return ${bad};`);
  } else if (classBit !== 0) {
    lines.push(`    if ((${all}b, p, ${place.to}) & ${classBit}) === 0)`, `      return ${bad};`);
  }
  if (date !== null) {
    lines.push(`    if (!(${dateTests[date]("p")})) return ${bad};`);
  }
  return lines;
}

function bcdLines(value: Value, place: Place, scope: Scope): string[] {
  const { content, filler, isTrack, max, min } = value;
  const { to, length } = place;
  const fill = fillOf(filler);
  const fail = (codeText: string | number): string =>
    `return ${scope.status(codeText, "p", length, length)};`;
  const lines: string[] = [];
  let digits = String(place.count);
  if (place.count === null) {
    digits = "d";
    lines.push(`    const d = bcdDigits(b, p, ${to}, ${max}, ${fill});`);
  }
  lines.push(
    `    if (bcdFault(b, p, ${to}, ${digits}, ${fill}, ${isTrack}) !== 0) ${fail(code("BAD_BCD"))}`,
  );
  if (content.date !== null) {
    const kind = dateKind[content.date];
    lines.push(`    if (!isBcdDate(${kind}, b, p, ${to})) ${fail(code("BAD_FORMAT"))}`);
  }
  if (place.count === null) {
    lines.push(`    if (d < ${min} || d > ${max}) ${fail(code("BAD_FORMAT"))}`);
  }
  return lines;
}

function signedLines(value: Value, place: Place, scope: Scope): string[] {
  const { filler, max } = value;
  const { to, length } = place;
  const fill = fillOf(filler);
  const digits =
    place.count === null
      ? `bcdDigits(b, p + 1, ${to}, ${max - 1}, ${fill})`
      : typeof place.count === "number"
        ? place.count - 1
        : `${place.count} - 1`;
  return [
    `    const f = signedFault(b, p, ${to}, ${digits}, ${fill});`,
    `    if (f !== 0) return ${scope.status("f", "p", length, length)};`,
  ];
}

/**
 * Checks of the value from p to `to`. `failContent` is the expression of a status where an ASCII
 * value of an element fails, or null for the general one.
 */
export function valueLines(
  value: Value,
  place: Place,
  scope: Scope,
  failContent: string | null,
): string[] {
  const { encoding, content, min, max } = value;
  const { to, length } = place;
  switch (encoding) {
    case "raw":
      return [];
    case "bcd":
      return bcdLines(value, place, scope);
    case "signed-bcd":
      return signedLines(value, place, scope);
    case "utf-8":
      return [
        `    const f = utf8Fault(b, p, ${to}, cls, ${content.classBit}, ${min}, ${max});`,
        `    if (f !== 0) return ${scope.status("f", "p", length, length)};`,
      ];
    case "hex": {
      const bad = scope.status(code("BAD_HEX"), "p", length, length);
      const hex = { ...value, content: { ...content, classBit: isHexDigit } };
      return oneByteLines(hex, place, bad, false);
    }
    default: {
      const table = classTable(encoding);
      const fault = `contentFault(b, p, ${to}${table === "cls" ? "" : `, ${table}`})`;
      const general = scope.status(fault, "p", length, length);
      return oneByteLines(
        value,
        place,
        table === "cls" && failContent !== null ? failContent : general,
        scope.isWhole,
      );
    }
  }
}
