// The horizon: a flushed number in the vault above which nothing was ever claimed. The store itself
// is never flushed; after a power loss everything at or below the horizon counts as used.

/** Two lines, because issuedAt and DE7 are times of different clocks. */
export type HorizonKind = "ptav" | "de7";

export interface HorizonPort {
  /** Unix seconds, read fresh: what any process has raised is seen. */
  horizon(kind: HorizonKind): number;
  /** Raises it to at least `seconds`; returns after the flush. */
  raise(kind: HorizonKind, seconds: number): void;
}

/** How far above a claim the horizon is raised, so that the next claims find it high enough. */
export const horizonLeadSeconds = 5;

/** One horizon as a claimer sees it; it only rises, so what was seen once holds for ever. */
export class HorizonLine {
  readonly #kind: HorizonKind;
  readonly #port: HorizonPort;
  #seen = 0;

  constructor(kind: HorizonKind, port: HorizonPort) {
    this.#kind = kind;
    this.#port = port;
  }

  covers(time: number): boolean {
    return time <= this.#seen;
  }

  /** Makes sure that the horizon is at or above `time`; flushes only where it is not. */
  cover(time: number): void {
    if (time <= this.#seen) return;
    this.#seen = this.#port.horizon(this.#kind);
    if (time <= this.#seen) return;
    this.#port.raise(this.#kind, time + horizonLeadSeconds);
    this.#seen = time + horizonLeadSeconds;
  }
}
