// One value: what the caller gave, judged and written.
import type { FieldInput } from "../codec.ts";
import { contentProblem } from "../content-text.ts";
import type { DataEncoding, Filler, ValueSpec } from "../dialect.ts";
import { Fault } from "../oracle/fault.ts";
import { readValue } from "../oracle/value.ts";
import { bytesOfHex, bytesOfValueText, hexOfBytes } from "./bytes.ts";
import { refuse } from "./refuse.ts";

/** A value and how it is written. */
export interface Written {
  readonly spec: ValueSpec;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  /** True: the value is filled up to its one length. */
  readonly isFixed: boolean;
  /** True: the parts inside are judged, not the value as a whole. */
  readonly isWhole: boolean;
}

/** Bytes of the data, and its characters as a prefix counts them. */
export interface Data {
  readonly bytes: string;
  readonly count: number;
}

export interface Place {
  readonly path: string;
  readonly offset: number;
}

function padded({ spec, encoding, filler, isFixed }: Written, text: string): string {
  if (!isFixed || text === "") {
    return text;
  }
  const isNumber = spec.content === "n" && (filler === "zero-left" || encoding.endsWith("bcd"));
  if (isNumber) {
    return text.padStart(spec.max, "0");
  }
  return filler === "space-right" ? text.padEnd(spec.max, " ") : text;
}

function lengthOf(encoding: DataEncoding, text: string): number {
  return encoding === "utf-8" ? [...text].length : text.length;
}

/** Hex digits of a binary value; the case stays where the wire had it too. */
function binaryText(written: Written, text: string, place: Place, keepCase: boolean): string {
  const { min, max } = written.spec;
  if (text.length > 2 * max) {
    refuse("ENCODE_TOO_LONG", place.path, place.offset, 2 * max);
  }
  if (text.length < 2 * min || text.length % 2 === 1 || !/^[0-9A-Fa-f]*$/.test(text)) {
    refuse("ENCODE_BAD_VALUE", place.path, place.offset, 2 * max);
  }
  return keepCase ? text : text.toUpperCase();
}

function characters(written: Written, value: string, place: Place): string {
  const { spec, encoding } = written;
  const { path, offset } = place;
  const track = encoding === "bcd" && spec.content === "z" ? value.replaceAll("=", "D") : value;
  const text = padded(written, track);
  const length = lengthOf(encoding, text);
  if (length > spec.max) {
    refuse("ENCODE_TOO_LONG", path, offset, spec.max);
  }
  const wide = encoding !== "ascii";
  const highest = encoding === "utf-8" || [...text].every((char) => char <= "\xff");
  const bcd = encoding !== "bcd" || /^[0-9D]*$/.test(text);
  const problem = contentProblem(spec.content, text, wide);
  if (length < spec.min || problem !== null || !highest || !bcd) {
    refuse("ENCODE_BAD_VALUE", path, offset, spec.min);
  }
  return text;
}

/** Writes a value given as text. */
export function dataOfText(written: Written, value: string, place: Place, keepCase = false): Data {
  const { spec, encoding, filler, isWhole } = written;
  const binary = encoding === "raw" || encoding === "hex";
  if (isWhole && !binary) {
    if (value.length > spec.max) {
      refuse("ENCODE_TOO_LONG", place.path, place.offset, spec.max);
    }
    if (value.length < spec.min || !/^[\0-\xff]*$/.test(value)) {
      refuse("ENCODE_BAD_VALUE", place.path, place.offset, spec.min);
    }
    return { bytes: bytesOfValueText(encoding, filler, value), count: value.length };
  }
  const text = binary
    ? binaryText(written, value, place, keepCase)
    : characters(written, value, place);
  const count = binary && encoding === "raw" ? text.length / 2 : lengthOf(encoding, text);
  return { bytes: bytesOfValueText(encoding, filler, text), count };
}

/** Characters that bytes hold where nobody has said it: all digits that fit, no filler F. */
function countOf(
  { spec, encoding, filler }: Written,
  bytes: string,
  given: number | undefined,
): number {
  const isBcd = encoding.endsWith("bcd");
  if (!isBcd) {
    return encoding === "utf-8"
      ? [...Buffer.from(bytes, "latin1").toString("utf8")].length
      : bytes.length;
  }
  const sign = encoding === "signed-bcd" ? 1 : 0;
  const nibbles = 2 * (bytes.length - sign);
  const hex = hexOfBytes(bytes.slice(sign));
  const fill = filler.endsWith("right") ? hex.at(-1) : hex[0];
  const filled = filler.startsWith("f-") && fill === "F" ? nibbles - 1 : nibbles;
  return given ?? Math.min(filled + sign, spec.max);
}

/** Writes a value given as bytes in hex. */
function dataOfRaw(written: Written, input: FieldInput, place: Place): Data {
  const { spec, encoding, filler, isWhole } = written;
  const { path, offset } = place;
  const hex = input.raw ?? "";
  if (hex.length % 2 === 1 || !/^[0-9A-Fa-f]*$/.test(hex)) {
    refuse("ENCODE_BAD_VALUE", path, offset);
  }
  const bytes = bytesOfHex(hex);
  const count = countOf(written, bytes, input.digits);
  const length = encoding === "hex" ? bytes.length / 2 : count;
  if (!Number.isInteger(length)) {
    refuse("ENCODE_BAD_VALUE", path, offset);
  }
  if (length > spec.max) {
    refuse("ENCODE_TOO_LONG", path, offset, spec.max);
  }
  if (length < spec.min) {
    refuse("ENCODE_BAD_VALUE", path, offset, spec.min);
  }
  if (!isWhole || encoding === "hex") {
    const rule = { content: spec.content, encoding, filler, min: spec.min, max: spec.max };
    const counted = encoding.endsWith("bcd") ? count : null;
    try {
      readValue(rule, { bytes: Buffer.from(bytes, "latin1"), at: 0, count: counted, path });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refuse("ENCODE_BAD_VALUE", path, offset);
    }
  }
  return { bytes, count };
}

/**
 * A value that a mask has been over cannot be written: it says so, or it is nothing but stars in a
 * document (`masked: false` says that they are meant).
 */
export function isMasked({ masked, value, raw }: FieldInput): boolean {
  const isStars = raw === undefined && value !== undefined && /^\*+$/.test(value);
  return masked === true || (masked === undefined && isStars);
}

/** Writes a value given as text, as bytes, or as both, which must agree. */
export function dataOf(written: Written, input: FieldInput, place: Place): Data {
  const { value, raw } = input;
  if (isMasked(input) || (value === undefined && raw === undefined)) {
    refuse("ENCODE_BAD_VALUE", place.path, place.offset);
  }
  if (value === undefined) {
    return dataOfRaw(written, input, place);
  }
  const data = dataOfText(written, value, place, raw !== undefined);
  if (raw !== undefined && hexOfBytes(data.bytes) !== raw.toUpperCase()) {
    refuse("ENCODE_BAD_VALUE", place.path, place.offset);
  }
  return data;
}
