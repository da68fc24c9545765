// No more than so many pre-authorisations a second to one issuer: its host is sized for purchases.
import type { Clock } from "../../platform/mod.ts";

export class Pace {
  readonly #stepMs: number;
  readonly #clock: Clock;
  /** When the next one may go, by issuer; as many entries as there are issuers. */
  readonly #next = new Map<number, number>();

  /** `perSecond` 0: no limit. */
  constructor(perSecond: number, clock: Clock) {
    this.#stepMs = perSecond === 0 ? 0 : 1_000 / perSecond;
    this.#clock = clock;
  }

  /** Milliseconds to wait before the one that asks may go. */
  take(issuer: number): number {
    const nowMs = this.#clock.monotonicMs();
    const atMs = Math.max(nowMs, this.#next.get(issuer) ?? 0);
    this.#next.set(issuer, atMs + this.#stepMs);
    return atMs - nowMs;
  }
}
