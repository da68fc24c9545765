// Dialects that no network speaks: together they have every way of writing that the language can
// say, so that each is generated, decoded, written and fuzzed.
import type { BERTLVSpec, Dialect, ElementSpec, PartSpec, TagListSpec } from "../dialect.ts";

const element = (more: Partial<ElementSpec>): ElementSpec => ({
  name: "animal",
  min: 0,
  max: 19,
  content: "n",
  prefix: { digits: 2, encoding: "ascii", unit: "bytes" },
  encoding: "ascii",
  filler: "none",
  sensitivity: "open",
  ...more,
});

const fixed = (length: number, more: Partial<ElementSpec>): ElementSpec =>
  element({ min: length, max: length, prefix: null, ...more });

const part = (more: Partial<PartSpec>): PartSpec => ({
  name: "part",
  min: 0,
  max: 9,
  content: "ans",
  sensitivity: "open",
  ...more,
});

const prefix = (
  digits: number,
  encoding: "ascii" | "ebcdic-037" | "ebcdic-500" | "bcd" | "binary",
  unit: "bytes" | "characters" | "digits",
) => ({ digits, encoding, unit });

const values: Readonly<Record<string, ElementSpec>> = {
  "2": element({ encoding: "bcd", filler: "f-right", prefix: prefix(2, "bcd", "digits") }),
  "3": fixed(3, { encoding: "bcd", filler: "zero-left" }),
  "4": fixed(3, { encoding: "bcd", filler: "zero-right" }),
  "5": fixed(3, { encoding: "bcd", filler: "f-left" }),
  "6": fixed(3, { encoding: "bcd", filler: "f-right" }),
  "7": element({ content: "z", encoding: "bcd", filler: "f-right", prefix: prefix(1, "binary", "bytes") }),
  "8": element({ encoding: "bcd", filler: "zero-left", prefix: prefix(3, "bcd", "bytes") }),
  "9": fixed(9, { content: "x+n", encoding: "signed-bcd", filler: "zero-left" }),
  "10": fixed(5, { content: "x+n", encoding: "ebcdic-037" }),
  "11": element({
    min: 2,
    content: "x+n",
    encoding: "signed-bcd",
    filler: "zero-right",
    prefix: prefix(2, "ascii", "digits"),
  }),
  "12": element({ max: 9, content: "ans", encoding: "latin1", prefix: prefix(1, "ascii", "characters") }),
  "13": element({ content: "ans", encoding: "ebcdic-037", prefix: prefix(2, "ebcdic-037", "bytes") }),
  "14": element({ max: 1_200, content: "an", encoding: "ebcdic-500", prefix: prefix(4, "bcd", "bytes") }),
  "15": fixed(4, { content: "ans", encoding: "ebcdic-1047", filler: "space-right" }),
  "16": element({ max: 30, content: "ans", encoding: "utf-8", prefix: prefix(3, "ascii", "characters") }),
  "17": element({ max: 30, content: "ans", encoding: "utf-8", prefix: prefix(2, "binary", "bytes") }),
  "18": fixed(3, { content: "ans", encoding: "utf-8" }),
  "19": fixed(4, { content: "b", encoding: "hex" }),
  "20": element({ content: "b", encoding: "hex", prefix: prefix(2, "ascii", "bytes") }),
  "21": element({ content: "b", encoding: "hex", prefix: prefix(2, "ebcdic-500", "characters") }),
  "22": element({ content: "b", encoding: "hex", prefix: prefix(3, "bcd", "digits") }),
  "23": element({ max: 300, content: "b", encoding: "raw", prefix: prefix(2, "binary", "bytes") }),
  "24": element({ max: 999, content: "b", encoding: "raw", prefix: prefix(6, "ascii", "bytes") }),
  "25": fixed(10, { content: "MMDDhhmmss", encoding: "bcd" }),
  "26": fixed(8, { content: "YYYYMMDD", encoding: "ebcdic-500" }),
  "27": fixed(12, { content: "YYMMDDhhmmss" }),
  "28": fixed(6, { content: "hhmmss", encoding: "latin1" }),
  "29": element({ max: 40, content: "ns", prefix: prefix(5, "ascii", "bytes") }),
  "30": fixed(14, { content: "YYYYMMDDhhmmss", encoding: "bcd" }),
  "31": element({ content: "a", encoding: "ebcdic-037", prefix: prefix(1, "binary", "characters") }),
  "32": fixed(5, { content: "z", encoding: "bcd", filler: "zero-left" }),
};

