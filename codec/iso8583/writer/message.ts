// The slow writer: plain values, or the document form, to bytes, for tools, tests and structured
// requests. It pads fixed elements as the standard says (numbers zero-filled on the left, text
// space-filled on the right) and throws a CodecError that names the element and never the value.
import type { MessageInput } from "../codec.ts";
import type { Dialect } from "../dialect.ts";
import { bitsOf } from "../oracle/bitmap.ts";
import { elementOf } from "../oracle/message.ts";
import { bytesOfDigits, bytesOfHex, bytesOfText } from "./bytes.ts";
import { bitmapBytes } from "./composite.ts";
import { elementBytes } from "./element.ts";
import { refuse } from "./refuse.ts";

function elementNumbers(dialect: Dialect, message: MessageInput): number[] {
  const numbers = Object.keys(message.fields).map((key) => {
    if (elementOf(dialect, message.mti ?? "", Number(key)) === undefined) {
      refuse("ENCODE_BAD_VALUE", key, 0);
    }
    return Number(key);
  });
  return numbers.sort((a, b) => a - b);
}

/** Start bytes are optional, but where they are given they must be those of the dialect. */
function headerBytes(dialect: Dialect, header: string | undefined): string {
  if (header === undefined) {
    return "";
  }
  const { literal, digits, rawBytes = 0 } = dialect.header ?? { literal: "", digits: 0 };
  const text = header.slice(0, literal.length + digits);
  const raw = header.slice(literal.length + digits);
  const rest = text.slice(literal.length);
  const isText = text.startsWith(literal) && rest.length === digits && /^[0-9]*$/.test(rest);
  if (!isText || raw.length !== 2 * rawBytes || !/^[0-9A-Fa-f]*$/.test(raw)) {
    refuse("ENCODE_BAD_VALUE", "", 0);
  }
  return text + bytesOfHex(raw);
}

function mtiBytes(dialect: Dialect, mti: string | null): string {
  const { encoding, version } = dialect.mti;
  if (mti === null || !/^[0-9]{4}$/.test(mti) || !version.includes(mti[0]!)) {
    refuse("ENCODE_BAD_VALUE", "", 0);
  }
  return encoding === "bcd" ? bytesOfDigits(mti, "none") : bytesOfText(encoding, mti);
}

/** Blocks of 64 bits that the message needs, or that its document says it had. */
function blocksOf(
  dialect: Dialect,
  numbers: readonly number[],
  bitmap: string | undefined,
): number {
  const { bits, continues, writesAll } = dialect.bitmap;
  const most = bits / 64;
  if (continues !== "bit1" || writesAll) {
    return most;
  }
  const needed = Math.max(1, Math.ceil((numbers.at(-1) ?? 1) / 64));
  const given = (bitmap?.length ?? 0) / 16;
  return Math.min(most, Math.max(needed, given));
}

function bitmapText(
  dialect: Dialect,
  numbers: readonly number[],
  given: string | undefined,
): string {
  const { continues, encoding } = dialect.bitmap;
  const blocks = blocksOf(dialect, numbers, given);
  const marks: number[] = [];
  for (let block = 1; block < (continues === "never" ? 0 : blocks); block++) {
    marks.push(64 * block - 63);
  }
  const bytes = bitmapBytes([...marks, ...numbers], 8 * blocks);
  const hex = Buffer.from(bytes, "latin1").toString("hex").toUpperCase();
  if (given !== undefined && !sameElements(given, hex)) {
    refuse("ENCODE_BAD_VALUE", "", 0);
  }
  return encoding === "raw" ? bytes : bytesOfText(encoding, hex);
}

/** Two bitmaps announce the same elements. */
function sameElements(given: string, made: string): boolean {
  const elements = (bitmap: string): string =>
    bitsOf(bitmap)
      .filter((bit) => bit % 64 !== 1)
      .join();
  return /^[0-9A-Fa-f]+$/.test(given) && elements(given) === elements(made);
}

/** Writes the message at `at` and returns its end. */
export function encodeMessage(
  dialect: Dialect,
  message: MessageInput,
  out: Buffer,
  at: number,
): number {
  const numbers = elementNumbers(dialect, message);
  let bytes = mtiBytes(dialect, message.mti);
  bytes = headerBytes(dialect, message.header) + bytes;
  bytes += bitmapText(dialect, numbers, message.bitmap ?? undefined);
  for (const de of numbers) {
    const path = String(de);
    const element = elementOf(dialect, message.mti ?? "", de)!;
    bytes += elementBytes(element, message.fields[path]!, { path, offset: bytes.length });
  }
  if (bytes.length > dialect.bytesMax || at + bytes.length > out.length) {
    refuse("OUTPUT_FULL", "", bytes.length);
  }
  return at + out.write(bytes, at, "latin1");
}
