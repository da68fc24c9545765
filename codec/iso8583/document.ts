// From offsets to the document form: names from the dialect data, values masked by the generated
// tables. A masked part hides the raw bytes of the element that it stands in.
import type { DecodedField, DecodedMessage, DecodedValue, RevealOptions } from "./codec.ts";
import type { CompositeSpec, Dialect, ElementSpec, PositionalSpec, ValueSpec } from "./dialect.ts";
import { codeTable } from "./errors.ts";
import type { Generated } from "./generated.ts";
import { maskValue } from "./mask.ts";
import { decodeSlowly, type OracleResult, type Slot } from "./oracle.ts";
import { sensitivityCode } from "./sensitivity.ts";

interface Source {
  readonly dialect: Dialect;
  readonly gen: Generated;
  readonly buf: Buffer;
  readonly origin: number;
  readonly reveal: boolean;
}

const unknownTag: ValueSpec = { name: "unknown tag", min: 1, max: 999, content: "ans" };

function shownValue(
  source: Source,
  name: string,
  slot: Slot,
  code: number,
  hex: boolean,
): DecodedValue {
  const bytes = source.buf.subarray(slot.offset, slot.offset + slot.length);
  const raw = bytes.toString("hex").toUpperCase();
  const text = hex ? raw : bytes.toString("latin1");
  const value = source.reveal ? text : maskValue(code, text);
  const place = { offset: slot.offset - source.origin, length: slot.length };
  return value === text ? { name, value, raw, ...place } : { name, value, ...place };
}

function tagsOf(source: Source, composite: CompositeSpec, tags: ReadonlyMap<string, Slot>) {
  const known = composite.kind === "tag-list" ? composite.tags : {};
  const out: Record<string, DecodedValue> = {};
  for (const [tag, slot] of tags) {
    const code = source.gen.tagSensitivity[Number(tag)] ?? 0;
    out[tag] = shownValue(source, (known[tag] ?? unknownTag).name, slot, code, false);
  }
  return out;
}

function slicesOf(source: Source, spec: PositionalSpec, slot: Slot) {
  const out: Record<string, DecodedValue> = {};
  let offset = slot.offset;
  spec.parts.forEach((part, i) => {
    const code = sensitivityCode(part.sensitivity);
    out[String(i + 1)] = shownValue(source, part.name, { offset, length: part.max }, code, false);
    offset += part.max;
  });
  return out;
}

/** A list whose tags may be masked: the same text with masked values, and no raw bytes. */
function listField(
  source: Source,
  element: ElementSpec,
  composite: CompositeSpec,
  slot: Slot,
  slots: ReadonlyMap<string, Slot>,
): DecodedField {
  const tags = tagsOf(source, composite, slots);
  const place = { offset: slot.offset - source.origin, length: slot.length };
  let value = "";
  for (const tag of slots.keys()) {
    const part = tags[tag]!;
    value += `${tag}${String(part.length).padStart(3, "0")}${part.value}`;
  }
  const open = Object.values(tags).every((part) => part.raw !== undefined);
  const bytes = source.buf.subarray(slot.offset, slot.offset + slot.length);
  const raw = open ? { raw: bytes.toString("hex").toUpperCase() } : {};
  return { name: element.name, value, ...raw, ...place, tags };
}

function fieldOf(source: Source, de: number, slot: Slot, result: OracleResult): DecodedField {
  const element = source.dialect.elements[de]!;
  const { composite } = element;
  if (composite?.kind === "tag-list") {
    return listField(source, element, composite, slot, result.tags);
  }
  const code = source.gen.sensitivity[de] ?? 0;
  const value = shownValue(source, element.name, slot, code, element.encoding === "raw");
  return composite?.kind === "positional"
    ? { ...value, fields: slicesOf(source, composite, slot) }
    : value;
}

/** The document form of the bytes; what stood before an error stays readable. */
export function decodeDocument(
  dialect: Dialect,
  gen: Generated,
  buf: Buffer,
  range: { readonly off: number; readonly end: number },
  options: RevealOptions,
): DecodedMessage {
  const result = decodeSlowly(dialect, buf, range.off, range.end, options.bare === true);
  const reveal = options.reveal === true;
  const source: Source = { dialect, gen, buf, origin: range.off, reveal };
  const fields: Record<string, DecodedField> = {};
  for (const [de, slot] of result.fields) {
    fields[String(de)] = fieldOf(source, de, slot, result);
  }
  const { error } = result;
  return {
    ok: error === null,
    mti: result.mti,
    ...(result.header === null ? {} : { header: result.header }),
    bitmap: result.bitmap,
    fields,
    ...(error === null
      ? {}
      : {
          error: {
            code: error.code,
            path: error.path,
            offset: error.at - range.off,
            message: codeTable[error.code].text,
          },
        }),
  };
}
