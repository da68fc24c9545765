// What lengths mean on the wire: characters of a value, the number in a prefix, and bytes of data
// are three different things.
import type { DataEncoding, DigitEncoding, ElementSpec, LengthPrefix } from "./dialect.ts";

/** Bytes that a value of that length takes; for utf-8 the most that it can take. */
export function bytesOfValue(encoding: DataEncoding, length: number): number {
  switch (encoding) {
    case "hex":
      return 2 * length;
    case "bcd":
      return (length + 1) >> 1;
    case "signed-bcd":
      return length === 0 ? 0 : 1 + (length >> 1);
    case "utf-8":
      return 4 * length;
    default:
      return length;
  }
}

/** The number that a prefix holds for a value of that length; for utf-8 bytes, the largest. */
export function numberOfValue(
  encoding: DataEncoding,
  unit: LengthPrefix["unit"],
  length: number,
): number {
  if (unit === "bytes") {
    return encoding === "hex" ? length : bytesOfValue(encoding, length);
  }
  return encoding === "hex" ? 2 * length : length;
}

/** Bytes of data that a prefix announces; not for utf-8 counted in characters. */
export function bytesOfNumber(
  encoding: DataEncoding,
  unit: LengthPrefix["unit"],
  count: number,
): number {
  if (unit === "bytes") {
    return encoding === "hex" ? 2 * count : count;
  }
  return encoding === "hex" ? count : bytesOfValue(encoding, count);
}

/** Bytes of the prefix itself. */
export function bytesOfPrefix(prefix: LengthPrefix): number {
  return prefix.encoding === "bcd" ? (prefix.digits + 1) >> 1 : prefix.digits;
}

/** The largest number that a prefix can hold. */
export function prefixMax(prefix: LengthPrefix): number {
  return (prefix.encoding === "binary" ? 256 : 10) ** prefix.digits - 1;
}

/** Smallest and largest number in the prefix of an element. */
export function numberLimits(element: ElementSpec): { readonly min: number; readonly max: number } {
  const { prefix, encoding } = element;
  if (prefix === null) {
    return { min: element.min, max: element.max };
  }
  const utf8Bytes = encoding === "utf-8" && prefix.unit === "bytes";
  return {
    min: utf8Bytes ? element.min : numberOfValue(encoding, prefix.unit, element.min),
    max: Math.min(numberOfValue(encoding, prefix.unit, element.max), prefixMax(prefix)),
  };
}

/** Bytes of a message type. */
export function bytesOfMTI(encoding: DigitEncoding): number {
  return encoding === "bcd" ? 2 : 4;
}
