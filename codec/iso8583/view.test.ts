// Property: a view tells exactly what the last scan found, reads it without copying it, and forgets
// everything of the scan before; MTI arithmetic follows the digits of ISO 8583.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../pan/fixtures.ts";
import { answerMti, classOf, expectsAnswer, functionOf, mtiText, mydebit } from "./mod.ts";
import { mydebitFixtures, request0100 } from "./testdata/mydebit.ts";

const { bytes } = request0100;

it("gives elements as offsets, text and numbers", () => {
  const buf = Buffer.concat([Buffer.alloc(77), bytes]);
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, buf, 77, buf.length)).toBe(0);
  expect(view.mti).toBe(0x0100);
  expect([view.origin, view.begin, view.end]).toEqual([77, 77, buf.length]);
  expect([view.has(2), view.offset(2), view.length(2)]).toEqual([true, 77 + 38, 16]);
  expect(view.text(2)).toBe(knownTpan);
  expect([view.int(4), view.int(11), view.int(49)]).toEqual([12_345, 123, 458]);
  expect([view.has(33), view.text(33), view.int(33)]).toEqual([false, "", -1]);
  expect([view.has(1), view.has(65), view.has(128), view.has(129)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

it("gives tags in the order of the wire", () => {
  const view = mydebit.createView();
  mydebit.scanMessage(view, bytes, 0, bytes.length);
  expect([...view.tags.order.subarray(0, view.tags.count)]).toEqual([3, 5, 7, 4]);
  expect([view.tags.has(4), view.tags.has(6), view.tags.length(4)]).toEqual([true, false, 28]);
  const at = view.tags.offset(3);
  expect(bytes.toString("latin1", at, at + view.tags.length(3))).toBe("99900000001");
});

it("forgets the scan before, good or bad", () => {
  const view = mydebit.createView();
  const echo = mydebitFixtures.find(({ name }) => name === "0800")!.bytes;
  mydebit.scanMessage(view, bytes, 0, bytes.length);
  expect(mydebit.scanMessage(view, echo, 0, echo.length)).toBe(0);
  expect([view.has(2), view.has(120), view.tags.count, view.tags.has(3)]).toEqual([
    false,
    false,
    0,
    false,
  ]);
  mydebit.scanMessage(view, bytes, 0, 3);
  expect([view.mti, view.has(7), view.has(70)]).toEqual([0, false, false]);
});

describe("MTI", () => {
  const answers: readonly (readonly [mti: number, answer: number])[] = [
    [0x0100, 0x0110],
    [0x0101, 0x0110],
    [0x0120, 0x0130],
    [0x0121, 0x0130],
    [0x0302, 0x0312],
    [0x0303, 0x0312],
    [0x0401, 0x0410],
    [0x0421, 0x0430],
    [0x0620, 0x0630],
    [0x0800, 0x0810],
  ];

  it.each(answers)("%i is answered by %i", (mti, answer) => {
    expect(answerMti(mti)).toBe(answer);
    expect([expectsAnswer(mti), expectsAnswer(answer)]).toEqual([true, false]);
  });

  it("digits are class and function; a notification is not answered", () => {
    expect([classOf(0x0421), functionOf(0x0421), mtiText(0x0421)]).toEqual([4, 2, "0421"]);
    expect(expectsAnswer(0x0140)).toBe(false);
  });
});
