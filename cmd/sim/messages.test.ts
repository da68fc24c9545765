// Property: every message that the simulator builds is one that the profile allows, and says what
// was asked for.
import { expect, test } from "vitest";
import { type MessageInput, mydebit } from "../../codec/iso8583/mod.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";
import {
  advice,
  byOriginal,
  encodeMessage,
  originalData,
  type Payment,
  refund,
  verification,
} from "./messages.ts";

const payment: Payment = {
  tpan: knownTpan,
  tpanExpiry: knownTpanExpiry,
  trid: knownTrid,
  amount: 12_345,
  merchantId: "MERCHANT0000001",
  acquirerId: "458001",
  stan: 123,
  rrn: "600100000123",
  // 2026-01-01T00:05:00Z, the moment of the profile's known answer.
  seconds: 1_767_225_900,
  initiation: "C",
  ptav: "EwEAAKGyw9RpVbkAuHbVDFLsKAk=",
};

const at = (mti: string) => ({ mti, withMac: true });

// The known answer has its tags in another order than the builder: they are given as they stand.
const knownTags = `03011${knownTrid}05001C07001F04028${payment.ptav}`;
const known = [
  "0100",
  "F23C448108C08000",
  "0000000000000101",
  `16${knownTpan}`,
  "000000",
  "000000012345",
  "0101000500",
  "000123",
  "080500",
  "0101",
  knownTpanExpiry,
  "5411",
  "810",
  "59",
  "06458001",
  "600100000123",
  "TERM0001",
  "MERCHANT0000001",
  "458",
  `061${knownTags}`,
].join("");

test("the profile's known answer comes out byte for byte", () => {
  const input = verification({ ...payment, storedCredential: "F" }, at("0100"));
  const message = encodeMessage({ ...input, fields: { ...input.fields, "120": knownTags } });
  expect(message.toString("latin1", 0, 221)).toBe(known);
  expect(message.subarray(221)).toEqual(Buffer.alloc(8));
});

const original = {
  payment,
  mti: "0100",
  verificationId: "01900000-0000-7000-8000-000000000001",
};
const later = { stan: 999_999, rrn: "600100000999", seconds: payment.seconds + 60 };

test.each<[string, MessageInput]>([
  ["0100", verification(payment, at("0100"))],
  [
    "0201",
    verification({ ...payment, initiation: "M", mitType: "R", agreementId: "A" }, at("0201")),
  ],
  ["0100 without TRID", verification({ ...payment, trid: null }, at("0100"))],
  ["0120", advice(original, later, "05", at("0120"))],
  ["0220", byOriginal(original, later, at("0220"))],
  ["0400", byOriginal(original, later, at("0400"))],
  ["0421", byOriginal(original, later, at("0421"))],
  ["0200 refund", refund(original, later, 500, at("0200"))],
])("%s is allowed", (_name, input) => {
  const message = encodeMessage(input);
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, message, 0, message.length)).toBe(0);
  expect(mydebit.validate(view)).toBe(0);
});

test("DE90 names the original", () => {
  expect(originalData(payment, "0100")).toBe(
    `01000001230101000500${"458001".padStart(11, "0")}${"0".repeat(11)}`,
  );
});