const inner: TagListSpec = {
  kind: "tag-list",
  tagDigits: 2,
  lengthDigits: 2,
  tagsMax: 4,
  duplicates: "reject",
  unknown: "keep",
  emptyAllowed: true,
  tags: { "01": part({ content: "n", min: 2, max: 2 }) },
};

const deepBer: BERTLVSpec = {
  kind: "ber-tlv",
  tagBytesMax: 2,
  lengthBytesMax: 1,
  padding: "reject",
  tagsMax: 3,
  duplicates: "list",
  unknown: "keep",
  tags: { "5A": part({ content: "n", encoding: "bcd", filler: "f-right", min: 1, max: 19 }) },
};

const outer: TagListSpec = {
  kind: "tag-list",
  tagDigits: 2,
  lengthDigits: 2,
  leading: part({ content: "a", min: 1, max: 1 }),
  tagsMax: 5,
  duplicates: "list",
  unknown: "keep",
  tags: {
    "33": part({ max: 99, composite: inner }),
    "40": part({ content: "b", encoding: "hex", max: 4 }),
    "50": part({ content: "b", encoding: "hex", max: 45, composite: deepBer }),
    "41": part({ content: "MMDD", min: 4, max: 4 }),
  },
};

const letterTags: TagListSpec = {
  kind: "tag-list",
  tagDigits: 3,
  tagLetters: true,
  lengthDigits: 3,
  tagsMax: 8,
  duplicates: "reject",
  unknown: "reject",
  tags: {
    AB1: part({ content: "n" }),
    xyz: part({ content: "b", min: 1, max: 5 }),
    "007": part({ content: "n", encoding: "bcd", filler: "f-left", min: 1, max: 7 }),
  },
};

const strictBer: BERTLVSpec = {
  kind: "ber-tlv",
  tagBytesMax: 3,
  lengthBytesMax: 2,
  padding: "end",
  tagsMax: 6,
  duplicates: "reject",
  unknown: "reject",
  tags: {
    "82": part({ content: "b", min: 2, max: 2 }),
    "9F02": part({ content: "n", encoding: "bcd", min: 12, max: 12 }),
    "9A": part({ content: "YYMMDD", encoding: "bcd", min: 6, max: 6 }),
    "57": part({ content: "z", encoding: "bcd", filler: "f-right", min: 1, max: 37 }),
    DF8101: part({ content: "ans", max: 300 }),
    E1: part({ content: "b", max: 200, composite: deepBer }),
    "8A": part({ content: "x+n", encoding: "signed-bcd", filler: "zero-right", min: 4, max: 4 }),
    "9F4E": part({ content: "ans", encoding: "utf-8", max: 5 }),
  },
};

const list = (max: number, more: Partial<ElementSpec>): ElementSpec =>
  element({ max, content: "ans", prefix: prefix(3, "ascii", "bytes"), ...more });

const bytes = (max: number, more: Partial<ElementSpec>): ElementSpec =>
  element({ max, content: "b", encoding: "raw", prefix: prefix(2, "binary", "bytes"), ...more });

const hex = (max: number, more: Partial<ElementSpec>): ElementSpec =>
  element({ max, content: "b", encoding: "hex", ...more });

