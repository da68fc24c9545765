// The payments of one second: nearly all good, some bad in a known way, each with the reason that
// the service must give. PTAV failures are few enough that no token is flagged for guessing (more
// than 20 in a minute): the expected reason would then be another.
import { writeTransmission } from "../../codec/iso8583/mod.ts";
import { reason } from "../../platform/mod.ts";
import { type MessageMaker, writeDigits } from "../lib/message-maker.ts";

/** Every hundredth names another requestor. */
const otherRequestorEvery = 100;

/** Of PTAV failures of each kind: every two hundredth, and no more than this part of all tokens. */
const failureEvery = 200;
const failuresPerToken = 1 / 2_000;

/** Messages of a second that are kept for the next one's replays: the first ones. */
const keptMax = 4_096;

const stanMax = 999_999;
const stanDigits = 6;
const rrnDigits = 12;
const lastDigitOfAmount = 11;
const lastDigitOfTrid = 10;

export interface SecondOfPayments {
  readonly bytes: Buffer;
  /** Bytes of every message. */
  readonly length: number;
  readonly count: number;
  /** DE37 of the first message as a number; the others count up by one. */
  readonly firstSequence: number;
  /** The reason with which each must be answered; 0 is an approval. */
  readonly expected: Uint16Array;
}

function turnDigit(bytes: Buffer, at: number): void {
  bytes[at] = 0x30 + (((bytes[at] as number) - 0x30 + 1) % 10);
}

export class PaymentMix {
  readonly #maker: MessageMaker;
  readonly #tokens: number;
  readonly #withBad: boolean;
  #before: SecondOfPayments | null = null;

  /** `withBad`: false for a service that approves everything, such as the echo. */
  constructor(maker: MessageMaker, tokens: number, withBad: boolean) {
    this.#maker = maker;
    this.#tokens = tokens;
    this.#withBad = withBad;
  }

  /** Payments of this second, Unix time; replays are of payments of the second made before. */
  make(count: number, seconds: number): SecondOfPayments {
    const expected = new Uint16Array(count);
    const firstSequence = this.#maker.sequence + 1;
    const before = this.#before;
    const step = Math.max(failureEvery, Math.ceil(count / (this.#tokens * failuresPerToken)));
    const alter = (bytes: Buffer, at: number, i: number) => {
      if (i % otherRequestorEvery === 1) {
        turnDigit(bytes, at + this.#maker.places.trid + lastDigitOfTrid);
        expected[i] = reason.TRID_MISMATCH;
      } else if (i % step === 2) {
        turnDigit(bytes, at + this.#maker.places.amount + lastDigitOfAmount);
        expected[i] = reason.PTAV_INVALID;
      } else if (i % step === 3 && before?.expected[replayed(before, i)] === 0) {
        this.#replay(before, bytes, at, i, firstSequence + i, seconds);
        expected[i] = reason.PTAV_REPLAY;
      }
    };
    const made = this.#maker.make(count, seconds, seconds, this.#withBad ? alter : undefined);
    const { bytes, length } = made;
    const second = { bytes, length, count, firstSequence, expected };
    // The caller may give the bytes away: what is replayed later is a copy.
    const kept = this.#withBad ? Math.min(count, keptMax) : 0;
    this.#before = {
      ...second,
      bytes: Buffer.from(bytes.subarray(0, kept * length)),
      expected: expected.slice(0, kept),
      count: kept,
    };
    return second;
  }

  /** Message `i` becomes a good one of the second before, as a transaction of its own. */
  #replay(
    before: SecondOfPayments,
    bytes: Buffer,
    at: number,
    i: number,
    sequence: number,
    seconds: number,
  ): void {
    const { places, length } = this.#maker;
    const from = replayed(before, i) * length;
    before.bytes.copy(bytes, at, from, from + length);
    writeTransmission(bytes, at + places.transmitted, seconds);
    writeDigits(bytes, at + places.stan, 1 + (sequence % stanMax), stanDigits);
    writeDigits(bytes, at + places.rrn, sequence, rrnDigits);
  }
}

/** Which of the kept messages the replay at place `i` repeats. */
function replayed(before: SecondOfPayments, i: number): number {
  return (i + 1) % Math.max(1, before.count);
}
