// The horizon: a flushed number in the vault above which nothing was ever claimed. The store itself
// is never flushed; after a power loss everything at or below the horizon counts as used.
//
// A number that another process has committed can be seen before it is on the disk, so nobody
// trusts what he reads there. Who raised it writes it into the replay store once the flush has
// returned, and claims believe only that.

/** Two lines, because issuedAt and DE7 are times of different clocks. */
export type HorizonKind = "ptav" | "de7";

export interface HorizonPort {
  /** Unix seconds, read fresh: what any process has raised is seen. */
  horizon(kind: HorizonKind): number;
  /** Raises it to at least `seconds`; returns after the flush. Throws when it could not. */
  raise(kind: HorizonKind, seconds: number): void;
}

/** How far above the highest claim the horizon is raised. */
export const horizonLeadSeconds = 5;

/** The keeper raises again when less than this is left, so about every third second. */
export const horizonLeadSecondsMin = 3;
