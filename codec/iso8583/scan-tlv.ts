// Tags and lengths of composites for generated scanners. What was read stands in `tlv` until the
// next call: one object for all, so that nothing is allocated.
import { codeTable } from "./errors.ts";
import { hexValue } from "./tables.ts";
import type { View } from "./view.ts";

export const tlv = { tag: 0, length: 0 };

const tagTruncated = codeTable.TLV_TAG_TRUNCATED.number;
const tagTooLong = codeTable.TLV_TAG_TOO_LONG.number;
const lenTruncated = codeTable.TLV_LEN_TRUNCATED.number;
const lenForm = codeTable.TLV_LEN_FORM.number;
const lenOverflow = codeTable.TLV_LEN_OVERFLOW.number;
const mismatch = codeTable.COMPOSITE_LENGTH_MISMATCH.number;
const badHex = codeTable.BAD_HEX.number;
const unknownField = codeTable.UNKNOWN_FIELD.number;

/** Longest value of one object: what the largest frame can carry. */
const lengthMax = 65_535;

/** BER tag at p into `tlv.tag`; the position behind it, or a status below 0. */
export function readBerTag(v: View, b: Buffer, p: number, end: number, bytesMax: number): number {
  let tag = b[p]!;
  let size = 1;
  if ((tag & 0x1f) === 0x1f) {
    for (;;) {
      if (size === bytesMax) return v.failHere(tagTooLong, p, bytesMax, size + 1);
      if (p + size === end) return v.failHere(tagTruncated, p + size, 1, 0);
      const next = b[p + size]!;
      tag = (tag << 8) | next;
      size++;
      if (next < 0x80) break;
    }
  }
  tlv.tag = tag | 0;
  return p + size;
}

/** BER length at p into `tlv.length`. Plain multiplication: at most three bytes are taken. */
export function readBerLength(
  v: View,
  b: Buffer,
  p: number,
  end: number,
  bytesMax: number,
): number {
  const tag = tlv.tag;
  if (p === end) return v.failAt(lenTruncated, tag, p, 1, 0);
  const first = b[p]!;
  if (first < 0x80) {
    tlv.length = first;
    return p + 1;
  }
  const size = first - 0x80;
  if (size === 0 || size > bytesMax) return v.failAt(lenForm, tag, p, bytesMax, size);
  if (end - p - 1 < size) return v.failAt(lenTruncated, tag, p + 1, size, end - p - 1);
  let length = 0;
  for (let i = 1; i <= size; i++) length = length * 256 + b[p + i]!;
  if (length > lengthMax) return v.failAt(lenOverflow, tag, p, lengthMax, length);
  tlv.length = length;
  return p + 1 + size;
}

/** Bytes of the hex text from `from` to `to`, an even number of digits; false where it is none. */
export function bytesOfHex(b: Buffer, from: number, to: number, out: Buffer): boolean {
  let all = 0;
  for (let i = 0, p = from; p < to; i++, p += 2) {
    const high = hexValue[b[p]!]!;
    const low = hexValue[b[p + 1]!]!;
    all |= high | low;
    out[i] = (high << 4) | low;
  }
  return all <= 15;
}

/** True where a tag stands among the first `count` that were seen; notes it where it does not. */
export function seenBefore(seen: Int32Array, count: number, tag: number): boolean {
  for (let i = 0; i < count; i++) {
    if (seen[i] === tag) return true;
  }
  seen[count] = tag;
  return false;
}

/** How the bitmap of a composite is written. */
export interface PartBitmap {
  /** Hex digit values by byte, or null where the bitmap is raw. */
  readonly hex: Uint8Array | null;
  readonly bits: number;
  readonly continues: "bit1" | "never" | "always" | "chain";
}

/** Copies `count` bitmap bytes from p to the words at `bit`; the position behind, or a status. */
function readBlock(
  v: View,
  b: Buffer,
  p: number,
  end: number,
  spec: PartBitmap,
  count: number,
  out: Uint8Array,
): number {
  const size = spec.hex === null ? count : 2 * count;
  if (end - p < size) return v.failHere(mismatch, p, size, end - p);
  for (let i = 0; i < count; i++) {
    if (spec.hex === null) {
      out[i] = b[p + i]!;
    } else {
      const high = spec.hex[b[p + 2 * i]!]!;
      const low = spec.hex[b[p + 2 * i + 1]!]!;
      if ((high | low) > 15) return v.failHere(badHex, p, size, size);
      out[i] = (high << 4) | low;
    }
  }
  return p + size;
}

const block = new Uint8Array(24);

function setBit(words: Int32Array, bit: number): void {
  const word = (bit - 1) >> 5;
  words[word] = words[word]! | (1 << (-bit & 31));
}

/** Bits of the block from its bit `skip` on, numbered from `first`. */
function addBits(words: Int32Array, bytes: number, skip: number, first: number): void {
  for (let i = skip; i < 8 * bytes; i++) {
    if ((block[i >> 3]! & (0x80 >> (i & 7))) !== 0) setBit(words, first + i - skip);
  }
}

/** Bitmap of a composite into six words; the position behind it, or a status below 0. */
export function readPartBitmap(
  v: View,
  b: Buffer,
  at: number,
  end: number,
  spec: PartBitmap,
  words: Int32Array,
): number {
  words.fill(0);
  const { bits, continues } = spec;
  if (continues === "never" || continues === "always") {
    const p = readBlock(v, b, at, end, spec, bits >> 3, block);
    if (p > 0) addBits(words, bits >> 3, 0, 1);
    return p;
  }
  const chain = continues === "chain";
  let size = chain ? 2 : bits < 64 ? bits >> 3 : 8;
  let first = 1;
  for (let p = at; ; ) {
    const q = readBlock(v, b, p, end, spec, size, block);
    if (q < 0) return q;
    addBits(words, size, 1, chain ? first : first + 1);
    const next = first + 8 * size - (chain ? 1 : 0);
    if (block[0]! < 0x80) return q;
    if (next > bits) return v.failAt(unknownField, chain ? next : first, p, -1, -1);
    first = next;
    p = q;
    if (chain) size = 1;
  }
}

/** Lowest bit number that is set in word k. */
export function firstBit(word: number, k: number): number {
  return 32 * k + Math.clz32(word) + 1;
}

/** Hex digit values by EBCDIC byte, from a table of Latin-1 codes. */
export function hexValueOf(page: Uint8Array): Uint8Array {
  return Uint8Array.from(page, (code) => hexValue[code]!);
}
