// From a dialect file to the dialect that it means: what is absent comes from the dialect beneath,
// or is what is usual.
import type { ContentClass, Dialect, ElementSpec, Filler } from "../dialect.ts";
import { emvTags } from "../dialects/emv-tags.ts";
import type { JSONValue } from "./json-text.ts";

type Data = Readonly<Record<string, JSONValue>>;

const isData = (value: JSONValue | undefined): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `ans..25`: class, digits of length, largest length. */
function fromFormat(format: string): Data {
  const [, content = "n", dots = "", size = "1"] = /^(x\+n|[a-z]+) ?(\.*)(\d+)$/.exec(format) ?? [];
  const max = Number(size);
  const prefix = { digits: dots.length, encoding: "ascii", unit: "bytes" };
  return dots === ""
    ? { content, min: max, max, prefix: null }
    : { content, min: content === "x+n" ? 2 : 0, max, prefix };
}

function fillerFor(content: ContentClass, isFixed: boolean, encoding: string): Filler {
  if (encoding.endsWith("bcd")) {
    return isFixed ? "zero-left" : "f-right";
  }
  if (!isFixed || content === "b") {
    return "none";
  }
  return content === "n" ? "zero-left" : content.startsWith("a") ? "space-right" : "none";
}

/** A part of a composite; parts of tag kinds take their encoding from the element around. */
function expandPart(data: Data): Data {
  const given = typeof data.format === "string" ? { ...fromFormat(data.format), ...data } : data;
  const { format: _, prefix: __, composite, ...rest } = given as Data & { prefix?: JSONValue };
  const max = rest.max ?? 1;
  const isDate = /[YMDhs]{2}/.test(String(rest.content ?? ""));
  return {
    name: "part",
    content: "ans",
    ...rest,
    max,
    min: rest.min ?? (isDate ? max : 0),
    ...(isData(composite) ? { composite: expandComposite(composite) } : {}),
  };
}

/** A slice: it has one length. */
function expandSlice(data: Data): Data {
  const part = expandPart(data);
  return { ...part, min: data.min ?? part.max! };
}

function expandElement(data: Data, beneath: Data | undefined): Data {
  const format = typeof data.format === "string" ? fromFormat(data.format) : {};
  const isNew = "format" in data || "content" in data || "max" in data;
  const base = isNew || beneath === undefined ? {} : beneath;
  const { format: _, composite, ...given } = data;
  const all: Data = { ...base, ...format, ...given };
  const content = (all.content ?? "ans") as ContentClass;
  const prefix = all.prefix ?? null;
  const encoding = String(all.encoding ?? (content === "b" ? "raw" : "ascii"));
  const max = all.max ?? 1;
  return {
    name: "element",
    ...all,
    content,
    prefix,
    encoding,
    max,
    min: all.min ?? (prefix === null ? max : 0),
    filler: all.filler ?? fillerFor(content, prefix === null, encoding),
    ...(isData(composite) ? { composite: expandComposite(composite) } : {}),
  };
}

function mapValues(data: JSONValue | undefined, change: (value: Data) => JSONValue): JSONValue {
  const entries = Object.entries(isData(data) ? data : {});
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value as Data)]));
}

function expandComposite(data: Data): JSONValue {
  const lists = { tagsMax: 64, duplicates: "list", unknown: "keep" };
  const parts = data.parts;
  switch (data.kind) {
    case "positional":
      return { ...data, parts: (parts as readonly Data[]).map(expandSlice) };
    case "sequence": {
      const count = (parts as readonly Data[]).length + 1;
      const made = (parts as readonly Data[]).map((part) => expandElement(part, undefined));
      return { optionalFrom: count, ...data, parts: made };
    }
    case "bitmapped": {
      const bitmap = { writesAll: false, ...(data.bitmap as Data) };
      const made = mapValues(parts, (part) => expandElement(part, undefined));
      return { headerBytes: 0, ...data, bitmap, parts: made };
    }
    case "tag-list": {
      const leading = isData(data.leading) ? { leading: expandSlice(data.leading) } : {};
      return { ...lists, ...data, ...leading, tags: mapValues(data.tags, expandPart) };
    }
    case "ber-tlv": {
      const defaults = { tagBytesMax: 3, lengthBytesMax: 3, padding: "skip" };
      const isEmv = data.tags === "emv" || data.tags === undefined;
      const tags = isEmv ? (emvTags as unknown as JSONValue) : mapValues(data.tags, expandPart);
      return { ...lists, ...defaults, ...data, tags };
    }
    case "dataset": {
      const datasets = mapValues(data.datasets, (part) => ({
        name: "dataset",
        ...part,
        composite: expandComposite(part.composite as Data),
      }));
      return { datasetsMax: 64, unknown: "keep", ...data, datasets };
    }
    default: {
      return {
        tokensMax: 64,
        unknown: "keep",
        ...data,
        tokens: mapValues(data.tokens, expandPart),
      };
    }
  }
}

