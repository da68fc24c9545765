// EMV data objects by tag, for DE55 and datasets: names from EMV Book 3 annex A and the token
// specification; classes are ours. What is not here is kept as bytes and masked.
import type { BERTLVSpec, ContentClass, DataEncoding, PartSpec, Sensitivity } from "../dialect.ts";

type TagRow = readonly [
  tag: string,
  name: string,
  content: ContentClass,
  min: number,
  max: number,
  sensitivity?: Sensitivity,
];

const rows: readonly TagRow[] = [
  ["4F", "application identifier (card)", "b", 5, 16, "open"],
  ["50", "application label", "ans", 1, 16, "open"],
  ["56", "track 1 equivalent data", "b", 0, 76, "track"],
  ["57", "track 2 equivalent data", "z", 1, 37, "track"],
  ["5A", "application PAN", "n", 1, 19, "pan"],
  ["5F20", "cardholder name", "ans", 0, 26, "person"],
  ["5F24", "application expiration date", "YYMMDD", 6, 6, "open"],
  ["5F25", "application effective date", "YYMMDD", 6, 6, "open"],
  ["5F28", "issuer country code", "n", 3, 3, "open"],
  ["5F2A", "transaction currency code", "n", 3, 3, "open"],
  ["5F30", "service code", "n", 3, 3, "open"],
  ["5F34", "PAN sequence number", "n", 2, 2, "open"],
  ["5F36", "transaction currency exponent", "n", 1, 1, "open"],
  ["71", "issuer script template 1", "b", 0, 255, "open"],
  ["72", "issuer script template 2", "b", 0, 255, "open"],
  ["82", "application interchange profile", "b", 2, 2, "open"],
  ["84", "dedicated file name", "b", 5, 16, "open"],
  ["8A", "authorisation response code", "an", 2, 2, "open"],
  ["8E", "cardholder verification method list", "b", 8, 252, "open"],
  ["91", "issuer authentication data", "b", 8, 16, "authentication"],
  ["95", "terminal verification results", "b", 5, 5, "open"],
  ["9A", "transaction date", "YYMMDD", 6, 6, "open"],
  ["9B", "transaction status information", "b", 2, 2, "open"],
  ["9C", "transaction type", "n", 2, 2, "open"],
  ["9F02", "amount, authorised", "n", 12, 12, "open"],
  ["9F03", "amount, other", "n", 12, 12, "open"],
  ["9F06", "application identifier (terminal)", "b", 5, 16, "open"],
  ["9F07", "application usage control", "b", 2, 2, "open"],
  ["9F08", "application version number (card)", "b", 2, 2, "open"],
  ["9F09", "application version number (terminal)", "b", 2, 2, "open"],
  ["9F0D", "issuer action code, default", "b", 5, 5, "open"],
  ["9F0E", "issuer action code, denial", "b", 5, 5, "open"],
  ["9F0F", "issuer action code, online", "b", 5, 5, "open"],
  ["9F10", "issuer application data", "b", 0, 32, "authentication"],
  ["9F11", "issuer code table index", "n", 2, 2, "open"],
  ["9F12", "application preferred name", "ans", 1, 16, "open"],
  ["9F19", "token requestor id", "n", 11, 11, "open"],
  ["9F1A", "terminal country code", "n", 3, 3, "open"],
  ["9F1E", "interface device serial number", "an", 8, 8, "open"],
  ["9F1F", "track 1 discretionary data", "ans", 0, 54, "track"],
  ["9F20", "track 2 discretionary data", "b", 0, 16, "track"],
  ["9F21", "transaction time", "hhmmss", 6, 6, "open"],
  ["9F24", "payment account reference", "an", 29, 29, "open"],
  ["9F25", "last four digits of PAN", "n", 4, 4, "open"],
  ["9F26", "application cryptogram", "b", 8, 8, "authentication"],
  ["9F27", "cryptogram information data", "b", 1, 1, "open"],
  ["9F33", "terminal capabilities", "b", 3, 3, "open"],
  ["9F34", "cardholder verification results", "b", 3, 3, "open"],
  ["9F35", "terminal type", "n", 2, 2, "open"],
  ["9F36", "application transaction counter", "b", 2, 2, "open"],
  ["9F37", "unpredictable number", "b", 4, 4, "authentication"],
  ["9F41", "transaction sequence counter", "n", 4, 8, "open"],
  ["9F4E", "merchant name and location", "ans", 0, 40, "text"],
  ["9F53", "transaction category code", "b", 1, 1, "open"],
  ["9F5B", "issuer script results", "b", 0, 20, "open"],
  ["9F6B", "track 2 data (contactless)", "z", 1, 37, "track"],
  ["9F6E", "form factor indicator", "b", 0, 32, "open"],
  ["9F7C", "customer exclusive data", "b", 0, 32, "authentication"],
];

function writingOf(content: ContentClass, fixed: boolean): Pick<PartSpec, "encoding" | "filler"> {
  const isText = content === "an" || content === "ans";
  const encoding: DataEncoding = content === "b" ? "raw" : isText ? "ascii" : "bcd";
  // EMV's cn is filled with F on the right, its n with zeros on the left.
  const filler = encoding === "bcd" ? (fixed ? "zero-left" : "f-right") : "none";
  return { encoding, filler };
}

/** Every data object that we name. */
export const emvTags: Readonly<Record<string, PartSpec>> = Object.fromEntries(
  rows.map(([tag, name, content, min, max, sensitivity]) => [
    tag,
    {
      name,
      content,
      min,
      max,
      ...writingOf(content, min === max),
      ...(sensitivity === undefined ? {} : { sensitivity }),
    },
  ]),
);

/** DE55 as EMV fills it: any order, unknown objects kept, zero bytes between objects skipped. */
export const emvData: BERTLVSpec = {
  kind: "ber-tlv",
  tagBytesMax: 3,
  lengthBytesMax: 3,
  padding: "skip",
  tagsMax: 64,
  duplicates: "list",
  unknown: "keep",
  tags: emvTags,
};
