// A dialect with every kind of composite at its largest, and for each kind the inputs that make a
// reader work most: nothing but tags, the same tag, unknown tags, tags and lengths without an end,
// one in another as deep as can be.
import type {
  BERTLVSpec,
  CompositeSpec,
  Dialect,
  ElementSpec,
  PartSpec,
  TagListSpec,
} from "../../codec/iso8583/mod.ts";
import { iso87Ascii } from "../../codec/iso8583/mod.ts";

/** Largest body of a composite here. */
export const bodyBytesMax = 4_096;

const part = (more: Partial<PartSpec>): PartSpec => ({
  name: "part",
  min: 0,
  max: bodyBytesMax,
  content: "ans",
  ...more,
});

const lists = { tagsMax: 64, unknown: "keep" } as const;

const berOf = (inner: BERTLVSpec | null, more: Partial<BERTLVSpec>): BERTLVSpec => ({
  kind: "ber-tlv",
  tagBytesMax: 4,
  lengthBytesMax: 3,
  padding: "skip",
  duplicates: "reject",
  ...lists,
  tags: inner === null ? {} : { E1: part({ content: "b", composite: inner }) },
  ...more,
});

const tagsOf = (inner: TagListSpec | null): TagListSpec => ({
  kind: "tag-list",
  tagDigits: 2,
  lengthDigits: 4,
  emptyAllowed: true,
  duplicates: "list",
  ...lists,
  tags: inner === null ? {} : { "33": part({ composite: inner }) },
});

const deepBer = berOf(berOf(berOf(null, {}), {}), { duplicates: "list" });
const deepTags = tagsOf(tagsOf(tagsOf(null)));

const fixed = (content: "n" | "b", max: number): ElementSpec => ({
  name: "part",
  min: max,
  max,
  content,
  prefix: null,
  encoding: content === "b" ? "raw" : "ascii",
  filler: "none",
});

const composites: Readonly<
  Record<string, readonly [encoding: "ascii" | "raw" | "hex", CompositeSpec]>
> = {
  ber: ["raw", deepBer],
  "strict ber": ["raw", berOf(null, {})],
  "hex ber": ["hex", deepBer],
  tags: ["ascii", deepTags],
  tokens: ["ascii", { kind: "token-list", tokensMax: 64, unknown: "keep", tokens: {} }],
  datasets: [
    "raw",
    {
      kind: "dataset",
      datasetsMax: 64,
      unknown: "keep",
      datasets: { "01": { name: "d", composite: berOf(null, {}) } },
    },
  ],
  bitmap: [
    "raw",
    {
      kind: "bitmapped",
      headerBytes: 0,
      bitmap: { encoding: "raw", bits: 192, continues: "bit1", writesAll: false },
      parts: Object.fromEntries(
        Array.from({ length: 192 }, (_, i) => i + 1)
          .filter((bit) => bit % 64 !== 1)
          .map((bit) => [
            String(bit),
            {
              ...fixed("b", 1),
              min: 0,
              max: 99,
              prefix: { digits: 1, encoding: "binary", unit: "bytes" } as const,
            },
          ]),
      ),
    },
  ],
  chain: [
    "raw",
    {
      kind: "bitmapped",
      headerBytes: 0,
      bitmap: { encoding: "raw", bits: 190, continues: "chain", writesAll: false },
      parts: { "1": fixed("b", 1) },
    },
  ],
  slices: [
    "ascii",
    {
      kind: "positional",
      parts: [part({ min: 1, max: 1, content: "n" }), part({ min: 1, max: 1 })],
      repeatsMax: 999,
    },
  ],
  sequence: [
    "raw",
    { kind: "sequence", parts: Array.from({ length: 64 }, () => fixed("b", 1)), optionalFrom: 2 },
  ],
};

/** Element numbers by kind. */
export const kinds: readonly string[] = Object.keys(composites);
export const elementOf = (kind: string): number => 40 + kinds.indexOf(kind);

const elements = Object.fromEntries(
  Object.entries(composites).map(([kind, [encoding, composite]]): [string, ElementSpec] => [
    String(elementOf(kind)),
    {
      name: kind,
      min: 0,
      max: bodyBytesMax,
      content: encoding === "ascii" ? "ans" : "b",
      prefix: { digits: 2, encoding: "binary", unit: "bytes" },
      encoding,
      filler: "none",
      composite,
    },
  ]),
);

export const hostileSpec: Dialect = {
  ...iso87Ascii.spec,
  name: "hostile",
  bytesMax: 65_535,
  elements,
  messages: [],
  usualRuns: [],
  echo: [],
  errorEcho: [],
};

