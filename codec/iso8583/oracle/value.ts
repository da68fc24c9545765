// One value: is it written as it should be, is it of its class, and what does it say?
import { contentProblem } from "../content-text.ts";
import type { ContentClass, DataEncoding, Filler } from "../dialect.ts";
import type { CodecErrorCode } from "../errors.ts";
import { Fault } from "./fault.ts";
import { textOf } from "./reader.ts";

/** How a value is written and what it may be. */
export interface ValueRule {
  readonly content: ContentClass;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly min: number;
  readonly max: number;
}

/** Bytes of a value; `count` is its number of characters where something outside of it says so. */
export interface ValueBytes {
  readonly bytes: Buffer;
  readonly at: number;
  readonly count: number | null;
  readonly path: string;
}

function refuse(code: CodecErrorCode, { bytes, at, path }: ValueBytes): never {
  throw new Fault(code, path, at, bytes.length, bytes.length);
}

/** Digits of BCD without the filling nibble, D for a separator. */
function bcdText(rule: ValueRule, value: ValueBytes, max: number, count: number | null): string {
  const nibbles = value.bytes.toString("hex").toUpperCase();
  const left = !rule.filler.endsWith("right");
  const fill = rule.filler.startsWith("f-") ? "F" : "0";
  const pad = left ? nibbles[0] : nibbles.at(-1);
  let length = count ?? Math.min(nibbles.length, max);
  if (count === null && fill === "F") {
    length = pad === "F" ? nibbles.length - 1 : nibbles.length;
  }
  if (length < nibbles.length && pad !== fill) {
    refuse("BAD_BCD", value);
  }
  const text = left ? nibbles.slice(nibbles.length - length) : nibbles.slice(0, length);
  if (!(rule.content === "z" ? /^[0-9D]*$/ : /^[0-9]*$/).test(text)) {
    refuse("BAD_BCD", value);
  }
  return text;
}

/** Characters of UTF-8, or null where the bytes are not valid. */
export function utf8Text(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decoded(rule: ValueRule, value: ValueBytes): string {
  const { bytes, count } = value;
  switch (rule.encoding) {
    case "raw":
      return bytes.toString("hex").toUpperCase();
    case "hex": {
      const text = bytes.toString("latin1");
      return /^[0-9A-Fa-f]*$/.test(text) ? text : refuse("BAD_HEX", value);
    }
    case "bcd":
      return bcdText(rule, value, rule.max, count);
    case "signed-bcd": {
      const sign = bytes.toString("latin1", 0, 1);
      if (sign !== "C" && sign !== "D") {
        refuse("BAD_FORMAT", value);
      }
      const rest = { ...value, bytes: bytes.subarray(1) };
      const digits = count === null ? null : count - 1;
      try {
        return sign + bcdText(rule, rest, rule.max - 1, digits);
      } catch {
        return refuse("BAD_BCD", value);
      }
    }
    case "utf-8":
      return utf8Text(bytes) ?? refuse("BAD_CHARSET", value);
    default:
      return textOf(rule.encoding, bytes);
  }
}

/** The text of a value: characters, or hex of binary content. Throws a Fault where it is bad. */
export function readValue(rule: ValueRule, value: ValueBytes): string {
  const text = decoded(rule, value);
  if (rule.content === "b") {
    return text;
  }
  const problem = contentProblem(rule.content, text, rule.encoding !== "ascii");
  if (problem !== null) {
    refuse(problem, value);
  }
  if (rule.encoding === "utf-8" || rule.encoding === "bcd") {
    const length = rule.encoding === "bcd" ? text.length : [...text].length;
    if (length < rule.min || length > rule.max) {
      refuse("BAD_FORMAT", value);
    }
  }
  return text;
}
