// The number before a frame, in each of its encodings.
import type { Framing } from "./frame-formats.ts";

/** The number at `at`, or -1 where its bytes are none (bad digits, or zeros that are not zeros). */
export function readNumber(framing: Framing, buf: Buffer, at: number): number {
  const from = at + framing.numberAt;
  const end = from + framing.numberBytes;
  // A VAP prefix carries a format byte where others have zeros.
  if (!framing.control) {
    for (let i = at; i < at + framing.prefixBytes; i++) {
      if ((i < from || i >= end) && buf[i] !== 0) return -1;
    }
  }
  let value = 0;
  switch (framing.encoding) {
    case "binary":
      // By multiplication: four bytes do not fit a 32-bit shift.
      for (let i = from; i < end; i++) value = value * 256 + buf[i]!;
      return value;
    case "bcd":
      for (let i = from; i < end; i++) {
        const high = buf[i]! >> 4;
        const low = buf[i]! & 15;
        if (high > 9 || low > 9) return -1;
        value = value * 100 + high * 10 + low;
      }
      return value;
    case "ascii":
      for (let i = from; i < end; i++) {
        const digit = buf[i]! - 48;
        if (digit >>> 0 > 9) return -1;
        value = value * 10 + digit;
      }
      return value;
    case "hex":
      for (let i = from; i < end; i++) {
        const digit = hexDigit(buf[i]!);
        if (digit < 0) return -1;
        value = value * 16 + digit;
      }
      return value;
  }
}

function hexDigit(byte: number): number {
  if ((byte - 48) >>> 0 <= 9) return byte - 48;
  const letter = (byte | 0x20) - 97;
  return letter >>> 0 <= 5 ? letter + 10 : -1;
}

const hexCharacters = Buffer.from("0123456789ABCDEF", "latin1");

/** Writes the whole prefix for `value`; what is not the number is zero. */
export function writeNumber(framing: Framing, dst: Buffer, at: number, value: number): number {
  const { encoding, numberBytes } = framing;
  const from = at + framing.numberAt;
  const end = at + framing.prefixBytes;
  for (let i = at; i < end; i++) dst[i] = 0;
  const base =
    encoding === "binary" ? 256 : encoding === "bcd" ? 100 : encoding === "hex" ? 16 : 10;
  let rest = value;
  for (let i = from + numberBytes - 1; i >= from; i--) {
    const digit = rest % base;
    rest = Math.floor(rest / base);
    if (encoding === "binary") dst[i] = digit;
    else if (encoding === "bcd") dst[i] = (Math.floor(digit / 10) << 4) | (digit % 10);
    else dst[i] = hexCharacters[digit]!;
  }
  return end;
}
