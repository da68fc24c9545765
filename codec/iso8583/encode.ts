// The slow writer: plain values to bytes, for tools, tests and structured requests. It pads fixed
// elements as the standard says (numbers zero-filled on the left, text space-filled on the right)
// and throws a CodecError that names the element and never the value.
import type { MessageInput } from "./codec.ts";
import { contentProblem } from "./content-text.ts";
import type { Dialect, ElementSpec, TagListSpec, ValueSpec } from "./dialect.ts";
import { CodecError, type CodecErrorCode } from "./errors.ts";

function refuse(code: CodecErrorCode, path: string, offset: number, expected?: number): never {
  throw new CodecError(code, { path, offset, ...(expected === undefined ? {} : { expected }) });
}

function checkValue(spec: ValueSpec, text: string, path: string, offset: number): void {
  if (text.length > spec.max) {
    refuse("ENCODE_TOO_LONG", path, offset, spec.max);
  }
  if (text.length < spec.min || contentProblem(spec.content, text) !== null) {
    refuse("ENCODE_BAD_VALUE", path, offset, spec.min);
  }
}

function tagListText(
  spec: TagListSpec,
  tags: Readonly<Record<string, string>>,
  de: string,
  offset: number,
): string {
  let text = "";
  const entries = Object.entries(tags);
  if (entries.length > spec.tagsMax) {
    refuse("ENCODE_TOO_LONG", de, offset, spec.tagsMax);
  }
  for (const [tag, value] of entries) {
    const path = `${de}.${tag}`;
    if (tag.length !== spec.tagDigits || !/^[0-9]+$/.test(tag)) {
      refuse("ENCODE_BAD_VALUE", path, offset);
    }
    const rule = spec.tags[tag] ?? { name: "unknown", min: 1, max: 999, content: "ans" };
    checkValue(rule, value, path, offset);
    text += tag + String(value.length).padStart(spec.lengthDigits, "0") + value;
  }
  return text;
}

function padded(element: ElementSpec, text: string): string {
  if (element.filler === "zero-left") {
    return text.padStart(element.max, "0");
  }
  return element.filler === "space-right" ? text.padEnd(element.max, " ") : text;
}

/** Data of an element as latin1 text, one character a byte, without its prefix. */
function dataOf(
  element: ElementSpec,
  value: string | Readonly<Record<string, string>>,
  de: string,
  offset: number,
): string {
  if (typeof value !== "string") {
    if (element.composite?.kind !== "tag-list") {
      refuse("ENCODE_BAD_VALUE", de, offset);
    }
    const text = tagListText(element.composite, value, de, offset);
    checkValue(element, text, de, offset);
    return text;
  }
  if (element.content === "b") {
    if (value.length !== 2 * element.max || !/^[0-9A-Fa-f]*$/.test(value)) {
      const code = value.length > 2 * element.max ? "ENCODE_TOO_LONG" : "ENCODE_BAD_VALUE";
      refuse(code, de, offset, 2 * element.max);
    }
    return element.encoding === "raw"
      ? Buffer.from(value, "hex").toString("latin1")
      : value.toUpperCase();
  }
  const text = value === "" ? value : padded(element, value);
  checkValue(element, text, de, offset);
  return text;
}

function bitmapText(numbers: readonly number[], from: number): string {
  let text = "";
  for (let de = from; de < from + 64; de += 4) {
    const digit = [0, 1, 2, 3].reduce((sum, i) => sum + (numbers.includes(de + i) ? 8 >> i : 0), 0);
    text += digit.toString(16).toUpperCase();
  }
  return text;
}

function elementNumbers(dialect: Dialect, message: MessageInput): number[] {
  const numbers = Object.keys(message.fields).map((key) => {
    if (dialect.elements[key] === undefined) {
      refuse("ENCODE_BAD_VALUE", key, 0);
    }
    return Number(key);
  });
  return numbers.sort((a, b) => a - b);
}

/** Start bytes are optional, but where they are given they must be those of the dialect. */
function checkHeader(dialect: Dialect, header: string | undefined): void {
  if (header === undefined) {
    return;
  }
  const { literal, digits } = dialect.header ?? { literal: "", digits: 0 };
  const rest = header.slice(literal.length);
  if (!header.startsWith(literal) || rest.length !== digits || !/^[0-9]*$/.test(rest)) {
    refuse("ENCODE_BAD_VALUE", "", 0);
  }
}

/** Writes the message at `at` and returns its end. */
export function encodeMessage(
  dialect: Dialect,
  message: MessageInput,
  out: Buffer,
  at: number,
): number {
  const numbers = elementNumbers(dialect, message);
  if (!/^[0-9]{4}$/.test(message.mti) || message.mti[0] !== dialect.mti.version) {
    refuse("ENCODE_BAD_VALUE", "", 0);
  }
  checkHeader(dialect, message.header);
  const both = dialect.bitmap.writesAll || numbers.some((de) => de > 64);
  const bits = both ? [1, ...numbers] : numbers;
  let text = `${message.header ?? ""}${message.mti}${bitmapText(bits, 1)}`;
  text += both ? bitmapText(bits, 65) : "";
  for (const de of numbers) {
    const key = String(de);
    const element = dialect.elements[key]!;
    const data = dataOf(element, message.fields[key]!, key, text.length);
    const { prefix } = element;
    const length = String(data.length).padStart(prefix?.digits ?? 0, "0");
    text += prefix === null ? data : length + data;
  }
  if (text.length > dialect.bytesMax || at + text.length > out.length) {
    refuse("OUTPUT_FULL", "", text.length);
  }
  return at + out.write(text, at, "latin1");
}
