import { PTAV_BYTES, PTAV_TEXT } from "./layout.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Value of a character, or 0x80 for one outside the standard alphabet of RFC 4648 section 4. */
const sextetOf = new Uint8Array(256).fill(0x80);
const charOf = new Uint8Array(64);
for (let i = 0; i < 64; i++) {
  charOf[i] = alphabet.charCodeAt(i);
  sextetOf[alphabet.charCodeAt(i)] = i;
}
const padding = 0x3d;

/**
 * Strict base64 (RFC 4648 section 4) of exactly 20 bytes: 27 characters of the standard alphabet
 * and one `=`, the two spare bits zero, so that a PTAV has one text and no second spelling can pass
 * for another cryptogram. False on anything else; `dst` is then undefined. Allocates nothing.
 */
export function decodePtavText(
  buf: Uint8Array,
  off: number,
  len: number,
  dst: Uint8Array,
  dstOff: number,
): boolean {
  if (len !== PTAV_TEXT || off < 0 || off + len > buf.length) return false;
  if (dstOff < 0 || dstOff + PTAV_BYTES > dst.length) return false;
  if (buf[off + 27] !== padding) return false;
  let bad = 0;
  let from = off;
  let to = dstOff;
  for (let group = 0; group < 6; group++) {
    const a = sextetOf[buf[from]!]!;
    const b = sextetOf[buf[from + 1]!]!;
    const c = sextetOf[buf[from + 2]!]!;
    const d = sextetOf[buf[from + 3]!]!;
    bad |= a | b | c | d;
    dst[to] = (a << 2) | (b >> 4);
    dst[to + 1] = (b << 4) | (c >> 2);
    dst[to + 2] = (c << 6) | d;
    from += 4;
    to += 3;
  }
  const a = sextetOf[buf[from]!]!;
  const b = sextetOf[buf[from + 1]!]!;
  const c = sextetOf[buf[from + 2]!]!;
  dst[to] = (a << 2) | (b >> 4);
  dst[to + 1] = (b << 4) | (c >> 2);
  return ((bad | a | b | c) & 0x80) === 0 && (c & 3) === 0;
}

/** Writes the 28 characters of the 20 bytes at `srcOff`. Allocates nothing. */
export function encodePtavText(
  src: Uint8Array,
  srcOff: number,
  dst: Uint8Array,
  dstOff: number,
): void {
  let from = srcOff;
  let to = dstOff;
  for (let group = 0; group < 6; group++) {
    const bits = (src[from]! << 16) | (src[from + 1]! << 8) | src[from + 2]!;
    dst[to] = charOf[bits >> 18]!;
    dst[to + 1] = charOf[(bits >> 12) & 63]!;
    dst[to + 2] = charOf[(bits >> 6) & 63]!;
    dst[to + 3] = charOf[bits & 63]!;
    from += 3;
    to += 4;
  }
  const bits = (src[from]! << 8) | src[from + 1]!;
  dst[to] = charOf[bits >> 10]!;
  dst[to + 1] = charOf[(bits >> 4) & 63]!;
  dst[to + 2] = charOf[(bits << 2) & 63]!;
  dst[to + 3] = padding;
}
