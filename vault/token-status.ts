// What a stored token is at a moment.
import { hasPassed } from "./expiry.ts";
import { nameOf, type TokenStatusName, tokenAt, tokenFlag, tokenStatus } from "./token-record.ts";

/** What the token is at this moment: past its expiry it is EXPIRED whatever the record says. */
export function statusAt(record: Buffer, nowSeconds: number): TokenStatusName {
  const stored = nameOf(tokenStatus, record[tokenAt.status]!);
  if (stored === "DELETED" || stored === "EXPIRED") return stored;
  return hasPassed(record.readUInt16LE(tokenAt.expiry), nowSeconds) ? "EXPIRED" : stored;
}

/** True for a token that may pay, now or after a resume or activation. */
export function isLive(record: Buffer, nowSeconds: number): boolean {
  const status = statusAt(record, nowSeconds);
  return status !== "DELETED" && status !== "EXPIRED";
}

export function isPrimary(record: Buffer): boolean {
  return (record[tokenAt.flags]! & tokenFlag.SECONDARY) === 0;
}
