// Unary calls on their way through the hot path: a slot each, its ticket made of the slot and of
// how often it was used, so that an answer that comes too late meets nobody.
import type { AnswerSink, PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { type AppError, type Clock, reason } from "../../platform/mod.ts";
import type { VerifyResponse } from "../../proto/mod.ts";
import type { AnswerReader } from "./payment-answer.ts";
import { unanswerableError } from "./session.ts";
import { plainError } from "./status.ts";

/** Messages of unary calls and batches under way at once; a power of two. */
const slotsMax = 1 << 14;

/** Tickets stay below 2^31: this many uses of a slot before its numbers come again. */
const usesMax = 1 << 16;

/** How often forgotten calls are looked for, and how long after its deadline one is given up. */
const sweepMs = 250;

/** Gets a response, or why there is none. Called once, perhaps before `submit` returns. */
export type Answered = (outcome: VerifyResponse | AppError) => void;

export interface PaymentCallsOptions {
  readonly dispatcher: PaymentDispatcher;
  readonly reader: AnswerReader;
  readonly clock: Clock;
}

export class PaymentCalls implements AnswerSink {
  readonly #options: PaymentCallsOptions;
  readonly #waiting: (Answered | null)[] = new Array<Answered | null>(slotsMax).fill(null);
  readonly #uses = new Uint32Array(slotsMax);
  readonly #deadlines = new Float64Array(slotsMax).fill(Infinity);
  readonly #free = Int32Array.from({ length: slotsMax }, (_, i) => slotsMax - 1 - i);
  readonly #timer: NodeJS.Timeout;
  #freeCount = slotsMax;

  constructor(options: PaymentCallsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  get inflight(): number {
    return slotsMax - this.#freeCount;
  }

  /** `bytes` are a message from its MTI on and may be used again after the call. */
  submit(peer: Peer, bytes: Buffer, length: number, deadlineMs: number, done: Answered): void {
    if (this.#freeCount === 0) {
      done(plainError("OVERLOADED"));
      return;
    }
    const slot = this.#free[--this.#freeCount]!;
    this.#waiting[slot] = done;
    this.#deadlines[slot] = deadlineMs;
    const ticket = this.#uses[slot]! * slotsMax + slot;
    if (this.#options.dispatcher.submit(peer, bytes, 0, length, ticket, this, deadlineMs)) return;
    this.#release(slot);
    done(plainError("OVERLOADED"));
  }

  answer(
    ticket: number,
    bytes: Buffer,
    offset: number,
    length: number,
    reasonCode: number,
    status: number,
  ): void {
    const slot = ticket % slotsMax;
    const done = this.#waiting[slot];
    if (this.#uses[slot] !== Math.floor(ticket / slotsMax) || !done) return;
    this.#release(slot);
    if (length === 0) {
      done(unanswerableError(reasonCode, status));
      return;
    }
    if (reasonCode === reason.OVERLOADED) {
      done(plainError("OVERLOADED"));
      return;
    }
    done(this.#options.reader.read(bytes, offset, length, reasonCode));
  }

  flush(): void {}

  close(): void {
    clearInterval(this.#timer);
  }

  #release(slot: number): void {
    this.#waiting[slot] = null;
    this.#deadlines[slot] = Infinity;
    this.#uses[slot] = (this.#uses[slot]! + 1) % usesMax;
    this.#free[this.#freeCount++] = slot;
  }

  #sweep(): void {
    const now = this.#options.clock.monotonicMs();
    for (let slot = 0; slot < slotsMax; slot++) {
      if (this.#deadlines[slot]! + sweepMs > now) continue;
      const done = this.#waiting[slot];
      this.#release(slot);
      done?.(plainError("DEADLINE_EXCEEDED"));
    }
  }
}
