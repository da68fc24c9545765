// A hot path for tests of the doors: answers with real messages, in any order, when told to.
import { mydebit, ReplyPatch } from "../../codec/iso8583/mod.ts";
import { knownPan, knownPanExpiry, knownTpan, knownTpanExpiry } from "../../codec/pan/fixtures.ts";
import type { AnswerSink, PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { de39Of, reasonText } from "../../platform/mod.ts";

export interface FakeItem {
  readonly peer: Peer;
  readonly message: Buffer;
  readonly ticket: number;
  readonly sink: AnswerSink;
  readonly deadlineMs: number;
}

export const fakeVerificationId = "00000000-0000-7000-8000-000000000001";

const tag = (number: string, value: string) =>
  number + String(value.length).padStart(3, "0") + value;

export class FakeDispatcher implements PaymentDispatcher {
  /** Everything that was ever taken. */
  readonly taken: FakeItem[] = [];
  /** Taken and not answered yet. */
  waiting: FakeItem[] = [];
  /** False: `release` answers; true: the next turn of the event loop does. */
  automatic = true;
  /** More than this many waiting are refused. */
  capacity = Number.POSITIVE_INFINITY;
  /** The reason that a message gets. */
  judge: (message: Buffer) => number = () => 0;
  /** Most that waited at once. */
  waitingPeak = 0;
  readonly #view = mydebit.createView();
  readonly #patch = new ReplyPatch();
  readonly #out = Buffer.alloc(8_192);
  #scheduled = false;
  readonly #drained: (() => void)[] = [];

  submit(
    peer: Peer,
    bytes: Buffer,
    offset: number,
    length: number,
    ticket: number,
    sink: AnswerSink,
    deadlineMs: number,
  ): boolean {
    if (this.waiting.length >= this.capacity) return false;
    const message = Buffer.from(bytes.subarray(offset, offset + length));
    const item = { peer, message, ticket, sink, deadlineMs };
    this.taken.push(item);
    this.waiting.push(item);
    this.waitingPeak = Math.max(this.waitingPeak, this.waiting.length);
    if (this.automatic && !this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.release();
      });
    }
    return true;
  }

  drain(): Promise<void> {
    if (this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Answers what waits, in the order that `arrange` gives. */
  release(arrange: (items: FakeItem[]) => FakeItem[] = (items) => items): void {
    const items = arrange(this.waiting);
    this.waiting = this.waiting.filter((item) => !items.includes(item));
    const sinks = new Set<AnswerSink>();
    for (const item of items) {
      this.#answer(item);
      sinks.add(item.sink);
    }
    for (const sink of sinks) sink.flush();
    if (this.waiting.length === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }

  #answer({ message, ticket, sink }: FakeItem): void {
    const view = this.#view;
    const status = mydebit.scanMessage(view, message, 0, message.length);
    if (status < 0 && !mydebit.answerable(status, view)) {
      sink.answer(ticket, this.#out, 0, 0, 9001, status);
      return;
    }
    const code = status < 0 ? 9001 : this.judge(message);
    const end = this.#write(code, status);
    sink.answer(ticket, this.#out, 0, end, code, status);
    // As the real one does: nothing of an answer may be kept.
    this.#out.fill(0xee);
  }

  #write(code: number, status: number): number {
    const patch = this.#patch;
    patch.clear();
    patch.errorOnly = status < 0;
    let at = 0;
    const set = (element: number, text: string) => {
      patch.buf.write(text, at, "latin1");
      patch.set(element, at, text.length);
      at += text.length;
    };
    set(39, de39Of(code));
    const advice = (this.#view.mti & 0xfff0) === 0x0120;
    if (status === 0 && !advice) {
      if (code === 0) {
        set(2, knownPan);
        set(14, knownPanExpiry);
      }
      set(120, code === 0 ? approvedTags() : declinedTags(code));
    }
    const end = mydebit.reply(this.#view, this.#out, 0, patch);
    if (end < 0) throw mydebit.error(end, this.#view);
    return end;
  }
}

function approvedTags(): string {
  return [
    tag("01", knownTpan),
    tag("02", knownTpanExpiry),
    tag("09", "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N"),
    tag("10", "12"),
    tag("11", "01"),
    tag("12", "V"),
    tag("13", "0000"),
    tag("14", fakeVerificationId),
    tag("20", "R"),
  ].join("");
}

function declinedTags(code: number): string {
  return tag("12", "F") + tag("13", reasonText(code)) + tag("14", fakeVerificationId);
}
