// Composites from their parts: tags in the order given, lengths and bitmaps made here.
import type { FieldInput, TagInput } from "../codec.ts";
import type {
  BERTLVSpec,
  BitmappedSpec,
  CompositeSpec,
  DataEncoding,
  DatasetSpec,
  Filler,
  PartSpec,
  PositionalSpec,
  SequenceSpec,
  TagListSpec,
  TokenListSpec,
} from "../dialect.ts";
import { unknownBytes, unknownText } from "../oracle/tag-kinds.ts";
import { bytesOfHex, bytesOfText } from "./bytes.ts";
import { elementBytes, partData } from "./element.ts";
import { refuse } from "./refuse.ts";
import { dataOfText, type Place } from "./value.ts";

interface Around {
  readonly encoding: DataEncoding;
  readonly filler: Filler;
}

function inside(place: Place, key: string): Place {
  return { path: `${place.path}.${key}`, offset: place.offset };
}

function leadingBytes(spec: TagListSpec, input: FieldInput, around: Around, place: Place): string {
  if (spec.leading === undefined) {
    return "";
  }
  const written = { spec: spec.leading, ...around, isFixed: true, isWhole: false };
  return dataOfText(written, input.leading ?? "", place).bytes;
}

function tagListBytes(
  spec: TagListSpec,
  input: FieldInput,
  tags: readonly TagInput[],
  around: Around,
  place: Place,
): string {
  let bytes =
    tags.length === 0 && input.leading === undefined
      ? ""
      : leadingBytes(spec, input, around, place);
  if (tags.length > spec.tagsMax) {
    refuse("ENCODE_TOO_LONG", place.path, place.offset, spec.tagsMax);
  }
  const form = spec.tagLetters === true ? /^[0-9A-Za-z]+$/ : /^[0-9]+$/;
  const most = 10 ** spec.lengthDigits - 1;
  const unknown = unknownText(spec.emptyAllowed === true ? 0 : 1, most);
  const seen = new Set<string>();
  for (const tag of tags) {
    const at = inside(place, tag.tag);
    if (spec.duplicates === "reject" && seen.has(tag.tag)) {
      refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    }
    seen.add(tag.tag);
    const isKnown = spec.tags[tag.tag] !== undefined;
    if (
      tag.tag.length !== spec.tagDigits ||
      !form.test(tag.tag) ||
      !(isKnown || spec.unknown === "keep")
    ) {
      refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    }
    const data = partData(spec.tags[tag.tag] ?? unknown, tag, around, at);
    if (data.length > most) {
      refuse("ENCODE_TOO_LONG", at.path, at.offset, most);
    }
    const length = String(data.length).padStart(spec.lengthDigits, "0");
    bytes += bytesOfText(around.encoding, tag.tag + length) + data;
  }
  return bytes;
}

/** Length of BER-TLV, in the shortest form. */
export function berLength(length: number): string {
  if (length < 0x80) {
    return String.fromCharCode(length);
  }
  const hex = length.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return String.fromCharCode(0x80 + even.length / 2) + bytesOfHex(even);
}

function berBytes(spec: BERTLVSpec, tags: readonly TagInput[], place: Place): string {
  const around = { encoding: "ascii", filler: "none" } as const;
  let bytes = "";
  for (const tag of tags) {
    const at = inside(place, tag.tag);
    if (!/^(?:[0-9A-F]{2}){1,4}$/.test(tag.tag)) {
      refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    }
    const data = partData(spec.tags[tag.tag] ?? unknownBytes, tag, around, at);
    bytes += bytesOfHex(tag.tag) + berLength(data.length) + data;
  }
  return bytes;
}

function datasetBytes(spec: DatasetSpec, tags: readonly TagInput[], place: Place): string {
  let bytes = "";
  for (const tag of tags) {
    const at = inside(place, tag.tag);
    if (!/^[0-9A-F]{2}$/.test(tag.tag)) {
      refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    }
    const composite = spec.datasets[tag.tag]?.composite;
    const part: PartSpec = composite === undefined ? unknownBytes : { ...unknownBytes, composite };
    const data = partData(part, tag, { encoding: "raw", filler: "none" }, at);
    const length = data.length.toString(16).padStart(4, "0");
    bytes += bytesOfHex(tag.tag + length) + data;
  }
  return bytes;
}

function tokenBytes(
  spec: TokenListSpec,
  tags: readonly TagInput[],
  around: Around,
  place: Place,
): string {
  if (tags.length === 0) {
    return "";
  }
  let bytes = "";
  for (const tag of tags) {
    const at = inside(place, tag.tag);
    if (!/^[0-9A-Za-z ]{2}$/.test(tag.tag)) {
      refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    }
    const data = partData(spec.tokens[tag.tag] ?? unknownText(0, 99_999), tag, around, at);
    const head = `! ${tag.tag}${String(data.length).padStart(5, "0")} `;
    bytes += bytesOfText(around.encoding, head) + data;
  }
  const total = String(bytes.length + 12).padStart(5, "0");
  return (
    bytesOfText(around.encoding, `& ${String(tags.length + 1).padStart(5, "0")}${total}`) + bytes
  );
}

