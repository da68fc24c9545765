// moov-io/iso8583 specs in their JSON form to dialects: type, encoding, prefix and padding of each
// field. Composites are read in moov-composites.
import type { BitmapSpec, ContentClass, DataEncoding, Dialect, LengthPrefix } from "../dialect.ts";
import {
  type JSONText,
  JSONTextError,
  type JSONValue,
  lineOf,
  parseJSONText,
} from "../file/json-text.ts";
import {
  contentOf,
  dialectFile,
  type ElementData,
  type ImportedDialect,
  type ImportLoss,
  lengthWithin,
  sensitivityOf,
} from "./foreign.ts";
import { compositeOf } from "./moov-composites.ts";
import { ForeignFileError } from "./xml.ts";

export type Data = Readonly<Record<string, JSONValue>>;

export const isData = (value: JSONValue | undefined): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A field with what was found in the file so far. */
export interface FieldContext {
  readonly data: Data;
  /** Number of the data element. */
  readonly de: number;
  readonly path: string;
  readonly line: number;
  readonly losses: ImportLoss[];
}

export function lose({ path, line, losses }: FieldContext, what: string, why: string): void {
  losses.push({ line, path, what, why });
}

export const textOf = (value: JSONValue | undefined): string =>
  typeof value === "string" ? value : "";

export const countOf = (value: JSONValue | undefined): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;

/** Encodings by their names in the file; its EBCDIC is the table of page 500. */
const encodings: Readonly<Record<string, DataEncoding>> = {
  ASCII: "ascii",
  BCD: "bcd",
  LBCD: "bcd",
  EBCDIC: "ebcdic-500",
  EBCDIC1047: "ebcdic-1047",
  Binary: "raw",
  HexToASCII: "hex",
  ASCIIToHex: "raw",
};

const prefixEncodings: Readonly<Record<string, LengthPrefix["encoding"]>> = {
  ASCII: "ascii",
  BCD: "bcd",
  EBCDIC: "ebcdic-500",
  EBCDIC1047: "ebcdic-1047",
  Binary: "binary",
};

/** A prefix; null: fixed length; undefined: a dialect has no such prefix. */
export function prefixOf(
  text: string,
  unit: LengthPrefix["unit"],
): LengthPrefix | null | undefined {
  const [, family = "", size = ""] = /^(\w+)\.(Fixed|L{1,6})$/.exec(text) ?? [];
  if (size === "Fixed") {
    // None.Fixed takes all that is left.
    return family === "None" ? undefined : null;
  }
  const encoding = prefixEncodings[family];
  const most = encoding === "binary" ? 2 : 6;
  return encoding === undefined || size.length > most
    ? undefined
    : { digits: size.length, encoding, unit };
}

const contents: Readonly<Record<string, ContentClass>> = {
  String: "ans",
  Numeric: "n",
  Binary: "b",
  Hex: "b",
  Bitmap: "b",
  Track1: "ans",
  Track2: "z",
  Track3: "z",
};

/** What a field writes: digits where it is packed, bytes where its encoding is one of bytes. */
function writingOf(type: string, enc: string): Pick<ElementData, "content" | "encoding"> | null {
  const content = contents[type];
  const encoding = encodings[enc];
  if (content === undefined || encoding === undefined) {
    return null;
  }
  if (content === "b") {
    return { content, encoding: encoding === "hex" ? "hex" : "raw" };
  }
  if (encoding === "hex" || enc === "ASCIIToHex") {
    return { content: "b", encoding };
  }
  if (encoding === "raw") {
    return { content, encoding: "ascii" };
  }
  return { content: encoding === "bcd" && content === "ans" ? "n" : content, encoding };
}

function fillerOf(context: FieldContext, encoding: DataEncoding, isFixed: boolean) {
  const { padding } = context.data;
  if (encoding === "bcd") {
    return context.data.enc === "LBCD" ? "zero-right" : "zero-left";
  }
  if (!isFixed || !isData(padding) || padding.type === "None") {
    return "none";
  }
  const side = `${textOf(padding.type)} ${JSON.stringify(padding.pad)}`;
  if (side === 'Left "0"') {
    return "zero-left";
  }
  if (side === 'Right " "') {
    return "space-right";
  }
  lose(context, `padding ${side}`, "values are written as they are given, without it");
  return "none";
}

