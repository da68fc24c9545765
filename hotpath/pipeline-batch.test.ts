// Defends: the answer to one message never depends on the others in its batch, nor on how messages
// are split into batches; and no bytes whatever bring the pipeline down or get a card number out.

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { suspendToken } from "../actors/card/test-rig.ts";
import { mydebit } from "../codec/iso8583/mod.ts";
import { reason } from "../platform/mod.ts";
import { Batch } from "./batch.ts";
import {
  type Answered,
  macPeer,
  otherTrid,
  plainPeer,
  Rig,
  readAnswers,
  ringKey,
} from "./test-rig.ts";

let rig: Rig;
beforeAll(() => {
  rig = new Rig();
});
afterAll(() => rig.remove());

const macKey = ringKey("mac", 0).bytes;

/** A fresh message of each kind: good ones, and one for most ways to be declined. */
const kinds: readonly (() => Buffer)[] = [
  () => rig.payment(),
  () => rig.payment({ mac: macKey }),
  () => rig.payment({ mti: "0200" }),
  () => rig.payment({ fields: { "4": "000000099999" } }),
  () => rig.payment({ tags: { "03": otherTrid } }),
  () => rig.payment({ tags: { "04": null } }),
  () => rig.payment({ fields: { "49": "840" } }),
  () => rig.payment({ fields: { "22": "051" } }),
  () => rig.payment({ fields: { "22": "100" }, tags: { "05": "M", "06": "R", "08": "NONE" } }),
  () => rig.payment({ tags: { "21": "kept", "99": "too" } }),
  () => rig.payment().subarray(0, 120),
  () => Buffer.from("0800822000000000000004000000000000000101000000000001001"),
  () => Buffer.from("garbage"),
];

/** What of an answer may not depend on its batch: everything but the verification id. */
function comparable(answer: Answered): unknown {
  const { "14": _id, ...tags } = answer.tags;
  const { "120": _list, "128": _mac, ...fields } = answer.fields;
  return { reason: answer.reason, status: answer.status, fields, tags };
}

it("answers the same whoever the neighbours are and however the batch is cut", () => {
  const plan = fc.record({
    kinds: fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 24 }),
    cuts: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 24 }),
  });
  fc.assert(
    fc.property(plan, ({ kinds: chosen, cuts }) => {
      const make = () => chosen.map((kind) => (kinds[kind] as () => Buffer)());
      const alone = make().map((message) => comparable(rig.one(message)));
      const together = rig.judge(make()).map(comparable);
      const cut: unknown[] = [];
      const messages = make();
      for (let at = 0, turn = 0; at < messages.length; turn++) {
        const size = cuts[turn % cuts.length] as number;
        cut.push(...rig.judge(messages.slice(at, at + size)).map(comparable));
        at += size;
      }
      const withoutNumbers = (list: unknown[]) =>
        JSON.stringify(list).replace(/"11":"\d{6}"|"37":"[^"]*"/g, "");
      expect(withoutNumbers(together)).toBe(withoutNumbers(alone));
      expect(withoutNumbers(cut)).toBe(withoutNumbers(alone));
    }),
    { numRuns: 25 },
  );
});

it("fills a whole batch of 256 with one answer a message", () => {
  const messages = Array.from({ length: 256 }, (_, i) => (kinds[i % 3] as () => Buffer)());
  const answers = rig.judge(messages);
  expect(answers.every((answer) => answer.reason === 0)).toBe(true);
  expect(new Set(answers.map((answer) => answer.tags["14"])).size).toBe(256);
});

it("gives a clean verdict on every prefix and bit flip of a payment, and never the card", () => {
  const good = rig.payment({ mac: macKey });
  const view = mydebit.createView();
  mydebit.scanMessage(view, good, 0, good.length);
  const mangled: Buffer[] = [];
  for (let length = 0; length < good.length; length++) mangled.push(good.subarray(0, length));
  for (let bit = 0; bit < good.length * 8; bit++) {
    const copy = Buffer.from(good);
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
    mangled.push(copy);
  }
  for (let at = 0; at < mangled.length; at += 64) {
    const batch = new Batch();
    const part = mangled.slice(at, at + 64);
    for (const message of part) batch.add(macPeer.id, message, 0, message.length);
    rig.opened.pipeline.processBatch(batch);
    readAnswers(batch).forEach((answer) => {
      // One flipped bit breaks the MAC at the least.
      expect([reason.FORMAT_ERROR, reason.MAC_FAILED]).toContain(answer.reason);
      expect(answer.fields["39"] === "00").toBe(false);
    });
  }
  expect(rig.one(good, macPeer).reason).toBe(0);
});

it("survives any bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { minLength: 1, maxLength: 8 }),
      (messages) => {
        const answers = rig.judge(messages.map((bytes) => Buffer.from(bytes)));
        expect(answers.every((answer) => answer.reason === reason.FORMAT_ERROR)).toBe(true);
      },
    ),
  );
});

it("sees a suspension between two batches", () => {
  const messages = [rig.payment(), rig.payment()];
  expect(rig.one(messages[0] as Buffer, plainPeer).reason).toBe(0);
  suspendToken(rig.vault, rig.token.ref, "ADMIN");
  expect(rig.one(messages[1] as Buffer, plainPeer).reason).toBe(reason.TOKEN_SUSPENDED);
});
