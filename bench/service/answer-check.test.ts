// Defends: an answer that is no approval with a card stops the bench, wherever in the run it
// comes.
import { describe, expect, it } from "vitest";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { AnswerCheck } from "./answer-check.ts";

function answer(changes: Record<string, string | Record<string, string>> = {}): Buffer {
  const fields = {
    "2": withCheckDigit("999999000000123"),
    "3": "000000",
    "4": "000000012345",
    "7": "1124102030",
    "11": "000001",
    "12": "102030",
    "13": "1124",
    "14": "2909",
    "32": "458001",
    "37": "000000000001",
    "39": "00",
    "42": "MERCHANT0000001",
    "49": "458",
    "120": { "13": "0000" },
    ...changes,
  };
  const out = Buffer.alloc(512);
  return Buffer.from(out.subarray(0, mydebit.encode({ mti: "0110", fields }, out, 0)));
}

const token = withCheckDigit("608727001000123");
const check = () => {
  const one = new AnswerCheck();
  const good = answer();
  one.check(good, 0, good.length);
  return one;
};

describe("AnswerCheck", () => {
  it("takes approvals with a card, wherever they stand, and keeps a copy of the first", () => {
    const one = check();
    const good = answer({ "11": "000002" });
    const shifted = Buffer.concat([Buffer.alloc(7), good]);
    one.check(shifted, 7, good.length);
    expect(one.first?.equals(answer())).toBe(true);
  });

  it("stops at a decline of the same length and names code and reason", () => {
    const bad = answer({ "39": "91", "120": { "13": "9091" } });
    expect(() => check().check(bad, 0, bad.length)).toThrow("answered 91, reason 9091");
  });

  it("stops at an answer that hands the token back instead of a card", () => {
    const bad = answer({ "2": token });
    expect(() => check().check(bad, 0, bad.length)).toThrow("void");
  });

  it("stops at a decline of another length, as the first answer or later", () => {
    const bad = answer({ "39": "63", "120": { "12": "F", "13": "2004" } });
    expect(() => check().check(bad, 0, bad.length)).toThrow("answered 63, reason 2004");
    expect(() => new AnswerCheck().check(bad, 0, bad.length)).toThrow("reason 2004");
  });

  it("stops at bytes that are no message", () => {
    const bad = answer().fill(0x7f);
    expect(() => check().check(bad, 0, bad.length)).toThrow("cannot be read");
  });
});
