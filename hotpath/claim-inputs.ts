// What the three digests of the claim stage are over. The first byte keeps them apart (3 was an
// earlier fingerprint); every part of variable length carries its length, so that two different
// messages never share an input.
import type { View } from "../codec/iso8583/mod.ts";
import { tag } from "./verification-table.ts";

const domain = { MIT_KEY: 1, ORIGINAL_ID: 2, FINGERPRINT: 4 } as const;
const absent = 0xff;
const acquirerDigits = 11;
const zero = 0x30;

const fingerprintTags = [
  tag.TRID,
  tag.INITIATION,
  tag.MIT_TYPE,
  tag.STORED,
  tag.AGREEMENT,
] as const;

/**
 * Fingerprint of a transaction: MTI digits 1-2, DE7, 11, 3 and 4 (all digits, two a byte), 22, 49,
 * 37, 42 and the token's index, each of a fixed length; DE32 and DE120 tags 03 05 06 07 08 with
 * their lengths (0xFF: absent). Returns the bytes written: 94 of a usual payment, which is six
 * cipher blocks; one digit a byte took eight.
 */
export function writeFingerprint(
  view: View,
  index: Buffer,
  indexAt: number,
  out: Buffer,
  at: number,
): number {
  const { buf, tags } = view;
  out[at] = domain.FINGERPRINT;
  out[at + 1] = view.mti >> 8;
  let to = digits(buf, view.offset(7), 10, out, at + 2);
  to = digits(buf, view.offset(11), 6, out, to);
  to = digits(buf, view.offset(3), 6, out, to);
  to = digits(buf, view.offset(4), 12, out, to);
  to = bytes(buf, view.offset(22), 3, out, to);
  to = bytes(buf, view.offset(49), 3, out, to);
  to = bytes(buf, view.offset(37), 12, out, to);
  to = bytes(buf, view.offset(42), 15, out, to);
  to = bytes(index, indexAt, 16, out, to);
  to = part(buf, view.offset(32), view.length(32), out, to);
  for (let i = 0; i < fingerprintTags.length; i++) {
    const number = fingerprintTags[i] as number;
    to = tags.has(number)
      ? part(buf, tags.offset(number), tags.length(number), out, to)
      : none(out, to);
  }
  return to - at;
}

/** Claim key of a message without PTAV: DE32, DE7, DE11, DE37, MTI digits 1-2. */
export function writeMitKey(view: View, out: Buffer, at: number): number {
  let to = at;
  out[to++] = domain.MIT_KEY;
  to = part(view.buf, view.offset(32), view.length(32), out, to);
  to = bytes(view.buf, view.offset(7), 10, out, to);
  to = bytes(view.buf, view.offset(11), 6, out, to);
  to = bytes(view.buf, view.offset(37), 12, out, to);
  return writeClass(view.mti, out, to) - at;
}

/**
 * A message as a DE90 would name it: DE32 right-justified in 11 digits, DE7, DE11, MTI digits 1-2.
 */
export function writeOriginalId(view: View, out: Buffer, at: number): number {
  let to = at;
  out[to++] = domain.ORIGINAL_ID;
  const length = view.length(32);
  for (let i = length; i < acquirerDigits; i++) out[to++] = zero;
  to = bytes(view.buf, view.offset(32), length, out, to);
  to = bytes(view.buf, view.offset(7), 10, out, to);
  to = bytes(view.buf, view.offset(11), 6, out, to);
  return writeClass(view.mti, out, to) - at;
}

/** The same from DE90 itself: MTI 4, STAN 6, DE7 10, DE32 11 (ISO 8583:1987 DE90). */
export function writeNamedOriginalId(view: View, out: Buffer, at: number): number {
  const from = view.offset(90);
  let to = at;
  out[to++] = domain.ORIGINAL_ID;
  to = bytes(view.buf, from + 20, acquirerDigits, out, to);
  to = bytes(view.buf, from + 10, 10, out, to);
  to = bytes(view.buf, from + 4, 6, out, to);
  return bytes(view.buf, from, 2, out, to) - at;
}

function writeClass(mti: number, out: Buffer, at: number): number {
  out[at] = zero + (mti >> 12);
  out[at + 1] = zero + ((mti >> 8) & 15);
  return at + 2;
}

function part(buf: Buffer, from: number, length: number, out: Buffer, at: number): number {
  out[at] = length;
  return bytes(buf, from, length, out, at + 1);
}

function bytes(buf: Buffer, from: number, length: number, out: Buffer, at: number): number {
  for (let i = 0; i < length; i++) out[at + i] = buf[from + i] as number;
  return at + length;
}

/** An even number of digits, two a byte; the codec has made sure that they are digits. */
function digits(buf: Buffer, from: number, count: number, out: Buffer, at: number): number {
  const end = from + count;
  let to = at;
  for (let i = from; i < end; i += 2) {
    out[to++] = ((buf[i] as number) << 4) | ((buf[i + 1] as number) & 15);
  }
  return to;
}

function none(out: Buffer, at: number): number {
  out[at] = absent;
  return at + 1;
}
