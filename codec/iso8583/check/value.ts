// What may be said of one value: its lengths, its class, and the way that it is written.
import type { ContentClass, DataEncoding, Filler, ValueSpec } from "../dialect.ts";
import { type Report, refuse } from "./problem.ts";

/** Length of each date; other classes have none of their own. */
export const dateLengths: Partial<Record<ContentClass, number>> = {
  MMDDhhmmss: 10,
  hhmmss: 6,
  MMDD: 4,
  YYMM: 4,
  YYMMDD: 6,
  YYYYMMDD: 8,
  YYMMDDhhmmss: 12,
  YYYYMMDDhhmmss: 14,
};

/** No value is longer than the largest frame. */
export const lengthMax = 65_535;

export function checkLengths(report: Report, place: readonly string[], value: ValueSpec): void {
  const { min, max, content } = value;
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0 || max < min || max < 1) {
    refuse(report, [...place, "min"], "lengths are integers, 0 <= min <= max and max at least 1");
    return;
  }
  if (max > lengthMax) {
    refuse(report, [...place, "max"], `a value has at most ${lengthMax} characters`);
  }
  const date = dateLengths[content];
  if (date !== undefined && (min !== date || max !== date)) {
    refuse(report, [...place, "max"], `${content} has ${date} digits, no more and no less`);
  }
  if (content === "x+n" && min < 2) {
    refuse(report, [...place, "min"], "x+n is a sign and at least one digit");
  }
  for (const text of value.values ?? []) {
    if (text.length < min || text.length > max) {
      refuse(report, [...place, "values"], `${JSON.stringify(text)} does not fit min and max`);
    }
  }
}

const bcdContents: readonly ContentClass[] = ["n", "z"];
const bcdFillers: readonly Filler[] = ["zero-left", "zero-right", "f-left", "f-right"];

/** How a value is written, and whether something outside of it counts its characters. */
export interface Writing {
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly isCounted: boolean;
}

export function checkWriting(
  report: Report,
  place: readonly string[],
  value: ValueSpec,
  { encoding, filler, isCounted }: Writing,
): void {
  const { content, min, max } = value;
  const binary = encoding === "raw" || encoding === "hex";
  const at = [...place, "encoding"];
  if ((content === "b") !== binary) {
    refuse(report, at, "binary content (b) is raw or hex, and nothing else is");
  } else if ((encoding === "signed-bcd") !== (content === "x+n" && encoding.endsWith("bcd"))) {
    refuse(report, at, "in BCD, x+n is signed-bcd, and nothing else is");
  } else if (encoding === "bcd") {
    if (!bcdContents.includes(content) && dateLengths[content] === undefined) {
      refuse(report, at, "BCD holds digits: n, z or a date");
    }
    const odd = min !== max || max % 2 === 1;
    if (odd && !bcdFillers.includes(filler)) {
      refuse(report, [...place, "filler"], `odd digits need a filler: ${bcdFillers.join(", ")}`);
    }
  } else if (encoding === "signed-bcd" && !isCounted && (min !== max || filler.startsWith("f-"))) {
    refuse(report, at, "signed-bcd that nobody counts has one length and no filler f");
  } else if (encoding === "utf-8" && !["n", "a", "an", "ans", "ns"].includes(content)) {
    refuse(report, at, "utf-8 holds text: n, a, an, ans or ns");
  }
}
