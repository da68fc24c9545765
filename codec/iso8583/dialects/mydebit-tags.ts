import type { ContentClass, Sensitivity, TagListSpec, ValueSpec } from "../dialect.ts";

type Row = readonly [
  tag: string,
  name: string,
  content: ContentClass,
  min: number,
  max: number,
  sensitivity?: Sensitivity,
  values?: string,
];

const rows: readonly Row[] = [
  ["01", "TPAN", "n", 13, 19, "pan"],
  ["02", "TPAN expiry", "YYMM", 4, 4, "open"],
  ["03", "TRID", "n", 11, 11, "open"],
  // A PTAV of the wrong length or alphabet is declined with a reason of its own, so that it is
  // not a format error here: structure only says that it is text of at most 40 characters.
  ["04", "PTAV", "ans", 1, 40, "authentication"],
  ["05", "initiation", "a", 1, 1, "open", "CM"],
  // An unknown type is declined with a reason of its own, not as a format error.
  ["06", "MIT type", "a", 1, 1, "open"],
  ["07", "stored credential", "a", 1, 1, "open", "FSN"],
  ["08", "agreement id", "ans", 1, 36, "text"],
  ["09", "PAR", "an", 29, 29, "open"],
  ["10", "token assurance method", "an", 2, 2, "open"],
  ["11", "token type", "n", 2, 2, "open"],
  ["12", "PTAV result", "a", 1, 1, "open"],
  ["13", "TSP reason", "n", 4, 4, "open"],
  ["14", "verification id", "ans", 36, 36, "text"],
  ["15", "PIAV", "ans", 1, 64, "authentication"],
  ["16", "ECI", "n", 2, 2, "open"],
  ["17", "3DS directory server transaction id", "ans", 36, 36, "text"],
  ["18", "token status", "a", 1, 1, "open"],
  ["19", "token provisioned at", "YYYYMMDDhhmmss", 14, 14, "open"],
  ["20", "repetition mark", "a", 1, 1, "open"],
  ["40", "key block", "ans", 1, 512, "authentication"],
  ["41", "key check value", "an", 6, 6, "open"],
  ["50", "action", "a", 4, 4, "open"],
  ["51", "reason", "a", 4, 4, "open"],
  ["52", "new PAN", "n", 13, 19, "pan"],
  ["53", "new expiry", "YYMM", 4, 4, "open"],
  ["54", "event reference", "ans", 1, 36, "text"],
  ["55", "effective time", "YYYYMMDDhhmmss", 14, 14, "open"],
  ["56", "tokens affected", "n", 5, 5, "open"],
  ["57", "card status", "a", 1, 1, "open"],
  ["58", "stale mark", "a", 1, 1, "open"],
];

const tags: Record<string, ValueSpec> = {};
for (const [tag, name, content, min, max, sensitivity, values] of rows) {
  tags[tag] = {
    name,
    content,
    min,
    max,
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(values === undefined ? {} : { values: [...values] }),
  };
}

/** DE120: token data and card lifecycle data, repeats of tag (2), length (3) and value. */
export const tokenData: TagListSpec = {
  kind: "tag-list",
  tagDigits: 2,
  lengthDigits: 3,
  // More than twice the tags that exist; 999 bytes could hold 166.
  tagsMax: 64,
  duplicates: "reject",
  unknown: "keep",
  tags,
};

/** Tags that only the TSP sets: refused in what an acquirer sends. */
export const tagsOfTheTSP: readonly number[] = [1, 2, 9, 10, 11, 12, 13, 14, 18, 19, 20];
