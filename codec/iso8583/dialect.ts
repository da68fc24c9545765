// The dialect language: an ISO 8583 dialect is data, and everything else (scanner, writer,
// masker, oracle, documentation) is made from it. Four choices are independent for each element,
// because real networks mix them: how the length is written, what it counts, how the data is
// written, how it is padded. The language covers every encoding and composite that is known in
// the field; the generator names the ones that it cannot emit yet (generator/check-spec.ts)
// instead of guessing.

/** EBCDIC code pages in use; 037, 500 and 1047 differ in `! | ^ [ ]` and a few currency signs. */
export type EbcdicPage = "ebcdic-037" | "ebcdic-500" | "ebcdic-1047";

/** How the digits of a number outside the data (MTI, length) are written. */
export type DigitEncoding = "ascii" | EbcdicPage | "bcd" | "binary";

/** How the data of an element is written. `hex` is two characters a byte; `raw` is the bytes. */
export type DataEncoding = "ascii" | EbcdicPage | "utf-8" | "bcd" | "signed-bcd" | "hex" | "raw";

/** What fills the odd nibble of BCD, or the rest of a fixed text. */
export type Filler = "none" | "zero-left" | "zero-right" | "f-left" | "f-right" | "space-right";

/** Prefix of an element of variable length. */
export interface LengthPrefix {
  /** Digits, 1 (L) to 6 (LLLLLL); bytes (1 or 2) where the encoding is binary. */
  readonly digits: number;
  readonly encoding: DigitEncoding;
  /** What the number counts. Counting digits, the data takes half as many bytes, rounded up. */
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
   * Smallest and largest length, in the unit of the prefix, or in characters where there is none.
   */
  readonly min: number;
  readonly max: number;
  readonly content: ContentClass;
  readonly sensitivity?: Sensitivity;
  /** The only values allowed, judged by `validate`, not by `scan`; absent: any of the class. */
  readonly values?: readonly string[];
}

/** One bitmap, of a message or of a composite: its meaning is a property of each bitmap. */
export interface BitmapSpec {
  readonly encoding: "raw" | "hex" | EbcdicPage;
  /** Bits that this dialect can carry: 64, 128 or 192 for a message. */
  readonly bits: number;
  /** Who says that another bitmap follows: its first bit, nothing, or the dialect. */
  readonly continues: "bit1" | "never" | "always";
  /** True: the writer always writes all of them, even one that is empty. */
  readonly writesAll: boolean;
}

/** What to do with a tag that comes twice. */
export type DuplicatePolicy = "first" | "last" | "list" | "reject";

/** What to do with a tag that the dialect does not name. */
export type UnknownPolicy = "keep" | "reject";

/** Fixed slices, one after the other; the last may be short where the dialect says so. */
export interface PositionalSpec {
  readonly kind: "positional";
  readonly parts: readonly ValueSpec[];
  readonly lastMayBeShort?: boolean;
}

/**
 * Repeats of tag, length and value, both written in characters (DE120 of `mydebit`, clearing
 * PDS).
 */
export interface TagListSpec {
  readonly kind: "tag-list";
  readonly tagDigits: number;
  readonly lengthDigits: number;
  /** Characters before the first tag, such as a transaction category code. */
  readonly leading?: ValueSpec;
  readonly tagsMax: number;
  readonly duplicates: DuplicatePolicy;
  readonly unknown: UnknownPolicy;
  readonly tags: Readonly<Record<string, ValueSpec>>;
}

/** A bitmap and the parts that it announces; here bit 1 usually is a part. */
export interface BitmappedSpec {
  readonly kind: "bitmapped";
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
  readonly tags: Readonly<Record<string, ValueSpec>>;
}

/** Datasets: id of one byte, length of two bytes, then BER-TLV; one id may come again. */
export interface DatasetSpec {
  readonly kind: "dataset";
  readonly datasets: Readonly<Record<string, BERTLVSpec>>;
  readonly unknown: UnknownPolicy;
}

/** BASE24 tokens: `& `, count, total length, then `! `, id, length, space, data for each. */
export interface TokenListSpec {
  readonly kind: "token-list";
  readonly tokensMax: number;
  readonly tokens: Readonly<Record<string, ValueSpec>>;
  readonly unknown: UnknownPolicy;
}

/** Parts one after the other until the data ends. */
export interface SequenceSpec {
  readonly kind: "sequence";
  readonly parts: readonly ElementSpec[];
  /** Parts from this position on may be absent. */
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
  readonly composite?: CompositeSpec;
}

/** Literal bytes and digits that stand before the MTI. */
export interface HeaderSpec {
  readonly literal: string;
  readonly digits: number;
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
    readonly encoding: DigitEncoding;
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
  /** Echo set of requests that no row of `messages` names. */
  readonly echo: readonly number[];
  /** What an answer to a request that cannot be understood still repeats. */
  readonly errorEcho: readonly number[];
}
