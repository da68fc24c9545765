// Composites whose parts name themselves: tag lists, BER-TLV, datasets, BASE24 tokens.

import { contentProblem } from "../content-text.ts";
import type {
  BERTLVSpec,
  DatasetSpec,
  DuplicatePolicy,
  PartSpec,
  TagListSpec,
  TokenListSpec,
  ValueSpec,
} from "../dialect.ts";
import { type Element, readComposite } from "./composite.ts";
import { readPart } from "./element.ts";
import { Fault, within } from "./fault.ts";
import type { Node, Parts } from "./node.ts";
import { Reader, takeLength, textOf } from "./reader.ts";
import { readValue } from "./value.ts";

/** A tag that the dialect does not name: text of any length. */
export const unknownText = (min: number, max: number): PartSpec => ({
  name: "unknown tag",
  min,
  max,
  content: "ans",
});

/** An object that the dialect does not name: bytes. */
export const unknownBytes: PartSpec = { name: "unknown tag", min: 0, max: 65_535, content: "b" };

interface TagCheck {
  readonly children: readonly Node[];
  readonly tagsMax: number;
  readonly duplicates: DuplicatePolicy;
}

/** A tag more must be within the limit, and new where the dialect refuses repeats. */
function checkTag(
  { children, tagsMax, duplicates }: TagCheck,
  key: string,
  path: string,
  at: number,
): void {
  if (children.length === tagsMax) {
    throw new Fault("TLV_TOO_MANY", path, at, tagsMax, tagsMax + 1);
  }
  if (duplicates === "reject" && children.some((child) => child.key === key)) {
    throw new Fault("TLV_DUPLICATE", path, at);
  }
}

function checkText(
  content: "n" | "an" | "ans",
  text: string,
  wide: boolean,
  path: string,
  at: number,
): void {
  const bad = /^[0-9A-Za-z]*$/.test(text) || content !== "an" ? null : "BAD_FORMAT";
  const problem = contentProblem(content, text, wide) ?? bad;
  if (problem !== null) {
    throw new Fault(problem, path, at, text.length, text.length);
  }
}

export function readTagList(
  spec: TagListSpec,
  element: Element,
  reader: Reader,
  path: string,
): Parts {
  const children: Node[] = [];
  const around = { encoding: element.encoding, filler: "none" } as const;
  const wide = element.encoding !== "ascii";
  const prefix = {
    digits: spec.lengthDigits,
    encoding: element.encoding === "latin1" ? "ascii" : (element.encoding as "ascii"),
    unit: "bytes",
  } as const;
  let leading: string | undefined;
  if (spec.leading !== undefined && reader.left > 0) {
    const { content, max } = spec.leading;
    const bytes = reader.take(max, "COMPOSITE_LENGTH_MISMATCH", path);
    const value = { bytes, at: reader.at - max, count: null, path };
    leading = readValue({ content, min: max, max, ...around }, value);
  }
  while (reader.left > 0) {
    const tagAt = reader.at;
    const tag = textOf(element.encoding, reader.take(spec.tagDigits, "TLV_TAG_TRUNCATED", path));
    checkText(spec.tagLetters === true ? "an" : "n", tag, wide, path, tagAt);
    const inner = within(path, tag);
    checkTag({ children, ...spec }, tag, inner, tagAt);
    const known = spec.tags[tag];
    if (known === undefined && spec.unknown === "reject") {
      throw new Fault("UNKNOWN_FIELD", inner, tagAt);
    }
    const lengthAt = reader.at;
    const length = takeLength(reader, prefix, inner, "TLV_LEN_TRUNCATED");
    const part =
      known ?? unknownText(spec.emptyAllowed === true ? 0 : 1, 10 ** spec.lengthDigits - 1);
    children.push(readPart(part, around, { key: tag, path: inner, lengthAt }, reader, length));
  }
  return { children, ...(leading === undefined ? {} : { leading }) };
}

/** Tag of one to `max` bytes, in hex. */
function takeTag(reader: Reader, max: number, path: string): string {
  const at = reader.at;
  let size = 1;
  const first = reader.take(1, "TLV_TAG_TRUNCATED", path)[0]!;
  if ((first & 0x1f) === 0x1f) {
    let more = true;
    while (more) {
      if (size === max) {
        throw new Fault("TLV_TAG_TOO_LONG", path, at, max, size + 1);
      }
      more = (reader.take(1, "TLV_TAG_TRUNCATED", path)[0]! & 0x80) !== 0;
      size++;
    }
  }
  return reader.buf.toString("hex", at, at + size).toUpperCase();
}

/** Longest value of one object: what the largest frame can carry. */
export const berLengthMax = 65_535;

function takeBerLength(reader: Reader, bytesMax: number, path: string): number {
  const at = reader.at;
  const first = reader.take(1, "TLV_LEN_TRUNCATED", path)[0]!;
  if (first < 0x80) {
    return first;
  }
  const size = first - 0x80;
  if (size === 0 || size > bytesMax) {
    throw new Fault("TLV_LEN_FORM", path, at, bytesMax, size);
  }
  const length = reader.take(size, "TLV_LEN_TRUNCATED", path).readUIntBE(0, size);
  if (length > berLengthMax) {
    throw new Fault("TLV_LEN_OVERFLOW", path, at, berLengthMax, length);
  }
  return length;
}

