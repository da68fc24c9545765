// Text to bytes, as Latin-1 text: one character a byte, so that a message is put together as one
// string and written with one call.
import type { DataEncoding, DigitEncoding, Filler } from "../dialect.ts";
import { ebcdicBytes, isEbcdic } from "../ebcdic.ts";

/** Bytes of hex digits. */
export function bytesOfHex(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1");
}

/** Hex of bytes, upper case. */
export function hexOfBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("hex").toUpperCase();
}

/** Bytes of text in a one-byte encoding, or in UTF-8. */
export function bytesOfText(encoding: string, text: string): string {
  if (isEbcdic(encoding)) {
    return ebcdicBytes(encoding, text).toString("latin1");
  }
  return encoding === "utf-8" ? Buffer.from(text, "utf8").toString("latin1") : text;
}

/** Digits as BCD; an odd one is filled where the element says. */
export function bytesOfDigits(digits: string, filler: Filler): string {
  const fill = filler.startsWith("f-") ? "F" : "0";
  const even = digits.length % 2 === 0;
  const whole = even ? digits : filler.endsWith("right") ? digits + fill : fill + digits;
  return bytesOfHex(whole);
}

/** The bytes of a value's characters, which are known to be good. */
export function bytesOfValueText(encoding: DataEncoding, filler: Filler, text: string): string {
  switch (encoding) {
    case "raw":
      return bytesOfHex(text);
    case "hex":
      return text;
    case "bcd":
      return bytesOfDigits(text, filler);
    case "signed-bcd":
      return text === "" ? "" : text[0] + bytesOfDigits(text.slice(1), filler);
    default:
      return bytesOfText(encoding, text);
  }
}

/** A number outside of data: a length, or the digits of a message type. */
export function bytesOfNumber(encoding: DigitEncoding, digits: number, value: number): string {
  if (encoding === "binary") {
    return bytesOfHex(value.toString(16).padStart(2 * digits, "0"));
  }
  const text = String(value).padStart(encoding === "bcd" ? digits + (digits % 2) : digits, "0");
  return encoding === "bcd" ? bytesOfHex(text) : bytesOfText(encoding, text);
}
