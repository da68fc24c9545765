// The few bytes that the door looks at before it knows what to do with a frame.

/** Literal "ISO", then nine digits: product, release, status, originator, responder. */
export function startBytesValid(buf: Buffer, off: number): boolean {
  if (buf[off] !== 0x49 || buf[off + 1] !== 0x53 || buf[off + 2] !== 0x4f) return false;
  for (let i = off + 3; i < off + 12; i++) if ((buf[i]! - 48) >>> 0 > 9) return false;
  return true;
}

/** The MTI as the decimal number it is written as, or 0 where it is not four digits. */
export function mtiNumber(buf: Buffer, off: number): number {
  let value = 0;
  for (let i = off; i < off + 4; i++) {
    const digit = buf[i]! - 48;
    if (digit >>> 0 > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}