export function readBerTlv(spec: BERTLVSpec, reader: Reader, path: string): Parts {
  const children: Node[] = [];
  while (reader.left > 0) {
    if (reader.buf[reader.at] === 0 && spec.padding !== "reject") {
      reader.at = spec.padding === "end" ? reader.end : reader.at + 1;
      continue;
    }
    const tagAt = reader.at;
    const tag = takeTag(reader, spec.tagBytesMax, path);
    const inner = within(path, tag);
    checkTag({ children, ...spec }, tag, inner, tagAt);
    const known = spec.tags[tag];
    if (known === undefined && spec.unknown === "reject") {
      throw new Fault("UNKNOWN_FIELD", inner, tagAt);
    }
    const lengthAt = reader.at;
    const length = takeBerLength(reader, spec.lengthBytesMax, inner);
    const around = { encoding: "ascii", filler: "none" } as const;
    const place = { key: tag, path: inner, lengthAt };
    children.push(readPart(known ?? unknownBytes, around, place, reader, length));
  }
  return { children };
}

export function readDatasets(spec: DatasetSpec, reader: Reader, path: string): Parts {
  const children: Node[] = [];
  while (reader.left > 0) {
    const idAt = reader.at;
    const id = reader.take(1, "TLV_TAG_TRUNCATED", path).toString("hex").toUpperCase();
    const inner = within(path, id);
    checkTag({ children, tagsMax: spec.datasetsMax, duplicates: "list" }, id, inner, idAt);
    const known = spec.datasets[id];
    if (known === undefined && spec.unknown === "reject") {
      throw new Fault("UNKNOWN_FIELD", inner, idAt);
    }
    const length = reader.take(2, "TLV_LEN_TRUNCATED", inner).readUInt16BE(0);
    const at = reader.step(length, "TLV_VALUE_TRUNCATED", inner);
    const { name, sensitivity } = known ?? unknownBytes;
    const value: ValueSpec = { name, min: 0, max: 65_535, content: "b" };
    const valueSpec = sensitivity === undefined ? value : { ...value, sensitivity };
    const bytes = reader.buf.subarray(at, at + length);
    const text = bytes.toString("hex").toUpperCase();
    const place = { offset: at, length, bytes } as const;
    const node = { key: id, spec: valueSpec, encoding: "raw", ...place, text } as const;
    const inside = new Reader(reader.buf, at, at + length);
    const composite = known?.composite ?? null;
    const element: Element = { spec: value, encoding: "raw", filler: "none", text };
    const parts =
      composite === null ? { children: [] } : readComposite(composite, element, inside, inner);
    children.push({ ...node, composite, ...parts });
  }
  return { children };
}

const tokenHeader = 12;

export function readTokenList(
  spec: TokenListSpec,
  element: Element,
  reader: Reader,
  path: string,
): Parts {
  const children: Node[] = [];
  if (reader.left === 0) {
    return { children };
  }
  const from = reader.at;
  const size = reader.left;
  const text = (
    count: number,
    code: "COMPOSITE_LENGTH_MISMATCH" | "TLV_TAG_TRUNCATED",
    at: string,
  ): string => textOf(element.encoding, reader.take(count, code, at));
  const header = text(tokenHeader, "COMPOSITE_LENGTH_MISMATCH", path);
  if (!/^& [0-9]{10}$/.test(header)) {
    throw new Fault("BAD_FORMAT", path, from, tokenHeader, tokenHeader);
  }
  const total = Number(header.slice(7));
  if (total !== size) {
    throw new Fault("COMPOSITE_LENGTH_MISMATCH", path, from, total, size);
  }
  while (reader.left > 0) {
    const at = reader.at;
    const token = text(10, "TLV_TAG_TRUNCATED", path);
    if (!/^! [0-9A-Za-z ]{2}[0-9]{5} $/.test(token)) {
      throw new Fault("BAD_FORMAT", path, at, 10, 10);
    }
    const id = token.slice(2, 4);
    const inner = within(path, id);
    checkTag({ children, tagsMax: spec.tokensMax, duplicates: "list" }, id, inner, at);
    const known = spec.tokens[id];
    if (known === undefined && spec.unknown === "reject") {
      throw new Fault("UNKNOWN_FIELD", inner, at);
    }
    const around = { encoding: element.encoding, filler: "none" } as const;
    const place = { key: id, path: inner, lengthAt: at + 4 };
    const part = known ?? { ...unknownText(0, 99_999), name: "unknown token" };
    children.push(readPart(part, around, place, reader, Number(token.slice(4, 9))));
  }
  const count = Number(header.slice(2, 7));
  if (count !== children.length + 1) {
    throw new Fault("COMPOSITE_LENGTH_MISMATCH", path, from, count, children.length + 1);
  }
  return { children };
}
