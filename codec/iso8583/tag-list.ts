// The engine for tag lists: tag and length in ASCII digits, then the value (DE120 of `mydebit`).
// The order is free, so the rules are looked up by tag number in tables that the generator emits.
import { contentFault, isDate } from "./content.ts";
import { codeTable } from "./errors.ts";
import { classAnd, isDigit, isPrintable } from "./tables.ts";
import type { View } from "./view.ts";
import { allDigits, allPrintable } from "./words.ts";

/**
 * Rules by tag number, 100 entries. One word holds a rule, so that a tag costs one load: bits 0-9
 * largest length, 10-19 smallest, 20-26 the class bit of tables.ts that every byte must have,
 * 27-29 kind of date.
 */
export interface TagRules {
  readonly tagsMax: number;
  readonly rules: Int32Array;
}

/** Packs one rule. */
export function tagRule(min: number, max: number, classBit: number, date: number): number {
  return max | (min << 10) | (classBit << 20) | (date << 27);
}

const badFormat = codeTable.BAD_FORMAT.number;
const lenExceedsMax = codeTable.LEN_EXCEEDS_MAX.number;
const lenNotNumeric = codeTable.LEN_NOT_NUMERIC.number;
const lenTruncated = codeTable.TLV_LEN_TRUNCATED.number;
const tagTruncated = codeTable.TLV_TAG_TRUNCATED.number;
const valueTruncated = codeTable.TLV_VALUE_TRUNCATED.number;
const duplicate = codeTable.TLV_DUPLICATE.number;
const tooMany = codeTable.TLV_TOO_MANY.number;

/** A tag that is not two digits: no table can hold it. */
function failTag(v: View, b: Buffer, de: number, p: number): number {
  return v.fail(contentFault(b, p, p + 2), de, p, 2, 2);
}

function failPart(
  v: View,
  code: number,
  de: number,
  tag: number,
  at: number,
  expected: number,
  actual: number,
): number {
  v.validUpTo = de - 1;
  return v.failPart(code, de, tag + 1, at, expected, actual);
}

/** True where every byte has the class bit. */
function isOfClass(v: View, b: Buffer, from: number, to: number, classBit: number): boolean {
  if (classBit === isDigit) return allDigits(v.words, b, from, to);
  if (classBit === isPrintable) return allPrintable(v.words, b, from, to);
  return (classAnd(b, from, to) & classBit) !== 0;
}

/**
 * Scans one tag list into `v.tags`. Returns 0 or a packed status. Every step takes at least five
 * bytes, so that the work is bounded by the length.
 */
export function scanTagList(
  v: View,
  b: Buffer,
  de: number,
  at: number,
  end: number,
  rules: TagRules,
): number {
  const tags = v.tags;
  const slots = tags.slots;
  const bits = tags.bits;
  let p = at;
  let count = 0;
  while (p < end) {
    if (end - p < 2) return v.fail(tagTruncated, de, p, 2, end - p);
    const t0 = b[p]! - 48;
    const t1 = b[(p + 1) | 0]! - 48;
    if (t0 >>> 0 > 9 || t1 >>> 0 > 9) return failTag(v, b, de, p);
    const tag = t0 * 10 + t1;
    const bit = 1 << (tag & 31);
    if (count === rules.tagsMax) return failPart(v, tooMany, de, tag, p, rules.tagsMax, count + 1);
    if ((bits[tag >> 5]! & bit) !== 0) return failPart(v, duplicate, de, tag, p, -1, -1);
    p = (p + 2) | 0;
    if (end - p < 3) return failPart(v, lenTruncated, de, tag, p, 3, end - p);
    const l0 = b[p]! - 48;
    const l1 = b[(p + 1) | 0]! - 48;
    const l2 = b[(p + 2) | 0]! - 48;
    if (l0 >>> 0 > 9 || l1 >>> 0 > 9 || l2 >>> 0 > 9) {
      return failPart(v, lenNotNumeric, de, tag, p, 3, 3);
    }
    const n = l0 * 100 + l1 * 10 + l2;
    const rule = rules.rules[tag]!;
    const max = rule & 1023;
    if (n > max) return failPart(v, lenExceedsMax, de, tag, p, max, n);
    p = (p + 3) | 0;
    const min = (rule >> 10) & 1023;
    if (n < min) return failPart(v, badFormat, de, tag, p, min, n);
    if (end - p < n) return failPart(v, valueTruncated, de, tag, p, n, end - p);
    const q = (p + n) | 0;
    if (!isOfClass(v, b, p, q, (rule >> 20) & 127)) {
      return failPart(v, contentFault(b, p, q), de, tag, p, n, n);
    }
    const date = rule >>> 27;
    if (date !== 0 && !isDate(date, b, p)) return failPart(v, badFormat, de, tag, p, n, n);
    slots[2 * tag] = p;
    slots[2 * tag + 1] = n;
    bits[tag >> 5]! |= bit;
    tags.order[count++] = tag;
    p = q;
  }
  tags.count = count;
  return 0;
}
