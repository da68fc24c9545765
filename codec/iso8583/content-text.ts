// Content classes over text, for the oracle and the slow writer. Written a second time on
// purpose, with nothing shared with the byte tables of the scanner: the two must agree.
import type { ContentClass } from "./dialect.ts";

const patterns: Record<ContentClass, RegExp> = {
  n: /^[0-9]*$/,
  a: /^[A-Za-z]*$/,
  an: /^[A-Za-z0-9 ]*$/,
  ans: /^[ -~]*$/,
  ns: /^[ -@[-`{-~]*$/,
  z: /^[0-9:;<=>?D]*$/,
  "x+n": /^[CD][0-9]*$/,
  b: /^/,
  MMDDhhmmss: /^[0-9]*$/,
  hhmmss: /^[0-9]*$/,
  MMDD: /^[0-9]*$/,
  YYMM: /^[0-9]*$/,
  YYMMDD: /^[0-9]*$/,
  YYYYMMDD: /^[0-9]*$/,
  YYMMDDhhmmss: /^[0-9]*$/,
  YYYYMMDDhhmmss: /^[0-9]*$/,
};

/** Printable characters beyond ASCII, in encodings that have them. */
const widePattern = /^[ -~\u{a0}-\u{10ffff}]*$/u;

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: string;
}

function isDateParts({ year, month, day, time }: DateParts): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  const sameDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return sameDay && /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(time);
}

/** A leap year, for dates that carry none. */
const anyYear = 2024;
const noTime = "000000";

function isDateText(content: ContentClass, text: string): boolean {
  const at = (from: number, count = 2): number => Number(text.slice(from, from + count));
  switch (content) {
    case "MMDDhhmmss":
      return isDateParts({ year: anyYear, month: at(0), day: at(2), time: text.slice(4) });
    case "hhmmss":
      return isDateParts({ year: anyYear, month: 1, day: 1, time: text });
    case "MMDD":
      return isDateParts({ year: anyYear, month: at(0), day: at(2), time: noTime });
    case "YYMM":
      return isDateParts({ year: 2000 + at(0), month: at(2), day: 1, time: noTime });
    case "YYMMDD":
      return isDateParts({ year: 2000 + at(0), month: at(2), day: at(4), time: noTime });
    case "YYMMDDhhmmss":
      return isDateParts({ year: 2000 + at(0), month: at(2), day: at(4), time: text.slice(6) });
    case "YYYYMMDD":
      return isTimestampText(text + noTime);
    case "YYYYMMDDhhmmss":
      return isTimestampText(text);
    default:
      return true;
  }
}

function isTimestampText(text: string): boolean {
  // Date.UTC takes years 0 to 99 as 1900 to 1999; 400 years later the calendar is the same.
  const year = Number(text.slice(0, 4)) + 400;
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6, 8));
  return isDateParts({ year, month, day, time: text.slice(8) });
}

/** Can the text stand in that encoding at all? `wide`: it has characters beyond ASCII. */
function isPrintable(text: string, wide: boolean): boolean {
  return wide ? widePattern.test(text) : /^[ -~]*$/.test(text);
}

/** null where the text is of the class, else the code of what is wrong with it. */
export function contentProblem(
  content: ContentClass,
  text: string,
  wide = false,
): "BAD_CHARSET" | "BAD_FORMAT" | null {
  if (content === "b") {
    return null;
  }
  const good = content === "ans" ? isPrintable(text, wide) : patterns[content].test(text);
  if (good && isDateText(content, text)) {
    return null;
  }
  return isPrintable(text, wide) ? "BAD_FORMAT" : "BAD_CHARSET";
}
