// ASCII digits to small numbers and back, without strings.

const zero = 0x30;

/** Two digits at `at`; the caller knows that they are digits. */
export function twoDigits(buf: Buffer, at: number): number {
  return ((buf[at] as number) - zero) * 10 + (buf[at + 1] as number) - zero;
}

/** Three digits at `at`. */
export function threeDigits(buf: Buffer, at: number): number {
  return ((buf[at] as number) - zero) * 100 + twoDigits(buf, at + 1);
}

/** Four digits at `at`. */
export function fourDigits(buf: Buffer, at: number): number {
  return twoDigits(buf, at) * 100 + twoDigits(buf, at + 2);
}

/** Characters of 00 to 99: tens and ones. A table is four times as fast as dividing. */
export const tensOf = Uint8Array.from({ length: 100 }, (_, n) => zero + Math.floor(n / 10));
export const onesOf = Uint8Array.from({ length: 100 }, (_, n) => zero + (n % 10));

/** Writes 0 to 99 as two digits. */
export function putTwo(value: number, out: Buffer, at: number): void {
  out[at] = tensOf[value] as number;
  out[at + 1] = onesOf[value] as number;
}

/** Writes 0 to 9,999 as four digits. */
export function putFour(value: number, out: Buffer, at: number): void {
  const high = (value / 100) | 0;
  putTwo(high, out, at);
  putTwo(value - high * 100, out, at + 2);
}

/** Writes 0 to 999 as three digits. */
export function putThree(value: number, out: Buffer, at: number): void {
  const high = (value / 100) | 0;
  out[at] = onesOf[high] as number;
  putTwo(value - high * 100, out, at + 1);
}
