// The field table of ISO 8583:1993, as differences from 1987: names and lengths of the standard,
// cross-checked with an open implementation.
import type { CompositeSpec } from "../dialect.ts";
import { emvData } from "./emv-tags.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { type Row, withRows } from "./rows.ts";

const reserved = (from: number, to: number, name: string): Row[] =>
  Array.from({ length: to - from + 1 }, (_, i): Row => [from + i, name, "ans", [0, 999], "text"]);

const changes: readonly Row[] = [
  [12, "local date and time", "YYMMDDhhmmss", 12, "open"],
  [13, "effective date", "YYMM", 4, "open"],
  [15, "settlement date", "YYMMDD", 6, "open"],
  [22, "point of service data code", "an", 12, "open"],
  [24, "function code", "n", 3, "open"],
  [25, "message reason code", "n", 4, "open"],
  [26, "merchant category code", "n", 4, "open"],
  [27, "approval code length", "n", 1, "open"],
  [28, "reconciliation date", "YYMMDD", 6, "open"],
  [29, "reconciliation indicator", "n", 3, "open"],
  [30, "amounts, original", "n", 24, "open"],
  [31, "acquirer reference data", "ans", [0, 99], "text"],
  [39, "action code", "n", 3, "open"],
  [40, "service code", "n", 3, "open"],
  [43, "card acceptor name and location", "ans", [0, 99], "person"],
  [44, "additional response data", "ans", [0, 99], "text"],
  [46, "amounts, fees", "ans", [0, 204], "text"],
  [53, "security related control information", "b", [0, 48], "authentication"],
  [55, "ICC data", "b", [0, 255], "authentication"],
  [56, "original data elements", "n", [0, 35], "open"],
  [57, "authorisation life cycle code", "n", 3, "open"],
  [58, "authorising agent institution id", "n", [0, 11], "open"],
  [59, "transport data", "ans", [0, 999], "text"],
  [66, "amounts, original fees", "ans", [0, 204], "text"],
  [70, "authorising agent country", "n", 3, "open"],
  [71, "message number", "n", 8, "open"],
  [72, "data record", "ans", [0, 999], "text"],
  [82, "inquiries, reversal number", "n", 10, "open"],
  [83, "payments, number", "n", 10, "open"],
  [84, "payments, reversal number", "n", 10, "open"],
  [85, "fee collections, number", "n", 10, "open"],
  [90, "authorisations, reversal number", "n", 10, "open"],
  [91, "transaction destination country", "n", 3, "open"],
  [92, "transaction origin country", "n", 3, "open"],
  [93, "transaction destination institution", "n", [0, 11], "open"],
  [94, "transaction origin institution", "n", [0, 11], "open"],
  [95, "card issuer reference data", "ans", [0, 99], "text"],
  [96, "key management data", "b", [0, 999], "authentication"],
  [105, "credits, chargeback amount", "n", 16, "open"],
  [106, "debits, chargeback amount", "n", 16, "open"],
  [107, "credits, chargeback number", "n", 10, "open"],
  [108, "debits, chargeback number", "n", 10, "open"],
  [109, "credits, fee amounts", "ans", [0, 84], "text"],
  [110, "debits, fee amounts", "ans", [0, 84], "text"],
  ...reserved(60, 61, "reserved, national"),
  ...reserved(62, 63, "reserved, private"),
  ...reserved(111, 115, "reserved, ISO"),
  ...reserved(116, 122, "reserved, national"),
  ...reserved(123, 127, "reserved, private"),
];

export const rows1993: readonly Row[] = withRows(rows1987, changes);

const posPositions = [
  "card data input capability",
  "cardholder authentication capability",
  "card capture capability",
  "operating environment",
  "cardholder present",
  "card present",
  "card data input mode",
  "cardholder authentication method",
  "cardholder authentication entity",
  "card data output capability",
  "terminal output capability",
  "PIN capture capability",
];

/** Twelve positions of one character. */
export const posDataCode: CompositeSpec = {
  kind: "positional",
  parts: posPositions.map((name) => ({
    name,
    min: 1,
    max: 1,
    content: "an" as const,
    sensitivity: "open" as const,
  })),
};

export const composites1993: Readonly<Record<number, CompositeSpec>> = {
  3: composites1987[3]!,
  22: posDataCode,
  55: emvData,
};
