// TPAN sub-ranges: 608727 and three digits more, given to one BIN range each, so that nine digits
// name the issuer. How full a sub-range is stands in a row of its own, outside the registry,
// since it changes with every token.
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

/** The lowest sub-range that nobody has, for a BIN range; undefined when all are given out. */
export function nextSubRange(
  vault: Vault,
  range: number,
  digits: 16 | 19,
  reserved: readonly SubRange[] = [],
): SubRange | undefined {
  const used = new Set(reserved.map((one) => one.number));
  for (const [number] of vault.registryStore.all("subranges")) used.add(number);
  let number = 0;
  while (used.has(number)) number++;
  return number < subRangesMax ? { number, range, digits, status: "OPEN" } : undefined;
}

/** Stores a sub-range that the registry lacks; inside the caller's transaction. */
export function openSubRange(vault: Vault, { number, range, digits }: SubRange): void {
  const store = vault.registryStore;
  if (store.find("subranges", number) !== undefined) return;
  store.put("subranges", number, { range, digits, status: "OPEN" });
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
