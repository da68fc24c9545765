import type { Dialect, TokenListSpec } from "../dialect.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { iso87AsciiSpec } from "./iso87-ascii.ts";
import { asciiWriting, elementsOf, withRows } from "./rows.ts";

/** Tokens of DE63 and DE126 that public threads name; any other id is kept. */
const tokens: TokenListSpec = {
  kind: "token-list",
  tokensMax: 64,
  unknown: "keep",
  tokens: {
    "01": { name: "base token", min: 0, max: 999, content: "ans", sensitivity: "text" },
    B2: {
      name: "EMV request data",
      min: 0,
      max: 158,
      content: "ans",
      sensitivity: "authentication",
    },
    B3: { name: "EMV discretionary data", min: 0, max: 80, content: "ans", sensitivity: "text" },
    B4: { name: "EMV status", min: 0, max: 20, content: "ans", sensitivity: "open" },
    B5: {
      name: "EMV response data",
      min: 0,
      max: 38,
      content: "ans",
      sensitivity: "authentication",
    },
    C0: { name: "card verification data", min: 0, max: 26, content: "ans" },
    C4: { name: "POS conditions", min: 0, max: 12, content: "ans", sensitivity: "open" },
    Q1: { name: "authorisation path", min: 0, max: 2, content: "ans", sensitivity: "open" },
    Q2: { name: "access medium", min: 0, max: 2, content: "ans", sensitivity: "open" },
  },
};

/**
 * BASE24-style: ISO 8583:1987 in ASCII behind the start bytes `ISO` and nine digits, with tokens in
 * DE63 and DE126. Contents of the tokens are ours where they are not public.
 */
export const base24StyleSpec: Dialect = {
  ...iso87AsciiSpec,
  name: "base24-style",
  title: "BASE24-style switch, ISO 8583:1987 (ours)",
  header: { literal: "ISO", digits: 9 },
  bytesMax: 8_192,
  elements: elementsOf(
    withRows(rows1987, [
      [41, "terminal id", "ans", 16, "open"],
      [63, "additional data", "ans", [0, 600], "text"],
      [126, "additional data", "ans", [0, 800], "text"],
    ]),
    { ...composites1987, 63: tokens, 126: tokens },
    asciiWriting("hex"),
  ),
  usualRuns: [],
};
