// From the dialect data to what templates may hold: numbers, and names that are closed sets of
// ours.
import type {
  ContentClass,
  DataEncoding,
  Dialect,
  ElementSpec,
  Filler,
  TagListSpec,
} from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { bcdFill } from "../scan-value.ts";
import {
  isAlnum,
  isDigit,
  isHexDigit,
  isLetter,
  isNumSpecial,
  isPrintable,
  isTrack,
} from "../tables.ts";
import { bytesOfPrefix, bytesOfValue } from "../wire-size.ts";

/** A content check: class bit of every byte (0: none), and a date or sign test on top. */
export interface Content {
  readonly classBit: number;
  readonly date: DateContent | null;
  /** x+n: the first byte is C or D, the class holds from the second on. */
  readonly signed: boolean;
}

export type DateContent =
  | "MMDDhhmmss"
  | "hhmmss"
  | "MMDD"
  | "YYMM"
  | "YYMMDD"
  | "YYYYMMDD"
  | "YYMMDDhhmmss"
  | "YYYYMMDDhhmmss";

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
  readonly spec: ElementSpec;
  /** Bytes of the length prefix, 0 where there is none. */
  readonly prefixBytes: number;
  readonly min: number;
  readonly max: number;
  readonly content: Content;
  /** The tag list that the tag view shows, if it stands in this element. */
  readonly tagList: TagListSpec | null;
}

/** Lists that the fast engine of tag-list.ts reads, and that a tag view can hold. */
export function isViewTagList(element: ElementSpec): boolean {
  const spec = element.composite;
  if (spec?.kind !== "tag-list" || element.encoding !== "ascii" || element.prefix === null) {
    return false;
  }
  const usual = spec.tagDigits === 2 && spec.lengthDigits === 3 && spec.tagLetters !== true;
  const strict = spec.duplicates === "reject" && spec.unknown === "keep";
  const bare = spec.leading === undefined && spec.emptyAllowed !== true;
  const plain = Object.values(spec.tags).every(
    ({ content, encoding, composite, max }) =>
      (encoding ?? "ascii") === "ascii" &&
      composite === undefined &&
      max <= 999 &&
      !["b", "x+n", "YYMMDDhhmmss"].includes(content),
  );
  return usual && strict && bare && plain;
}

/** The element whose tags the tag view shows: the first one that it can hold. */
export function tagViewElement(dialect: Dialect): { de: number; spec: TagListSpec } | null {
  for (const [de, element] of Object.entries(dialect.elements)) {
    if (isViewTagList(element) && element.composite?.kind === "tag-list") {
      return { de: Number(de), spec: element.composite };
    }
  }
  return null;
}

/** An element, a part, or a variant of an element, for the templates. */
export function fieldOf(de: number, spec: ElementSpec, tagList: TagListSpec | null): Field {
  return {
    de,
    spec,
    prefixBytes: spec.prefix === null ? 0 : bytesOfPrefix(spec.prefix),
    min: spec.encoding === "utf-8" ? spec.min : bytesOfValue(spec.encoding, spec.min),
    max: bytesOfValue(spec.encoding, spec.max),
    content: contentOf(spec.content, spec.encoding),
    tagList,
  };
}

/** Elements in ascending order. */
export function fieldsOf(dialect: Dialect): Field[] {
  const view = tagViewElement(dialect);
  return Object.entries(dialect.elements)
    .map(([key, element]) => {
      const de = Number(key);
      return fieldOf(de, element, view?.de === de ? view.spec : null);
    })
    .sort((a, b) => a.de - b.de);
}

/** Name of the class table of an encoding in generated code. */
export function classTable(encoding: DataEncoding): string {
  if (isEbcdic(encoding)) {
    return `cls${encoding.slice("ebcdic-".length)}`;
  }
  return encoding === "latin1" ? "clsLatin1" : "cls";
}

/** Number of a filler for the BCD templates. */
export function fillOf(filler: Filler): number {
  const right = filler.endsWith("right");
  if (filler.startsWith("f-")) {
    return right ? bcdFill.fRight : bcdFill.fLeft;
  }
  return right ? bcdFill.zeroRight : bcdFill.zeroLeft;
}

/** Six bitmap words, as signed integers, with these elements set. */
export function sixWordsOf(elements: readonly number[]): number[] {
  const words = [0, 0, 0, 0, 0, 0];
  for (const de of elements) {
    const word = (de - 1) >> 5;
    words[word] = words[word]! | (1 << (-de & 31));
  }
  return words;
}

/** The first four of them: presence and echo are judged up to element 128. */
export function wordsOf(elements: readonly number[]): number[] {
  return sixWordsOf(elements).slice(0, 4);
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
