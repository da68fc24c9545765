import type { BitmapSpec } from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import type { CodecErrorCode } from "../errors.ts";
import { Fault } from "./fault.ts";
import { type Reader, textOf } from "./reader.ts";

/** Codes of what can be wrong: a bitmap of a message closes the session, one of a part does not. */
export interface BitmapCodes {
  readonly truncated: CodecErrorCode;
  readonly notHex: CodecErrorCode;
}

/** Numbers of the bits that are set, from 1. */
export function bitsOf(bitmap: string): number[] {
  const bits: number[] = [];
  for (let i = 0; i < bitmap.length; i++) {
    const digit = Number.parseInt(bitmap[i]!, 16);
    for (let k = 0; k < 4; k++) {
      if ((digit & (8 >> k)) !== 0) {
        bits.push(4 * i + k + 1);
      }
    }
  }
  return bits;
}

/** One block of a bitmap as upper-case hex. */
export function takeBlock(
  reader: Reader,
  encoding: BitmapSpec["encoding"],
  bytes: number,
  path: string,
  codes: BitmapCodes,
): string {
  const at = reader.at;
  const size = encoding === "raw" ? bytes : 2 * bytes;
  const block = reader.take(size, codes.truncated, path);
  if (encoding === "raw") {
    return block.toString("hex").toUpperCase();
  }
  const text = textOf(isEbcdic(encoding) ? encoding : "latin1", block);
  if (!/^[0-9A-Fa-f]+$/.test(text)) {
    throw new Fault(codes.notHex, path, at, size, size);
  }
  return text.toUpperCase();
}

/** True where the first bit of a block is set. */
export function announces(block: string): boolean {
  return Number.parseInt(block[0]!, 16) >= 8;
}
