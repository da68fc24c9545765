// The field table of ISO 8583:1987, written once. Lengths as in the standard, cross-checked with
// four open implementations. A dialect takes the table and says how binary fields are written.
import type {
  ContentClass,
  DataEncoding,
  ElementSpec,
  Filler,
  LengthPrefix,
  PositionalSpec,
  Sensitivity,
  ValueSpec,
} from "../dialect.ts";

type Row = readonly [
  de: number,
  name: string,
  content: ContentClass,
  /** A number is a fixed length; two are the limits of a variable one. */
  size: number | readonly [min: number, max: number],
  sensitivity?: Sensitivity,
];

const part = (name: string, content: ContentClass, length: number): ValueSpec => ({
  name,
  min: length,
  max: length,
  content,
  sensitivity: "open",
});

const processingCode: PositionalSpec = {
  kind: "positional",
  parts: [
    part("transaction type", "n", 2),
    part("from account", "n", 2),
    part("to account", "n", 2),
  ],
};

const entryMode: PositionalSpec = {
  kind: "positional",
  parts: [part("entry mode", "n", 2), part("PIN capability", "n", 1)],
};

const originalElements: PositionalSpec = {
  kind: "positional",
  parts: [
    part("message type", "n", 4),
    part("STAN", "n", 6),
    part("transmission time", "n", 10),
    part("acquirer", "n", 11),
    part("forwarder", "n", 11),
  ],
};

const replacementAmounts: PositionalSpec = {
  kind: "positional",
  parts: [
    part("actual transaction", "an", 12),
    part("actual settlement", "an", 12),
    part("actual transaction fee", "an", 9),
    part("actual settlement fee", "an", 9),
  ],
};

const composites: Readonly<Record<number, PositionalSpec>> = {
  3: processingCode,
  22: entryMode,
  90: originalElements,
  95: replacementAmounts,
};

