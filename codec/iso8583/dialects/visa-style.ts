import type {
  BitmappedSpec,
  CompositeSpec,
  DatasetPart,
  DatasetSpec,
  Dialect,
  ElementSpec,
  PartSpec,
  ValueSpec,
} from "../dialect.ts";
import { emvData } from "./emv-tags.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { elementsOf, packedWriting, type Row, withRows } from "./rows.ts";

/** BCD numbers, EBCDIC text, binary lengths of one byte. */
const writing = packedWriting({
  lengths: "binary",
  fixedFiller: "zero-left",
  variableFiller: "zero-left",
  text: "ebcdic-037",
});

const value = (name: string, length: number): ValueSpec => ({
  name,
  min: length,
  max: length,
  content: "ans",
  sensitivity: "open",
});

const codes: CompositeSpec = {
  kind: "positional",
  parts: [
    value("response source", 1),
    value("address verification result", 1),
    value("telecommunications result", 1),
    value("reserved", 1),
    value("card verification result", 1),
    value("PACM diversion level", 2),
    value("PACM diversion reason", 1),
    value("card authentication result", 1),
    value("reserved", 1),
    value("second verification result", 1),
    value("original response", 2),
    value("check settlement", 1),
    value("authentication value result", 1),
  ],
  optionalFrom: 2,
};

const geography: CompositeSpec = {
  kind: "positional",
  parts: [value("state", 2), value("county", 3), value("postal code", 9)],
  optionalFrom: 2,
};

/** A bitmap and parts from bit 1 on, written as the elements are. */
function bitmapped(rows: readonly Row[], headerBytes: number, bits: number): BitmappedSpec {
  return {
    kind: "bitmapped",
    headerBytes,
    bitmap: { encoding: "raw", bits, continues: "never", writesAll: true },
    parts: elementsOf(rows, {}, writing),
  };
}

const paymentService = bitmapped(
  [
    [1, "authorisation characteristics", "an", 1, "open"],
    [2, "transaction id", "n", 15, "open"],
    [3, "validation code", "an", 4, "open"],
    [4, "market data", "an", 1, "open"],
    [5, "duration", "n", 2, "open"],
    [23, "product id", "an", 2, "open"],
  ],
  0,
  64,
);

const privateUse = bitmapped(
  [
    [1, "network id", "n", 4, "open"],
    [2, "time limit", "n", 4, "open"],
    [3, "message reason code", "n", 4, "open"],
    [4, "switch reason code", "n", 4, "open"],
    [5, "settlement flag", "n", 1, "open"],
  ],
  0,
  24,
);

const privateFields = bitmapped(
  [
    [6, "card verification certificate", "b", 17, "authentication"],
    [8, "transaction id", "b", 20, "open"],
    [9, "cardholder authentication value", "b", 20, "authentication"],
    [10, "card verification value", "ans", 6, "authentication"],
    [13, "point of service environment", "an", 1, "open"],
    [20, "authentication indicator", "an", 1, "open"],
  ],
  0,
  64,
);

const tagged = (name: string, tags: Readonly<Record<string, PartSpec>>): DatasetPart => ({
  name,
  composite: { ...emvData, padding: "reject", tags },
});

const part = (name: string, max: number, more: Partial<PartSpec>): PartSpec => ({
  name,
  min: 0,
  max,
  content: "ans",
  encoding: "ebcdic-037",
  sensitivity: "open",
  ...more,
});

/** DE123: verification data, token data, requestor data. Contents are ours. */
const tokenData: DatasetSpec = {
  kind: "dataset",
  datasetsMax: 16,
  unknown: "keep",
  datasets: {
    "66": tagged("verification data", {
      C0: part("postal code", 9, { sensitivity: "person" }),
      CF: part("street", 40, { sensitivity: "person" }),
    }),
    "68": tagged("token data", {
      "01": part("token", 19, {
        content: "n",
        encoding: "bcd",
        filler: "f-right",
        sensitivity: "pan",
      }),
      "02": part("token assurance", 2, { content: "an" }),
      "03": part("token requestor id", 11, {
        content: "n",
        encoding: "bcd",
        filler: "zero-left",
        min: 11,
      }),
      "04": part("account number range start", 19, {
        content: "n",
        encoding: "bcd",
        filler: "f-right",
        sensitivity: "pan",
      }),
      "06": part("token expiry", 4, { content: "YYMM", encoding: "bcd", min: 4 }),
      "07": part("token type", 2, { content: "an" }),
      "08": part("token status", 1, { content: "an" }),
      "0B": part("token reference", 32, { sensitivity: "text" }),
    }),
    "69": tagged("requestor data", {
      "01": part("device type", 2, { content: "an" }),
      "02": part("device language", 3, { content: "an" }),
      "04": part("device name", 128, { sensitivity: "person" }),
      "05": part("wallet account", 64, { sensitivity: "person" }),
    }),
  },
};

