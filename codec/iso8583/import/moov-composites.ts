// Composites of moov specs: by a bitmap, by tags, or one subfield after the other.
import type { BitmapSpec, DataEncoding } from "../dialect.ts";
import {
  type CompositeData,
  type ElementData,
  lengthWithin,
  partSensitivity,
  sensitivityOf,
} from "./foreign.ts";
import {
  countOf,
  type Data,
  elementOf,
  type FieldContext,
  isData,
  lose,
  prefixOf,
  textOf,
} from "./moov.ts";

/** Subfields in the order of their numbers, or of their names where these are none. */
function subfieldsOf(data: Data): [string, Data][] {
  const entries = Object.entries(data.subfields as Data).filter(([, value]) => isData(value));
  return (entries as [string, Data][]).sort(([a], [b]) =>
    /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : a < b ? -1 : 1,
  );
}

function partsOf(context: FieldContext, around: ElementData): Map<string, ElementData> | null {
  const parts = new Map<string, ElementData>();
  for (const [key, data] of subfieldsOf(context.data)) {
    const part = elementOf({ ...context, data, path: `${context.path}.${key}` });
    if (part === null) return null;
    const { sensitivity: _, ...rest } = part;
    const own = partSensitivity(around.sensitivity, part.content);
    parts.set(key, own === undefined ? rest : { ...rest, sensitivity: own });
  }
  return parts.size === 0 ? null : parts;
}

/** Text where all parts are text in one encoding, else bytes. */
function holderEncoding(parts: Iterable<ElementData>): DataEncoding {
  const seen = new Set<DataEncoding>();
  for (const { encoding, prefix, composite } of parts) {
    const isAlike = prefix === null || prefix.encoding === encoding;
    seen.add(composite === undefined && isAlike ? encoding : "raw");
  }
  const [only] = seen;
  const isText = only === "ascii" || only?.startsWith("ebcdic") === true;
  return seen.size === 1 && isText && only !== undefined ? only : "raw";
}

function withEncoding(element: ElementData, encoding: DataEncoding): ElementData {
  return { ...element, encoding, content: encoding === "raw" ? "b" : "ans" };
}

type Result = readonly [encoding: DataEncoding, composite: CompositeData] | string;

function bitmapped(data: Data, parts: ReadonlyMap<string, ElementData>): Result {
  const own = data.bitmap as Data;
  const bytes = countOf(own.length) || 8;
  const expands = own.disableAutoExpand !== true;
  const most = Math.max(...[...parts.keys()].map(Number));
  if (expands && bytes !== 8) {
    return "a bitmap that is followed by others has eight bytes";
  }
  const encoding = textOf(own.enc) === "Binary" ? "raw" : "hex";
  const bits = expands && most > 64 ? 64 * Math.ceil(most / 64) : 8 * bytes;
  const continues = expands && most > 64 ? "bit1" : "never";
  const bitmap: BitmapSpec = { encoding, bits, continues, writesAll: false };
  const holder = encoding === "raw" ? "raw" : holderEncoding(parts.values());
  const composite = { kind: "bitmapped", bitmap, parts: Object.fromEntries(parts) };
  return [holder.startsWith("ebcdic") ? "raw" : holder, composite];
}

function berTlv(data: Data, around: ElementData): Result {
  const tags = subfieldsOf(data).map(([tag, field]) => {
    const isText = textOf(field.type) === "String" && textOf(field.enc) === "ASCII";
    const content = isText ? "ans" : "b";
    const sensitivity = partSensitivity(around.sensitivity, content);
    const part = {
      name: textOf(field.description) || `tag ${tag}`,
      content,
      ...(sensitivity === undefined ? {} : { sensitivity }),
      max: countOf(field.length) || 255,
    };
    return [tag.toUpperCase(), part] as const;
  });
  const isEmv = tags.length === 0;
  return ["raw", { kind: "ber-tlv", tags: isEmv ? "emv" : Object.fromEntries(tags) }];
}

function tagList(tag: Data, parts: ReadonlyMap<string, ElementData>): Result {
  const encoding = holderEncoding(parts.values());
  const isText = { ASCII: "ascii", EBCDIC: "ebcdic-500" }[textOf(tag.enc)] === encoding;
  const [first] = parts.values();
  const lengthDigits = first?.prefix?.digits;
  const alike = [...parts.values()].every(({ prefix }) => prefix?.digits === lengthDigits);
  if (!isText || !alike || lengthDigits === undefined) {
    return "tags and lengths are not text of one encoding and size";
  }
  const tagDigits = countOf(tag.length);
  const tags = [...parts].map(([key, { name, content, max, sensitivity }]) => {
    const shown = sensitivity === undefined ? {} : { sensitivity };
    return [key.padStart(tagDigits, "0"), { name, content, max, ...shown }] as const;
  });
  const tagLetters = tags.some(([key]) => /\D/.test(key));
  const shape = { tagDigits, tagLetters, lengthDigits, emptyAllowed: true, unknown: "reject" };
  return [encoding, { kind: "tag-list", ...shape, tags: Object.fromEntries(tags) }];
}

function compositeData(context: FieldContext, around: ElementData): Result {
  const { data } = context;
  const tag = isData(data.tag) ? data.tag : {};
  const enc = textOf(tag.enc);
  const prefixes = subfieldsOf(data).map(([, field]) => textOf(field.prefix));
  if (enc === "BerTLVTag" || (prefixes.length > 0 && prefixes.every((one) => one === "BerTLV"))) {
    return berTlv(data, around);
  }
  const parts = partsOf(context, around);
  if (parts === null) {
    return "not all of its subfields can be carried";
  }
  if (isData(data.bitmap)) {
    return bitmapped(data, parts);
  }
  if (enc !== "") {
    return tagList(tag, parts);
  }
  const optional = around.prefix === null ? {} : { optionalFrom: 2 };
  const list = [...parts.values()];
  return [holderEncoding(list), { kind: "sequence", parts: list, ...optional }];
}

/** A composite field; as bytes, and named, where its subfields cannot be carried. */
export function compositeOf(context: FieldContext): ElementData | null {
  const { data, de, path } = context;
  const prefix = prefixOf(textOf(data.prefix), "bytes");
  const length = countOf(data.length);
  if (prefix === undefined || length === 0) {
    lose(context, `prefix ${textOf(data.prefix)}`, "there is no such length; it is left out");
    return null;
  }
  const max = lengthWithin(length, prefix);
  const sensitivity = sensitivityOf(de, { content: "ans", max });
  const element: ElementData = {
    name: textOf(data.description) || `field ${path}`,
    content: "b",
    min: prefix === null ? max : 0,
    max,
    prefix,
    encoding: "raw",
    filler: "none",
    ...(sensitivity === undefined ? {} : { sensitivity }),
  };
  const made = compositeData(context, element);
  if (typeof made === "string") {
    lose(context, "subfields", `${made}; the field is carried as bytes`);
    const { sensitivity: _, ...masked } = element;
    return sensitivity === "open" || sensitivity === "text" ? masked : element;
  }
  const [encoding, composite] = made;
  return { ...withEncoding(element, encoding), composite };
}
