// Property: DE7 read by the minute is DE7 read alone, whatever stands beside it in the batch.
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { mydebit, transmissionSeconds, writeTransmission } from "../../codec/iso8583/mod.ts";
import { Batch } from "../batch.ts";
import { Rows } from "../rows.ts";
import { plainPeer, Rig } from "../test-rig.ts";
import { decode } from "./decode.ts";

const rig = new Rig();
afterAll(() => rig.remove());

const message = rig.payment();
const view = mydebit.createView();
mydebit.scanMessage(view, message, 0, message.length);
const de7At = view.offset(7);

const day = 86_400;
/** Anywhere in two years, and often within a minute of a month's end. */
const now = fc.oneof(
  fc.integer({ min: 1_767_225_600, max: 1_767_225_600 + 730 * day }),
  fc.integer({ min: -60, max: 60 }).map((off) => Date.parse("2026-12-31T16:00:00Z") / 1_000 + off),
);
const apart = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -90, max: 90 }) },
  { weight: 1, arbitrary: fc.integer({ min: -400 * day, max: 400 * day }) },
  { weight: 1, arbitrary: fc.integer({ min: 27 * day, max: 31 * day }) },
);

it("each row has the seconds that its own DE7 says", () => {
  const batch = new Batch();
  const rows = new Rows();
  const plan = fc.record({ now, apart: fc.array(apart, { minLength: 1, maxLength: 12 }) });
  fc.assert(
    fc.property(plan, (made) => {
      batch.clear();
      const wanted = made.apart.map((seconds) => {
        writeTransmission(message, de7At, made.now + seconds);
        batch.add(plainPeer.id, message, 0, message.length);
        return transmissionSeconds(message, de7At, made.now);
      });
      rows.reset(batch.count, made.now * 1_000);
      decode(batch, rows);
      expect([...rows.transmitted.subarray(0, batch.count)]).toEqual(wanted);
    }),
    { numRuns: 1_000 },
  );
});
