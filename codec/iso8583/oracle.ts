// The slow decoder: table-driven, over text, straight from the dialect data. It shares nothing
// with the generated scanners but the data, so that tests can demand agreement on every input;
// the slow door decodes with it.
import { contentProblem } from "./content-text.ts";
import type { Dialect, ElementSpec, TagListSpec, ValueSpec } from "./dialect.ts";
import type { CodecErrorCode } from "./errors.ts";

/** Where a value stands: absolute offset of its data and length in bytes. */
export interface Slot {
  readonly offset: number;
  readonly length: number;
}

export interface OracleError {
  readonly code: CodecErrorCode;
  readonly path: string;
  /** Absolute offset in the buffer. */
  readonly at: number;
  readonly expected?: number;
  readonly actual?: number;
}

export interface OracleResult {
  readonly header: string | null;
  readonly mti: string | null;
  /** Bitmap characters as they came, upper case; null where they could not be read. */
  readonly bitmap: string | null;
  readonly fields: ReadonlyMap<number, Slot>;
  /** Tags of the tag list element, in the order of the wire. */
  readonly tags: ReadonlyMap<string, Slot>;
  readonly error: OracleError | null;
}

/**
 * Thrown inside this file only; `decodeSlowly` turns it into a result. Not an Error: taking a
 * stack costs ten times the decoding, and nobody would read it.
 */
class Fault {
  readonly error: OracleError;

  constructor(code: CodecErrorCode, path: string, at: number, expected?: number, actual?: number) {
    this.error = {
      code,
      path,
      at,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    };
  }
}

class Reader {
  readonly text: string;
  readonly base: number;
  at = 0;

  constructor(buf: Buffer, off: number, end: number) {
    this.text = buf.toString("latin1", off, end);
    this.base = off;
  }

  get left(): number {
    return this.text.length - this.at;
  }

  get absolute(): number {
    return this.base + this.at;
  }

  take(count: number, code: CodecErrorCode, path: string): string {
    if (this.left < count) {
      throw new Fault(code, path, this.absolute, count, this.left);
    }
    this.at += count;
    return this.text.slice(this.at - count, this.at);
  }
}

interface Decoding {
  readonly dialect: Dialect;
  readonly reader: Reader;
  readonly fields: Map<number, Slot>;
  readonly tags: Map<string, Slot>;
}

function takeNumber(
  reader: Reader,
  digits: number,
  path: string,
  truncated: CodecErrorCode,
): number {
  const at = reader.absolute;
  const text = reader.take(digits, truncated, path);
  if (!/^[0-9]+$/.test(text)) {
    throw new Fault("LEN_NOT_NUMERIC", path, at, digits, digits);
  }
  return Number.parseInt(text, 10);
}

function checkContent(spec: ValueSpec, data: string, path: string, at: number): void {
  const problem = contentProblem(spec.content, data);
  if (problem !== null) {
    throw new Fault(problem, path, at, data.length, data.length);
  }
}

function readTagList(decoding: Decoding, spec: TagListSpec, de: number, reader: Reader): void {
  while (reader.left > 0) {
    const tagAt = reader.absolute;
    const tag = reader.take(spec.tagDigits, "TLV_TAG_TRUNCATED", String(de));
    checkContent({ name: "tag", min: 2, max: 2, content: "n" }, tag, String(de), tagAt);
    const path = `${de}.${tag}`;
    if (decoding.tags.size === spec.tagsMax) {
      throw new Fault("TLV_TOO_MANY", path, tagAt, spec.tagsMax, spec.tagsMax + 1);
    }
    if (decoding.tags.has(tag)) {
      throw new Fault("TLV_DUPLICATE", path, tagAt);
    }
    const rule: ValueSpec = spec.tags[tag] ?? { name: "unknown", min: 1, max: 999, content: "ans" };
    const lengthAt = reader.absolute;
    const length = takeNumber(reader, spec.lengthDigits, path, "TLV_LEN_TRUNCATED");
    if (length > rule.max) {
      throw new Fault("LEN_EXCEEDS_MAX", path, lengthAt, rule.max, length);
    }
    const at = reader.absolute;
    if (length < rule.min) {
      throw new Fault("BAD_FORMAT", path, at, rule.min, length);
    }
    checkContent(rule, reader.take(length, "TLV_VALUE_TRUNCATED", path), path, at);
    decoding.tags.set(tag, { offset: at, length });
  }
}

/** Bytes of the element's data on the wire, after its prefix has been read. */
function readLength(element: ElementSpec, path: string, reader: Reader): number {
  const factor = element.encoding === "hex" ? 2 : 1;
  if (element.prefix === null) {
    return element.max * factor;
  }
  const at = reader.absolute;
  const length = takeNumber(reader, element.prefix.digits, path, "LEN_TRUNCATED");
  if (length > element.max) {
    throw new Fault("LEN_EXCEEDS_MAX", path, at, element.max, length);
  }
  if (length < element.min) {
    throw new Fault("BAD_FORMAT", path, reader.absolute, element.min, length);
  }
  return length * factor;
}

