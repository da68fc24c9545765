// The JSON Schema of dialect files (draft 2020-12), and the one truth of their shape: editors read
// it from docs/reference, `check` applies it.

/** The few words of JSON Schema that dialect files need. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "boolean" | "null";
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
}

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const text = (description: string): Schema => ({ type: "string", description });
const integer = (minimum: number, maximum: number, description: string): Schema => ({
  type: "integer",
  minimum,
  maximum,
  description,
});
const flag = (description: string): Schema => ({ type: "boolean", description });
const choice = (values: readonly string[], description: string): Schema => ({
  enum: values,
  description,
});
const list = (items: Schema, description: string): Schema => ({
  type: "array",
  items,
  description,
});
const map = (values: Schema, description: string): Schema => ({
  type: "object",
  additionalProperties: values,
  description,
});

function object(
  properties: Record<string, Schema>,
  required: readonly string[],
  description: string,
): Schema {
  return { type: "object", properties, required, additionalProperties: false, description };
}

const pages = ["ebcdic-037", "ebcdic-500", "ebcdic-1047"];
const policy = choice(["keep", "reject"], "what happens to a tag that is not named here");
const duplicates = choice(["first", "last", "list", "reject"], "what a tag that comes twice means");
const tagsMax = integer(1, 64, "most tags in one list");

const valueProperties: Record<string, Schema> = {
  name: text("what it is, in a few words"),
  format: {
    type: "string",
    pattern: "^(n|a|an|ans|ns|z|b|x\\+n) ?(\\.{2,6})?[1-9][0-9]{0,4}$",
    description: "class and length in one: n 6, ans..25 (two digits of length), b 8, n...999",
  },
  content: choice(
    [
      ...["n", "a", "an", "ans", "ns", "z", "x+n", "b", "MMDDhhmmss", "hhmmss", "MMDD", "YYMM"],
      ...["YYMMDD", "YYYYMMDD", "YYMMDDhhmmss", "YYYYMMDDhhmmss"],
    ],
    "content class, ISO 8583 notation; dates are judged as dates",
  ),
  min: integer(0, 65_535, "smallest length; absent: max where fixed, else 0"),
  max: integer(1, 65_535, "largest length: bytes where the content is b, else characters"),
  encoding: choice(
    ["ascii", "latin1", ...pages, "utf-8", "bcd", "signed-bcd", "hex", "raw"],
    "how the data is written; absent: raw for b, ascii else",
  ),
  filler: choice(
    ["none", "zero-left", "zero-right", "f-left", "f-right", "space-right"],
    "what fills an odd nibble of BCD, or the rest of a fixed text",
  ),
  sensitivity: choice(
    ["open", "pan", "track", "text", "person", "authentication"],
    "what may be shown; absent: the length only",
  ),
  values: list({ type: "string" }, "the only values allowed, judged by validate"),
  composite: ref("composite"),
};

const prefix = object(
  {
    digits: integer(1, 6, "digits, or bytes where the encoding is binary"),
    encoding: choice(["ascii", ...pages, "bcd", "binary"], "how the number is written"),
    unit: choice(["bytes", "characters", "digits"], "what the number counts"),
  },
  ["digits", "encoding", "unit"],
  "length prefix",
);

const element = object(
  {
    ...valueProperties,
    prefix: { oneOf: [{ type: "null" }, prefix], description: "null or absent: fixed length" },
  },
  [],
  "a data element; with extends, what is absent is as in the dialect beneath",
);

const kind = (
  name: string,
  properties: Record<string, Schema>,
  required: readonly string[],
): Schema =>
  object({ kind: { const: name }, ...properties }, ["kind", ...required], `composite ${name}`);

const bitmap = object(
  {
    encoding: choice(["raw", "hex", ...pages], "bytes, or two hex characters a byte"),
    bits: integer(8, 192, "most bits"),
    continues: choice(["bit1", "never", "always", "chain"], "who says that another bitmap follows"),
    writesAll: flag("the writer always writes all of them"),
  },
  ["encoding", "bits", "continues"],
  "a bitmap",
);

const kinds: readonly Schema[] = [
  kind(
    "positional",
    {
      parts: list(ref("part"), "slices, one after the other"),
      lastMayBeShort: flag("the last slice may be cut off"),
      optionalFrom: integer(1, 999, "the data may end before this part"),
      repeatsMax: integer(1, 999, "how often all parts may come"),
    },
    ["parts"],
  ),
  kind(
    "sequence",
    {
      parts: list(ref("element"), "parts with prefixes of their own"),
      optionalFrom: integer(1, 999, "the data may end before this part"),
    },
    ["parts"],
  ),
  kind(
    "tag-list",
    {
      tagDigits: integer(1, 4, "characters of a tag"),
      tagLetters: flag("tags may hold letters"),
      lengthDigits: integer(1, 4, "digits of a length"),
      leading: ref("part"),
      emptyAllowed: flag("unknown tags may be empty"),
      tagsMax,
      duplicates,
      unknown: policy,
      tags: map(ref("part"), "tags by name"),
    },
    ["tagDigits", "lengthDigits"],
  ),
  kind(
    "bitmapped",
    {
      headerBytes: integer(0, 64, "bytes before the bitmap"),
      bitmap: ref("bitmap"),
      parts: map(ref("element"), "parts by bit"),
    },
    ["bitmap", "parts"],
  ),
  kind(
    "ber-tlv",
    {
      tagBytesMax: integer(1, 4, "bytes of a tag"),
      lengthBytesMax: integer(1, 3, "bytes of a long length"),
      padding: choice(["skip", "end", "reject"], "what a zero byte between objects means"),
      tagsMax,
      duplicates,
      unknown: policy,
      tags: { oneOf: [{ const: "emv" }, map(ref("part"), "tags in hex")], description: "or emv" },
    },
    [],
  ),
  kind(
    "dataset",
    {
      datasetsMax: integer(1, 64, "most datasets"),
      unknown: policy,
      datasets: map(
        object(
          {
            name: valueProperties.name!,
            sensitivity: valueProperties.sensitivity!,
            composite: ref("composite"),
          },
          ["composite"],
          "what one dataset holds",
        ),
        "by id, two hex digits",
      ),
    },
    [],
  ),
  kind(
    "token-list",
    {
      tokensMax: integer(1, 64, "most tokens"),
      unknown: policy,
      tokens: map(ref("part"), "tokens by id, two characters"),
    },
    [],
  ),
];

const elements: Schema = {
  type: "object",
  additionalProperties: { oneOf: [{ type: "null" }, ref("element")] },
  description: "elements by number; null takes away one of the dialect beneath",
};
const numbers = (description: string): Schema => list({ type: "integer" }, description);

const message = object(
  {
    mtis: list({ type: "string" }, "message types of four digits, repeats included"),
    use: text("what the messages are for"),
    mandatory: numbers("elements that must come"),
    forbidden: numbers("elements that must not come"),
    echo: numbers("elements that an answer repeats"),
    tagsMandatory: numbers("tags that must come"),
    tagsForbidden: numbers("tags that must not come"),
    overrides: map(ref("element"), "elements with another layout in these messages"),
  },
  ["mtis"],
  "presence in some message types",
);

const known: Schema = {
  oneOf: [
    object({ kind: { const: "table" } }, ["kind"], "those of messages"),
    object(
      {
        kind: { const: "digits" },
        classes: text("second digits"),
        functions: text("third digits"),
        origins: text("fourth digits"),
      },
      ["kind", "classes", "functions", "origins"],
      "every mix of these digits",
    ),
  ],
  description: "which message types there are",
};

const definitions: Readonly<Record<string, Schema>> = {
  element,
  part: object(valueProperties, [], "a value inside a composite"),
  bitmap,
  composite: { oneOf: kinds, description: "an inner layout; in hex, that of the bytes" },
};

/** The whole schema. */
export const dialectSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Pantun dialect of ISO 8583",
  ...object(
    {
      $schema: text("where this schema is"),
      name: text("lower-case letters, digits and dashes"),
      title: text("what it is, in a few words"),
      extends: text("a dialect of Pantun to begin with: what is absent here is as there"),
      header: {
        oneOf: [
          { type: "null" },
          object(
            {
              literal: text("printable characters"),
              digits: integer(0, 64, "digits after them"),
              rawBytes: integer(0, 64, "bytes after those"),
            },
            [],
            "what stands before the message type",
          ),
        ],
        description: "start bytes",
      },
      mti: object(
        {
          encoding: choice(["ascii", ...pages, "bcd"], "how its digits are written"),
          version: text("first digits that the dialect takes"),
          known,
        },
        [],
        "message type",
      ),
      bitmap,
      bytesMax: integer(48, 65_535, "longest message"),
      elements,
      messages: list(message, "message types; replaces those of the dialect beneath"),
      usualRuns: list(numbers("elements of fixed length"), "elements that come together"),
      shapes: list(numbers("elements of whole messages"), "messages that get their own scanner"),
      echo: numbers("what answers repeat where no message says it"),
      errorEcho: numbers("what an answer to a bad message repeats"),
    },
    ["name"],
    "A dialect file: everything that one network does with ISO 8583.",
  ),
  $defs: definitions,
} as const satisfies Schema & { readonly [key: string]: unknown };
