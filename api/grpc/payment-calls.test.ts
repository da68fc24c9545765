// A unary call is answered once: by its own answer, by overload, or by its deadline; what comes
// later meets nobody, not even the next user of its slot.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AnswerSink, PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { createManualClock, isAppError } from "../../platform/mod.ts";
import { AnswerReader } from "./payment-answer.ts";
import { type Answered, PaymentCalls } from "./payment-calls.ts";

const peer: Peer = { id: 0, tag: 1, name: "p", macRequired: false, macLabel: null };
const bytes = Buffer.alloc(100);
const clock = createManualClock();

let taken: { ticket: number; sink: AnswerSink }[];
let full = false;
let calls: PaymentCalls;

const dispatcher: PaymentDispatcher = {
  submit(_peer, _bytes, _offset, _length, ticket, sink) {
    if (full) return false;
    taken.push({ ticket, sink });
    return true;
  },
  drain: () => Promise.resolve(),
};

beforeEach(() => {
  vi.useFakeTimers();
  taken = [];
  full = false;
  calls = new PaymentCalls({ dispatcher, reader: new AnswerReader(), clock });
});

afterEach(() => {
  calls.close();
  vi.useRealTimers();
});

const submit = (done: Answered) => calls.submit(peer, bytes, 50, clock.monotonicMs() + 100, done);
const codeOf = (outcome: unknown) => (isAppError(outcome) ? outcome.code : "answered");

test("overload is told at once and gives its slot back", () => {
  full = true;
  const outcomes: string[] = [];
  submit((outcome) => outcomes.push(codeOf(outcome)));
  expect(outcomes).toEqual(["OVERLOADED"]);
  expect(calls.inflight).toBe(0);
});

test("a call past its deadline is given up; its late answer meets nobody", () => {
  const outcomes: string[] = [];
  submit((outcome) => outcomes.push(codeOf(outcome)));
  clock.advance(1_000);
  vi.advanceTimersByTime(300);
  expect(outcomes).toEqual(["DEADLINE_EXCEEDED"]);
  submit((outcome) => outcomes.push(`second ${codeOf(outcome)}`));
  const [first, second] = taken;
  first?.sink.answer(first.ticket, bytes, 0, 0, 9001, 0);
  expect(outcomes).toEqual(["DEADLINE_EXCEEDED"]);
  second?.sink.answer(second.ticket, bytes, 0, 0, 9096, 0);
  expect(outcomes).toEqual(["DEADLINE_EXCEEDED", "second INTERNAL_ERROR"]);
  second?.sink.answer(second.ticket, bytes, 0, 0, 9096, 0);
  expect(outcomes).toHaveLength(2);
  expect(calls.inflight).toBe(0);
});

test("an answer that does not scan is a fault of ours, for its caller alone", () => {
  const outcomes: string[] = [];
  submit((outcome) => outcomes.push(codeOf(outcome)));
  taken[0]?.sink.answer(taken[0].ticket, bytes, 0, 40, 0, 0);
  expect(outcomes).toEqual(["INTERNAL_ERROR"]);
});
