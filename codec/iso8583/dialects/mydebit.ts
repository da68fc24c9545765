import type { Dialect, MessageSpec } from "../dialect.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { tagsOfTheTSP, tokenData } from "./mydebit-tags.ts";
import { asciiWriting, elementsOf } from "./rows.ts";

/** Data that only a card at a terminal produces: a token payment never carries it. */
const cardPresent: readonly number[] = [23, 35, 36, 45, 52, 53, 55];

const cardEcho = [3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 60, 61, 62, 63];

/** Answers carry the echo of their request; a format error keeps only 7, 11, 32 and 37 of it. */
const answer = (mtis: readonly string[], use: string): MessageSpec => ({
  mtis,
  use,
  mandatory: [7, 11, 39],
  forbidden: cardPresent,
  echo: [],
});

const messages: readonly MessageSpec[] = [
  {
    mtis: ["0100", "0101", "0200", "0201"],
    use: "verify and de-tokenise an authorisation or a financial request",
    mandatory: [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 42, 49, 120],
    forbidden: cardPresent,
    echo: [2, 14, ...cardEcho],
    // A missing TRID (tag 03) is declined with a reason of its own, later.
    tagsMandatory: [5, 7],
    tagsForbidden: tagsOfTheTSP,
  },
  {
    mtis: ["0220", "0221", "0400", "0401", "0420", "0421"],
    use: "de-tokenise a completion or a reversal by its original",
    mandatory: [2, 3, 4, 7, 11, 12, 13, 32, 37, 42, 49, 90, 120],
    forbidden: cardPresent,
    echo: [2, ...cardEcho],
  },
  {
    mtis: ["0120", "0121"],
    use: "advice of the outcome",
    mandatory: [2, 3, 4, 7, 11, 12, 13, 32, 37, 39, 42, 49, 90, 120],
    forbidden: cardPresent,
    echo: [2, 7, 11, 32, 37],
    tagsMandatory: [14],
  },
  {
    mtis: ["0302"],
    use: "card lifecycle",
    mandatory: [2, 7, 11, 12, 13, 32, 37, 91, 101, 120],
    forbidden: cardPresent,
    echo: [2, 7, 11, 12, 13, 32, 33, 37, 91, 101],
    tagsMandatory: [50],
  },
  {
    mtis: ["0800"],
    use: "network management",
    mandatory: [7, 11, 70],
    forbidden: cardPresent,
    echo: [7, 11, 70],
  },
  answer(["0110", "0210"], "answer to a request"),
  answer(["0230", "0410", "0430"], "answer to a completion or a reversal"),
  answer(["0130"], "acknowledgement of an advice"),
  answer(["0312"], "answer to a card lifecycle message"),
  answer(["0810"], "answer to network management"),
];

/**
 * Our profile of a MyDebit-style network: ISO 8583:1987 in ASCII behind the start bytes `ISO` and
 * nine digits, hex bitmaps, raw binary fields, token data in DE120, AES-CMAC in DE128. Both
 * bitmaps are always written. A message whose bit 1 is clear is read as one with the primary
 * bitmap alone: it has no DE120, hence MISSING_FIELD and an answer 30 rather than a closed
 * connection.
 */
export const mydebitSpec: Dialect = {
  name: "mydebit",
  title: "MyDebit-style token service, ISO 8583:1987",
  header: { literal: "ISO", digits: 9 },
  mti: { encoding: "ascii", version: "0", known: { kind: "table" } },
  bitmap: { encoding: "hex", bits: 128, continues: "bit1", writesAll: true },
  // Start bytes included. The longest sensible message is below 2,000 bytes.
  bytesMax: 4_096,
  elements: {
    ...elementsOf(rows1987, composites1987, asciiWriting("raw")),
    "120": {
      name: "token data",
      min: 0,
      max: 999,
      content: "ans",
      prefix: { digits: 3, encoding: "ascii", unit: "bytes" },
      encoding: "ascii",
      filler: "none",
      sensitivity: "text",
      composite: tokenData,
    },
  },
  messages,
  usualRuns: [
    [3, 4, 7, 11, 12, 13, 14, 18, 22, 25],
    [37, 41, 42],
  ],
  // A payment with and without the terminal and the name of the merchant, its completion or
  // reversal, its advice, and network management: what a payment switch sends all day. Payments
  // also without DE128, as under mutual TLS.
  shapes: [
    [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 49, 120],
    [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 49, 120],
    [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 49, 120, 128],
    [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 42, 49, 120, 128],
    [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 49, 120, 128],
    [2, 3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49, 90, 120, 128],
    [2, 3, 4, 7, 11, 12, 13, 32, 37, 39, 42, 49, 90, 120, 128],
    [7, 11, 70, 128],
  ],
  echo: [],
  errorEcho: [7, 11, 32, 37],
};
