// What the three digests of the claim stage are over. The first byte keeps them apart; every part
// of variable length carries its length, so that two different messages never share an input.
import type { View } from "../codec/iso8583/mod.ts";
import { tag } from "./verification-table.ts";

const domain = { MIT_KEY: 1, ORIGINAL_ID: 2, FINGERPRINT: 3 } as const;
const absent = 0xff;
const acquirerDigits = 11;
const zero = 0x30;

/** Elements that make a message the same message, all mandatory, in this order, before the tags. */
const fingerprintElements = [32, 7, 11, 37, 3, 4, 49, 42, 22] as const;
const fingerprintTags = [
  tag.TRID,
  tag.INITIATION,
  tag.MIT_TYPE,
  tag.STORED,
  tag.AGREEMENT,
] as const;

/**
 * Fingerprint of a transaction: DE32, 7, 11, 37, 3, 4, 49, 42, 22, MTI digits 1-2, the token's
 * index, DE120 tags 03 05 06 07 08, each with its length (0xFF: absent). Returns the bytes written.
 */
export function writeFingerprint(
  view: View,
  index: Buffer,
  indexAt: number,
  out: Buffer,
  at: number,
): number {
  let to = at;
  out[to++] = domain.FINGERPRINT;
  for (let i = 0; i < fingerprintElements.length; i++) {
    const element = fingerprintElements[i] as number;
    to = part(view.buf, view.offset(element), view.length(element), out, to);
  }
  to = writeClass(view.mti, out, to);
  for (let i = 0; i < 16; i++) out[to++] = index[indexAt + i] as number;
  const { tags } = view;
  for (let i = 0; i < fingerprintTags.length; i++) {
    const number = fingerprintTags[i] as number;
    to = tags.has(number)
      ? part(view.buf, tags.offset(number), tags.length(number), out, to)
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

function none(out: Buffer, at: number): number {
  out[at] = absent;
  return at + 1;
}
