// Advices that are also another host's: what this service accepted (0120, 0220, 0420) is kept for
// that host before its answer leaves. An advice that cannot be kept is not accepted: 96, or 91
// where the queue is full, and the switch repeats it.
import { createHash } from "node:crypto";
import { mydebit } from "../../../codec/iso8583/mod.ts";
import type { AnswerSink, PaymentDispatcher, Peer } from "../../../hotpath/mod.ts";
import { type Clock, isAppError, reason } from "../../../platform/mod.ts";
import type { AnswerDesk } from "../answer-desk.ts";
import { Answered } from "../answered.ts";
import type { StoreForward } from "./store-forward.ts";

export interface AdviceRelayOptions {
  readonly dispatcher: PaymentDispatcher;
  readonly store: StoreForward;
  /** Answers what could not be kept. */
  readonly desk: AnswerDesk;
  /** DE100 of what is relayed; null: every advice. */
  readonly receiver: string | null;
  /** True: relayed messages carry room for a MAC; false: they carry none. */
  readonly withMac: boolean;
  readonly clock: Clock;
  /** Called when something was kept. */
  readonly onKept: () => void;
  readonly onFault: (error: unknown) => void;
}

/** As long as a switch repeats an advice. What waits is remembered for as long as it waits. */
const keepMs = 3_600_000;
const answersMax = 100_000;
/** Third character of the MTI of an advice. */
const adviceDigit = 0x32;
const macBytes = 8;

interface Advice {
  readonly peer: Peer;
  /** As it came, from its MTI on. */
  readonly message: Buffer;
}

interface Accepted extends Advice {
  readonly ticket: number;
  readonly answer: Buffer;
  readonly why: number;
  readonly status: number;
}

/** A dispatcher before the dispatcher; everything but advices goes straight through. */
export class AdviceRelay implements PaymentDispatcher {
  readonly #options: AdviceRelayOptions;
  readonly #view = mydebit.createView();
  readonly #sinks = new WeakMap<AnswerSink, RelayedSink>();
  /** Requests that were kept: a repeat of one of them is not kept again. */
  readonly #kept = new Answered({ keepMs, answersMax });
  readonly #out = Buffer.alloc(mydebit.spec.bytesMax);

  constructor(options: AdviceRelayOptions) {
    this.#options = options;
    for (const { message } of options.store.messages()) this.#isNew(message);
  }

  submit(
    peer: Peer,
    bytes: Buffer,
    offset: number,
    length: number,
    ticket: number,
    sink: AnswerSink,
    deadlineMs: number,
  ): boolean {
    const { dispatcher } = this.#options;
    if (bytes[offset + 2] !== adviceDigit || !this.#isForHost(bytes, offset, length)) {
      return dispatcher.submit(peer, bytes, offset, length, ticket, sink, deadlineMs);
    }
    let relayed = this.#sinks.get(sink);
    if (relayed === undefined) {
      relayed = new RelayedSink(sink, (accepted) => this.#settle(accepted, sink));
      this.#sinks.set(sink, relayed);
    }
    relayed.expect(ticket, {
      peer,
      message: Buffer.from(bytes.subarray(offset, offset + length)),
    });
    if (dispatcher.submit(peer, bytes, offset, length, ticket, relayed, deadlineMs)) return true;
    relayed.forget(ticket);
    return false;
  }

  drain(): Promise<void> {
    return this.#options.dispatcher.drain();
  }

  #isForHost(bytes: Buffer, offset: number, length: number): boolean {
    const { receiver } = this.#options;
    const view = this.#view;
    if (mydebit.scanMessage(view, bytes, offset, offset + length) !== 0) return false;
    return receiver === null || view.text(100) === receiver;
  }

