// Meaning second: presence of elements and tags per message type, and closed sets of values. Runs
// after a scan that returned 0.
import { codeTable } from "./errors.ts";
import type { Generated } from "./generated.ts";
import type { View } from "./view.ts";

const missingField = codeTable.MISSING_FIELD.number;
const notAllowed = codeTable.FIELD_NOT_ALLOWED.number;
const badFormat = codeTable.BAD_FORMAT.number;

/** First element of word k that is set in `bits`. */
function elementOf(bits: number, k: number): number {
  return 32 * k + Math.clz32(bits) + 1;
}

/** Lowest tag of word k that is set in `bits`. */
function tagOf(bits: number, k: number): number {
  return 32 * k + 31 - Math.clz32(bits & -bits);
}

function wordOf(view: View, k: number): number {
  return k < 2 ? (k === 0 ? view.w0 : view.w1) : k === 2 ? view.w2 : view.w3;
}

function validateTags(gen: Generated, view: View, row: number): number {
  const de = gen.tagListElement;
  const tags = view.tags;
  for (let k = 0; k < 4; k++) {
    const missing = gen.tagsMandatory[4 * row + k]! & ~tags.bits[k]!;
    if (missing !== 0) {
      return view.failPart(missingField, de, tagOf(missing, k) + 1, view.offset(de), -1, -1);
    }
  }
  for (let k = 0; k < 4; k++) {
    const wrong = gen.tagsForbidden[4 * row + k]! & tags.bits[k]!;
    if (wrong !== 0) {
      const tag = tagOf(wrong, k);
      return view.failPart(notAllowed, de, tag + 1, tags.offset(tag), -1, -1);
    }
  }
  const { tagValues } = gen;
  for (let i = 0; i < tagValues.length; i++) {
    const rule = tagValues[i]!;
    const tag = rule[0]!;
    if (tags.has(tag) && !isAllowed(rule, view.buf[tags.offset(tag)]!)) {
      return view.failPart(badFormat, de, tag + 1, tags.offset(tag), 1, 1);
    }
  }
  return 0;
}

function isAllowed(rule: readonly number[], byte: number): boolean {
  for (let i = 1; i < rule.length; i++) {
    if (rule[i] === byte) return true;
  }
  return false;
}

/**
 * 0, or a packed MISSING_FIELD, FIELD_NOT_ALLOWED or BAD_FORMAT. Missing elements come first,
 * then those that must not come, then tags in the same order. A missing element has the offset of
 * the message's end, a missing tag that of its element.
 */
export function validateView(gen: Generated, view: View): number {
  const row = gen.messageRow(view.mti);
  if (row < 0) {
    return 0;
  }
  for (let k = 0; k < 4; k++) {
    const missing = gen.mandatory[4 * row + k]! & ~wordOf(view, k);
    if (missing !== 0) {
      return view.failPart(missingField, elementOf(missing, k), 0, view.end, -1, -1);
    }
  }
  for (let k = 0; k < 4; k++) {
    const wrong = gen.forbidden[4 * row + k]! & wordOf(view, k);
    if (wrong !== 0) {
      const de = elementOf(wrong, k);
      return view.failPart(notAllowed, de, 0, view.offset(de), -1, -1);
    }
  }
  const de = gen.tagListElement;
  return de !== 0 && view.has(de) ? validateTags(gen, view, row) : 0;
}
