// The dialect language: an ISO 8583 dialect is data, and everything else (scanner, writer,
// masker, oracle, documentation) is made from it. Four choices are independent for each element,
// because real networks mix them: how the length is written, what it counts, how the data is
// written, how it is padded. Mixtures that mean nothing are refused by name (check/), before a
// dialect reads its first byte.

/** EBCDIC code pages in use; 037, 500 and 1047 differ in `! | ^ [ ]` and a few currency signs. */
export type EbcdicPage = "ebcdic-037" | "ebcdic-500" | "ebcdic-1047";

/** How the digits of a number outside the data (MTI, length) are written. */
export type DigitEncoding = "ascii" | EbcdicPage | "bcd" | "binary";

/**
 * How the data of an element is written. `hex` is two characters a byte; `raw` is the bytes; `bcd`
 * is two digits a byte; `signed-bcd` is an ASCII sign, then BCD; `utf-8` is counted in characters.
 */
export type DataEncoding =
  | "ascii"
  | "latin1"
  | EbcdicPage
  | "utf-8"
  | "bcd"
  | "signed-bcd"
  | "hex"
  | "raw";

/** What fills the odd nibble of BCD, or the rest of a fixed text. */
export type Filler = "none" | "zero-left" | "zero-right" | "f-left" | "f-right" | "space-right";

/**
 * Prefix of an element of variable length. `bytes` counts the bytes of the value, hence half of the
 * characters where it is written in hex; `characters` counts what is written; `digits` counts the
 * digits of BCD, which take half as many bytes, rounded up.
 */
export interface LengthPrefix {
  /** Digits, 1 (L) to 6 (LLLLLL); bytes (1 or 2) where the encoding is binary. */
  readonly digits: number;
  readonly encoding: DigitEncoding;
  readonly unit: "bytes" | "characters" | "digits";
}

/**
 * Content class, ISO 8583:1987 notation. `an` admits the space, since fixed text is space-filled;
 * `ans` is printable ASCII; `z` is track data; `x+n` is a sign C or D, then digits; `b` is any
 * byte. The rest are digits that must be a date or time.
 */
export type ContentClass =
  | "n"
  | "a"
  | "an"
  | "ans"
  | "ns"
  | "z"
  | "x+n"
  | "b"
  | "MMDDhhmmss"
  | "hhmmss"
  | "MMDD"
  | "YYMM"
  | "YYMMDD"
  | "YYYYMMDD"
  | "YYMMDDhhmmss"
  | "YYYYMMDDhhmmss";

/**
 * What the masker may show. `open`: everything. `pan`: first 6 and last 4. `track`: first 6.
 * `text`: everything but runs of digits that look like a card number. `person` and
 * `authentication`: the length only. An element without a class is masked like `authentication`.
 */
export type Sensitivity = "open" | "pan" | "track" | "text" | "person" | "authentication";

/** What a value is, wherever it stands: a data element, a tag, or a slice of a composite. */
export interface ValueSpec {
  readonly name: string;
  /**
   * Smallest and largest length of the value: bytes where the content is `b`, else characters (a
   * sign counts as one, filling nibbles as none).
   */
  readonly min: number;
  readonly max: number;
  readonly content: ContentClass;
  readonly sensitivity?: Sensitivity;
  /** The only values allowed, judged by `validate`, not by `scan`; absent: any of the class. */
  readonly values?: readonly string[];
}

/** A value inside a composite; what it does not say is as in the element around it. */
export interface PartSpec extends ValueSpec {
  readonly encoding?: DataEncoding;
  readonly filler?: Filler;
  readonly composite?: CompositeSpec;
}

/**
 * One bitmap, of a message or of a composite: its meaning is a property of each bitmap. `bit1`: the
 * first bit says that another one follows. `never`: all `bits` are always there and bit 1 says
 * nothing. `always`: the same, and the writer sets bit 1. `chain`: datasets of ISO 8583:2003, two
 * bytes with 15 bits, then one byte with 7, as long as the highest bit is set.
 */
export interface BitmapSpec {
  readonly encoding: "raw" | "hex" | EbcdicPage;
  /** Bits that it can carry: 64, 128 or 192 in a message, 8 to 192 in a composite. */
  readonly bits: number;
  readonly continues: "bit1" | "never" | "always" | "chain";
  /** True: the writer always writes all of them, even one that is empty. */
  readonly writesAll: boolean;
}

/** What to do with a tag that comes twice. */
export type DuplicatePolicy = "first" | "last" | "list" | "reject";

/** What to do with a tag that the dialect does not name. */
export type UnknownPolicy = "keep" | "reject";

/**
 * Fixed slices, one after the other, written as the element is. The parts are numbered from 1, and
 * on through repeats.
 */
export interface PositionalSpec {
  readonly kind: "positional";
  readonly parts: readonly ValueSpec[];
  /** True: the last part may be cut off, down to its `min`. */
  readonly lastMayBeShort?: boolean;
  /** The data may end before any part from this one on, counted from 1. */
  readonly optionalFrom?: number;
  /** All parts together may come up to this many times. */
  readonly repeatsMax?: number;
}

/**
 * Repeats of tag, length and value, tag and length in characters of the element's encoding (DE120
 * of `mydebit`, clearing PDS). The length counts bytes.
 */
export interface TagListSpec {
  readonly kind: "tag-list";
  /** Characters of a tag, 1 to 4. */
  readonly tagDigits: number;
  /** True: tags may hold letters. */
  readonly tagLetters?: boolean;
  /** Digits of a length, 1 to 4. */
  readonly lengthDigits: number;
  /** Fixed characters before the first tag, such as a transaction category code. */
  readonly leading?: ValueSpec;
  /** True: a tag that the dialect does not name may be empty. */
  readonly emptyAllowed?: boolean;
  readonly tagsMax: number;
  readonly duplicates: DuplicatePolicy;
  readonly unknown: UnknownPolicy;
  readonly tags: Readonly<Record<string, PartSpec>>;
}