function positionalBytes(
  spec: PositionalSpec,
  fields: Readonly<Record<string, FieldInput | string>>,
  place: Place,
): string {
  const count = Object.keys(fields).length;
  let text = "";
  for (let i = 0; i < count; i++) {
    const key = String(i + 1);
    const part = spec.parts[i % spec.parts.length]!;
    const given = fields[key];
    const value = typeof given === "string" ? given : given?.value;
    if (value === undefined) {
      refuse("ENCODE_BAD_VALUE", inside(place, key).path, place.offset);
    }
    const written = {
      spec: part,
      encoding: "latin1",
      filler: "none",
      isFixed: false,
      isWhole: false,
    } as const;
    text += dataOfText(written, value, inside(place, key)).bytes;
  }
  return text;
}

function sequenceBytes(
  spec: SequenceSpec,
  fields: Readonly<Record<string, FieldInput | string>>,
  place: Place,
): string {
  const count = Object.keys(fields).length;
  let bytes = "";
  for (let i = 0; i < count; i++) {
    const key = String(i + 1);
    const at = inside(place, key);
    const part = spec.parts[i] ?? refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    bytes += elementBytes(part, fields[key] ?? refuse("ENCODE_BAD_VALUE", at.path, at.offset), at);
  }
  return bytes;
}

/** Bitmap bytes with these bits set. */
export function bitmapBytes(bits: readonly number[], bytes: number): string {
  const out = new Uint8Array(bytes);
  for (const bit of bits) {
    out[(bit - 1) >> 3]! |= 0x80 >> ((bit - 1) & 7);
  }
  return Buffer.from(out).toString("latin1");
}

/** Two bytes with 15 bits, then as many bytes with 7 as the last bit needs. */
function chainBytes(bits: readonly number[]): string {
  const last = Math.max(0, ...bits);
  const more = last <= 15 ? 0 : Math.ceil((last - 15) / 7);
  const out = new Uint8Array(2 + more);
  for (const bit of bits) {
    const place = bit <= 15 ? bit : 16 + Math.floor((bit - 16) / 7) * 8 + ((bit - 16) % 7) + 1;
    out[place >> 3]! |= 0x80 >> (place & 7);
  }
  for (let i = 0; i < more; i++) {
    out[i === 0 ? 0 : 1 + i]! |= 0x80;
  }
  return Buffer.from(out).toString("latin1");
}

function partBitmap(spec: BitmappedSpec, numbers: readonly number[]): string {
  const { bits, continues, writesAll } = spec.bitmap;
  if (continues === "chain") {
    return chainBytes(numbers);
  }
  if (continues !== "bit1") {
    return bitmapBytes(numbers, bits / 8);
  }
  const block = Math.min(bits, 64);
  const last = writesAll ? bits : Math.max(block, ...numbers);
  const blocks = Math.ceil(last / block);
  const marks = Array.from({ length: blocks - 1 }, (_, i) => i * block + 1);
  return bitmapBytes([...marks, ...numbers], (blocks * block) / 8);
}

function bitmappedBytes(
  spec: BitmappedSpec,
  input: FieldInput,
  fields: Readonly<Record<string, FieldInput | string>>,
  place: Place,
): string {
  const numbers = Object.keys(fields).map(Number);
  numbers.sort((a, b) => a - b);
  if (numbers.length === 0 && input.bitmap === undefined) {
    return "";
  }
  const header = bytesOfHex(input.leading ?? "00".repeat(spec.headerBytes));
  if (header.length !== spec.headerBytes) {
    refuse("ENCODE_BAD_VALUE", place.path, place.offset, spec.headerBytes);
  }
  const { encoding } = spec.bitmap;
  const raw = partBitmap(spec, numbers);
  const hex = Buffer.from(raw, "latin1").toString("hex").toUpperCase();
  let bytes = header + (encoding === "raw" ? raw : bytesOfText(encoding, hex));
  for (const number of numbers) {
    const key = String(number);
    const at = inside(place, key);
    const part = spec.parts[key] ?? refuse("ENCODE_BAD_VALUE", at.path, at.offset);
    bytes += elementBytes(part, fields[key]!, at);
  }
  return bytes;
}

/** Bytes of a composite from its parts. */
export function compositeBytes(
  composite: CompositeSpec,
  input: FieldInput,
  around: Around,
  place: Place,
): string {
  const tags = input.tags ?? [];
  const fields = input.fields ?? {};
  switch (composite.kind) {
    case "tag-list":
      return tagListBytes(composite, input, tags, around, place);
    case "ber-tlv":
      return berBytes(composite, tags, place);
    case "dataset":
      return datasetBytes(composite, tags, place);
    case "token-list":
      return tokenBytes(composite, tags, around, place);
    case "positional":
      return positionalBytes(composite, fields, place);
    case "sequence":
      return sequenceBytes(composite, fields, place);
    case "bitmapped":
      return bitmappedBytes(composite, input, fields, place);
  }
}