const rows: readonly Row[] = [
  [2, "primary account number", "n", [1, 19], "pan"],
  [3, "processing code", "n", 6, "open"],
  [4, "amount, transaction", "n", 12, "open"],
  [5, "amount, settlement", "n", 12, "open"],
  [6, "amount, cardholder billing", "n", 12, "open"],
  [7, "transmission date and time", "MMDDhhmmss", 10, "open"],
  [8, "amount, cardholder billing fee", "n", 8, "open"],
  [9, "conversion rate, settlement", "n", 8, "open"],
  [10, "conversion rate, billing", "n", 8, "open"],
  [11, "system trace audit number", "n", 6, "open"],
  [12, "local time", "hhmmss", 6, "open"],
  [13, "local date", "MMDD", 4, "open"],
  [14, "expiry date", "YYMM", 4, "open"],
  [15, "settlement date", "MMDD", 4, "open"],
  [16, "conversion date", "MMDD", 4, "open"],
  [17, "capture date", "MMDD", 4, "open"],
  [18, "merchant type", "n", 4, "open"],
  [19, "acquirer country", "n", 3, "open"],
  [20, "PAN extended country", "n", 3, "open"],
  [21, "forwarder country", "n", 3, "open"],
  [22, "POS entry mode", "n", 3, "open"],
  [23, "card sequence number", "n", 3, "open"],
  [24, "network international id", "n", 3, "open"],
  [25, "POS condition code", "n", 2, "open"],
  [26, "PIN capture code", "n", 2, "open"],
  [27, "authorisation id response length", "n", 1, "open"],
  [28, "amount, transaction fee", "x+n", 9, "open"],
  [29, "amount, settlement fee", "x+n", 9, "open"],
  [30, "amount, transaction processing fee", "x+n", 9, "open"],
  [31, "amount, settlement processing fee", "x+n", 9, "open"],
  [32, "acquiring institution id", "n", [0, 11], "open"],
  [33, "forwarding institution id", "n", [0, 11], "open"],
  [34, "PAN extended", "ns", [0, 28], "pan"],
  [35, "track 2 data", "z", [0, 37], "track"],
  [36, "track 3 data", "z", [0, 104], "track"],
  [37, "retrieval reference number", "an", 12, "open"],
  [38, "authorisation id response", "an", 6, "open"],
  [39, "response code", "an", 2, "open"],
  [40, "service restriction code", "an", 3, "open"],
  [41, "terminal id", "ans", 8, "open"],
  [42, "card acceptor id", "ans", 15, "text"],
  [43, "card acceptor name and location", "ans", 40, "person"],
  [44, "additional response data", "ans", [0, 25], "text"],
  [45, "track 1 data", "ans", [0, 76], "track"],
  [46, "additional data, ISO", "ans", [0, 999], "text"],
  [47, "additional data, national", "ans", [0, 999], "text"],
  [48, "additional data, private", "ans", [0, 999], "text"],
  [49, "currency, transaction", "an", 3, "open"],
  [50, "currency, settlement", "an", 3, "open"],
  [51, "currency, cardholder billing", "an", 3, "open"],
  [52, "PIN block", "b", 8, "authentication"],
  [53, "security control information", "n", 16, "authentication"],
  [54, "additional amounts", "an", [0, 120], "person"],
  [55, "ICC data", "ans", [0, 999], "authentication"],
  [56, "reserved, ISO", "ans", [0, 999], "authentication"],
  [57, "reserved, national", "ans", [0, 999]],
  [58, "reserved, national", "ans", [0, 999]],
  [59, "reserved, national", "ans", [0, 999]],
  [60, "reserved, private", "ans", [0, 999], "text"],
  [61, "reserved, private", "ans", [0, 999], "text"],
  [62, "reserved, private", "ans", [0, 999], "text"],
  [63, "reserved, private", "ans", [0, 999], "text"],
  [64, "message authentication code", "b", 8, "authentication"],
  [66, "settlement code", "n", 1, "open"],
  [67, "extended payment code", "n", 2, "open"],
  [68, "receiving institution country", "n", 3, "open"],
  [69, "settlement institution country", "n", 3, "open"],
  [70, "network management code", "n", 3, "open"],
  [71, "message number", "n", 4, "open"],
  [72, "message number last", "n", 4, "open"],
  [73, "action date", "YYMMDD", 6, "open"],
  [74, "credits, number", "n", 10, "open"],
  [75, "credits, reversal number", "n", 10, "open"],
  [76, "debits, number", "n", 10, "open"],
  [77, "debits, reversal number", "n", 10, "open"],
  [78, "transfer, number", "n", 10, "open"],
  [79, "transfer, reversal number", "n", 10, "open"],
  [80, "inquiries, number", "n", 10, "open"],
  [81, "authorisations, number", "n", 10, "open"],
  [82, "credits, processing fee", "n", 12, "open"],
  [83, "credits, transaction fee", "n", 12, "open"],
  [84, "debits, processing fee", "n", 12, "open"],
  [85, "debits, transaction fee", "n", 12, "open"],
  [86, "credits, amount", "n", 16, "open"],
  [87, "credits, reversal amount", "n", 16, "open"],
  [88, "debits, amount", "n", 16, "open"],
  [89, "debits, reversal amount", "n", 16, "open"],
  [90, "original data elements", "n", 42, "open"],
  [91, "file update code", "an", 1, "open"],
  [92, "file security code", "an", 2, "open"],
  [93, "response indicator", "an", 5, "open"],
  [94, "service indicator", "an", 7, "open"],
  [95, "replacement amounts", "an", 42, "open"],
  [96, "message security code", "b", 8, "authentication"],
  [97, "amount, net settlement", "x+n", 17, "open"],
  [98, "payee", "ans", 25, "person"],
  [99, "settlement institution id", "n", [0, 11], "open"],
  [100, "receiving institution id", "n", [0, 11], "open"],
  [101, "file name", "ans", [0, 17], "text"],
  [102, "account id 1", "ans", [0, 28], "pan"],
  [103, "account id 2", "ans", [0, 28], "pan"],
  [104, "transaction description", "ans", [0, 100], "text"],
  [105, "reserved, ISO", "ans", [0, 999]],
  [106, "reserved, ISO", "ans", [0, 999]],
  [107, "reserved, ISO", "ans", [0, 999]],
  [108, "reserved, ISO", "ans", [0, 999]],
  [109, "reserved, ISO", "ans", [0, 999]],
  [110, "reserved, ISO", "ans", [0, 999]],
  [111, "reserved, ISO", "ans", [0, 999]],
  [112, "reserved, national", "ans", [0, 999], "text"],
  [113, "reserved, national", "ans", [0, 999], "text"],
  [114, "reserved, national", "ans", [0, 999], "text"],
  [115, "reserved, national", "ans", [0, 999], "text"],
  [116, "reserved, national", "ans", [0, 999], "text"],
  [117, "reserved, national", "ans", [0, 999], "text"],
  [118, "reserved, national", "ans", [0, 999], "text"],
  [119, "reserved, national", "ans", [0, 999], "text"],
  [120, "reserved, private", "ans", [0, 999], "text"],
  [121, "reserved, private", "ans", [0, 999], "text"],
  [122, "reserved, private", "ans", [0, 999], "text"],
  [123, "reserved, private", "ans", [0, 999], "person"],
  [124, "reserved, private", "ans", [0, 999], "text"],
  [125, "reserved, private", "ans", [0, 999], "authentication"],
  [126, "reserved, private", "ans", [0, 999], "text"],
  [127, "reserved, private", "ans", [0, 999], "text"],
  [128, "message authentication code", "b", 8, "authentication"],
];

function asciiPrefix(max: number): LengthPrefix {
  return { digits: max > 99 ? 3 : 2, encoding: "ascii", unit: "bytes" };
}

/** Numbers are zero-filled, text is space-filled; dates, signs and binary come complete. */
function fillerOf(content: ContentClass): Filler {
  if (content === "n") {
    return "zero-left";
  }
  return content.startsWith("a") ? "space-right" : "none";
}

/** An element written in ASCII, with an ASCII decimal prefix where its length varies. */
function asciiElement(row: Row, binary: DataEncoding): ElementSpec {
  const [de, name, content, size, sensitivity] = row;
  const [min, max] = typeof size === "number" ? [size, size] : size;
  const composite = composites[de];
  const fixed = typeof size === "number";
  return {
    name,
    min,
    max,
    content,
    prefix: fixed ? null : asciiPrefix(max),
    encoding: content === "b" ? binary : "ascii",
    filler: fixed ? fillerOf(content) : "none",
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(composite === undefined ? {} : { composite }),
  };
}

/** All elements of the table, 2 to 128 without 65; `binary` says how `b` fields are written. */
export function fields1987(binary: DataEncoding): Record<string, ElementSpec> {
  const elements: Record<string, ElementSpec> = {};
  for (const row of rows) {
    elements[String(row[0])] = asciiElement(row, binary);
  }
  return elements;
}