function expandMessages(messages: readonly Data[], beneath: Dialect): JSONValue {
  return messages.map((message) => ({
    use: "messages",
    mandatory: [],
    forbidden: [],
    echo: [],
    ...message,
    ...(isData(message.overrides)
      ? {
          overrides: Object.fromEntries(
            Object.entries(message.overrides).map(([key, data]) => {
              const base = beneath.elements[key] as unknown as Data | undefined;
              return [key, expandElement(data as Data, base)];
            }),
          ),
        }
      : {}),
  }));
}

/** What a file means that extends nothing. */
const emptyDialect: Dialect = {
  name: "empty",
  title: "a dialect",
  header: null,
  mti: {
    encoding: "ascii",
    version: "0",
    known: { kind: "digits", classes: "12345678", functions: "01234", origins: "012345" },
  },
  bitmap: { encoding: "hex", bits: 128, continues: "bit1", writesAll: false },
  bytesMax: 65_535,
  elements: {},
  messages: [],
  usualRuns: [],
  echo: [],
  errorEcho: [],
};

/** The dialect of a file whose shape is right; `beneath` is the one that it extends. */
export function expandDialect(data: Data, beneath: Dialect = emptyDialect): Dialect {
  const { elements, messages, header, mti, bitmap, extends: _, $schema: __, ...rest } = data;
  const made: Record<string, ElementSpec> = { ...beneath.elements };
  for (const [key, value] of Object.entries(isData(elements) ? elements : {})) {
    if (isData(value)) {
      const base = beneath.elements[key] as unknown as Data | undefined;
      made[key] = expandElement(value, base) as unknown as ElementSpec;
    } else {
      delete made[key];
    }
  }
  const head = isData(header) ? { literal: "", digits: 0, ...header } : header;
  const kept = messages === undefined ? pruned(beneath, made) : { messages: [] };
  return {
    ...beneath,
    ...kept,
    ...rest,
    ...(head === undefined ? {} : { header: head }),
    mti: { ...beneath.mti, ...(isData(mti) ? mti : {}) },
    bitmap: { ...beneath.bitmap, ...(isData(bitmap) ? bitmap : {}) },
    elements: made,
    ...(messages === undefined
      ? {}
      : { messages: expandMessages(messages as readonly Data[], { ...beneath, elements: made }) }),
  } as unknown as Dialect;
}

/** Presence and echo of the dialect beneath, without elements that are not there any more. */
function pruned(
  beneath: Dialect,
  elements: Readonly<Record<string, ElementSpec>>,
): Partial<Dialect> {
  const there = (numbers: readonly number[]): number[] =>
    numbers.filter((de) => elements[de] !== undefined);
  return {
    messages: beneath.messages.map((message) => ({
      ...message,
      mandatory: there(message.mandatory),
      forbidden: there(message.forbidden),
      echo: there(message.echo),
    })),
    usualRuns: beneath.usualRuns.filter((run) => run.every((de) => elements[de]?.prefix === null)),
    shapes: (beneath.shapes ?? []).filter((shape) =>
      shape.every((de) => elements[de] !== undefined),
    ),
    echo: there(beneath.echo),
    errorEcho: there(beneath.errorEcho),
  };
}
