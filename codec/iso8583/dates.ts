// Dates of ISO 8583 carry no year. These functions give them one, and write them, without
// allocating.

const DAY_SECONDS = 86_400;

/** Days before each month of a common year; index 1 is January. */
const daysBefore = new Int32Array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]);
const daysIn = new Int32Array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);

// Results of `splitDays`: module variables, so that the hot path allocates nothing per message.
let year = 0;
let month = 0;
let day = 0;

function isLeap(y: number): boolean {
  return (y & 3) === 0 && (y % 100 !== 0 || y % 400 === 0);
}

/** Days from 1970-01-01 to the given civil date; the caller has checked the ranges. */
function daysOf(y: number, m: number, d: number): number {
  const past = y - 1;
  const leaps = ((past / 4) | 0) - ((past / 100) | 0) + ((past / 400) | 0);
  // 719,162 days lie between 0001-01-01 and 1970-01-01.
  const january = past * 365 + leaps - 719_162;
  return january + daysBefore[m]! + (m > 2 && isLeap(y) ? 1 : 0) + d - 1;
}

/** Civil date of a day number, by the 400-year cycle that begins on 1 March. */
function splitDays(days: number): void {
  const z = days + 719_468;
  const era = (z / 146_097) | 0;
  const doe = z - era * 146_097;
  const yoe =
    ((doe - ((doe / 1_460) | 0) + ((doe / 36_524) | 0) - ((doe / 146_096) | 0)) / 365) | 0;
  const doy = doe - (365 * yoe + ((yoe / 4) | 0) - ((yoe / 100) | 0));
  const mp = ((5 * doy + 2) / 153) | 0;
  day = doy - (((153 * mp + 2) / 5) | 0) + 1;
  month = mp < 10 ? mp + 3 : mp - 9;
  year = yoe + era * 400 + (month <= 2 ? 1 : 0);
}

/** Two ASCII digits as a number; something outside 0..99 where a byte is not a digit. */
function pair(buf: Buffer, off: number): number {
  const tens = buf[off]! - 48;
  const ones = buf[off + 1]! - 48;
  if (tens >>> 0 > 9 || ones >>> 0 > 9) return 1_000;
  return tens * 10 + ones;
}

/**
 * DE7 (`MMDDhhmmss`, UTC, 10 ASCII digits at `off`) to Unix seconds, or -1 where it is no date.
 *
 * The year is the one that puts the date after `now` - 11 months and not after `now` + 1 month; the
 * bounds are compared field by field, so that exactly one year fits also at the end of a month.
 * 0229 in a year without it is no date. The date inside DE90 (at its offset 10) obeys the same
 * rule.
 */
export function transmissionSeconds(buf: Buffer, off: number, nowSeconds: number): number {
  const mm = pair(buf, off);
  const dd = pair(buf, off + 2);
  const hh = pair(buf, off + 4);
  const mi = pair(buf, off + 6);
  const ss = pair(buf, off + 8);
  if (mm < 1 || mm > 12 || dd < 1 || dd > 31 || hh > 23 || mi > 59 || ss > 59) return -1;
  const nowDays = Math.floor(nowSeconds / DAY_SECONDS);
  const nowClock = Math.floor(nowSeconds) - nowDays * DAY_SECONDS;
  splitDays(nowDays);
  const clock = hh * 3_600 + mi * 60 + ss;
  const lastMonth = month === 12 ? 1 : month + 1;
  const lastYear = month === 12 ? year + 1 : year;
  const late =
    mm > lastMonth || (mm === lastMonth && (dd > day || (dd === day && clock > nowClock)));
  const y = late ? lastYear - 1 : lastYear;
  if (dd > daysIn[mm]! + (mm === 2 && isLeap(y) ? 1 : 0)) return -1;
  return daysOf(y, mm, dd) * DAY_SECONDS + clock;
}

function writePair(dst: Buffer, at: number, value: number): void {
  const tens = (value / 10) | 0;
  dst[at] = 48 + tens;
  dst[at + 1] = 48 + value - tens * 10;
}

/**
 * Writes Unix seconds as `MMDDhhmmss` (10 ASCII digits, UTC) and returns the offset after them.
 * DE13 and DE12 are the same digits of the local time: pass the seconds of the local clock.
 */
export function writeTransmission(dst: Buffer, at: number, unixSeconds: number): number {
  const days = Math.floor(unixSeconds / DAY_SECONDS);
  const clock = Math.floor(unixSeconds) - days * DAY_SECONDS;
  splitDays(days);
  const hours = (clock / 3_600) | 0;
  const minutes = ((clock - hours * 3_600) / 60) | 0;
  writePair(dst, at, month);
  writePair(dst, at + 2, day);
  writePair(dst, at + 4, hours);
  writePair(dst, at + 6, minutes);
  writePair(dst, at + 8, clock - hours * 3_600 - minutes * 60);
  return at + 10;
}
