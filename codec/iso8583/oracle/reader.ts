// A position in the bytes, and the numbers that stand outside of data: lengths, counts, bitmaps.
import type { DigitEncoding, LengthPrefix } from "../dialect.ts";
import { ebcdicText, isEbcdic } from "../ebcdic.ts";
import type { CodecErrorCode } from "../errors.ts";
import { bytesOfPrefix } from "../wire-size.ts";
import { Fault } from "./fault.ts";

export class Reader {
  readonly buf: Buffer;
  at: number;
  readonly end: number;

  constructor(buf: Buffer, at: number, end: number) {
    this.buf = buf;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Steps over `count` bytes and returns where they begin. */
  step(count: number, code: CodecErrorCode, path: string): number {
    if (this.left < count) {
      throw new Fault(code, path, this.at, count, this.left);
    }
    this.at += count;
    return this.at - count;
  }

  /** The next `count` bytes. */
  take(count: number, code: CodecErrorCode, path: string): Buffer {
    const from = this.step(count, code, path);
    return this.buf.subarray(from, from + count);
  }
}

/** Text of bytes in a one-byte encoding. */
export function textOf(encoding: string, bytes: Buffer): string {
  return isEbcdic(encoding) ? ebcdicText(encoding, bytes) : bytes.toString("latin1");
}

/** Digits of a number in that encoding, or null where they are none. */
export function digitsOf(encoding: DigitEncoding, bytes: Buffer): string | null {
  const text = encoding === "bcd" ? bytes.toString("hex") : textOf(encoding, bytes);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) {
      return null;
    }
  }
  return text;
}

/** The number of a length prefix. */
export function takeLength(
  reader: Reader,
  prefix: LengthPrefix,
  path: string,
  truncated: CodecErrorCode,
): number {
  const size = bytesOfPrefix(prefix);
  const at = reader.at;
  const bytes = reader.take(size, truncated, path);
  if (prefix.encoding === "binary") {
    return bytes.readUIntBE(0, size);
  }
  const digits = digitsOf(prefix.encoding, bytes);
  if (digits === null) {
    throw new Fault("LEN_NOT_NUMERIC", path, at, size, size);
  }
  return Number.parseInt(digits, 10);
}
