// Content checks that are more than one class bit per byte: dates, and naming what was wrong.
import { codeTable } from "./errors.ts";
import { byteClass, daysInMonth, isPrintable } from "./tables.ts";
import type { View } from "./view.ts";

/** Two digits, ASCII or EBCDIC, as a number; the caller has checked that they are digits. */
function two(b: Buffer, at: number): number {
  return (b[at]! & 15) * 10 + (b[at + 1]! & 15);
}

/** MMDD; 0229 passes, since the year is not known here. */
export function isMonthDay(b: Buffer, at: number): boolean {
  const month = two(b, at);
  const day = two(b, at + 2);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth[month]!;
}

/** hhmmss. */
export function isTime(b: Buffer, at: number): boolean {
  return two(b, at) <= 23 && two(b, at + 2) <= 59 && two(b, at + 4) <= 59;
}

/** YYMM. */
export function isYearMonth(b: Buffer, at: number): boolean {
  const month = two(b, at + 2);
  return month >= 1 && month <= 12;
}

/** YYMMDD of this century. */
export function isYearMonthDay(b: Buffer, at: number): boolean {
  const leap = two(b, at) % 4 === 0;
  return isMonthDay(b, at + 2) && (leap || two(b, at + 2) !== 2 || two(b, at + 4) !== 29);
}

/** YYYYMMDDhhmmss. */
export function isTimestamp(b: Buffer, at: number): boolean {
  return isLongDate(b, at) && isTime(b, at + 8);
}

/** YYYYMMDD. */
export function isLongDate(b: Buffer, at: number): boolean {
  const year = two(b, at) * 100 + two(b, at + 2);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return isMonthDay(b, at + 4) && (leap || two(b, at + 4) !== 2 || two(b, at + 6) !== 29);
}

/** Kinds of date in the tag rules of generated code. */
export const dateKind = {
  none: 0,
  YYMM: 1,
  YYYYMMDDhhmmss: 2,
  MMDD: 3,
  MMDDhhmmss: 4,
  hhmmss: 5,
  YYMMDD: 6,
  YYYYMMDD: 7,
  // Three bits in a tag rule: this one stands in generated elements only.
  YYMMDDhhmmss: 8,
} as const;

/** Is this a date of that kind? The caller has checked length and digits. */
export function isDate(kind: number, b: Buffer, at: number): boolean {
  switch (kind) {
    case dateKind.YYMM:
      return isYearMonth(b, at);
    case dateKind.YYYYMMDDhhmmss:
      return isTimestamp(b, at);
    case dateKind.MMDD:
      return isMonthDay(b, at);
    case dateKind.MMDDhhmmss:
      return isMonthDay(b, at) && isTime(b, at + 4);
    case dateKind.hhmmss:
      return isTime(b, at);
    case dateKind.YYMMDD:
      return isYearMonthDay(b, at);
    case dateKind.YYYYMMDD:
      return isLongDate(b, at);
    case dateKind.YYMMDDhhmmss:
      return isYearMonthDay(b, at) && isTime(b, at + 6);
    default:
      return true;
  }
}

/**
 * BAD_CHARSET where a byte is not printable, by the class table of its encoding, else BAD_FORMAT.
 * Runs once per bad message.
 */
export function contentFault(b: Buffer, at: number, end: number, classes = byteClass): number {
  for (let i = at; i < end; i++) {
    if ((classes[b[i]!]! & isPrintable) === 0) {
      return codeTable.BAD_CHARSET.number;
    }
  }
  return codeTable.BAD_FORMAT.number;
}

/** Fails a fixed or variable element whose bytes are not of its class. */
export function failContent(v: View, b: Buffer, de: number, at: number, length: number): number {
  return v.fail(contentFault(b, at, at + length), de, at, length, length);
}
