// Defends: generated scanners and the slow decoder say the same of a million random and damaged
// messages, over all dialects together: verdict, code, path, offset, lengths and slots.
import { expect, it } from "vitest";
import { codeTable } from "../../codec/iso8583/errors.ts";
import { allCodecs } from "../../codec/iso8583/testdata/codecs.ts";
import { compareRandomly } from "../../codec/iso8583/testdata/fuzz.ts";

it("a million inputs", { timeout: 240_000 }, () => {
  const outcomes = compareRandomly(allCodecs, 8583, 1_000_000);
  const cases = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  expect(cases).toBeGreaterThanOrEqual(1_000_000);
  // Every code that the structure of a message can have, but those of start bytes and of lengths
  // beyond the dialect, which the inputs do not aim at.
  const scanned = Object.entries(codeTable).filter(([, { number }]) => number >= 4 && number <= 29);
  const missing = scanned.map(([code]) => code).filter((code) => !outcomes.has(code));
  expect(missing).toEqual(["TLV_DEPTH"]);
});
