// Defends: a card that came over the API is the row that a file would have, and a result reads back
// as it was written, whatever characters its words have.
import fc from "fast-check";
import { expect, test } from "vitest";
import { knownPan } from "../../codec/pan/fixtures.ts";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { Digests } from "./digests.ts";
import { failedLine, resultOf, tokenLine } from "./result-row.ts";
import { judgeRow, rowOf, type StoredCard } from "./upload-row.ts";

const word = (max: number) =>
  fc.stringMatching(new RegExp(`^[!-~]{1,${max}}$`)).filter((text) => !/^[=+@-]/.test(text));
const terms = fc.record({
  id: word(36),
  types: fc.constantFrom("R", "IU", "RIU"),
  merchant: word(15),
  acquirer: fc.stringMatching(/^[0-9]{1,11}$/),
});
const card: fc.Arbitrary<StoredCard> = fc.record({
  requestorRef: word(64),
  pan: fc.constant(ClearPAN.parse(Buffer.from(knownPan))),
  expiry: fc.constantFrom(12, 2909, 9901),
  consumerRef: fc.oneof(fc.constant(""), word(64)),
  consentAt: fc.constant("2026-01-01T00:00:00.000Z"),
  agreement: fc.option(terms, { nil: undefined }),
});

test("a card as a row is judged to be that card", () => {
  fc.assert(
    fc.property(card, fc.integer({ min: 1, max: 100_000 }), (one, recordNo) => {
      const judged = judgeRow(rowOf(recordNo, one), recordNo);
      if (!judged.ok) throw new Error(judged.fault);
      const { requestorRef, pan, expiry, agreement } = judged.row;
      expect([requestorRef, expiry]).toEqual([one.requestorRef, one.expiry]);
      expect(pan.equals(one.pan)).toBe(true);
      expect(agreement?.id).toBe(one.agreement?.id);
      expect(agreement?.merchant).toBe(one.agreement?.merchant);
    }),
  );
});

test("a result reads back as it was written", () => {
  fc.assert(
    fc.property(word(64), fc.boolean(), fc.integer({ min: 1, max: 9_999 }), (ref, reused, no) => {
      const made = {
        ...{ recordNo: no, requestorRef: ref, tokenRef: "tok_a", tpan: "", tpanExpiry: "3012" },
        ...({ par: "", last4: "0011", reused, status: "TOKENISED" } as const),
      };
      expect(resultOf(tokenLine(made))).toEqual(made);
      const failed = { recordNo: no, requestorRef: ref, status: "DECLINED", reason: "X" } as const;
      expect(resultOf(failedLine(failed))).toEqual(failed);
    }),
  );
});

test("digests tell cards, words and orders apart, and nothing without their key", () => {
  const [one, other] = [new Digests(Buffer.alloc(64, 1)), new Digests(Buffer.alloc(64, 2))];
  fc.assert(
    fc.property(card, card, (a, b) => {
      const same = rowOf(0, a).equals(rowOf(0, b));
      expect(one.ofCard(a) === one.ofCard(b)).toBe(same);
      expect(one.ofCard(a)).not.toBe(other.ofCard(a));
      expect(one.ofCard(a)).toMatch(/^[a-p]{32}$/);
    }),
  );
  expect(one.ofBatch("1", ["a", "b"]).id).not.toBe(one.ofBatch("1", ["b", "a"]).id);
  expect(one.ofBatch("1", ["ab"]).id).not.toBe(one.ofBatch("1", ["a", "b"]).id);
  expect(one.ofKey("card", "1", "c", "k")).not.toBe(one.ofKey("batch", "1", "c", "k"));
});