/** A bitmap and the parts that it announces; here bit 1 usually is a part. */
export interface BitmappedSpec {
  readonly kind: "bitmapped";
  /** Bytes before the bitmap, kept as they are. */
  readonly headerBytes: number;
  readonly bitmap: BitmapSpec;
  readonly parts: Readonly<Record<string, ElementSpec>>;
}

/** BER-TLV as EMV uses it. */
export interface BERTLVSpec {
  readonly kind: "ber-tlv";
  /** 3 by default, 4 at most. */
  readonly tagBytesMax: number;
  /** Bytes of a long-form length, 3 at most. */
  readonly lengthBytesMax: number;
  /** What a 00 byte between objects means. */
  readonly padding: "skip" | "end" | "reject";
  readonly tagsMax: number;
  readonly duplicates: DuplicatePolicy;
  readonly unknown: UnknownPolicy;
  readonly tags: Readonly<Record<string, PartSpec>>;
}

/** What one dataset holds. */
export interface DatasetPart {
  readonly name: string;
  readonly sensitivity?: Sensitivity;
  readonly composite: BERTLVSpec | BitmappedSpec;
}

/**
 * Datasets: id of one byte, length of two bytes, then BER-TLV or a chained bitmap with its parts;
 * one id may come again.
 */
export interface DatasetSpec {
  readonly kind: "dataset";
  readonly datasetsMax: number;
  readonly datasets: Readonly<Record<string, DatasetPart>>;
  readonly unknown: UnknownPolicy;
}

/**
 * BASE24 tokens: `& `, count 5, total length 5, then `! `, id 2, length 5, space, data for each.
 * The count and the total count the header too.
 */
export interface TokenListSpec {
  readonly kind: "token-list";
  readonly tokensMax: number;
  readonly tokens: Readonly<Record<string, PartSpec>>;
  readonly unknown: UnknownPolicy;
}

/** Parts one after the other until the data ends. */
export interface SequenceSpec {
  readonly kind: "sequence";
  readonly parts: readonly ElementSpec[];
  /** The data may end before any part from this one on, counted from 1. */
  readonly optionalFrom: number;
}

export type CompositeSpec =
  | PositionalSpec
  | TagListSpec
  | BitmappedSpec
  | BERTLVSpec
  | DatasetSpec
  | TokenListSpec
  | SequenceSpec;

/** A data element: a value with its way of being written, and perhaps an inner layout. */
export interface ElementSpec extends ValueSpec {
  /** null: fixed length, `min` equals `max`. */
  readonly prefix: LengthPrefix | null;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  /** In hex, the layout is that of the bytes: kinds that a raw element can hold. */
  readonly composite?: CompositeSpec;
}

/** What stands before the MTI: literal text, then digits, then bytes that are kept as they are. */
export interface HeaderSpec {
  readonly literal: string;
  readonly digits: number;
  readonly rawBytes?: number;
}

/** Presence of elements in the message types that share one row of the dialect's table. */
export interface MessageSpec {
  /** MTIs that the row holds for, repeats included, as four digits. */
  readonly mtis: readonly string[];
  /** What the message is for, in a few words. */
  readonly use: string;
  readonly mandatory: readonly number[];
  /** Elements that must not come; the rest is scanned and not judged. */
  readonly forbidden: readonly number[];
  /** Elements of the request that its answer repeats, byte for byte. */
  readonly echo: readonly number[];
  /** Tags of the tag list element that must, or must not, come. */
  readonly tagsMandatory?: readonly number[];
  readonly tagsForbidden?: readonly number[];
  /** Elements whose layout differs in these messages; resolved when code is generated. */
  readonly overrides?: Readonly<Record<string, ElementSpec>>;
}

/** Which MTIs the dialect knows: those of its message table, or every mix of digits. */
export type MTISet =
  | { readonly kind: "table" }
  | {
      readonly kind: "digits";
      readonly classes: string;
      readonly functions: string;
      readonly origins: string;
    };

export interface Dialect {
  /** Lower-case identifier: names the generated file and the `--dialect` value. */
  readonly name: string;
  readonly title: string;
  readonly header: HeaderSpec | null;
  readonly mti: {
    readonly encoding: Exclude<DigitEncoding, "binary">;
    /** Version digits that the dialect takes, such as "0" or "01". */
    readonly version: string;
    readonly known: MTISet;
  };
  readonly bitmap: BitmapSpec;
  /** Longest message in bytes, header included. */
  readonly bytesMax: number;
  /** Elements by number; a bit without an element here is UNKNOWN_FIELD. */
  readonly elements: Readonly<Record<string, ElementSpec>>;
  readonly messages: readonly MessageSpec[];
  /**
   * Elements of fixed length that usual traffic brings together, from a traffic profile: the
   * scanner reads such a run with one bounds check and constant offsets. Changes no verdict.
   */
  readonly usualRuns: readonly (readonly number[])[];
  /**
   * Whole sets of elements that usual traffic brings, from a recorded traffic profile, 64 at most:
   * each gets a scanner of its own, in which only length prefixes are read and everything else
   * stands at constant offsets. Changes no verdict.
   */
  readonly shapes?: readonly (readonly number[])[];
  /** Echo set of requests that no row of `messages` names. */
  readonly echo: readonly number[];
  /** What an answer to a request that cannot be understood still repeats. */
  readonly errorEcho: readonly number[];
}
