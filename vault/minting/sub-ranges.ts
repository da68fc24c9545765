// TPAN sub-ranges: 608727 and three digits more, given to one BIN range each, so that nine digits
// name the issuer. How full a sub-range is stands in a row of its own, outside the registry,
// since it changes with every token.
import { appError } from "../../platform/mod.ts";
import type { SubRange } from "../registry/records.ts";
import type { Vault } from "../vault.ts";

/** 000 to 999. */
export const subRangesMax = 1000;

/** Above this fill the next sub-range is opened and an alarm raised: draws begin to collide. */
export const fillAlarm = 0.7;

/** Numbers of one sub-range: the digits between its nine and the check digit. */
export function capacityOf(subRange: Pick<SubRange, "digits">): number {
  return 10 ** (subRange.digits - 10);
}

export interface SubRangeFill {
  readonly subRange: SubRange;
  /** Tokens ever minted in it, tombstones included. */
  readonly used: number;
  readonly capacity: number;
}

/** Opens the lowest unused sub-range for a BIN range; inside the caller's transaction. */
export function openSubRange(vault: Vault, range: number, digits: 16 | 19 = 16): SubRange {
  const store = vault.registryStore;
  let number = 0;
  for (const [used] of store.all("subranges")) {
    if (used !== number) break;
    number++;
  }
  if (number >= subRangesMax) {
    throw appError("TOKEN_RANGE_FULL", "All sub-ranges of the token BIN are given out.");
  }
  store.put("subranges", number, { range, digits, status: "OPEN" });
  return { number, range, digits, status: "OPEN" };
}

/** Closes every sub-range that gave a token; inside the caller's transaction. Returns how many. */
export function closeUsedSubRanges(vault: Vault): number {
  const store = vault.registryStore;
  const rows = [...store.all("subranges")];
  let closed = 0;
  for (const [number, row] of rows) {
    if (row.status !== "OPEN" || vault.meta.subRangeUsed(number) === 0) continue;
    store.put("subranges", number, { ...row, status: "CLOSED" });
    closed++;
  }
  return closed;
}

/** Open sub-ranges of a BIN range, as the transaction or snapshot at hand has them. */
export function openSubRangesOf(vault: Vault, range: number): SubRange[] {
  const found: SubRange[] = [];
  for (const [number, row] of vault.registryStore.all("subranges")) {
    if (row.range === range && row.status === "OPEN") {
      found.push({ ...(row as unknown as SubRange), number });
    }
  }
  return found;
}

/** How full every sub-range is. */
export function subRangeFills(vault: Vault): SubRangeFill[] {
  const fills: SubRangeFill[] = [];
  for (const subRange of vault.registry().subRanges) {
    if (subRange === undefined) continue;
    const used = vault.meta.subRangeUsed(subRange.number);
    fills.push({ subRange, used, capacity: capacityOf(subRange) });
  }
  return fills;
}
