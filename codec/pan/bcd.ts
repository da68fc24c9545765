/**
 * Writes `len` ASCII digits as BCD into `dstLen` bytes, left-aligned and F-padded on the right:
 * 16 digits in 10 bytes are 8 bytes and FF FF; after an odd count the low nibble is F.
 * False when a character is no digit or the digits do not fit; `dst` is then undefined.
 * Allocates nothing.
 */
export function digitsToBcd(
  src: Uint8Array,
  srcOff: number,
  len: number,
  dst: Uint8Array,
  dstOff: number,
  dstLen: number,
): boolean {
  if (len < 0 || len > dstLen * 2 || srcOff + len > src.length || dstOff + dstLen > dst.length) {
    return false;
  }
  let bad = 0;
  let to = dstOff;
  let i = srcOff;
  for (const pairsEnd = srcOff + (len & ~1); i < pairsEnd; i += 2) {
    const high = src[i]! - 0x30;
    const low = src[i + 1]! - 0x30;
    // A value outside 0-9 sets a bit above the low byte in one of these differences.
    bad |= high | (9 - high) | low | (9 - low);
    dst[to++] = (high << 4) | low;
  }
  if ((len & 1) === 1) {
    const high = src[i]! - 0x30;
    bad |= high | (9 - high);
    dst[to++] = (high << 4) | 0x0f;
  }
  for (const end = dstOff + dstLen; to < end; to++) dst[to] = 0xff;
  return bad >= 0;
}

/**
 * Writes the digits of `bytes` BCD bytes as ASCII and returns how many there were; stops at the
 * first F nibble. Returns -1 at a nibble from A to E, which no encoder writes. Allocates nothing.
 */
export function bcdToDigits(
  src: Uint8Array,
  srcOff: number,
  bytes: number,
  dst: Uint8Array,
  dstOff: number,
): number {
  let count = 0;
  for (let i = srcOff; i < srcOff + bytes; i++) {
    const byte = src[i]!;
    const high = byte >> 4;
    if (high > 9) return high === 15 ? count : -1;
    dst[dstOff + count++] = 0x30 + high;
    const low = byte & 15;
    if (low > 9) return low === 15 ? count : -1;
    dst[dstOff + count++] = 0x30 + low;
  }
  return count;
}