function plainElement(context: FieldContext): ElementData | null {
  const { data, de, path } = context;
  const type = textOf(data.type);
  const writing = writingOf(type, textOf(data.enc));
  if (writing === null) {
    lose(context, `${type} ${textOf(data.enc)}`, "there is no such way of writing; it is left out");
    return null;
  }
  const { encoding } = writing;
  const prefix = prefixOf(textOf(data.prefix), encoding === "bcd" ? "digits" : "bytes");
  const length = countOf(data.length);
  if (prefix === undefined || length === 0) {
    const what = prefix === undefined ? `prefix ${textOf(data.prefix)}` : "length";
    lose(context, what, "there is no such length in a dialect; the field is left out");
    return null;
  }
  const max = lengthWithin(length, prefix);
  if (max < length) {
    lose(context, `length ${length}`, `the length is ${max}: its prefix cannot say more`);
  }
  const content = contentOf(de, writing.content);
  const sensitivity = sensitivityOf(de, { content, max });
  return {
    name: textOf(data.description).trim() || `field ${path}`,
    content,
    min: prefix === null ? max : 0,
    max,
    prefix,
    encoding,
    filler: content === "b" ? "none" : fillerOf(context, encoding, prefix === null),
    ...(sensitivity === undefined ? {} : { sensitivity }),
  };
}

/** An element with what is nested in it; null where it cannot be carried. */
export function elementOf(context: FieldContext): ElementData | null {
  return isData(context.data.subfields) ? compositeOf(context) : plainElement(context);
}

function mtiEncoding(field: Data | undefined): Dialect["mti"]["encoding"] {
  const encoding = encodings[textOf(field?.enc)];
  if (field === undefined || encoding === undefined || encoding === "raw" || encoding === "hex") {
    throw new ForeignFileError(0, "field 0 is no message type of four digits");
  }
  return encoding as Dialect["mti"]["encoding"];
}

/** Bitmaps of eight bytes follow each other by bit 1; another length is read as it stands. */
function messageBitmap(field: Data | undefined, largest: number): BitmapSpec {
  const enc = textOf(field?.enc);
  if (field?.type !== "Bitmap" || (enc !== "Binary" && enc !== "HexToASCII")) {
    throw new ForeignFileError(0, "field 1 is no bitmap in Binary or HexToASCII");
  }
  const encoding = enc === "Binary" ? "raw" : "hex";
  const bytes = countOf(field.length) || 8;
  if (bytes === 8 && field.disableAutoExpand !== true) {
    return { encoding, bits: largest > 128 ? 192 : 128, continues: "bit1", writesAll: false };
  }
  if (![8, 16, 24].includes(bytes)) {
    throw new ForeignFileError(0, "the bitmap of a message has 8, 16 or 24 bytes");
  }
  return { encoding, bits: 8 * bytes, continues: "never", writesAll: true };
}

function parsed(text: string): JSONText {
  try {
    return parseJSONText(text);
  } catch (error) {
    if (!(error instanceof JSONTextError)) throw error;
    throw new ForeignFileError(error.line, error.message);
  }
}

/** The dialect of a spec in JSON. Throws a ForeignFileError where nothing can be used. */
export function importMoov(text: string, name: string): ImportedDialect {
  const json = parsed(text);
  const fields = isData(json.value) ? json.value.fields : undefined;
  if (!isData(fields)) {
    throw new ForeignFileError(0, "the file has no fields");
  }
  const numbers = Object.keys(fields)
    .filter((key) => /^\d{1,3}$/.test(key) && isData(fields[key]))
    .map(Number)
    .sort((a, b) => a - b);
  const dataOf = (de: number): Data | undefined => fields[String(de)] as Data | undefined;
  const losses: ImportLoss[] = [];
  const elements: Record<string, ElementData> = {};
  for (const de of numbers.filter((number) => number > 1)) {
    const path = String(de);
    const line = lineOf(json, ["fields", path]);
    const element = elementOf({ data: dataOf(de)!, de, path, line, losses });
    if (element !== null) elements[path] = element;
  }
  const title = `${textOf((json.value as Data).name) || name}, from a moov spec`;
  const bitmap = messageBitmap(dataOf(1), numbers.at(-1) ?? 1);
  const mti = mtiEncoding(dataOf(0));
  return dialectFile(name, { title, header: null, mti, bitmap, elements }, losses);
}