const composites: Readonly<Record<string, ElementSpec>> = {
  "40": list(12, {
    encoding: "ebcdic-037",
    composite: {
      kind: "positional",
      parts: [part({ content: "n", min: 2, max: 2 }), part({ min: 1, max: 10 })],
      lastMayBeShort: true,
    },
  }),
  "41": list(60, {
    content: "an",
    composite: {
      kind: "positional",
      parts: [
        part({ content: "n", min: 2, max: 2 }),
        part({ content: "x+n", min: 5, max: 5 }),
        part({ content: "YYMM", min: 4, max: 4 }),
      ],
      repeatsMax: 3,
    },
  }),
  "42": fixed(5, {
    encoding: "bcd",
    filler: "zero-left",
    composite: { kind: "positional", parts: [2, 2, 1].map((max) => part({ content: "n", min: max, max })) },
  }),
  "43": list(9, {
    composite: {
      kind: "positional",
      parts: [part({ min: 3, max: 3 }), part({ min: 3, max: 3 }), part({ content: "a", min: 3, max: 3 })],
      optionalFrom: 2,
    },
  }),
  "44": list(200, { encoding: "ebcdic-500", composite: letterTags }),
  "45": list(200, { encoding: "ebcdic-1047", composite: outer }),
  "46": list(400, {
    composite: { ...inner, tagDigits: 4, lengthDigits: 3, duplicates: "list", tags: { "0105": part({}) } },
  }),
  "47": list(200, {
    composite: {
      kind: "bitmapped",
      headerBytes: 2,
      bitmap: { encoding: "hex", bits: 16, continues: "never", writesAll: true },
      parts: {
        "1": fixed(2, {}),
        "3": element({ content: "ans" }),
        "16": list(90, { composite: { ...outer, tags: {} } }),
      },
    },
  }),
  "48": bytes(300, {
    composite: {
      kind: "bitmapped",
      headerBytes: 0,
      bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
      parts: {
        "2": fixed(2, {}),
        "64": fixed(1, { content: "b", encoding: "raw" }),
        "66": element({ content: "ans" }),
        "128": fixed(3, { content: "a" }),
      },
    },
  }),
  "49": bytes(300, {
    composite: {
      kind: "bitmapped",
      headerBytes: 0,
      bitmap: { encoding: "raw", bits: 29, continues: "chain", writesAll: false },
      parts: { "1": fixed(1, {}), "15": fixed(2, {}), "16": fixed(3, {}), "29": element({}) },
    },
  }),
  "50": bytes(400, { composite: strictBer }),
  "51": bytes(400, { composite: { ...strictBer, padding: "skip", unknown: "keep", duplicates: "list" } }),
  "52": bytes(900, {
    composite: {
      kind: "dataset",
      datasetsMax: 4,
      unknown: "keep",
      datasets: {
        "68": { name: "objects", composite: deepBer },
        "01": {
          name: "fields",
          composite: {
            kind: "bitmapped",
            headerBytes: 0,
            bitmap: { encoding: "raw", bits: 15, continues: "chain", writesAll: false },
            parts: { "2": fixed(2, {}), "3": element({ content: "ans" }) },
          },
        },
      },
    },
  }),
  "53": list(400, {
    encoding: "ebcdic-037",
    composite: {
      kind: "token-list",
      tokensMax: 4,
      unknown: "keep",
      tokens: { B4: part({ content: "n", min: 2, max: 6 }), "Q1": part({}) },
    },
  }),
  "54": list(90, {
    composite: {
      kind: "sequence",
      parts: [fixed(2, {}), element({ content: "ans" }), fixed(1, { content: "a" })],
      optionalFrom: 2,
    },
  }),
  "55": bytes(300, {
    composite: {
      kind: "sequence",
      parts: [
        fixed(1, { content: "b", encoding: "raw" }),
        bytes(99, { composite: { ...deepBer, unknown: "reject" } }),
        element({ encoding: "bcd", filler: "f-right", prefix: prefix(2, "bcd", "digits") }),
      ],
      optionalFrom: 4,
    },
  }),
  "56": bytes(99, {
    composite: { kind: "dataset", datasetsMax: 2, unknown: "reject", datasets: {} },
  }),
  "57": list(99, {
    encoding: "ebcdic-1047",
    composite: {
      kind: "bitmapped",
      headerBytes: 0,
      bitmap: { encoding: "ebcdic-1047", bits: 8, continues: "never", writesAll: true },
      parts: { "2": fixed(2, { encoding: "ebcdic-1047" }), "8": fixed(1, { encoding: "ebcdic-1047" }) },
    },
  }),
  "59": hex(400, {
    prefix: prefix(3, "ascii", "characters"),
    composite: {
      ...strictBer,
      padding: "skip",
      unknown: "keep",
      tags: {
        ...strictBer.tags,
        E2: part({ content: "b", encoding: "hex", max: 60, composite: deepBer }),
        "9F10": part({ content: "b", encoding: "hex", max: 8 }),
      },
    },
  }),
  "61": hex(300, {
    prefix: prefix(2, "binary", "bytes"),
    composite: {
      kind: "dataset",
      datasetsMax: 3,
      unknown: "keep",
      datasets: { "01": { name: "objects", composite: strictBer } },
    },
  }),
  "62": hex(99, {
    prefix: prefix(2, "ebcdic-500", "bytes"),
    composite: {
      kind: "bitmapped",
      headerBytes: 1,
      bitmap: { encoding: "raw", bits: 16, continues: "bit1", writesAll: false },
      parts: { "2": fixed(2, {}), "9": hex(20, { composite: deepBer }) },
    },
  }),
  "63": hex(60, {
    composite: {
      kind: "sequence",
      parts: [
        fixed(3, { content: "ans" }),
        element({ encoding: "bcd", filler: "f-right", prefix: prefix(2, "bcd", "digits") }),
      ],
      optionalFrom: 2,
    },
  }),
  "58": list(99, {
    composite: {
      kind: "token-list",
      tokensMax: 2,
      unknown: "reject",
      tokens: { B4: part({}) },
    },
  }),
};