/** Bytes of hex, again and again up to `size`. */
const again = (hex: string, size: number): Buffer => Buffer.alloc(size, Buffer.from(hex, "hex"));
const text = (piece: string, size: number): Buffer => Buffer.alloc(size, piece, "latin1");

/** One object in another as deep as the bytes allow: each level holds all the rest. */
function nestedBer(size: number): Buffer {
  const out: Buffer[] = [];
  for (let left = size - 4; left > 8; left -= 4) {
    out.push(Buffer.from([0xe1, 0x82, left >> 8, left & 255]));
  }
  return Buffer.concat([Buffer.concat(out), Buffer.alloc(size)]).subarray(0, size);
}

function nestedTags(size: number): Buffer {
  let out = "";
  for (let left = size - 6; left > 6; left -= 6) out += `33${String(left).padStart(4, "0")}`;
  return Buffer.from(out.padEnd(size, "0"), "latin1");
}

function distinctBer(size: number): Buffer {
  const tags = Array.from({ length: 64 }, (_, i) => Buffer.from([0xdf, i + 1]));
  const each = Math.floor(size / 64) - 3;
  return Buffer.concat(
    tags.flatMap((tag) => [
      tag,
      Buffer.from([Math.min(each, 127)]),
      Buffer.alloc(Math.min(each, 127)),
    ]),
  );
}

function tokensIn(size: number): Buffer {
  const one = "! Z000000 ";
  const count = Math.floor((size - 12) / one.length);
  const total = 12 + count * one.length;
  const head = `& ${String(count + 1).padStart(5, "0")}${String(total).padStart(5, "0")}`;
  return Buffer.from(head + one.repeat(count), "latin1");
}

/** Every bit of three bitmaps, and as many bytes behind them as are left. */
const everyBit = (size: number, fill: number): Buffer =>
  Buffer.concat([
    again("FFFFFFFFFFFFFFFF", 16),
    again("7FFFFFFFFFFFFFFF", 8),
    Buffer.alloc(Math.max(0, size - 24), fill),
  ]);

type Make = (size: number) => Buffer;
const ber: Readonly<Record<string, Make>> = {
  "empty objects": (size) => again("C100", size),
  "one known tag again and again": (size) => again("E100", size),
  "64 different objects": distinctBer,
  "zero bytes alone": (size) => Buffer.alloc(size),
  "zero bytes, then objects": (size) =>
    Buffer.concat([Buffer.alloc(size >> 1), again("C100", size >> 1)]),
  "tags without an end": (size) => again("FF", size),
  "lengths beyond the end": (size) => again("C182FFFF", size),
  "one in another": nestedBer,
};

/** Worst inputs by kind. */
export const inputs: Readonly<Record<string, Readonly<Record<string, Make>>>> = {
  ber,
  "strict ber": ber,
  "hex ber": Object.fromEntries(
    Object.entries(ber).map(([what, make]): [string, Make] => [
      what,
      (size) => Buffer.from(make(size >> 1).toString("hex"), "latin1"),
    ]),
  ),
  tags: {
    "empty unknown tags": (size) => text("990000", size),
    "empty known tags": (size) => text("330000", size),
    "one long tag": (size) =>
      Buffer.from(`99${String(size - 6).padStart(4, "0")}${"A".repeat(size - 6)}`),
    "one in another": nestedTags,
  },
  tokens: { "empty tokens": tokensIn, "no token": (size) => text("& 00000", size) },
  datasets: {
    "empty datasets": (size) => again("010000", size),
    "unknown datasets": (size) => again("EE0000", size),
    "objects in a dataset": (size) =>
      Buffer.concat([Buffer.from([1, (size - 3) >> 8, (size - 3) & 255]), Buffer.alloc(size - 3)]),
  },
  bitmap: {
    "every bit, empty parts": (size) => everyBit(size, 0),
    "every bit, parts": (size) => everyBit(size, 1),
  },
  chain: { "a chain without an end": (size) => again("FF", size) },
  slices: {
    "as many as can be": (size) => text("1A", Math.min(size, 1_998)),
    "too many": (size) => text("1A", size),
  },
  sequence: { "too many": (size) => Buffer.alloc(size) },
};

/** A 0100 with one element: its composite holds `body`. */
export function messageOf(kind: string, body: Buffer): Buffer {
  const de = elementOf(kind);
  const bits = 1n << BigInt(64 - de);
  const head = Buffer.from(`0100${bits.toString(16).padStart(16, "0")}`, "latin1");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(kind.startsWith("hex") ? body.length / 2 : body.length);
  return Buffer.concat([head, length, body]);
}
