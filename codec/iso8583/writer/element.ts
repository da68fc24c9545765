// An element with its prefix, or a part of a composite, from text, bytes, or parts.
import type { FieldInput, TagInput } from "../codec.ts";
import type { CompositeSpec, DataEncoding, ElementSpec, Filler, PartSpec } from "../dialect.ts";
import { readComposite } from "../oracle/composite.ts";
import { Fault } from "../oracle/fault.ts";
import type { Node } from "../oracle/node.ts";
import { Reader } from "../oracle/reader.ts";
import { bytesOfNumber, hexOfBytes } from "./bytes.ts";
import { compositeBytes } from "./composite.ts";
import { refuse } from "./refuse.ts";
import { type Data, dataOf, dataOfText, isMasked, type Place, type Written } from "./value.ts";

/** What a caller may give for an element: text, tags by name, or the document form. */
export type AnyInput = string | FieldInput | Readonly<Record<string, string>>;

const documentKeys = ["value", "raw", "tags", "fields"];

/** The document form of tags or parts that were given by name. */
function inputOf(input: AnyInput, composite: CompositeSpec | undefined): FieldInput {
  if (typeof input === "string") {
    return { value: input, masked: false };
  }
  if (Object.keys(input).some((key) => documentKeys.includes(key))) {
    return input as FieldInput;
  }
  const entries = Object.entries(input as Readonly<Record<string, string>>);
  const isTagged =
    composite !== undefined &&
    ["tag-list", "ber-tlv", "token-list", "dataset"].includes(composite.kind);
  return isTagged
    ? { tags: entries.map(([tag, value]) => ({ tag, value, masked: false })) }
    : {
        fields: Object.fromEntries(entries.map(([key, value]) => [key, { value, masked: false }])),
      };
}

function hasParts({ tags, fields }: FieldInput): boolean {
  return tags !== undefined || fields !== undefined;
}

/** Do the parts that were read from the bytes say what the caller said of them? */
function sameParts(nodes: readonly Node[], { tags, fields }: FieldInput): boolean {
  const given: readonly TagInput[] =
    tags ??
    Object.entries(fields ?? {}).map(([tag, part]) => ({ tag, ...inputOf(part, undefined) }));
  const wanted =
    tags === undefined ? [...given].sort((a, b) => Number(a.tag) - Number(b.tag)) : given;
  return (
    wanted.length === nodes.length &&
    wanted.every((part, i) => {
      const node = nodes[i]!;
      const sameValue = part.value === undefined || part.value === node.text;
      return (
        part.tag === node.key && sameValue && (!hasParts(part) || sameParts(node.children, part))
      );
    })
  );
}

interface Holder {
  readonly written: Written;
  readonly composite: CompositeSpec;
}

/** Reads back what was written as a whole: it must have the parts that the dialect says. */
function checkParts(
  { written, composite }: Holder,
  data: Data,
  input: FieldInput,
  place: Place,
): void {
  const bytes = Buffer.from(data.bytes, "latin1");
  const { spec, encoding, filler } = written;
  const text = encoding === "raw" ? bytes.toString("hex").toUpperCase() : (input.value ?? "");
  try {
    const element = { spec, encoding, filler, text };
    const { children } = readComposite(
      composite,
      element,
      new Reader(bytes, 0, bytes.length),
      place.path,
    );
    if (hasParts(input) && !sameParts(children, input)) {
      refuse("ENCODE_BAD_VALUE", place.path, place.offset);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    refuse("ENCODE_BAD_VALUE", error.error.path, place.offset);
  }
}

function compositeData(holder: Holder, input: FieldInput, place: Place): Data {
  const { written, composite } = holder;
  const isText = written.encoding !== "raw" && composite.kind !== "positional";
  if (input.value !== undefined || input.raw !== undefined) {
    const data = dataOf(written, input, place);
    if (composite.kind !== "positional" || hasParts(input)) {
      const value =
        input.value ?? (isText || composite.kind === "positional" ? textOf(written, data) : "");
      checkParts(holder, data, { ...input, value }, place);
    }
    return data;
  }
  if (isMasked(input) || !hasParts(input)) {
    refuse("ENCODE_BAD_VALUE", place.path, place.offset);
  }
  const isHex = written.encoding === "hex";
  const around = { encoding: isHex ? ("raw" as const) : written.encoding, filler: written.filler };
  const bytes = compositeBytes(composite, input, around, place);
  if (composite.kind === "positional") {
    return dataOfText({ ...written, isFixed: false }, bytes, place);
  }
  if (bytes.length > written.spec.max) {
    refuse("ENCODE_TOO_LONG", place.path, place.offset, written.spec.max);
  }
  if (bytes.length < written.spec.min) {
    refuse("ENCODE_BAD_VALUE", place.path, place.offset, written.spec.min);
  }
  const text = isHex ? hexOfBytes(bytes) : bytes;
  const data = { bytes: text, count: text.length };
  if (composite.kind !== "tag-list") {
    checkParts(holder, data, {}, place);
  }
  return data;
}

/** Characters of bytes in a one-byte encoding, for slices. */
function textOf(written: Written, data: Data): string {
  return written.encoding === "ascii" || written.encoding === "latin1" ? data.bytes : "";
}

function valueData(
  written: Written,
  composite: CompositeSpec | undefined,
  input: FieldInput,
  place: Place,
): Data {
  if (composite !== undefined) {
    return compositeData({ written, composite }, input, place);
  }
  return dataOf(written, input, place);
}

/** Data of a part of a tag kind. */
export function partData(
  part: PartSpec,
  input: FieldInput,
  around: { readonly encoding: DataEncoding; readonly filler: Filler },
  place: Place,
): string {
  const encoding = part.encoding ?? (part.content === "b" ? "raw" : around.encoding);
  const { composite } = part;
  const isWhole = composite !== undefined && composite.kind !== "positional";
  const written = { spec: part, encoding, filler: part.filler ?? "none", isFixed: false, isWhole };
  return valueData(written, composite, input, place).bytes;
}

/** Prefix and data of an element. */
export function elementBytes(element: ElementSpec, given: AnyInput, place: Place): string {
  const { prefix, encoding, filler, composite } = element;
  const input = inputOf(given, composite);
  const isWhole = composite !== undefined && composite.kind !== "positional";
  const written = { spec: element, encoding, filler, isFixed: prefix === null, isWhole };
  const { bytes, count } = valueData(written, composite, input, place);
  if (prefix === null) {
    return bytes;
  }
  const number =
    prefix.unit === "bytes"
      ? encoding === "hex"
        ? bytes.length / 2
        : bytes.length
      : encoding === "hex"
        ? bytes.length
        : count;
  return bytesOfNumber(prefix.encoding, prefix.digits, number) + bytes;
}
