import { insidePart, packStatus } from "./errors.ts";

/** Highest element number that any dialect may carry: three bitmaps of 64 bits. */
export const elementsMax = 192;
/** Tags in one tag list; a longer one is hostile (measured traffic has fewer than twenty). */
export const tagsMax = 64;

/** Composites are nested two levels below an element (48.33.01); one more for a safe sum. */
const errorDepthMax = 4;

/** Tags of a tag list as found by the last scan: offsets and lengths, in the order of the wire. */
export class TagView {
  count = 0;
  /** Tag numbers 0 to 99 in the order of the wire; `count` of them are valid. */
  readonly order = new Uint8Array(tagsMax);
  /**
   * `[2 * tag]` absolute offset of the value, `[2 * tag + 1]` its length; valid where `has` says
   * so.
   */
  readonly slots = new Int32Array(200);
  /** One bit a tag. */
  readonly bits = new Int32Array(4);

  has(tag: number): boolean {
    return (this.bits[tag >> 5]! & (1 << (tag & 31))) !== 0;
  }

  /** Absolute offset of the value; meaningful only where `has` is true. */
  offset(tag: number): number {
    return this.slots[2 * tag]!;
  }

  length(tag: number): number {
    return this.slots[2 * tag + 1]!;
  }

  clear(): void {
    this.count = 0;
    this.bits[0] = 0;
    this.bits[1] = 0;
    this.bits[2] = 0;
    this.bits[3] = 0;
  }
}

const noBytes = Buffer.alloc(0);
const noWords = new DataView(noBytes.buffer, noBytes.byteOffset, 0);

/**
 * One scanned message: offsets into the caller's buffer, no copies. Valid until the next scan with
 * the same view, and only as long as the buffer keeps its bytes. All properties are integers below
 * 2^31, set in the constructor, so that the shape never changes.
 */
export class View {
  buf: Buffer = noBytes;
  /** The same bytes, four at a time. */
  words: DataView = noWords;
  /** First byte that was scanned: offsets of errors count from here. */
  origin = 0;
  /** First byte of the MTI: a MAC begins here. */
  begin = 0;
  end = 0;
  /** 0x0100 for "0100"; 0 where it could not be read. */
  mti = 0;
  /** Bitmap words as on the wire: bit 31 of w0 is DE1, bit 30 is DE2. */
  w0 = 0;
  w1 = 0;
  w2 = 0;
  w3 = 0;
  /** Third bitmap, in the few dialects that have one. */
  w4 = 0;
  w5 = 0;
  /**
   * `[2 * de]` absolute offset of the data, `[2 * de + 1]` its length; valid where the bit is
   * set.
   */
  readonly slots = new Int32Array(2 * (elementsMax + 1));
  readonly tags = new TagView();
  /** Highest element up to which everything scanned cleanly; above it nothing may be read. */
  validUpTo = 0;
  /** Absolute offset, expected and actual length of the last error. */
  errorAt = 0;
  errorExpected = -1;
  errorActual = -1;
  /** Parts that lead to an error inside a composite, the innermost first; see error-path.ts. */
  readonly errorKeys = new Int32Array(errorDepthMax);
  errorDepth = 0;

  /** Notes the buffer of the messages to come; nothing where it is the same as before. */
  attach(buf: Buffer): void {
    if (this.buf === buf) return;
    this.attachWords(buf, new DataView(buf.buffer, buf.byteOffset, buf.length));
  }

  /** The same with the words of these bytes, for those who go from buffer to buffer and back. */
  attachWords(buf: Buffer, words: DataView): void {
    this.buf = buf;
    this.words = words;
  }

  /** True where the element came and scanned cleanly. */
  has(de: number): boolean {
    if (de > this.validUpTo || de < 2) {
      return false;
    }
    if (de > 128) {
      return ((de <= 160 ? this.w4 : this.w5) & (1 << (-de & 31))) !== 0;
    }
    const word = de <= 64 ? (de <= 32 ? this.w0 : this.w1) : de <= 96 ? this.w2 : this.w3;
    return (word & (1 << (-de & 31))) !== 0;
  }

  /** Absolute offset of the data; meaningful only where `has` is true. */
  offset(de: number): number {
    return this.slots[2 * de]!;
  }

  length(de: number): number {
    return this.slots[2 * de + 1]!;
  }

  /** The data as a string, empty where absent. Allocates: for tools and tests. */
  text(de: number): string {
    if (!this.has(de)) {
      return "";
    }
    const at = this.offset(de);
    return this.buf.toString("latin1", at, at + this.length(de));
  }

  /** Digits as a number: at most 15 of them are exact; -1 where the element is absent. */
  int(de: number): number {
    if (!this.has(de)) {
      return -1;
    }
    const at = this.slots[2 * de]!;
    const end = at + this.slots[2 * de + 1]!;
    let value = 0;
    for (let i = at; i < end; i++) {
      value = value * 10 + (this.buf[i]! - 48);
    }
    return value;
  }

  /** Notes where a scan failed and packs the status. Called once per bad message. */
  fail(code: number, de: number, at: number, expected: number, actual: number): number {
    this.validUpTo = de === 0 ? 0 : de - 1;
    return this.failPart(code, de, 0, at, expected, actual);
  }

  /** The same for a part of an element; the caller keeps `validUpTo`. */
  failPart(
    code: number,
    de: number,
    sub: number,
    at: number,
    expected: number,
    actual: number,
  ): number {
    this.errorAt = at;
    this.errorExpected = expected;
    this.errorActual = actual;
    return packStatus(code, de, sub);
  }

  /** Notes an error of a composite as a whole; the element around it adds its number. */
  failHere(code: number, at: number, expected: number, actual: number): number {
    this.errorDepth = 0;
    return this.failPart(code, 0, 0, at, expected, actual);
  }

  /** Notes an error of one part of a composite. */
  failAt(code: number, key: number, at: number, expected: number, actual: number): number {
    this.errorKeys[0] = key;
    this.errorDepth = 1;
    return this.failPart(code, 0, 0, at, expected, actual);
  }

  /** Adds the part that an error inside it belongs to. */
  within(key: number, status: number): number {
    this.errorKeys[this.errorDepth] = key;
    this.errorDepth++;
    return status;
  }

  /** Adds the element that an error of its composite belongs to. */
  failComposite(de: number, status: number): number {
    this.validUpTo = de - 1;
    return packStatus(-status & 63, de, this.errorDepth === 0 ? 0 : insidePart);
  }
}
