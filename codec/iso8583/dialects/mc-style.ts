import type { Dialect, ElementSpec, MessageSpec, PartSpec, TagListSpec } from "../dialect.ts";
import { emvData } from "./emv-tags.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { asciiWriting, elementsOf, type Shape, type Writing, withRows } from "./rows.ts";

/** Text and numbers in EBCDIC, lengths too; binary data raw. */
function writing(shape: Shape): Writing {
  const ascii = asciiWriting("raw")(shape);
  const encoding = ascii.encoding === "ascii" ? "ebcdic-1047" : ascii.encoding;
  const prefix =
    ascii.prefix === null ? null : { ...ascii.prefix, encoding: "ebcdic-1047" as const };
  return { ...ascii, encoding, prefix };
}

const text = (name: string, min: number, max: number, more: Partial<PartSpec> = {}): PartSpec => ({
  name,
  min,
  max,
  content: "ans",
  sensitivity: "open",
  ...more,
});

const panMapping: TagListSpec = {
  kind: "tag-list",
  tagDigits: 2,
  lengthDigits: 2,
  tagsMax: 32,
  duplicates: "reject",
  unknown: "keep",
  emptyAllowed: true,
  tags: {
    "01": text("account type", 1, 1, { content: "a" }),
    "02": text("token PAN", 13, 19, { content: "n", sensitivity: "pan" }),
    "03": text("token expiry", 4, 4, { content: "YYMM" }),
    "06": text("token requestor id", 11, 11, { content: "n" }),
    "08": text("assurance and storage", 1, 2, { content: "an" }),
  },
};

/** DE48: a transaction category, then sub-elements of tag 2 and length 2. Contents are ours. */
const additionalData: TagListSpec = {
  kind: "tag-list",
  tagDigits: 2,
  lengthDigits: 2,
  leading: { name: "transaction category", min: 1, max: 1, content: "a", sensitivity: "open" },
  tagsMax: 64,
  duplicates: "list",
  unknown: "keep",
  emptyAllowed: true,
  tags: {
    "22": text("sub-fields of the transaction", 0, 99, { sensitivity: "text" }),
    "23": text("channel and device type", 1, 10),
    "26": text("wallet program", 3, 3, { content: "an" }),
    "30": text("token transaction id", 0, 44, { sensitivity: "authentication" }),
    "32": text("assigned id", 0, 11),
    "33": text("PAN mapping", 0, 99, { sensitivity: "text", composite: panMapping }),
    "42": text("e-commerce indicator and security level", 0, 99),
    "43": text("universal cardholder authentication", 0, 32, { sensitivity: "authentication" }),
    "63": text("trace id", 0, 15),
    "66": text("authentication data", 0, 99, { sensitivity: "authentication" }),
    "71": text("on-behalf services", 0, 99),
    "74": text("additional processing", 0, 99),
    "75": text("fraud scoring", 0, 99),
    "84": text("merchant advice", 0, 2),
    "92": text("card verification code", 3, 3, { content: "n", sensitivity: "authentication" }),
  },
};

/** DE124: type 2, correlation id 14, then what the type says. */
const tokenForm: ElementSpec["composite"] = {
  kind: "positional",
  parts: [
    { name: "type", min: 2, max: 2, content: "a", sensitivity: "open" },
    { name: "correlation id", min: 14, max: 14, content: "ans", sensitivity: "open" },
    { name: "form", min: 1, max: 983, content: "ans", sensitivity: "text" },
  ],
  lastMayBeShort: true,
  optionalFrom: 3,
};

const acceptor: ElementSpec["composite"] = {
  kind: "positional",
  parts: [
    { name: "name", min: 22, max: 22, content: "ans", sensitivity: "person" },
    { name: "space", min: 1, max: 1, content: "ans", sensitivity: "open" },
    { name: "city", min: 13, max: 13, content: "ans", sensitivity: "person" },
    { name: "space", min: 1, max: 1, content: "ans", sensitivity: "open" },
    { name: "country", min: 3, max: 3, content: "ans", sensitivity: "open" },
  ],
};

/** Advices carry token data in DE124; authorisations use it as text. */
const advices: MessageSpec = {
  mtis: ["0620", "0621", "0630"],
  use: "token notification",
  mandatory: [7, 11],
  forbidden: [],
  echo: [2, 7, 11, 32, 33, 37, 63],
};

const elements = elementsOf(
  withRows(rows1987, [
    [55, "ICC data", "b", [0, 255], "authentication"],
    [124, "token form", "ans", [0, 999], "text"],
  ]),
  { ...composites1987, 43: acceptor, 48: additionalData, 55: emvData, 124: tokenForm },
  writing,
);

/**
 * Mastercard-style: the encodings and the form of DE48 that public pages name, with contents of our
 * own; the scheme's layouts are not public. EBCDIC text and lengths, binary bitmap.
 */
export const mcStyleSpec: Dialect = {
  name: "mc-style",
  title: "Mastercard-style authorisation (ours)",
  header: null,
  mti: {
    encoding: "ebcdic-1047",
    version: "0",
    known: { kind: "digits", classes: "123468", functions: "01234", origins: "012345" },
  },
  bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
  bytesMax: 8_192,
  elements,
  messages: [
    advices,
    {
      mtis: ["0800", "0801", "0820"],
      use: "network management",
      mandatory: [7, 11, 70],
      forbidden: [],
      echo: [2, 7, 11, 33, 63, 70],
    },
  ],
  usualRuns: [],
  echo: [2, 3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 63],
  errorEcho: [7, 11, 32, 37],
};