function readElement(decoding: Decoding, de: number): void {
  const { dialect, reader } = decoding;
  const path = String(de);
  const element = dialect.elements[path];
  if (element === undefined) {
    throw new Fault("UNKNOWN_FIELD", path, reader.absolute);
  }
  const length = readLength(element, path, reader);
  const at = reader.absolute;
  const data = reader.take(length, "FIELD_TRUNCATED", path);
  if (element.composite?.kind === "tag-list") {
    const inner = new Reader(Buffer.from(data, "latin1"), 0, length);
    readTagList(decoding, element.composite, de, Object.assign(inner, { base: at }));
  } else if (element.encoding === "hex" && !/^[0-9A-Fa-f]*$/.test(data)) {
    throw new Fault("BAD_HEX", path, at, length, length);
  } else if (element.encoding === "ascii") {
    checkContent(element, data, path, at);
  }
  decoding.fields.set(de, { offset: at, length });
}

function readBitmap(reader: Reader): string {
  const at = reader.absolute;
  const text = reader.take(16, "BITMAP_TRUNCATED", "");
  if (!/^[0-9A-Fa-f]+$/.test(text)) {
    throw new Fault("BITMAP_NOT_HEX", "", at, 16, 16);
  }
  return text.toUpperCase();
}

/** Element numbers that a bitmap of hex digits announces. */
export function bitsOf(bitmap: string): number[] {
  const bits = [...bitmap].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0"));
  return [...bits.join("")].flatMap((bit, i) => (bit === "1" ? [i + 1] : []));
}

function isKnownMTI(dialect: Dialect, mti: string): boolean {
  const { known } = dialect.mti;
  if (known.kind === "table") {
    return dialect.messages.some((message) => message.mtis.includes(mti));
  }
  const [, messageClass, fn, origin] = mti;
  return (
    known.classes.includes(messageClass ?? "?") &&
    known.functions.includes(fn ?? "?") &&
    known.origins.includes(origin ?? "?")
  );
}

function readHeader(dialect: Dialect, reader: Reader): string | null {
  if (dialect.header === null) {
    return null;
  }
  const at = reader.absolute;
  const { literal, digits } = dialect.header;
  const header = reader.take(literal.length + digits, "HEADER_TRUNCATED", "");
  const rest = header.slice(literal.length);
  if (!header.startsWith(literal) || !/^[0-9]*$/.test(rest)) {
    throw new Fault("BAD_HEADER", "", at, header.length, header.length);
  }
  return header;
}

function readMTI(dialect: Dialect, reader: Reader): string {
  const at = reader.absolute;
  const mti = reader.take(4, "MTI_TRUNCATED", "");
  if (!/^[0-9]{4}$/.test(mti) || mti[0] !== dialect.mti.version) {
    throw new Fault("BAD_MTI", "", at, 4, 4);
  }
  return mti;
}

function readRest(decoding: Decoding, seen: { bitmap: string | null }): void {
  const { reader } = decoding;
  let bitmap = readBitmap(reader);
  if (bitsOf(bitmap)[0] === 1) {
    const at = reader.absolute;
    const second = readBitmap(reader);
    if (bitsOf(second)[0] === 1) {
      throw new Fault("NO_SECOND_BITMAP", "", at);
    }
    bitmap += second;
  }
  seen.bitmap = bitmap;
  for (const de of bitsOf(bitmap)) {
    if (de !== 1) {
      readElement(decoding, de);
    }
  }
  if (reader.left > 0) {
    throw new Fault("TRAILING_DATA", "", reader.absolute, 0, reader.left);
  }
}

function attempt(run: () => void): OracleError | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof Fault) {
      return error.error;
    }
    throw error;
  }
}

/** Decodes from the dialect's start bytes, or from the MTI where `bare` is true. */
export function decodeSlowly(
  dialect: Dialect,
  buf: Buffer,
  off: number,
  end: number,
  bare: boolean,
): OracleResult {
  const reader = new Reader(buf, off, end);
  const decoding: Decoding = { dialect, reader, fields: new Map(), tags: new Map() };
  const seen = { bitmap: null as string | null };
  let header: string | null = null;
  let mti: string | null = null;
  let unknown = false;
  let mtiAt = off;
  let error = attempt(() => {
    if (end > buf.length || end - off > dialect.bytesMax) {
      throw new Fault("FRAME_LENGTH", "", off, dialect.bytesMax, end - off);
    }
    header = bare ? null : readHeader(dialect, reader);
    mtiAt = reader.absolute;
    mti = readMTI(dialect, reader);
    unknown = !isKnownMTI(dialect, mti);
    readRest(decoding, seen);
  });
  if (unknown) {
    if (error !== null) {
      decoding.fields.clear();
      decoding.tags.clear();
    }
    error = { code: "UNKNOWN_MTI", path: "", at: mtiAt };
  }
  const { fields, tags } = decoding;
  return { header, mti, bitmap: seen.bitmap, fields, tags, error };
}
