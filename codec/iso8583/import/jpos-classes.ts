// The field classes of jPOS as data: what each writes, read from its prefixer, interpreter and
// padder (jPOS 2.1.10). jPOS checks no content; a class that is called numeric is `n` here.
import type { ContentClass, DataEncoding, LengthPrefix } from "../dialect.ts";

export interface JposClass {
  readonly content: ContentClass;
  readonly encoding: DataEncoding;
  readonly prefix: LengthPrefix | null;
  /** Filler of an odd digit where the file says pad="true", and where it does not. */
  readonly odd?: "zero" | "f";
  /** Bytes or characters on the wire for a length in the file, where they are not the same. */
  readonly wireLength?: (length: number) => number;
  /** What the class does and the dialect does not say. */
  readonly note?: string;
}

const page = "ebcdic-1047";
const prefixEncodings = { A: "ascii", E: page, B: "bcd", H: "binary" } as const;

/** `A2`: two ASCII digits; `H1`: one binary byte; a `d` behind it counts digits. */
function prefixOf(text: string | undefined): LengthPrefix | null {
  if (text === undefined) {
    return null;
  }
  const encoding = prefixEncodings[text[0] as keyof typeof prefixEncodings];
  return { digits: Number(text[1]), encoding, unit: text[2] === "d" ? "digits" : "bytes" };
}

/** Content, encoding and prefix of each class that is nothing but these. */
const plain: Readonly<Record<string, string>> = {
  IF_CHAR: "ans ascii",
  IF_ECHAR: `ans ${page}`,
  IFA_NUMERIC: "n ascii",
  IFA_AMOUNT: "x+n ascii",
  IFA_AMOUNT2003: "n ascii",
  IFA_BINARY: "b hex",
  IFA_LCHAR: "ans ascii A1",
  IFA_LLCHAR: "ans ascii A2",
  IFA_LLLCHAR: "ans ascii A3",
  IFA_LLLLCHAR: "ans ascii A4",
  IFA_LLLLLCHAR: "ans ascii A5",
  IFA_LLLLLLCHAR: "ans ascii A6",
  IFA_LLNUM: "n ascii A2",
  IFA_LLLNUM: "n ascii A3",
  IFA_LBINARY: "b raw A1",
  IFA_LLBINARY: "b raw A2",
  IFA_LLLBINARY: "b raw A3",
  IFA_LLLLBINARY: "b raw A4",
  IFA_LLLLLBINARY: "b raw A5",
  IFA_LLLLLLBINARY: "b raw A6",
  IFA_LLABINARY: "b hex A2",
  IFA_LLLABINARY: "b hex A3",
  IFAE_LLCHAR: `ans ${page} A2`,
  IFEA_LLCHAR: "ans ascii E2",
  IFE_CHAR: `ans ${page}`,
  IFE_NUMERIC: `n ${page}`,
  IFE_AMOUNT: `x+n ${page}`,
  IFE_LCHAR: `ans ${page} E1`,
  IFE_LLCHAR: `ans ${page} E2`,
  IFE_LLLCHAR: `ans ${page} E3`,
  IFE_LLLLCHAR: `ans ${page} E4`,
  IFE_LNUM: `n ${page} E1`,
  IFE_LLNUM: `n ${page} E2`,
  IFE_LLLNUM: `n ${page} E3`,
  IFE_LBINARY: "b raw E1",
  IFE_LLBINARY: "b raw E2",
  IFE_LLLBINARY: "b raw E3",
  IFE_LLLLBINARY: "b raw E4",
  IFB_BINARY: "b raw",
  IFB_LLBINARY: "b raw B2",
  IFB_LLLBINARY: "b raw B3",
  IFB_LLLLBINARY: "b raw B4",
  IFB_LLCHAR: "ans ascii B2",
  IFB_LLLCHAR: "ans ascii B3",
  IFB_LLLLCHAR: "ans ascii B4",
  IFB_LLLLLLCHAR: "ans ascii B6",
  IFB_LLHBINARY: "b raw H1",
  IFB_LLLHBINARY: "b raw H2",
  IFB_LLHCHAR: "ans ascii H1",
  IFB_LLLHCHAR: "ans ascii H2",
  IFB_LLHECHAR: `ans ${page} H1`,
  IFB_LLLHECHAR: `ans ${page} H2`,
};