/** Any data set: ids and objects are the network's own. */
const anyDatasets: DatasetSpec = {
  kind: "dataset",
  datasetsMax: 32,
  unknown: "keep",
  datasets: {},
};

const rows: readonly Row[] = withRows(rows1987, [
  [22, "POS entry mode", "n", 4, "open"],
  [34, "electronic commerce data", "b", [0, 999], "authentication"],
  [35, "track 2 data", "z", [0, 37], "track"],
  [36, "track 3 data", "z", [0, 104], "track"],
  [44, "additional response data", "ans", [0, 25], "text"],
  [46, "additional data, ISO", "ans", [0, 255], "text"],
  [47, "additional data, national", "ans", [0, 255], "text"],
  [48, "additional data, private", "b", [0, 255], "text"],
  [49, "currency, transaction", "n", 3, "open"],
  [50, "currency, settlement", "n", 3, "open"],
  [51, "currency, cardholder billing", "n", 3, "open"],
  [55, "ICC data", "b", [0, 255], "authentication"],
  [59, "point of service geography", "ans", [0, 14], "open"],
  [60, "additional POS data", "n", [0, 12], "open"],
  [61, "other amounts", "n", [0, 36], "open"],
  [62, "payment service fields", "b", [0, 255], "text"],
  [63, "private use fields", "b", [0, 255], "text"],
  [104, "transaction specific data", "b", [0, 255], "text"],
  [123, "verification and token data", "b", [0, 255], "person"],
  [125, "supporting information", "b", [0, 255], "authentication"],
  [126, "private use fields", "b", [0, 255], "authentication"],
  [127, "file records", "b", [0, 255], "text"],
]);

const composites: Readonly<Record<number, CompositeSpec>> = {
  3: composites1987[3]!,
  34: anyDatasets,
  44: codes,
  55: emvData,
  59: geography,
  62: paymentService,
  63: privateUse,
  104: anyDatasets,
  123: tokenData,
  126: privateFields,
};

/** Text of variable length up to 255: one byte of length, where 999 would take two. */
function shortened(elements: Record<string, ElementSpec>): Record<string, ElementSpec> {
  const entries = Object.entries(elements).map(([key, element]) => {
    const { prefix, max } = element;
    const short = { ...element, max: 255, prefix: { ...prefix!, digits: 1 } };
    return [key, prefix !== null && max > 255 ? short : element] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Visa-style: BCD numbers, EBCDIC text, lengths of one binary byte that count digits or bytes, and
 * the fields that public sources and open packagers name, with contents of our own. Exact layouts
 * of the scheme are licensed documents.
 */
export const visaStyleSpec: Dialect = {
  name: "visa-style",
  title: "Visa-style authorisation (ours)",
  header: null,
  mti: {
    encoding: "bcd",
    version: "0",
    known: { kind: "digits", classes: "123468", functions: "01234", origins: "012345" },
  },
  bitmap: { encoding: "raw", bits: 192, continues: "bit1", writesAll: false },
  // The largest message that its framing carries is 2,048 bytes.
  bytesMax: 2_048,
  elements: shortened({
    ...elementsOf(rows, composites, writing),
    ...elementsOf(
      [
        [130, "terminal capability profile", "b", 3, "open"],
        [131, "terminal verification results", "b", 5, "open"],
        [132, "unpredictable number", "b", 4, "authentication"],
        [136, "application cryptogram", "b", 8, "authentication"],
        [137, "application transaction counter", "b", 2, "open"],
        [138, "application interchange profile", "b", 2, "open"],
        [140, "issuer authentication data", "b", [0, 16], "authentication"],
        [147, "cryptogram amount", "n", 12, "open"],
        [148, "cryptogram currency", "n", 3, "open"],
      ],
      {},
      writing,
    ),
  }),
  messages: [
    {
      mtis: ["0620", "0621", "0630"],
      use: "token notification",
      mandatory: [7, 11],
      forbidden: [],
      echo: [2, 7, 11, 32, 37],
    },
    {
      mtis: ["0800", "0801", "0820"],
      use: "network management",
      mandatory: [7, 11, 70],
      forbidden: [],
      echo: [7, 11, 70],
    },
  ],
  usualRuns: [],
  echo: [2, 3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49],
  errorEcho: [7, 11, 32, 37],
};
