// Expiry months. A card or token is good through the last second of its month in Malaysia time
// (UTC+8); the year is always 20YY. Months are counted from January 2000, so that they can be
// added.

/** Malaysia has no daylight saving time. */
const zoneSeconds = 8 * 3600;

/** A new TPAN is good for its month of issue and 59 more. */
export const tokenLifeMonths = 59;

/** With fewer months left than this, an update of the card extends the TPAN's expiry. */
export const extendBelowMonths = 12;

/** The month of a moment, counted from January 2000, in UTC+8. */
export function monthAt(unixSeconds: number): number {
  const date = new Date((unixSeconds + zoneSeconds) * 1000);
  return (date.getUTCFullYear() - 2000) * 12 + date.getUTCMonth();
}

/** The month of YYMM as a number: 3012 is month 371. */
export function monthOf(yymm: number): number {
  return Math.floor(yymm / 100) * 12 + (yymm % 100) - 1;
}

/** YYMM of a month. */
export function yymmOf(month: number): number {
  return Math.floor(month / 12) * 100 + (month % 12) + 1;
}

/** True for 0001 to 9912 with a month of 1 to 12. */
export function isYymm(value: number): boolean {
  return (
    Number.isInteger(value) && value > 0 && value <= 9912 && value % 100 >= 1 && value % 100 <= 12
  );
}

/** Parses four digits; undefined when they are no YYMM. */
export function parseYymm(text: string): number | undefined {
  const value = /^[0-9]{4}$/.test(text) ? Number(text) : Number.NaN;
  return isYymm(value) ? value : undefined;
}

/** True when the month has ended in UTC+8. */
export function hasPassed(yymm: number, nowSeconds: number): boolean {
  return monthOf(yymm) < monthAt(nowSeconds);
}

/** The expiry of a TPAN that is made or extended now. */
export function tokenExpiryFrom(nowSeconds: number): number {
  return yymmOf(monthAt(nowSeconds) + tokenLifeMonths);
}

/** True when an update of the card has to extend this TPAN expiry. */
export function needsExtension(yymm: number, nowSeconds: number): boolean {
  return monthOf(yymm) - monthAt(nowSeconds) < extendBelowMonths;
}

/** The first moment in Unix seconds at which the month has passed: midnight in UTC+8. */
export function monthEndSeconds(yymm: number): number {
  const month = monthOf(yymm) + 1;
  return Date.UTC(2000 + Math.floor(month / 12), month % 12, 1) / 1000 - zoneSeconds;
}
