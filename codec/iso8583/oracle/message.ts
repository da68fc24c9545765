// The slow decoder: table-driven, straight from the dialect data. It shares nothing with the
// generated scanners but the data, so that tests can demand agreement on every input; the slow
// door decodes with it, and dialects that are loaded at run time are served by it.
import type { Dialect, ElementSpec } from "../dialect.ts";
import { bytesOfMTI } from "../wire-size.ts";
import { announces, bitsOf, takeBlock } from "./bitmap.ts";
import { readElement } from "./element.ts";
import { Fault, faultOf, type OracleError } from "./fault.ts";
import type { Node } from "./node.ts";
import { digitsOf, Reader } from "./reader.ts";

export interface OracleResult {
  /** Start bytes: text, then hex of those that are no text; null where the dialect has none. */
  readonly header: string | null;
  readonly mti: string | null;
  /** All bitmaps in upper-case hex; null where they could not be read. */
  readonly bitmap: string | null;
  readonly fields: ReadonlyMap<number, Node>;
  readonly error: OracleError | null;
}

/** The element of that number in messages of that type. */
export function elementOf(dialect: Dialect, mti: string, de: number): ElementSpec | undefined {
  for (const message of dialect.messages) {
    if (message.overrides !== undefined && message.mtis.includes(mti)) {
      return message.overrides[de] ?? dialect.elements[de];
    }
  }
  return dialect.elements[de];
}

function isKnownMTI(dialect: Dialect, mti: string): boolean {
  const { known } = dialect.mti;
  if (known.kind === "table") {
    return dialect.messages.some((message) => message.mtis.includes(mti));
  }
  return (
    known.classes.includes(mti[1]!) &&
    known.functions.includes(mti[2]!) &&
    known.origins.includes(mti[3]!)
  );
}

function readHeader(dialect: Dialect, reader: Reader): string | null {
  if (dialect.header === null) {
    return null;
  }
  const at = reader.at;
  const { literal, digits, rawBytes = 0 } = dialect.header;
  const size = literal.length + digits + rawBytes;
  const header = reader.take(size, "HEADER_TRUNCATED", "");
  const text = header.toString("latin1", 0, literal.length + digits);
  if (!text.startsWith(literal) || !/^[0-9]*$/.test(text.slice(literal.length))) {
    throw new Fault("BAD_HEADER", "", at, size, size);
  }
  return text + header.toString("hex", literal.length + digits).toUpperCase();
}

function readMTI(dialect: Dialect, reader: Reader): string {
  const at = reader.at;
  const { encoding, version } = dialect.mti;
  const size = bytesOfMTI(encoding);
  const mti = digitsOf(encoding, reader.take(size, "MTI_TRUNCATED", ""));
  if (mti === null || !version.includes(mti[0]!)) {
    throw new Fault("BAD_MTI", "", at, size, size);
  }
  return mti;
}

/** Bit 65 and the like announce a bitmap where one may follow, and else may be an element. */
function isAnnouncement(dialect: Dialect, bit: number): boolean {
  return bit === 1 || (bit % 64 === 1 && dialect.elements[bit] === undefined);
}

function readBitmaps(dialect: Dialect, reader: Reader): string {
  const { encoding, bits, continues } = dialect.bitmap;
  const codes = { truncated: "BITMAP_TRUNCATED", notHex: "BITMAP_NOT_HEX" } as const;
  let bitmap = "";
  for (let first = 1; ; first += 64) {
    const at = reader.at;
    const block = takeBlock(reader, encoding, 8, "", codes);
    bitmap += block;
    const last = first + 64 > bits;
    if (continues !== "bit1") {
      if (last) return bitmap;
      continue;
    }
    if (!announces(block)) return bitmap;
    if (last) {
      if (isAnnouncement(dialect, first)) {
        throw new Fault("NO_SECOND_BITMAP", "", at);
      }
      return bitmap;
    }
  }
}

interface Progress {
  header: string | null;
  mti: string | null;
  bitmap: string | null;
  mtiAt: number;
  readonly fields: Map<number, Node>;
}

/** True where the bit stands for a bitmap, not for an element. */
function isBitmapBit(dialect: Dialect, de: number): boolean {
  const { bits, continues } = dialect.bitmap;
  if (de % 64 !== 1 || de === 1) {
    return de === 1;
  }
  return continues === "bit1" ? de + 64 <= bits : dialect.elements[de] === undefined;
}

function readMessage(dialect: Dialect, reader: Reader, bare: boolean, seen: Progress): void {
  const { buf, at, end } = reader;
  if (end > buf.length || end - at > dialect.bytesMax) {
    throw new Fault("FRAME_LENGTH", "", at, dialect.bytesMax, end - at);
  }
  seen.header = bare ? null : readHeader(dialect, reader);
  seen.mtiAt = reader.at;
  const mti = readMTI(dialect, reader);
  seen.mti = mti;
  seen.bitmap = readBitmaps(dialect, reader);
  for (const de of bitsOf(seen.bitmap)) {
    if (isBitmapBit(dialect, de)) {
      continue;
    }
    const key = String(de);
    const element = elementOf(dialect, mti, de);
    if (element === undefined) {
      throw new Fault("UNKNOWN_FIELD", key, reader.at);
    }
    seen.fields.set(de, readElement(element, key, key, reader));
  }
  if (reader.left > 0) {
    throw new Fault("TRAILING_DATA", "", reader.at, 0, reader.left);
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
  const seen: Progress = { header: null, mti: null, bitmap: null, mtiAt: off, fields: new Map() };
  let error = faultOf(() => readMessage(dialect, new Reader(buf, off, end), bare, seen));
  const { header, mti, bitmap, fields } = seen;
  if (mti !== null && !isKnownMTI(dialect, mti)) {
    if (error !== null) {
      fields.clear();
    }
    error = { code: "UNKNOWN_MTI", path: "", at: seen.mtiAt };
  }
  return { header, mti, bitmap, fields, error };
}
