// The arithmetic of the replay store: which times may be claimed now, and in which slot they lie.
//
// slot = floor(time / W) mod 3 with W = max(TTL, 300) + 300. A time that may be claimed now lies
// between now - max(TTL, 300) and now + 300, a span of W, so it touches at most two slot numbers.
// The third holds the one before, and is emptied when a new number begins: nothing that could still
// be claimed is ever forgotten.

export const slotCount = 3;

/** PTAV lifetimes that may be configured, seconds. */
export const ttlSecondsMin = 60;
export const ttlSecondsMax = 86_400;

/** A PTAV may be this much younger than our clock says. */
export const ptavSkewSeconds = 60;

/** DE7 may differ from our clock by this much. */
export const de7SkewSeconds = 300;

/** The same message counts as a repetition for this long after its claim. */
export const repetitionSeconds = 120;

/** W, the width of a slot in seconds. */
export function slotWidth(ttlSeconds: number): number {
  if (!(ttlSeconds >= ttlSecondsMin && ttlSeconds <= ttlSecondsMax)) {
    throw new RangeError(`a PTAV lives ${ttlSecondsMin} to ${ttlSecondsMax} s, not ${ttlSeconds}`);
  }
  return Math.max(ttlSeconds, de7SkewSeconds) + de7SkewSeconds;
}

export function ptavInWindow(issuedAt: number, nowSeconds: number, ttlSeconds: number): boolean {
  return issuedAt - ptavSkewSeconds <= nowSeconds && nowSeconds <= issuedAt + ttlSeconds;
}

export function de7InWindow(de7Seconds: number, nowSeconds: number): boolean {
  return Math.abs(nowSeconds - de7Seconds) <= de7SkewSeconds;
}

/**
 * The highest time that slot number `entered` makes unclaimable: with it in use, only it and the
 * two numbers before it have a database.
 */
export function floorOf(entered: number, width: number): number {
  return Math.max(0, (entered - (slotCount - 1)) * width - 1);
}
