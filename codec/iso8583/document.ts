// From offsets to the document form: names from the dialect data, values masked by the generated
// tables. A masked part hides the raw bytes of the element that it stands in.
import type {
  DecodedError,
  DecodedField,
  DecodedMessage,
  DecodedValue,
  RevealOptions,
} from "./codec.ts";
import type { CompositeSpec, Dialect, ElementSpec, PositionalSpec, ValueSpec } from "./dialect.ts";
import { codeTable, unpackStatus } from "./errors.ts";
import type { Generated } from "./generated.ts";
import { maskValue } from "./mask.ts";
import { decodeSlowly, type OracleError, type OracleResult, type Slot } from "./oracle.ts";
import { sensitivityCode } from "./sensitivity.ts";
import { validateView } from "./validate.ts";
import { View } from "./view.ts";

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

/** What `validate` says of a message that is well formed. */
function judged(source: Source, off: number, end: number, bare: boolean): OracleError | null {
  const view = new View();
  const scan = bare ? source.gen.scanMessage : source.gen.scan;
  const status = scan(view, source.buf, off, end) || validateView(source.gen, view);
  if (status === 0) {
    return null;
  }
  const { code, path } = unpackStatus(status);
  return { code, path, at: view.errorAt };
}

/** The document form of the bytes; what stood before an error stays readable. */
export function decodeDocument(
  dialect: Dialect,
  gen: Generated,
  buf: Buffer,
  range: { readonly off: number; readonly end: number },
  options: RevealOptions,
): DecodedMessage {
  const { off, end } = range;
  const bare = options.bare === true;
  const result = decodeSlowly(dialect, buf, off, end, bare);
  const source: Source = { dialect, gen, buf, origin: off, reveal: options.reveal === true };
  const fields: Record<string, DecodedField> = {};
  for (const [de, slot] of result.fields) {
    fields[String(de)] = fieldOf(source, de, slot, result);
  }
  const judge = result.error === null && options.judge === true;
  const error = judge ? judged(source, off, end, bare) : result.error;
  return {
    ok: error === null,
    mti: result.mti,
    ...(result.header === null ? {} : { header: result.header }),
    bitmap: result.bitmap,
    fields,
    ...(error === null ? {} : { error: errorForm(error, off) }),
  };
}

function errorForm({ code, path, at }: OracleError, off: number): DecodedError {
  return { code, path, offset: at - off, message: codeTable[code].text };
}
