// The field table of ISO 8583:2003, after the public common message format of an open
// implementation. Layouts that the standard keeps in data sets are sequences or bitmapped here.
import type {
  BitmappedSpec,
  CompositeSpec,
  ContentClass,
  ElementSpec,
  SequenceSpec,
} from "../dialect.ts";
import { emvData, emvTags } from "./emv-tags.ts";
import { rows1993 } from "./fields-1993.ts";
import { elementsOf, packedWriting, type Row, withRows } from "./rows.ts";

/** Packed: odd digits filled on the right, lengths in BCD, text in ASCII. */
export const writing2003 = packedWriting({
  lengths: "bcd",
  fixedFiller: "zero-right",
  variableFiller: "zero-right",
  text: "ascii",
});

const bytes = (from: number, to: number, name: string): Row[] =>
  Array.from({ length: to - from + 1 }, (_, i): Row => [from + i, name, "b", [0, 9_999]]);

const changes: readonly Row[] = [
  [3, "processing code", "an", 6, "open"],
  // Amounts: currency 3, exponent 1, amount 12.
  [4, "amount, transaction", "n", 16, "open"],
  [5, "amount, reconciliation", "n", 16, "open"],
  [6, "amount, cardholder billing", "n", 16, "open"],
  [8, "amount, cardholder billing fee", "n", 12, "open"],
  [11, "system trace audit number", "n", 12, "open"],
  [12, "local date and time", "YYYYMMDDhhmmss", 14, "open"],
  [13, "effective date", "YYMMDD", 6, "open"],
  [15, "settlement date", "YYYYMMDD", 8, "open"],
  [18, "message error indicator", "ans", [0, 140], "text"],
  [21, "transaction life cycle identification", "b", 22, "open"],
  [22, "point of service data code", "b", 16, "open"],
  [27, "point of service capability", "b", 27, "open"],
  [28, "reconciliation date", "YYYYMMDD", 8, "open"],
  [30, "amounts, original", "b", 16, "open"],
  [31, "acquirer reference number", "n", 23, "open"],
  [34, "electronic commerce data", "b", [0, 9_999], "authentication"],
  [35, "track 2 data", "ans", [0, 37], "track"],
  [36, "track 3 data", "ans", [0, 104], "track"],
  [39, "action code", "n", 4, "open"],
  [41, "terminal id", "ans", 16, "open"],
  [42, "card acceptor id", "ans", [0, 35], "text"],
  [43, "card acceptor name and location", "b", [0, 9_999], "person"],
  [44, "additional response data", "b", [0, 9_999], "text"],
  [46, "amounts, fees", "ans", [0, 216], "text"],
  [49, "verification data", "b", [0, 9_999], "authentication"],
  [54, "additional amounts", "ans", [0, 126], "person"],
  [55, "ICC data", "b", [0, 9_999], "authentication"],
  [56, "original data elements", "n", [0, 41], "open"],
  [64, "message authentication code", "b", 4, "authentication"],
  [66, "amounts, original fees", "ans", [0, 216], "text"],
  [68, "batch transfer control", "ans", 9, "text"],
  [69, "batch transfer control data", "ans", 40, "text"],
  [70, "file transfer description", "n", 18, "open"],
  [72, "data record", "b", [0, 9_999], "text"],
  [73, "action date", "YYYYMMDD", 8, "open"],
  [74, "reconciliation data, primary", "b", 78, "open"],
  [75, "reconciliation data, secondary", "n", 90, "open"],
  [97, "amount, net reconciliation", "n", 21, "open"],
  [99, "settlement institution id", "ans", [0, 11], "open"],
  [101, "file name", "ans", [0, 99], "text"],
  [104, "transaction specific data", "b", [0, 9_999], "text"],
  [109, "reconciliation fee amounts, credit", "ans", [0, 144], "text"],
  [110, "reconciliation fee amounts, debit", "ans", [0, 144], "text"],
  [123, "reserved, private", "ans", [0, 999], "text"],
  [128, "message authentication code", "b", 4, "authentication"],
  ...bytes(50, 51, "reserved, ISO"),
  ...bytes(71, 71, "reserved, ISO"),
  ...bytes(76, 92, "reserved, ISO"),
  ...bytes(105, 108, "reserved, ISO"),
  ...bytes(111, 115, "reserved, private"),
  [113, "customer and sale, private", "b", [0, 9_999]],
  ...bytes(116, 122, "reserved, national"),
  ...bytes(124, 127, "reserved, private"),
];

type PartRow = readonly [
  name: string,
  content: ContentClass,
  size: number | readonly [min: number, max: number],
];

/** Parts written as the elements are; all may be shown but those of persons. */
function parts(rows: readonly PartRow[], sensitivity: "open" | "person" | "authentication") {
  const numbered = rows.map(
    ([name, content, size], i): Row => [i + 1, name, content, size, sensitivity],
  );
  return elementsOf(numbered, {}, writing2003);
}

function sequence(rows: readonly PartRow[]): SequenceSpec {
  const made = parts(rows, "open");
  return { kind: "sequence", parts: Object.values(made), optionalFrom: rows.length + 1 };
}

