// Defends: a simulated issuer's host approves a token payment only with all that field 120 must
// tell it, without what must not leave the network, and with no 3-D Secure value but its own.
import { describe, expect, test } from "vitest";
import { knownPan, knownTpan } from "../../../codec/pan/fixtures.ts";
import { PiavKey } from "../ds/piav.ts";
import { tokenTags } from "../token-tags.ts";
import { TokenPaymentRules } from "./token-payments.ts";

const piavs = new PiavKey(Buffer.alloc(32, 7));
const dsTransId = "7f60d761-f27d-43d3-8ee9-53881b3c868d";
const purchase = { pan: knownPan, dsTransId, amount: 12_345, currency: "458" };
const full: Readonly<Record<string, string>> = {
  "01": knownTpan,
  "02": "3012",
  "03": "99900000001",
  "05": "C",
  "07": "N",
  "10": "12",
  "11": "01",
  "12": "V",
  "14": "00000000-0000-7000-8000-000000000001",
  "15": piavs.make(purchase),
  "17": dsTransId,
};

function textOf(tags: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(tags).filter(([, value]) => value !== undefined);
  return given
    .map(([tag, value = ""]) => `${tag}${String(value.length).padStart(3, "0")}${value}`)
    .join("");
}

function judged(changes: Readonly<Record<string, string | undefined>>, values: object = {}) {
  const rules = new TokenPaymentRules(piavs);
  const field120 = textOf({ ...full, ...changes });
  const elements = { "2": knownPan, "4": "000000012345", "49": "458", "120": field120, ...values };
  const { code, set } = rules.judge("0100", elements);
  return { code, set, seen: rules.seen[0]! };
}

describe("a token payment", () => {
  test("with all that belongs to it is approved, and known as authenticated", () => {
    expect(judged({})).toMatchObject({
      code: "00",
      set: { "38": "000001" },
      seen: { ptavResult: "V", authenticated: true, tpan: knownTpan },
    });
  });

  test("of a merchant needs no cryptogram and no cardholder", () => {
    const mit = { "05": "M", "12": "N", "15": undefined, "17": undefined };
    expect(judged(mit)).toMatchObject({ code: "00", seen: { authenticated: false } });
  });

  test.each([
    ["without a verification", { "14": undefined }, {}, "30"],
    ["without field 120", {}, { "120": "" }, "30"],
    ["with the cryptogram", { "04": "x".repeat(28) }, {}, "30"],
    ["with the service's reason", { "13": "0000" }, {}, "30"],
    ["with a token in the place of the card", {}, { "2": knownTpan }, "14"],
    ["that was not verified", { "12": "F" }, {}, "59"],
    ["of a merchant, verified like a cardholder's", { "05": "M" }, {}, "59"],
    ["of another amount than was authenticated", {}, { "4": "000000012346" }, "59"],
    ["with somebody else's value", { "15": "A".repeat(27).concat("=") }, {}, "59"],
  ])("%s is declined", (_, tags, values, code) => {
    expect(judged(tags, values)).toMatchObject({ code, set: {} });
  });
});

test("field 120 is read as far as it is a list", () => {
  expect(tokenTags("05001C07001N")).toEqual({ "05": "C", "07": "N" });
  expect(tokenTags("05001C0700")).toEqual({ "05": "C" });
  expect(tokenTags("05009C")).toEqual({});
  expect(tokenTags("05 1eC")).toEqual({});
});
