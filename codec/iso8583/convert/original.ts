// What a message says of the one before it: original data elements (DE90 of 1987, DE56 of 1993) and
// the amounts of a partial reversal (DE95 beside DE4, DE30 beside DE4).
import type { Draft } from "./draft.ts";
import { convertMTI } from "./function-codes.ts";
import { secondsOf, secondsOfYear, withYear } from "./years.ts";

const isZero = (text: string): boolean => /^0*$/.test(text);

function originalType(draft: Draft, mti: string, from: "0" | "1", path: string): string {
  if (isZero(mti)) {
    return mti;
  }
  const found = convertMTI(mti, from, from === "0" ? "1" : "0");
  if (found === null) draft.lose("BAD_VALUE", path);
  else if (!found.isExact) draft.lose("APPROXIMATE", path);
  return found?.mti ?? "0000";
}

const noDate = "000000000000";

/** The transmission time of DE90 as the local time of DE56. */
function localTime(draft: Draft, text: string): string {
  if (isZero(text)) {
    return noDate;
  }
  const { now, localOffset } = draft.options;
  const seconds = secondsOf(text, now);
  if (seconds === null) {
    draft.lose("BAD_DATE", "90.3");
    return noDate;
  }
  if (localOffset === undefined) draft.lose("LOCAL_TIME", "90.3");
  return withYear(seconds + 60 * (localOffset ?? 0));
}

/** DE56 of 1993 from DE90: a forwarder has no place in it. */
export function writeOriginal(draft: Draft): void {
  const text = draft.take(90);
  if (text === undefined) {
    return;
  }
  if (!/^\d{42}$/.test(text)) {
    draft.lose("BAD_VALUE", 90);
    return;
  }
  const acquirer = text.slice(20, 31).replace(/^0+/, "");
  if (!isZero(text.slice(31))) draft.lose("NO_PLACE", "90.5");
  const mti = originalType(draft, text.slice(0, 4), "0", "90.1");
  const time = localTime(draft, text.slice(10, 20));
  const length = String(acquirer.length).padStart(2, "0");
  draft.put(56, mti + text.slice(4, 10) + time + length + acquirer);
}

function transmissionTime(draft: Draft, text: string): string {
  if (isZero(text)) {
    return "0".repeat(10);
  }
  const { now, localOffset } = draft.options;
  const local = secondsOfYear(text);
  if (local === null) {
    draft.lose("BAD_DATE", "56.3");
    return "0".repeat(10);
  }
  if (localOffset === undefined) draft.lose("LOCAL_TIME", "56.3");
  const seconds = local - 60 * (localOffset ?? 0);
  const time = withYear(seconds).slice(2);
  if (secondsOf(time, now) !== seconds) draft.lose("OTHER_YEAR", "56.3");
  return time;
}

/** DE90 of 1987 from DE56. */
export function readOriginal(draft: Draft): void {
  const text = draft.take(56);
  if (text === undefined) {
    return;
  }
  const [, mti, stan, time, length, acquirer] =
    /^(\d{4})(\d{6})(\d{12})(\d{2})(\d{0,11})$/.exec(text) ?? [];
  if (acquirer === undefined || Number(length) !== acquirer.length) {
    draft.lose("BAD_VALUE", 56);
    return;
  }
  const head = originalType(draft, mti!, "1", "56.1") + stan! + transmissionTime(draft, time!);
  draft.put(90, head + acquirer.padStart(11, "0") + "0".repeat(11));
}

const noAmount = "000000000000";
const noFee = "C00000000";

/** True where the reversal is of a part: 1987 says so by DE95, 1993 by DE30. */
export function isPartial(draft: Draft, de: 30 | 95): boolean {
  return draft.messageClass === "4" && draft.peek(de) !== undefined;
}

/**
 * DE30 of 1993 from DE95: in 1987 DE4 stays the amount of the original and DE95 has the one that
 * holds; in 1993 DE4 is the one that holds and DE30 has the original.
 */
export function writeAmounts(draft: Draft): void {
  const text = draft.take(95);
  if (text === undefined) {
    return;
  }
  const amount = draft.peek(4);
  if (draft.messageClass !== "4" || amount === undefined) {
    draft.lose("NO_PLACE", 95);
    return;
  }
  const [, actual, settled, fee, settledFee] = /^(\d{12})(\d{12})(.{9})(.{9})$/.exec(text) ?? [];
  if (actual === undefined) {
    draft.lose("BAD_VALUE", 95);
    return;
  }
  const settlement = draft.peek(5);
  draft.take(4);
  draft.take(5);
  draft.put(4, actual);
  draft.put(30, amount + (settlement ?? noAmount));
  if (settlement !== undefined) draft.put(5, settled!);
  else if (!isZero(settled!)) draft.lose("NO_PLACE", "95.2");
  if (!isZero(fee!.slice(1))) draft.lose("NO_PLACE", "95.3");
  if (!isZero(settledFee!.slice(1))) draft.lose("NO_PLACE", "95.4");
}

/** DE95 of 1987 from DE30. */
export function readAmounts(draft: Draft): void {
  const text = draft.take(30);
  if (text === undefined) {
    return;
  }
  const actual = draft.peek(4);
  if (draft.messageClass !== "4" || actual === undefined || !/^\d{24}$/.test(text)) {
    draft.lose("NO_PLACE", 30);
    return;
  }
  const settled = draft.peek(5);
  draft.take(4);
  draft.take(5);
  draft.put(4, text.slice(0, 12));
  draft.put(95, actual + (settled ?? noAmount) + noFee + noFee);
  if (settled !== undefined) draft.put(5, text.slice(12));
  else if (!isZero(text.slice(12))) draft.lose("NO_PLACE", "30.2");
}