/** A bitmap and the parts from bit `first` on. */
function bitmapped(
  rows: readonly PartRow[],
  bits: number,
  first: number,
  sensitivity: "person" | "authentication",
): BitmappedSpec {
  const made = Object.values<ElementSpec>(parts(rows, sensitivity));
  return {
    kind: "bitmapped",
    headerBytes: 0,
    bitmap: { encoding: "raw", bits, continues: first === 1 ? "never" : "bit1", writesAll: false },
    parts: Object.fromEntries(made.map((part, i) => [String(first + i), part])),
  };
}

const totals: readonly PartRow[] = ["credits", "debits"].flatMap((side): PartRow[] =>
  ["", " chargeback", " reversal"].flatMap((kind): PartRow[] => [
    [`${side}${kind} amount`, "n", 16],
    [`${side}${kind} number`, "n", 10],
  ]),
);

/** DE113: what a card system of that implementation says of the customer and the sale. */
const privateRows: readonly Row[] = [
  [2, "format version", "ans", [0, 20], "open"],
  [3, "first name", "ans", [0, 40], "person"],
  [4, "middle name", "ans", [0, 40], "person"],
  [5, "last name", "ans", [0, 40], "person"],
  [6, "second last name", "ans", [0, 40], "person"],
  [7, "e-mail address", "ans", [0, 99], "person"],
  [8, "status flags", "b", 1, "open"],
  [9, "honorific", "ans", [0, 10], "person"],
  [10, "gender", "ans", 1, "person"],
  [11, "address, line 1", "ans", [0, 40], "person"],
  [12, "address, line 2", "ans", [0, 40], "person"],
  [13, "city", "ans", [0, 40], "person"],
  [14, "state", "ans", 2, "person"],
  [15, "postal code", "ans", [0, 10], "person"],
  [16, "country", "ans", 2, "open"],
  [17, "telephone number", "ans", [0, 20], "person"],
  [18, "notes", "ans", [0, 99], "person"],
  [19, "dates", "n", [0, 32], "person"],
  [20, "other customer identifier", "ans", [0, 64], "person"],
  [21, "card product", "n", [0, 16], "open"],
  [22, "unique identifiers", "ans", [0, 221], "text"],
  [23, "social security number", "ans", 11, "person"],
  [24, "instalments", "n", 4, "open"],
  [25, "network name", "ans", [0, 64], "open"],
  [26, "device identifier", "n", [0, 16], "person"],
  [27, "geolocation", "ans", [0, 64], "person"],
  [28, "cardholder identification data", "ans", [0, 64], "person"],
  [29, "invoice", "ans", [0, 64], "text"],
  [30, "presentments in all", "n", 2, "open"],
  [31, "presentment sequence number", "n", 2, "open"],
  [32, "interchange fee", "ans", [0, 99], "text"],
  [39, "result code of the other side", "ans", [0, 4], "open"],
  [52, "new PIN block", "b", 8, "authentication"],
  [53, "key serial number of the new PIN block", "b", [0, 48], "authentication"],
  [63, "additional data, private", "ans", [0, 9_999], "text"],
];

const composites2003: Readonly<Record<number, CompositeSpec>> = {
  21: sequence([
    ["support indicator", "an", 1],
    ["trace identifier", "ans", 15],
    ["sequence number", "n", 4],
    ["authentication token", "n", 8],
  ]),
  27: sequence([
    ["card reading and verification", "b", 8],
    ["approval code length", "an", 1],
    ["cardholder receipt length", "an", 3],
    ["card acceptor receipt length", "an", 3],
    ["cardholder display length", "an", 3],
    ["card acceptor display length", "an", 3],
    ["ICC script length", "an", 3],
    ["track 3 rewrite capability", "an", 1],
    ["card capture capability", "an", 1],
    ["PIN input length", "b", 1],
  ]),
  30: sequence([
    ["replacement amount", "n", 16],
    ["replacement reconciliation amount", "n", 16],
  ]),
  43: bitmapped(
    [
      ["card acceptor name", "ans", [0, 50]],
      ["street address", "ans", [0, 99]],
      ["city", "ans", [0, 50]],
      ["state, province or region", "ans", 3],
      ["postal code", "ans", 10],
      ["country", "ans", 3],
      ["telephone number", "ans", 16],
      ["customer service telephone number", "ans", 16],
      ["additional contact information", "ans", [0, 30]],
      ["internet address", "ans", [0, 255]],
      ["e-mail address", "ans", [0, 99]],
    ],
    128,
    2,
    "person",
  ),
  49: bitmapped(
    [
      ["additional identification type", "n", 1],
      ["card verification data", "n", 4],
      ["billing address, compressed", "ans", 16],
      ["billing postal code", "ans", 10],
      ["billing street address", "ans", 40],
      ["address verification result", "an", 1],
    ],
    64,
    1,
    "authentication",
  ),
  34: {
    kind: "dataset",
    datasetsMax: 64,
    unknown: "keep",
    datasets: {
      "01": { name: "authentication data", composite: { ...emvData, tags: emvTags } },
    },
  },
  55: emvData,
  74: sequence(totals),
  113: {
    ...bitmapped([], 128, 2, "person"),
    parts: elementsOf(privateRows, {}, writing2003),
  },
};

export const elements2003: Readonly<Record<string, ElementSpec>> = elementsOf(
  withRows(rows1993, changes),
  composites2003,
  writing2003,
);
