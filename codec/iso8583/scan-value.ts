// What generated scanners call for values that are not plain ASCII: BCD with its fillers, EBCDIC
// and Latin-1 classes, UTF-8. No call allocates; each returns 0, or the code of what is wrong.
import { isDate } from "./content.ts";
import { codeTable } from "./errors.ts";

const badBcd = codeTable.BAD_BCD.number;
const badFormat = codeTable.BAD_FORMAT.number;
const badCharset = codeTable.BAD_CHARSET.number;

/** Where the odd nibble of BCD is filled, and with what. */
export const bcdFill = { zeroLeft: 0, zeroRight: 1, fLeft: 2, fRight: 3 } as const;

/** AND of the class bits of all bytes, by any class table. */
export function classAndIn(classes: Uint8Array, b: Buffer, from: number, to: number): number {
  let bits = 0xff;
  for (let i = from; i < to; i = (i + 1) | 0) bits &= classes[b[i]!]!;
  return bits;
}

/** 0 where every nibble is a digit, or D in track data, and the odd one is the filler. */
export function bcdFault(
  b: Buffer,
  from: number,
  to: number,
  digits: number,
  fill: number,
  track: boolean,
): number {
  const nibbles = 2 * (to - from);
  const pad = nibbles - digits;
  const right = (fill & 1) !== 0;
  const skipAt = pad === 0 ? -1 : right ? nibbles - 1 : 0;
  for (let i = 0; i < nibbles; i++) {
    const byte = b[from + (i >> 1)]!;
    const nibble = (i & 1) === 0 ? byte >> 4 : byte & 15;
    if (i === skipAt) {
      if (nibble !== (fill >= bcdFill.fLeft ? 15 : 0)) return badBcd;
    } else if (nibble > 9 && !(track && nibble === 13)) {
      return badBcd;
    }
  }
  return 0;
}

/** Digits of BCD whose number nobody has written: a filler F tells, else the largest length. */
export function bcdDigits(b: Buffer, from: number, to: number, max: number, fill: number): number {
  const nibbles = 2 * (to - from);
  if (fill < bcdFill.fLeft) {
    return nibbles > max ? max : nibbles;
  }
  if (nibbles === 0) {
    return 0;
  }
  const pad = fill === bcdFill.fLeft ? b[from]! >> 4 : b[to - 1]! & 15;
  return pad === 15 ? nibbles - 1 : nibbles;
}

const dateDigits = Buffer.alloc(16);

/** The date tests over BCD: the digits are spread out first. */
export function isBcdDate(kind: number, b: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    dateDigits[2 * (i - from)] = b[i]! >> 4;
    dateDigits[2 * (i - from) + 1] = b[i]! & 15;
  }
  return isDate(kind, dateDigits, 0);
}

/** A sign C or D in ASCII, then BCD. */
export function signedFault(
  b: Buffer,
  from: number,
  to: number,
  digits: number,
  fill: number,
): number {
  if (to > from && b[from] !== 67 && b[from] !== 68) {
    return badFormat;
  }
  return to === from ? badFormat : bcdFault(b, from + 1, to, digits, fill, false);
}

/** Bytes of the UTF-8 sequence at `at` that ends before `end`: 0 where it is not a valid one. */
function sequenceBytes(b: Buffer, at: number, end: number): number {
  const lead = b[at]!;
  if (lead < 0x80) return 1;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > end) return 0;
  for (let i = 1; i < size; i++) {
    if ((b[at + i]! & 0xc0) !== 0x80) return 0;
  }
  const second = b[at + 1]!;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  return lead === 0xf4 && second > 0x8f ? 0 : size;
}

/**
 * End of `count` characters from `at` on; below 0 where that fails: -1 - i where the data ends in
 * character i, -1,000,000 - i where character i is not UTF-8.
 */
export function utf8End(b: Buffer, at: number, end: number, count: number): number {
  let p = at;
  for (let i = 0; i < count; i++) {
    const lead = p < end ? b[p]! : 0;
    const size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (p + size > end) return -1 - i;
    if (sequenceBytes(b, p, end) === 0) return -1_000_000 - i;
    p += size;
  }
  return p;
}

/** Judges UTF-8 text by the class table of ASCII; characters from U+00A0 on are printable. */
export function utf8Fault(
  b: Buffer,
  from: number,
  to: number,
  classes: Uint8Array,
  classBit: number,
  min: number,
  max: number,
): number {
  let bits = 0xff;
  let printable = true;
  let count = 0;
  for (let p = from; p < to; count++) {
    const size = sequenceBytes(b, p, to);
    if (size === 0) return badCharset;
    const lead = b[p]!;
    const isControl = lead === 0xc2 && b[p + 1]! < 0xa0;
    const one = size > 1 ? (isControl ? 0 : 1) : classes[lead]!;
    if (one === 0) printable = false;
    bits &= one;
    p += size;
  }
  if ((bits & classBit) === 0) return printable ? badFormat : badCharset;
  return count < min || count > max ? badFormat : 0;
}
