// Which token comes next: uniform and cheap, so that choosing costs nothing beside what is
// measured. Not for anything secret.

/** xorshift32 (Marsaglia 2003); the same seed gives the same sequence. */
export class Chooser {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** A whole number from 0 to below - 1. */
  next(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % below;
  }
}