  #settle(accepted: readonly Accepted[], sink: AnswerSink): void {
    try {
      this.#keep(accepted);
    } catch (error) {
      this.#options.onFault(error);
      const isFull = isAppError(error) && error.code === "OVERLOADED";
      this.#refuse(accepted, sink, isFull ? reason.OVERLOADED : reason.SYSTEM_ERROR);
      return;
    }
    for (const { ticket, answer, why, status } of accepted) {
      sink.answer(ticket, answer, 0, answer.length, why, status);
    }
  }

  #refuse(accepted: readonly Accepted[], sink: AnswerSink, why: number): void {
    const { desk } = this.#options;
    for (const { ticket, peer, message } of accepted) {
      desk.read(message, 0, message.length);
      sink.answer(ticket, desk.out, 0, desk.decline(peer, why), why, 0);
    }
  }

  /** Keeps what is new of it; throws where that cannot be done. */
  #keep(accepted: readonly Accepted[]): void {
    const fresh = accepted.filter(({ message }) => this.#isNew(message));
    if (fresh.length === 0) return;
    try {
      this.#options.store.addAll(fresh.map(({ message }) => this.#entryOf(message)));
    } catch (error) {
      for (const { message } of fresh) {
        this.#scan(message);
        this.#kept.abandon(this.#kept.keyOf(this.#view));
      }
      throw error;
    }
    this.#options.onKept();
  }

  #isNew(message: Buffer): boolean {
    this.#scan(message);
    const { kind } = this.#kept.judge(this.#view, this.#options.clock.monotonicMs());
    // The same key with other content is another advice: the host judges it.
    return kind === "new" || kind === "duplicate";
  }

  #scan(message: Buffer): void {
    mydebit.scanMessage(this.#view, message, 0, message.length);
  }

  /** The message as the host gets it: under its MAC, not under the switch's. */
  #entryOf(message: Buffer): { key: string; message: Buffer } {
    this.#scan(message);
    const { "64": _, "128": __, ...fields } = mydebit.values(this.#view);
    // Advices of one card keep their order.
    const key = createHash("sha256")
      .update(fields["2"] ?? "")
      .digest("hex")
      .slice(0, 16);
    const mac = this.#options.withMac ? { "128": "00".repeat(macBytes) } : {};
    const mti = message.toString("latin1", 0, 4);
    const end = mydebit.encode({ mti, fields: { ...fields, ...mac } }, this.#out, 0);
    return { key, message: Buffer.from(this.#out.subarray(0, end)) };
  }
}

/** Holds approvals back until their advices are kept. */
class RelayedSink implements AnswerSink {
  readonly #sink: AnswerSink;
  readonly #settle: (accepted: readonly Accepted[]) => void;
  readonly #expected = new Map<number, Advice>();
  readonly #view = mydebit.createView();
  #accepted: Accepted[] = [];

  constructor(sink: AnswerSink, settle: (accepted: readonly Accepted[]) => void) {
    this.#sink = sink;
    this.#settle = settle;
  }

  expect(ticket: number, advice: Advice): void {
    this.#expected.set(ticket, advice);
  }

  forget(ticket: number): void {
    this.#expected.delete(ticket);
  }

  answer(
    ticket: number,
    bytes: Buffer,
    offset: number,
    length: number,
    why: number,
    status: number,
  ): void {
    const advice = this.#expected.get(ticket);
    this.#expected.delete(ticket);
    if (advice === undefined || !this.#isAccepted(bytes, offset, length)) {
      this.#sink.answer(ticket, bytes, offset, length, why, status);
      return;
    }
    const answer = Buffer.from(bytes.subarray(offset, offset + length));
    this.#accepted.push({ ...advice, ticket, answer, why, status });
  }

  /** DE39 decides, not the reason: an advice about an unknown original is accepted too. */
  #isAccepted(bytes: Buffer, offset: number, length: number): boolean {
    const view = this.#view;
    if (length === 0 || mydebit.scanMessage(view, bytes, offset, offset + length) !== 0)
      return false;
    return view.text(39) === "00";
  }

  flush(): void {
    const accepted = this.#accepted;
    this.#accepted = [];
    if (accepted.length > 0) this.#settle(accepted);
    // Answers may hold card numbers.
    for (const { answer } of accepted) answer.fill(0);
    this.#sink.flush();
  }
}
