// A receiver that fails again and again is left alone for a while; then one notice tries it.

/** Failures in a row that open the breaker. */
const failuresMax = 5;
const openMsFirst = 10_000;
const openMsMax = 600_000;

export class Breaker {
  #failures = 0;
  #openMs = openMsFirst;
  #openUntilMs = 0;
  #probing = false;

  /** True where an attempt may start now; in the half-open state only one at a time may. */
  admits(nowMs: number): boolean {
    if (this.#failures < failuresMax) return true;
    return nowMs >= this.#openUntilMs && !this.#probing;
  }

  /** When the next attempt may start, at the earliest. */
  get retryAtMs(): number {
    return this.#failures < failuresMax ? 0 : this.#openUntilMs;
  }

  get open(): boolean {
    return this.#failures >= failuresMax;
  }

  started(): void {
    if (this.open) this.#probing = true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openMs = openMsFirst;
    this.#probing = false;
  }

  failed(nowMs: number): void {
    this.#failures += 1;
    if (this.#failures < failuresMax) return;
    // What was under way when the breaker opened is no new evidence.
    if (this.#failures > failuresMax && !this.#probing) return;
    this.#openUntilMs = nowMs + this.#openMs;
    this.#openMs = Math.min(this.#openMs * 2, openMsMax);
    this.#probing = false;
  }
}
