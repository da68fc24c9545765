// Property: an answer goes to the request with its class and its four keys and to no other, once;
// what came too late is told apart from what was never asked.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mydebit, type View } from "../../codec/iso8583/mod.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";
import { MatchTable } from "./match-table.ts";
import { encodeMessage, type Payment, verification } from "./messages.ts";

function request(over: Partial<Payment>, mti = "0100"): Buffer {
  const payment: Payment = {
    tpan: knownTpan,
    tpanExpiry: knownTpanExpiry,
    trid: knownTrid,
    amount: 1,
    merchantId: "M",
    acquirerId: "458001",
    stan: 1,
    rrn: "600100000001",
    seconds: 1_767_225_900,
    initiation: "C",
    ...over,
  };
  return encodeMessage(verification(payment, { mti, withMac: false }));
}

/** A view of the request's own bytes with the MTI of its answer: it has the same keys. */
function answerTo(message: Buffer): View {
  const view = mydebit.createView();
  mydebit.scanMessage(view, message, 0, message.length);
  view.mti += 0x10;
  return view;
}

const ignore = () => {};

test("only class and all four keys together find a request", () => {
  const table = new MatchTable();
  const message = request({});
  const pending = table.add(message, ignore, 0);
  const others = [
    request({ stan: 2 }),
    request({ rrn: "600100000002" }),
    request({ acquirerId: "45800" }),
    request({ acquirerId: "4580010" }),
    request({ seconds: 1_767_225_901 }),
    request({}, "0200"),
  ];
  for (const other of others) expect(table.take(answerTo(other))).toBeNull();
  expect(table.take(answerTo(message))).toBe(pending);
  expect(table.take(answerTo(message))).toBeNull();
  expect(table.size).toBe(0);
});

test("two requests with one key are answered oldest first", () => {
  const table = new MatchTable();
  const message = request({});
  const first = table.add(message, ignore, 0);
  const second = table.add(message, ignore, 1);
  expect([table.take(answerTo(message)), table.take(answerTo(message))]).toEqual([first, second]);
});

test("what runs out of time is told once, and its answer is late for a minute", () => {
  const table = new MatchTable();
  const [one, two] = [request({ stan: 1 }), request({ stan: 2 })];
  table.add(one, ignore, 0);
  table.add(two, ignore, 1_000);
  const out: number[] = [];
  const sweep = (beforeMs: number) => table.sweep(beforeMs, (p) => out.push(p.stan));
  sweep(500);
  expect([out, table.size]).toEqual([[1], 1]);
  expect(table.take(answerTo(one))?.handler).toBeNull();
  sweep(1_000);
  sweep(1_000);
  expect([out, table.size]).toEqual([[1, 2], 0]);
  sweep(62_000);
  expect(table.take(answerTo(two))).toBeNull();
});

test("any order of answers empties the table", () => {
  const stans = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 30 });
  fc.assert(
    fc.property(stans, fc.infiniteStream(fc.nat()), (list, picks) => {
      const table = new MatchTable();
      const open = list.map((stan, i) => {
        const message = request({ stan, rrn: String(i % 3).padStart(12, "0") });
        table.add(message, ignore, i);
        return message;
      });
      while (open.length > 0) {
        const [message] = open.splice((picks.next().value ?? 0) % open.length, 1);
        expect(table.take(answerTo(message!))).not.toBeNull();
        expect(table.size).toBe(open.length);
      }
    }),
    { numRuns: 50 },
  );
});

test("a message without a key is refused", () => {
  expect(() => new MatchTable().add(Buffer.from("0100"), ignore, 0)).toThrow("no key");
});
