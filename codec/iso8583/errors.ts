// The one table of what can be wrong with a message: a stable code, its number in a packed status,
// and what a session does about it. No message ever holds a value or a piece of the frame.

/**
 * `answer`: the peer gets response code 30 and the session goes on. `close`: there is no way
 * back.
 */
export type SessionAction = "answer" | "close";

interface CodeRow {
  readonly number: number;
  readonly action: SessionAction;
  readonly text: string;
}

const row = (number: number, action: SessionAction, text: string): CodeRow => ({
  number,
  action,
  text,
});

export const codeTable = {
  FRAME_LENGTH: row(1, "close", "the length of the frame is outside its limits"),
  BAD_HEADER: row(2, "close", "the start bytes are not those of the dialect"),
  HEADER_TRUNCATED: row(3, "close", "the message ends inside its start bytes"),
  MTI_TRUNCATED: row(4, "close", "the message ends inside the message type"),
  BAD_MTI: row(5, "close", "the message type is not four digits of an allowed version"),
  UNKNOWN_MTI: row(6, "answer", "the dialect has no such message type"),
  BITMAP_TRUNCATED: row(7, "close", "the message ends inside a bitmap"),
  BITMAP_NOT_HEX: row(8, "close", "a bitmap holds something that is not a hex digit"),
  NO_SECOND_BITMAP: row(9, "close", "a bitmap announces another one where the dialect ends"),
  UNKNOWN_FIELD: row(10, "answer", "the dialect has no such element"),
  LEN_TRUNCATED: row(11, "answer", "the message ends inside a length"),
  LEN_NOT_NUMERIC: row(12, "answer", "the length is not a number"),
  LEN_EXCEEDS_MAX: row(13, "answer", "the length is above the limit"),
  FIELD_TRUNCATED: row(14, "answer", "the data is shorter than its length says"),
  BAD_BCD: row(15, "answer", "a nibble is not a decimal digit"),
  BAD_HEX: row(16, "answer", "a character is not a hex digit"),
  BAD_CHARSET: row(17, "answer", "a byte is outside the character set"),
  BAD_FORMAT: row(18, "answer", "the content is not of the declared class"),
  TLV_TAG_TRUNCATED: row(19, "answer", "the data ends inside a tag"),
  TLV_TAG_TOO_LONG: row(20, "answer", "the tag has too many bytes"),
  TLV_LEN_TRUNCATED: row(21, "answer", "the data ends inside the length of a tag"),
  TLV_LEN_FORM: row(22, "answer", "the length of a tag is written in a form that is not allowed"),
  TLV_LEN_OVERFLOW: row(23, "answer", "the length of a tag is too large to be one"),
  TLV_VALUE_TRUNCATED: row(24, "answer", "the value of a tag is shorter than its length says"),
  TLV_DUPLICATE: row(25, "answer", "a tag comes twice"),
  TLV_TOO_MANY: row(26, "answer", "there are too many tags"),
  TLV_DEPTH: row(27, "answer", "the nesting is too deep"),
  COMPOSITE_LENGTH_MISMATCH: row(28, "answer", "the parts do not add up to the element"),
  TRAILING_DATA: row(29, "answer", "bytes are left after the last element"),
  MISSING_FIELD: row(30, "answer", "a mandatory element is missing"),
  FIELD_NOT_ALLOWED: row(31, "answer", "the element must not come in this message"),
  ENCODE_TOO_LONG: row(32, "close", "a value does not fit its element"),
  ENCODE_BAD_VALUE: row(33, "close", "a value cannot be written in its element"),
  OUTPUT_FULL: row(34, "close", "the output has no room left"),
} as const satisfies Record<string, CodeRow>;

export type CodecErrorCode = keyof typeof codeTable;

const names: CodecErrorCode[] = [];
for (const [name, { number }] of Object.entries(codeTable)) {
  names[number] = name as CodecErrorCode;
}

/**
 * Packs an error into a negative 32-bit integer: 6 bits code, 8 bits element (0: none), 16 bits
 * part of the element (0: none; a tag list gives tag + 1). Offset and lengths stay in the view.
 */
export function packStatus(code: number, de: number, sub: number): number {
  return -(code | (de << 6) | (sub << 14));
}

/** The part of a status whose path is not a two-digit tag: the view knows it. */
export const insidePart = 0xffff;

export interface UnpackedStatus {
  readonly code: CodecErrorCode;
  readonly de: number;
  /** Part of the element plus one; 0: the element itself. */
  readonly sub: number;
  /**
   * `120.04`, `120`, or empty where the message as a whole is meant. Deeper paths than a tag of the
   * tag view are in the CodecError alone.
   */
  readonly path: string;
  /** True: the view of the scan knows a longer path, see `Codec.error`. */
  readonly isInside: boolean;
  readonly action: SessionAction;
}

/** Takes a packed status apart; the caller has seen that it is negative. */
export function unpackStatus(status: number): UnpackedStatus {
  const bits = -status;
  const code = names[bits & 63];
  if (status >= 0 || code === undefined) {
    throw new RangeError(`not a codec status: ${status}`);
  }
  const de = (bits >> 6) & 255;
  const sub = bits >> 14;
  const isInside = sub === insidePart;
  return { code, de, sub, path: pathOf(de, sub), isInside, action: codeTable[code].action };
}

/** Code alone, for counters. */
export function codeOf(status: number): CodecErrorCode {
  return unpackStatus(status).code;
}

/** Field path as printed: tags have two digits. */
export function pathOf(de: number, sub: number): string {
  if (de === 0) {
    return "";
  }
  return sub === 0 || sub === insidePart ? String(de) : `${de}.${String(sub - 1).padStart(2, "0")}`;
}

/** Where and how long; every part is safe to print. */
export interface CodecErrorPlace {
  readonly path: string;
  /** From the first byte of the header, or of the MTI where there is none. */
  readonly offset: number;
  readonly expected?: number;
  readonly actual?: number;
}

/** What is wrong with a message, built only when somebody asks. Holds no value of the message. */
export class CodecError extends Error {
  override readonly name = "CodecError";
  readonly code: CodecErrorCode;
  readonly path: string;
  readonly offset: number;
  readonly expected: number | undefined;
  readonly actual: number | undefined;

  constructor(code: CodecErrorCode, place: CodecErrorPlace) {
    const where = place.path === "" ? "message" : `element ${place.path}`;
    super(`${code}: ${where} at offset ${place.offset}: ${codeTable[code].text}`);
    this.code = code;
    this.path = place.path;
    this.offset = place.offset;
    this.expected = place.expected;
    this.actual = place.actual;
  }
}
