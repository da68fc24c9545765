// A structured request becomes exactly one message, or an error that names fields and holds no
// value; nothing that a caller writes makes the encoder throw anything else.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";
import type { VerifyRequest } from "../../proto/mod.ts";
import { fieldOfPath, paymentFields } from "./payment-fields.ts";
import { nested, PaymentEncoder } from "./payment-message.ts";
import { InvalidFields } from "./status.ts";

const encoder = new PaymentEncoder();
const out = Buffer.alloc(8_192);

const good: VerifyRequest = {
  mti: "0200",
  tpan: knownTpan,
  processingCode: "000000",
  amount: 1n,
  transmissionDateTime: "0101000500",
  stan: "000123",
  localTime: "080500",
  localDate: "0101",
  tokenExpiry: knownTpanExpiry,
  mcc: "5411",
  posEntryMode: "102",
  posCondition: "59",
  acquirerId: "458001",
  forwarderId: "12",
  rrn: "600100000123",
  terminalId: "T1",
  merchantId: "M1",
  merchantName: "Kedai Satu",
  currency: "458",
  trid: knownTrid,
  ptav: "",
  initiation: "M",
  mitType: "R",
  storedCredential: "S",
  agreementId: "AG-1",
  piav: "AAABBZEEBgAAAAAAlAQGAAAAAAA=",
  eci: "05",
  dsTransId: "7f60d761-f27d-43d3-8ee9-53881b3c868d",
  otherTags: [{ tag: 21, value: "kept" }],
  original: undefined,
  replacementAmount: 0n,
};

function violationsOf(request: VerifyRequest): string[] {
  try {
    encoder.encodeVerify(request, out, 0);
  } catch (error) {
    if (!(error instanceof InvalidFields)) throw error;
    return error.violations.map(({ field }) => field);
  }
  return [];
}

test("every field stands in its element, filled up where the element has a fixed length", () => {
  const length = encoder.encodeVerify(good, out, 0);
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, out, 0, length)).toBe(0);
  expect(mydebit.validate(view)).toBe(0);
  for (const { field, path, padTo } of paymentFields) {
    const [element = "", tag] = path.split(".");
    const at = tag === undefined ? view.offset(Number(element)) : view.tags.offset(Number(tag));
    const size = tag === undefined ? view.length(Number(element)) : view.tags.length(Number(tag));
    const present = tag === undefined ? view.has(Number(element)) : view.tags.has(Number(tag));
    const value = present ? out.toString("latin1", at, at + size) : "";
    expect(value, path).toBe(padTo > 0 ? good[field].padEnd(padTo) : good[field]);
  }
  expect(view.text(4)).toBe("000000000001");
  expect(view.tags.has(21)).toBe(true);
});

test("tags that the interface names or that only the service sets are refused", () => {
  for (const tag of [0, 3, 13, 20, 40, 59, 100, 4_000_000_000]) {
    const otherTags = [{ tag, value: "x" }];
    expect(violationsOf({ ...good, otherTags })).toEqual(["other_tags[0].tag"]);
  }
  const twice = { tag: 21, value: "x" };
  expect(violationsOf({ ...good, otherTags: [twice, twice] })).toEqual(["other_tags[1].tag"]);
});

test("tags that do not fit DE120 together are refused by name", () => {
  const otherTags = [21, 22].map((tag) => ({ tag, value: "x".repeat(900) }));
  expect(violationsOf({ ...good, otherTags })).toEqual([fieldOfPath("120")]);
});

test("any texts give a message that scans, or violations; errors hold none of them", () => {
  const texts = fc.record(
    Object.fromEntries(
      paymentFields.map(({ field }) => [
        field,
        fc.oneof(fc.string({ maxLength: 45 }), fc.stringMatching(/^[0-9]{0,20}$/)),
      ]),
    ),
  );
  fc.assert(
    fc.property(texts, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (changes, amount) => {
      const request = { ...good, ...changes, amount } as VerifyRequest;
      try {
        const length = encoder.encodeVerify(request, out, 0);
        const view = mydebit.createView();
        expect(mydebit.scanMessage(view, out, 0, length)).toBe(0);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidFields);
      }
    }),
    { numRuns: 300 },
  );
  try {
    encoder.encodeVerify({ ...good, tpan: `${knownTpan}9999` }, out, 0);
    expect.unreachable();
  } catch (error) {
    expect(JSON.stringify(error) + String(error)).not.toContain(knownTpan);
  }
});

test("violations of an item carry its position", () => {
  const error = new InvalidFields([{ field: "stan", code: "INVALID_FIELD", description: "x" }]);
  const moved = nested(error, "requests[7]") as InvalidFields;
  expect(moved.violations[0]?.field).toBe("requests[7].stan");
});
