// What one connection has handed over and not yet answered: a ticket a message, and the head
// (transport header and start bytes) that its answer must carry.

/** Literal "ISO" and nine digits; outside the MAC, echoed unchanged. */
export const START_BYTES = 12;

export class InFlight {
  readonly max: number;
  /** Head of the answer to ticket t at t * headBytes. */
  readonly heads: Buffer;
  readonly headBytes: number;
  /** MTI of ticket t, as the decimal number it is written as. */
  readonly mtis: Uint16Array;
  /** When ticket t was taken, on the monotonic clock. */
  readonly takenMs: Float64Array;
  #count = 0;
  readonly #free: Int32Array;
  readonly #held: Uint8Array;

  constructor(max: number, headBytes: number = START_BYTES) {
    this.max = max;
    this.headBytes = headBytes;
    this.heads = Buffer.alloc(max * headBytes);
    this.mtis = new Uint16Array(max);
    this.takenMs = new Float64Array(max);
    this.#free = Int32Array.from({ length: max }, (_, i) => max - 1 - i);
    this.#held = new Uint8Array(max);
  }

  get count(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count === this.max;
  }

  /** Takes a ticket and keeps MTI and head; the caller has checked `full`. */
  take(buf: Buffer, off: number, mti: number, nowMs: number): number {
    if (this.#count === this.max) throw new Error("no ticket is free");
    const ticket = this.#free[this.max - 1 - this.#count]!;
    this.#count += 1;
    this.#held[ticket] = 1;
    this.mtis[ticket] = mti;
    this.takenMs[ticket] = nowMs;
    const at = ticket * this.headBytes;
    // 12 to 34 bytes: the loop is cheaper than the call into copy().
    for (let i = 0; i < this.headBytes; i++) this.heads[at + i] = buf[off + i]!;
    return ticket;
  }

  /** Gives a ticket back. A ticket that is not held is a broken dispatcher. */
  release(ticket: number): void {
    if (this.#held[ticket] !== 1) throw new Error("a ticket was answered twice");
    this.#held[ticket] = 0;
    this.#count -= 1;
    this.#free[this.max - 1 - this.#count] = ticket;
  }
}
