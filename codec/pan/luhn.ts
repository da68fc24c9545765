/**
 * True when `len` ASCII digits at `off` end in their Luhn check digit (ISO/IEC 7812-1 annex B).
 * Anything that is not a digit, and fewer than two characters, is false. Allocates nothing.
 */
export function luhnValid(buf: Uint8Array, off: number, len: number): boolean {
  if (len < 2 || off < 0 || off + len > buf.length) return false;
  let sum = 0;
  let doubled = false;
  for (let i = off + len - 1; i >= off; i--) {
    const digit = buf[i]! - 0x30;
    if (digit < 0 || digit > 9) return false;
    if (doubled) {
      sum += digit > 4 ? digit * 2 - 9 : digit * 2;
    } else {
      sum += digit;
    }
    doubled = !doubled;
  }
  return sum % 10 === 0;
}

/** PANs and TPANs have 13 to 19 digits (ISO/IEC 7812-1 allows 19; below 13 no network issues). */
export const panDigitsMin = 13;
export const panDigitsMax = 19;

/** True for 13-19 ASCII digits with a right check digit. */
export function panValid(buf: Uint8Array, off: number, len: number): boolean {
  return len >= panDigitsMin && len <= panDigitsMax && luhnValid(buf, off, len);
}

/** The check digit that belongs behind `digits`. Throws a RangeError on anything but digits. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  let doubled = true;
  for (let i = digits.length - 1; i >= 0; i--) {
    const digit = digits.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) throw new RangeError("luhnDigit: not a digit");
    sum += doubled ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
    doubled = !doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** `prefix` with its check digit behind it: tests build their card numbers with this. */
export function withCheckDigit(prefix: string): string {
  return prefix + luhnDigit(prefix);
}
