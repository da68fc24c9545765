import type { BitmappedSpec, CompositeSpec, Dialect } from "../dialect.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { iso87AsciiSpec } from "./iso87-ascii.ts";
import { asciiWriting, elementsOf, type Row, withRows } from "./rows.ts";

const ascii = asciiWriting("raw");

/** A bitmap of eight bytes, then parts; bit 1 is reserved for another bitmap. */
function bitmapped(rows: readonly Row[], composites: Record<number, CompositeSpec>): BitmappedSpec {
  return {
    kind: "bitmapped",
    headerBytes: 0,
    bitmap: { encoding: "raw", bits: 64, continues: "never", writesAll: true },
    parts: elementsOf(rows, composites, ascii),
  };
}

/** 127.25: ICC data as text, a part a data object. */
const iccData = bitmapped(
  [
    [2, "amount, authorised", "n", 12, "open"],
    [3, "amount, other", "n", 12, "open"],
    [4, "application id", "ans", [0, 32], "text"],
    [5, "application interchange profile", "an", 4, "open"],
    [6, "application transaction counter", "an", 4, "open"],
    [7, "application usage control", "an", 4, "open"],
    [8, "authorisation response code", "an", 2, "open"],
    [9, "card authentication reliability", "an", 1, "open"],
    [10, "card authentication results", "an", 1, "open"],
    [11, "chip condition code", "an", 1, "open"],
    [12, "cryptogram", "an", 16, "authentication"],
    [13, "cryptogram information data", "an", 2, "open"],
    [14, "CVM list", "ans", [0, 504], "text"],
    [15, "CVM results", "an", 6, "open"],
    [16, "interface device serial number", "an", 8, "open"],
    [17, "issuer action code", "an", 11, "open"],
    [18, "issuer application data", "ans", [0, 64], "authentication"],
    [19, "issuer script results", "ans", [0, 507], "text"],
    [20, "terminal application version", "an", 4, "open"],
    [21, "terminal capabilities", "an", 6, "open"],
    [22, "terminal country code", "n", 3, "open"],
    [23, "terminal type", "n", 3, "open"],
    [24, "terminal verification results", "an", 10, "open"],
    [25, "transaction category code", "an", 1, "open"],
    [26, "transaction currency code", "n", 3, "open"],
    [27, "transaction date", "YYMMDD", 6, "open"],
    [28, "transaction sequence counter", "n", [0, 8], "open"],
    [29, "transaction type", "an", 2, "open"],
    [30, "unpredictable number", "an", 8, "authentication"],
    [31, "issuer authentication data", "ans", [0, 32], "authentication"],
  ],
  {},
);

const switchData = bitmapped(
  [
    [2, "switch key", "ans", [0, 32], "text"],
    [3, "routing information", "ans", 48, "text"],
    [4, "POS data", "ans", 22, "text"],
    [5, "service station data", "ans", 73, "text"],
    [6, "authorisation profile", "an", 2, "open"],
    [7, "check data", "ans", [0, 50], "text"],
    [8, "retention data", "ans", [0, 999], "text"],
    [9, "additional node data", "ans", [0, 255], "text"],
    [10, "card verification value", "n", 3, "authentication"],
    [11, "original key", "ans", [0, 32], "text"],
    [12, "terminal owner", "ans", [0, 25], "text"],
    [13, "POS geographic data", "ans", 17, "text"],
    [14, "sponsor bank", "an", 8, "open"],
    [15, "address verification data", "ans", [0, 29], "person"],
    [16, "address verification result", "an", 1, "open"],
    [17, "cardholder information", "ans", [0, 50], "person"],
    [18, "validation data", "ans", [0, 50], "text"],
    [19, "bank details", "ans", 31, "text"],
    [20, "originator date of settlement", "YYYYMMDD", 8, "open"],
    [21, "authoriser date of settlement", "ans", [0, 12], "text"],
    [22, "structured data", "ans", [0, 9_999], "text"],
    [25, "ICC data", "b", [0, 8_000], "authentication"],
    [26, "original node", "ans", [0, 12], "text"],
    [27, "card verification result", "an", 1, "open"],
    [28, "American Express card identifier", "n", 4, "authentication"],
    [29, "3D secure data", "b", 40, "authentication"],
    [30, "3D secure result", "an", 1, "open"],
    [31, "issuer network id", "ans", [0, 11], "open"],
    [33, "extended transaction type", "n", 4, "open"],
    [39, "original response code", "an", 2, "open"],
  ],
  { 25: iccData },
);

/**
 * Postilion-style: ISO 8583:1987 in ASCII with a binary bitmap, and DE127 with a length of six
 * digits and a bitmap of its own, nested once more in 127.25. Parts as public material names them.
 */
export const postilionStyleSpec: Dialect = {
  ...iso87AsciiSpec,
  name: "postilion-style",
  title: "Postilion-style switch, ISO 8583:1987 (ours)",
  bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
  bytesMax: 65_535,
  elements: {
    ...elementsOf(
      withRows(rows1987, [
        [56, "message reason code", "ans", [0, 999], "text"],
        [59, "echo data", "ans", [0, 999], "text"],
      ]),
      composites1987,
      ascii,
    ),
    "127": {
      name: "switch data",
      min: 0,
      max: 32_000,
      content: "b",
      prefix: { digits: 6, encoding: "ascii", unit: "bytes" },
      encoding: "raw",
      filler: "none",
      sensitivity: "text",
      composite: switchData,
    },
  },
  usualRuns: [],
};