/** Classes in BCD, with what fills an odd digit. */
const packed: Readonly<Record<string, readonly [text: string, odd: "zero" | "f"]>> = {
  IFB_NUMERIC: ["n bcd", "zero"],
  IFB_FNUMERIC: ["n bcd", "f"],
  IFB_AMOUNT: ["x+n signed-bcd", "zero"],
  IFB_AMOUNT2003: ["n bcd", "zero"],
  IFB_LLNUM: ["n bcd B2d", "zero"],
  IFB_LLLNUM: ["n bcd B3d", "zero"],
  IFB_FLLNUM: ["n bcd B2d", "f"],
  IFB_FLLLNUM: ["n bcd B3d", "f"],
  IFB_LLHNUM: ["n bcd H1d", "zero"],
  IFB_LLLHNUM: ["n bcd H2d", "zero"],
  IFA_LLBNUM: ["n bcd A2d", "zero"],
  IFEB_LLNUM: ["n bcd E2", "f"],
  IFEB_LLLNUM: ["n bcd E3", "f"],
};

const even = (length: number): number => length + (length % 2);

/** Classes that are carried, but not with all that they do. */
const approximate: Readonly<Record<string, Omit<JposClass, "prefix"> & { prefix?: string }>> = {
  IFA_FLLCHAR: {
    content: "ans",
    encoding: "ascii",
    wireLength: (length) => length + 2,
    note: "the length inside the fixed field is a part of its text",
  },
  IFA_FLLNUM: {
    content: "ans",
    encoding: "ascii",
    wireLength: (length) => length + 2,
    note: "the length inside the fixed field is a part of its text",
  },
  IFB_LLHFBINARY: {
    content: "b",
    encoding: "raw",
    wireLength: (length) => length + 1,
    note: "the length inside the fixed field is its first byte",
  },
  IFB_HEX: {
    content: "b",
    encoding: "raw",
    wireLength: (length) => even(length) / 2,
    note: "an odd nibble is shown with its filling",
  },
  IFE_BINARY: {
    content: "ans",
    encoding: page,
    wireLength: (length) => 2 * length,
    note: "bytes in EBCDIC hex are text here",
  },
  IFE_SIGNED_NUMERIC: {
    content: "ans",
    encoding: page,
    note: "the sign over the last digit is a part of the text",
  },
  IFE_LLLEBINARY: {
    content: "b",
    encoding: "raw",
    prefix: "E3",
    note: "bytes are shown as they are on the wire, not translated from EBCDIC",
  },
};

function classOf(text: string): JposClass {
  const [content, encoding, prefix] = text.split(" ");
  return {
    content: content as ContentClass,
    encoding: encoding as DataEncoding,
    prefix: prefixOf(prefix),
  };
}

/** Every class that can be carried, by its name without the package. */
export const jposClasses: Readonly<Record<string, JposClass>> = {
  ...Object.fromEntries(Object.entries(plain).map(([name, text]) => [name, classOf(text)])),
  ...Object.fromEntries(
    Object.entries(packed).map(([name, [text, odd]]) => [name, { ...classOf(text), odd }]),
  ),
  ...Object.fromEntries(
    Object.entries(approximate).map(([name, { prefix, ...rest }]) => [
      name,
      { ...rest, prefix: prefixOf(prefix) },
    ]),
  ),
};

/** Classes that read and write nothing. */
export const emptyClasses: readonly string[] = ["IF_NOP", "IF_UNUSED"];

/** Bitmap classes: how their bits are written. */
export const bitmapClasses: Readonly<Record<string, "raw" | "hex" | typeof page>> = {
  IFB_BITMAP: "raw",
  IFA_BITMAP: "hex",
  IFE_BITMAP: page,
  Base1_BITMAP126: "raw",
};

/** Classes of a tag, its length and its text, by the digits of both. */
export const taggedClasses: Readonly<Record<string, readonly [tag: number, length: number]>> = {
  IFA_TTLCHAR: [2, 1],
  IFA_TTLLCHAR: [2, 2],
  IFA_TTLLLCHAR: [2, 3],
  IFA_TTLLLLCHAR: [2, 4],
  IFA_TTTLLLCHAR: [3, 3],
  IFA_TTLBINARY: [2, 1],
  IFA_TTLLBINARY: [2, 2],
  IFA_TTLLLBINARY: [2, 3],
  IFA_TTLLLLBINARY: [2, 4],
};

/** The same where the tag is the token of the field: digits of the length. */
export const tokenClasses: Readonly<Record<string, number>> = {
  IFTA_LCHAR: 1,
  IFTA_LLCHAR: 2,
  IFTA_LLNUM: 2,
  IFTA_LLLCHAR: 3,
  IFTA_LLLNUM: 3,
};
