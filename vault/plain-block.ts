// The plaintext of a sealed block: a number in BCD (10), its expiry YYMM in BCD (2), four zero
// bytes.
import { bcdToDigits, ClearPAN } from "../codec/pan/mod.ts";
import { appError } from "../platform/mod.ts";
import { bcdBytes, plainBytes } from "./sealing.ts";

/** Plaintext of a sealed block. */
export function plainOf(number: ClearPAN, yymm: number): Buffer {
  const plain = Buffer.alloc(plainBytes);
  number.bcdTo(plain, 0);
  setPlainExpiry(plain, 0, yymm);
  return plain;
}

/** Writes YYMM as two BCD bytes into the block at `at`. */
export function setPlainExpiry(plain: Buffer, at: number, yymm: number): void {
  plain[at + 10] = (Math.floor(yymm / 1000) << 4) | (Math.floor(yymm / 100) % 10);
  plain[at + 11] = ((Math.floor(yymm / 10) % 10) << 4) | (yymm % 10);
}

/** The expiry in the block at `at`. */
export function plainExpiry(plain: Buffer, at: number): number {
  const high = plain[at + 10]!;
  const low = plain[at + 11]!;
  return (high >> 4) * 1000 + (high & 15) * 100 + (low >> 4) * 10 + (low & 15);
}

/** The number in ten BCD bytes. VAULT_CORRUPT where they hold none. */
export function numberOfBcd(bcd: Buffer): ClearPAN {
  const digits = Buffer.alloc(20);
  const length = bcdToDigits(bcd, 0, bcdBytes, digits, 0);
  if (length < 0) throw appError("VAULT_CORRUPT", "A sealed block holds no number.");
  const number = ClearPAN.parse(digits.subarray(0, length));
  digits.fill(0);
  return number;
}

/** The ten BCD bytes of a number, F-padded. */
export function bcdOf(number: ClearPAN): Buffer {
  const bcd = Buffer.alloc(bcdBytes);
  number.bcdTo(bcd, 0);
  return bcd;
}
