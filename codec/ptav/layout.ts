/** A PTAV is 20 bytes, 28 characters as text; its MAC is over 53 bytes. */
export const PTAV_BYTES = 20;
export const PTAV_TEXT = 28;
export const PTAV_HEADER_BYTES = 12;
export const PTAV_MAC_BYTES = 8;
export const MAC_INPUT_BYTES = 53;

/** Where the MAC starts within the 20 bytes. */
export const ptavMacOffset = PTAV_HEADER_BYTES;

/** Low nibble of byte 0. Bit 8 is reserved and must be zero. */
export const ptavProfileBit = { AMOUNT: 1, MERCHANT: 2, REQUESTOR_NONCE: 4 } as const;

const version = 1;

/** Version 1, no reserved profile bit, KVN 1-255. Says nothing about the MAC. */
export function ptavFormatValid(bytes: Uint8Array, off: number): boolean {
  const first = bytes[off]!;
  return first >> 4 === version && (first & 8) === 0 && bytes[off + 1] !== 0;
}

export function ptavProfile(bytes: Uint8Array, off: number): number {
  return bytes[off]! & 15;
}

/** Key version number, 1-255 in a valid PTAV. */
export function ptavKvn(bytes: Uint8Array, off: number): number {
  return bytes[off + 1]!;
}

/** Unix seconds, unsigned. */
export function ptavIssuedAt(bytes: Uint8Array, off: number): number {
  return (
    bytes[off + 8]! * 0x1000000 +
    ((bytes[off + 9]! << 16) | (bytes[off + 10]! << 8) | bytes[off + 11]!)
  );
}

/**
 * Writes the 12 header bytes: version and profile, KVN, six nonce bytes, issuedAt (Unix seconds,
 * big-endian). With profile bit 4 the last four nonce bytes are the requestor's number; putting
 * them there is the caller's work. Throws a RangeError on a value that does not fit.
 */
export function writePtavHeader(
  dst: Uint8Array,
  at: number,
  profile: number,
  kvn: number,
  nonce: Uint8Array,
  nonceOff: number,
  issuedAtSeconds: number,
): void {
  if (profile < 0 || profile > 7) throw new RangeError("PTAV profile outside 0-7");
  if (kvn < 1 || kvn > 255) throw new RangeError("PTAV KVN outside 1-255");
  if (!Number.isInteger(issuedAtSeconds) || issuedAtSeconds < 0 || issuedAtSeconds > 0xffffffff) {
    throw new RangeError("PTAV issuedAt outside 32 bits");
  }
  dst[at] = (version << 4) | profile;
  dst[at + 1] = kvn;
  for (let i = 0; i < 6; i++) dst[at + 2 + i] = nonce[nonceOff + i]!;
  dst[at + 8] = issuedAtSeconds >>> 24;
  dst[at + 9] = issuedAtSeconds >>> 16;
  dst[at + 10] = issuedAtSeconds >>> 8;
  dst[at + 11] = issuedAtSeconds;
}