/** EBCDIC around everything, three bitmaps, and a layout of its own for 0200. */
export const zooSpec: Dialect = {
  name: "zoo",
  title: "every way of writing",
  header: { literal: "ZOO", digits: 2, rawBytes: 3 },
  mti: {
    encoding: "ebcdic-1047",
    version: "01",
    known: { kind: "digits", classes: "128", functions: "01", origins: "0" },
  },
  bitmap: { encoding: "ebcdic-1047", bits: 192, continues: "bit1", writesAll: false },
  bytesMax: 16_384,
  elements: {
    ...values,
    ...composites,
    "66": fixed(2, { content: "an" }),
    "128": fixed(1, { content: "b", encoding: "raw" }),
    "130": element({}),
    "192": fixed(2, { encoding: "bcd" }),
  },
  messages: [
    {
      mtis: ["0200", "0210"],
      use: "a layout of its own",
      mandatory: [3],
      forbidden: [],
      echo: [3, 66],
      overrides: {
        "3": element({ content: "ans", encoding: "latin1" }),
        "41": bytes(99, { composite: deepBer }),
        "60": fixed(2, { encoding: "ebcdic-500" }),
      },
    },
    { mtis: ["0100"], use: "no layout of its own", mandatory: [], forbidden: [], echo: [2, 66] },
  ],
  usualRuns: [],
  echo: [2],
  errorEcho: [2],
};

const small = (name: string, more: Partial<Dialect>): Dialect => ({
  ...zooSpec,
  name,
  header: null,
  mti: { ...zooSpec.mti, encoding: "bcd" },
  elements: { "2": values["2"]!, "3": values["3"]!, "64": fixed(1, {}) },
  messages: [],
  ...more,
});

/** 128 bits without a meaning of bit 1, raw; bit 65 is an element. */
export const zooFixedSpec: Dialect = small("zoo-fixed", {
  bitmap: { encoding: "raw", bits: 128, continues: "never", writesAll: true },
  elements: { "2": values["2"]!, "65": fixed(1, {}), "128": fixed(2, {}) },
});

/** All bitmaps always there, in hex, with bit 1 set by the writer. */
export const zooAlwaysSpec: Dialect = small("zoo-always", {
  mti: { ...zooSpec.mti, encoding: "ascii" },
  bitmap: { encoding: "hex", bits: 128, continues: "always", writesAll: true },
  elements: { "2": values["2"]!, "66": fixed(1, {}), "128": fixed(2, {}) },
});

/** One bitmap and no more. */
export const zooSmallSpec: Dialect = small("zoo-small", {
  bitmap: { encoding: "raw", bits: 64, continues: "bit1", writesAll: false },
});

/** A second bitmap where bit 65 is an element, as one open packager has it. */
export const zooLastSpec: Dialect = small("zoo-last", {
  bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
  elements: { "2": values["2"]!, "65": fixed(1, { content: "b", encoding: "raw" }), "66": fixed(1, {}) },
});

export const zooSpecs: readonly Dialect[] = [
  zooSpec,
  zooFixedSpec,
  zooAlwaysSpec,
  zooSmallSpec,
  zooLastSpec,
];
