// Dates without a year (1987) and with two digits of it (1993). The rule of years is the one of
// DE7: after now - 11 months, and not after now + 1 month.
import { transmissionSeconds } from "../dates.ts";
import type { Draft } from "./draft.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** Seconds of `MMDDhhmmss`, null where it is no date near `now`. */
export function secondsOf(text: string, now: number): number | null {
  if (!/^\d{10}$/.test(text)) {
    return null;
  }
  const seconds = transmissionSeconds(Buffer.from(text, "latin1"), 0, now);
  return seconds < 0 ? null : seconds;
}

/** `YYMMDDhhmmss` of Unix seconds. */
export function withYear(seconds: number): string {
  const date = new Date(seconds * 1_000);
  const day = [date.getUTCFullYear() % 100, date.getUTCMonth() + 1, date.getUTCDate()];
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return [...day, ...clock].map(two).join("");
}

/** Seconds of `YYMMDDhhmmss` in this century, null where it is no date. */
export function secondsOfYear(text: string): number | null {
  if (!/^\d{12}$/.test(text)) {
    return null;
  }
  const [year, month, day, hour, minute, second] = text.match(/../g)!.map(Number);
  const seconds = Date.UTC(2_000 + year!, month! - 1, day!, hour!, minute!, second!) / 1_000;
  // A day that the month has not would have moved on.
  return withYear(seconds) === text ? seconds : null;
}

const localNow = ({ options }: Draft): number => options.now + 60 * (options.localOffset ?? 0);

/** DE12 and 13 of 1987 are DE12 of 1993; DE15 gets its year. */
export function writeDates(draft: Draft): void {
  const time = draft.take(12);
  const day = draft.take(13);
  if (time !== undefined && day !== undefined) {
    const seconds = secondsOf(day + time, localNow(draft));
    if (seconds === null) {
      draft.lose("BAD_DATE", 12);
      draft.lose("BAD_DATE", 13);
    } else {
      draft.put(12, withYear(seconds));
    }
  } else if (time !== undefined || day !== undefined) {
    draft.lose("NO_PLACE", time === undefined ? 13 : 12);
  }
  const settlement = draft.take(15);
  if (settlement !== undefined) {
    const seconds = secondsOf(`${settlement}000000`, draft.options.now);
    if (seconds === null) {
      draft.lose("BAD_DATE", 15);
    } else {
      draft.put(15, withYear(seconds).slice(0, 6));
    }
  }
}

/** The way back; another year than the rule gives is named. DE13, effective date, has no place. */
export function readDates(draft: Draft): void {
  const local = draft.take(12);
  if (local !== undefined) {
    draft.put(13, local.slice(2, 6));
    draft.put(12, local.slice(6));
    const seconds = secondsOf(local.slice(2), localNow(draft));
    if (seconds === null || withYear(seconds) !== local) draft.lose("OTHER_YEAR", 12);
  }
  if (draft.take(13) !== undefined) {
    draft.lose("NO_PLACE", 13);
  }
  const settlement = draft.take(15);
  if (settlement !== undefined) {
    draft.put(15, settlement.slice(2));
    const seconds = secondsOf(`${settlement.slice(2)}000000`, draft.options.now);
    const isSame = seconds !== null && withYear(seconds).startsWith(settlement);
    if (!isSame) draft.lose("OTHER_YEAR", 15);
  }
}
