// ASCII digits to small numbers, without strings.

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
