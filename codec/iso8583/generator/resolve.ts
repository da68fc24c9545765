// From the dialect data to what templates may hold: numbers, and names that are closed sets of
// ours.
import type { ContentClass, Dialect, ElementSpec, TagListSpec } from "../dialect.ts";
import {
  isAlnum,
  isDigit,
  isHexDigit,
  isLetter,
  isNumSpecial,
  isPrintable,
  isTrack,
} from "../tables.ts";

/** A content check: class bit of every byte (0: none), and a date or sign test on top. */
export interface Content {
  readonly classBit: number;
  readonly date: DateContent | null;
  /** x+n: the first byte is C or D, the class holds from the second on. */
  readonly signed: boolean;
}

export type DateContent = "MMDDhhmmss" | "hhmmss" | "MMDD" | "YYMM" | "YYMMDD" | "YYYYMMDDhhmmss";

const classBits: Partial<Record<ContentClass, number>> = {
  a: isLetter,
  an: isAlnum,
  ans: isPrintable,
  ns: isNumSpecial,
  z: isTrack,
};

/** What to check for a content class, in this way of writing. */
export function contentOf(content: ContentClass, encoding: ElementSpec["encoding"]): Content {
  if (content === "b") {
    return { classBit: encoding === "hex" ? isHexDigit : 0, date: null, signed: false };
  }
  const bit = classBits[content];
  if (bit !== undefined) {
    return { classBit: bit, date: null, signed: false };
  }
  const date = content === "n" || content === "x+n" ? null : (content as DateContent);
  return { classBit: isDigit, date, signed: content === "x+n" };
}

/** An element as the templates need it; all lengths are bytes on the wire. */
export interface Field {
  readonly de: number;
  readonly prefixDigits: number;
  readonly min: number;
  readonly max: number;
  readonly content: Content;
  readonly tagList: TagListSpec | null;
}

/** Bytes that `length` units of the element take on the wire. */
export function bytesOf(element: ElementSpec, length: number): number {
  return element.encoding === "hex" ? 2 * length : length;
}

/** Elements in ascending order. */
export function fieldsOf(dialect: Dialect): Field[] {
  return Object.entries(dialect.elements)
    .map(([key, element]) => ({
      de: Number(key),
      prefixDigits: element.prefix === null ? 0 : element.prefix.digits,
      min: bytesOf(element, element.min),
      max: bytesOf(element, element.max),
      content: contentOf(element.content, element.encoding),
      tagList: element.composite?.kind === "tag-list" ? element.composite : null,
    }))
    .sort((a, b) => a.de - b.de);
}

/** Four bitmap words, as signed integers, with these elements set. */
export function wordsOf(elements: readonly number[]): number[] {
  const words = [0, 0, 0, 0];
  for (const de of elements) {
    const word = (de - 1) >> 5;
    words[word] = words[word]! | (1 << (-de & 31));
  }
  return words;
}

/** Four words of tag bits, as TagView keeps them. */
export function tagWordsOf(tags: readonly number[]): number[] {
  const words = [0, 0, 0, 0];
  for (const tag of tags) {
    words[tag >> 5] = words[tag >> 5]! | (1 << (tag & 31));
  }
  return words;
}

/** `0x40000000`, or with a minus sign where the top bit is set: a literal of the same int32. */
export function hexLiteral(word: number): string {
  const text = Math.abs(word).toString(16);
  return `${word < 0 ? "-" : ""}0x${text}`;
}
