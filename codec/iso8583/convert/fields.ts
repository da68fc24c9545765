// Elements whose layout differs between 1987 and 1993, one rule each, and those that are alike.
import { rows1987 } from "../dialects/fields-1987.ts";
import { rows1993 } from "../dialects/fields-1993.ts";
import { actionOf, responseOf } from "./action-codes.ts";
import type { Draft } from "./draft.ts";
import {
  partialReversal,
  readFunctionCode,
  reasonRows,
  writeFunctionCode,
} from "./function-codes.ts";
import { isPartial, readAmounts, readOriginal, writeAmounts, writeOriginal } from "./original.ts";
import { readPointOfService, writePointOfService } from "./point-of-service.ts";
import { readDates, writeDates } from "./years.ts";

/** The same size in both versions, and another meaning: NII, transport data, country. */
const otherMeaning: readonly number[] = [24, 59, 70];
/** The same meaning in other limits. */
const otherLimits: readonly number[] = [40, 44];

/** Elements that both versions have with one meaning; their values go over as they are. */
export const alike: readonly number[] = rows1987
  .filter(([de, , content, size]) => {
    const row = rows1993.find(([number]) => number === de);
    const isSame = row?.[2] === content && JSON.stringify(row[3]) === JSON.stringify(size);
    return (isSame && !otherMeaning.includes(de)) || otherLimits.includes(de);
  })
  .map(([de]) => de);

const macs: readonly number[] = [64, 128];

function dropMacs(draft: Draft): void {
  for (const de of macs) {
    if (draft.take(de) !== undefined) draft.lose("MAC", de);
  }
}

/** In a reversal request DE39 of 1987 says why; elsewhere it answers. */
function writeCodes(draft: Draft): void {
  const response = draft.take(39);
  if (response === undefined) {
    return;
  }
  const isReason = draft.messageClass === "4" && draft.isRequest;
  const reason = isReason ? reasonRows.find(([code]) => code === response) : undefined;
  if (reason !== undefined) {
    draft.put(25, reason[1]);
    return;
  }
  const found = actionOf(response, draft.messageClass);
  if (found === null) {
    draft.lose("NO_CODE", 39);
    return;
  }
  draft.put(39, found.code);
  if (!found.isExact) draft.lose("APPROXIMATE", 39);
}

function readCodes(draft: Draft): void {
  const action = draft.take(39);
  if (action !== undefined) {
    const found = responseOf(action, draft.messageClass);
    if (found === null) {
      draft.lose("BAD_VALUE", 39);
    } else {
      draft.put(39, found.code);
      if (!found.isExact) draft.lose("APPROXIMATE", 39);
    }
  }
  const reason = draft.take(25);
  if (reason === undefined) {
    return;
  }
  const isReason = draft.messageClass === "4" && draft.isRequest && action === undefined;
  const row = isReason ? reasonRows.find(([, code]) => code === reason) : undefined;
  if (row === undefined) draft.lose("NO_PLACE", 25);
  else draft.put(39, row[0]);
}

/** DE43: 25 + 13 + 2 characters, or name, street and city with `\` behind, then 10 + 3 + 3. */
function writeLocation(draft: Draft): void {
  const text = draft.take(43);
  if (text === undefined) {
    return;
  }
  if (text.includes("\\")) {
    draft.lose("BAD_VALUE", 43);
    return;
  }
  const name = text.slice(0, 25).trimEnd();
  const city = text.slice(25, 38).trimEnd();
  draft.put(43, `${name}\\\\${city}\\${" ".repeat(13)}${text.slice(38, 40).padEnd(3)}`);
}

function readLocation(draft: Draft): void {
  const text = draft.take(43);
  if (text === undefined) {
    return;
  }
  const [, name, street, city, post, region, country] =
    /^([^\\]*)\\([^\\]*)\\([^\\]*)\\(.{10})(.{3})(.{3})$/.exec(text) ?? [];
  if (name === undefined) {
    draft.lose("BAD_VALUE", 43);
    return;
  }
  if (name.length > 25) draft.lose("TOO_LONG", "43.1");
  if (street!.trim() !== "") draft.lose("NO_PLACE", "43.2");
  if (city!.length > 13) draft.lose("TOO_LONG", "43.3");
  if (post!.trim() !== "") draft.lose("NO_PLACE", "43.4");
  if (region!.trim() !== "") draft.lose("NO_PLACE", "43.5");
  // Three letters of a country are not the two of 1987.
  const isTwo = country![2] === " ";
  if (!isTwo) draft.lose("TOO_LONG", "43.6");
  const place = isTwo ? country!.slice(0, 2) : "  ";
  draft.put(43, name.slice(0, 25).padEnd(25) + city!.slice(0, 13).padEnd(13) + place);
}

/** ICC data: hex text in the 1987 dialects, bytes (as hex in a document) in those of 1993. */
function writeICCData(draft: Draft): void {
  const text = draft.take(55);
  if (text === undefined) {
    return;
  }
  if (/^(?:[0-9A-F]{2}){0,255}$/.test(text)) draft.put(55, text);
  else draft.lose("BAD_VALUE", 55);
}

function move(draft: Draft, from: number, to: number): void {
  const value = draft.take(from);
  if (value !== undefined) draft.put(to, value);
}

function rest(draft: Draft): void {
  for (const de of draft.left()) {
    const value = draft.take(de)!;
    const isFree = draft.out[String(de)] === undefined;
    if (alike.includes(de) && isFree) draft.put(de, value);
    else draft.lose("NO_PLACE", de);
  }
}

/** Fields of 1987 to those of 1993. */
export function toFields1993(draft: Draft): void {
  writeFunctionCode(draft, isPartial(draft, 95));
  writeAmounts(draft);
  if (draft.out["30"] === undefined && draft.out["24"] === partialReversal) draft.put(24, "400");
  writeDates(draft);
  writePointOfService(draft);
  move(draft, 18, 26);
  writeCodes(draft);
  writeLocation(draft);
  writeICCData(draft);
  writeOriginal(draft);
  const number = draft.take(71);
  if (number !== undefined) draft.put(71, number.padStart(8, "0"));
  dropMacs(draft);
  rest(draft);
}

/** Fields of 1993 to those of 1987. */
export function toFields1987(draft: Draft): void {
  readFunctionCode(draft, isPartial(draft, 30));
  readAmounts(draft);
  readDates(draft);
  // DE26 of 1993 is DE18; what the points of service say becomes DE26 only then.
  if (draft.peek(26) !== undefined) {
    const own = draft.take(18);
    if (own !== undefined && own !== draft.peek(26)) draft.lose("NO_PLACE", 18);
    move(draft, 26, 18);
  }
  // The reason is in DE25 there, the condition here: the reason goes first.
  readCodes(draft);
  readPointOfService(draft);
  readLocation(draft);
  const icc = draft.take(55);
  if (icc !== undefined) draft.put(55, icc);
  readOriginal(draft);
  const number = draft.take(71);
  if (number?.startsWith("0000")) draft.put(71, number.slice(4));
  else if (number !== undefined) draft.lose("TOO_LONG", 71);
  dropMacs(draft);
  rest(draft);
}
