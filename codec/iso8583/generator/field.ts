// Templates of one element: bounds, length prefix, content, slot.
import { codeTable } from "../errors.ts";
import { isHexDigit } from "../tables.ts";
import type { Field } from "./resolve.ts";

const code = (name: keyof typeof codeTable): number => codeTable[name].number;

/** A call that notes an error: expected and actual lengths are expressions, -1 for none. */
export function failAt(
  name: keyof typeof codeTable,
  de: number,
  at: string,
  expected: number | string,
  actual: number | string,
): string {
  return `return v.fail(${code(name)}, ${de}, ${at}, ${expected}, ${actual});`;
}

export const dateTests = {
  MMDDhhmmss: (p: string) => `isMonthDay(b, ${p}) && isTime(b, ${p} + 4)`,
  hhmmss: (p: string) => `isTime(b, ${p})`,
  MMDD: (p: string) => `isMonthDay(b, ${p})`,
  YYMM: (p: string) => `isYearMonth(b, ${p})`,
  YYMMDD: (p: string) => `isYearMonthDay(b, ${p})`,
  YYYYMMDDhhmmss: (p: string) => `isTimestamp(b, ${p})`,
} as const;

/** The byte `i` behind a position; `| 0` spares the overflow check of the sum. */
export function byteAt(position: string, i: number): string {
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

/** All lines of an element whose bit is set. */
export function elementLines(field: Field): string[] {
  return field.prefixDigits === 0 ? fixedField(field) : variableField(field);
}
