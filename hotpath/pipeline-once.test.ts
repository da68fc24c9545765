// Defends: one use, exactly. The same transaction is answered again, another one under the same
// PTAV never is; what could not be stored is not approved; a repetition never gets what a fresh
// message would not get.

import { afterEach, beforeEach, expect, it } from "vitest";
import { suspendToken, updatePan } from "../actors/card/test-rig.ts";
import { mydebit } from "../codec/iso8583/mod.ts";
import { ClearPAN, withCheckDigit } from "../codec/pan/mod.ts";
import { reason } from "../platform/mod.ts";
import { parseRef, putRequestor } from "../vault/mod.ts";
import { Batch } from "./batch.ts";
import { acquirer, peers, plainPeer, Rig, readAnswers } from "./test-rig.ts";

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

/** The same message with another STAN: another transaction under the same PTAV. */
function again(message: Buffer, stan: string): Buffer {
  const copy = Buffer.from(message);
  const view = mydebit.createView();
  mydebit.scanMessage(view, copy, 0, copy.length);
  copy.write(stan, view.offset(11), "latin1");
  return copy;
}

it("answers a retransmission with the same id and marks it, and refuses a replay", () => {
  const message = rig.payment();
  const first = rig.one(message);
  rig.clock.advance(119_000);
  const second = rig.one(message);
  expect(second).toMatchObject({ reason: 0, fields: { "2": first.fields["2"] } });
  expect(second.tags).toMatchObject({ "14": first.tags["14"], "20": "R" });
  expect(first.tags["20"]).toBeUndefined();
  const replay = rig.one(again(message, "999999"));
  expect([replay.reason, replay.fields["39"], replay.tags["12"]]).toEqual([2006, "63", "F"]);
  expect(replay.fields["2"]).toMatch(/^608727/);
});

it("takes a repeat MTI for the same transaction, and 0200 for another than 0100", () => {
  const message = rig.payment();
  expect(rig.one(message).reason).toBe(0);
  const repeat = Buffer.from(message);
  repeat.write("0101", "latin1");
  expect(rig.one(repeat)).toMatchObject({
    reason: 0,
    fields: { mti: "0110" },
    tags: { "20": "R" },
  });
  const financial = Buffer.from(message);
  financial.write("0200", "latin1");
  expect(rig.one(financial).reason).toBe(reason.PTAV_REPLAY);
});

it("refuses the same message after 120 s, and from another peer", () => {
  const message = rig.payment();
  expect(rig.one(message).reason).toBe(0);
  const stranger = { ...plainPeer, id: 0, tag: plainPeer.tag + 1 };
  const elsewhere = rig.open("elsewhere", { peers: [stranger, peers[1] as typeof plainPeer] });
  expect(rig.one(message, stranger, elsewhere).reason).toBe(reason.PTAV_REPLAY);
  rig.clock.advance(121_000);
  expect(rig.one(message).reason).toBe(reason.PTAV_REPLAY);
});

it("approves one of any number of rivals in one batch, and repeats for its double", () => {
  const message = rig.payment();
  const rivals = [message, again(message, "700001"), message, again(message, "700002")];
  const answers = rig.judge(rivals);
  expect(answers.map((answer) => answer.reason)).toEqual([0, 2006, 0, 2006]);
  expect(answers[2]?.tags).toMatchObject({ "20": "R", "14": answers[0]?.tags["14"] });
});

it("lets a repetition pass the rules first: a token that was suspended since declines", () => {
  const message = rig.payment();
  expect(rig.one(message).reason).toBe(0);
  suspendToken(rig.vault, rig.token.ref, "ADMIN");
  expect(rig.one(message)).toMatchObject({ reason: reason.TOKEN_SUSPENDED });
});

it("hands back the new card when it changed behind an outstanding PTAV", () => {
  const message = rig.payment();
  const repeated = rig.payment();
  expect(rig.one(repeated).fields["2"]).toBe(withCheckDigit("999999000003001"));
  const newPan = ClearPAN.parse(withCheckDigit("999999000009009"));
  updatePan(rig.vault, { pan: rig.pan, newPan, newExpiry: 3107 });
  expect(rig.one(message).fields).toMatchObject({
    "2": withCheckDigit("999999000009009"),
    "14": "3107",
  });
  expect(rig.one(repeated).fields).toMatchObject({ "2": withCheckDigit("999999000009009") });
});

it("uses up no PTAV on a decline", () => {
  const message = rig.payment();
  const wrong = Buffer.from(message.toString("latin1").replace("000000012345", "000000012346"));
  expect(rig.one(wrong).reason).toBe(reason.PTAV_INVALID);
  expect(rig.one(message).reason).toBe(0);
});

it("recognises its own claim when a batch is run again after a worker died", () => {
  const message = rig.payment();
  const batch = new Batch();
  batch.add(plainPeer.id, message, 0, message.length);
  rig.opened.pipeline.processBatch(batch);
  const [first] = readAnswers(batch);
  rig.open("rescue").pipeline.processBatch(batch);
  const [second] = readAnswers(batch);
  expect(second).toMatchObject({ reason: 0, tags: { "14": first?.tags["14"] } });
  expect(second?.tags["20"]).toBeUndefined();
});

it("refuses a claim that cannot be stored with 9096, and judges the message anew later", () => {
  const message = rig.payment();
  const { replay } = rig.opened;
  const claim = replay.claim;
  replay.claim = (lanes) => lanes.results.fill(5);
  expect(rig.one(message)).toMatchObject({ reason: reason.SYSTEM_ERROR, fields: { "39": "96" } });
  replay.claim = claim;
  expect(rig.one(message)).toMatchObject({ reason: 0 });
});

it("approves nothing that could not be journalled; the same message is approved afterwards", () => {
  const message = rig.payment();
  const { journal } = rig.opened;
  const append = journal.append;
  journal.append = () => {
    throw new Error("no space");
  };
  const answer = rig.one(message);
  expect([answer.reason, answer.fields["39"]]).toEqual([reason.SYSTEM_ERROR, "96"]);
  expect(answer.fields["2"]).toMatch(/^608727/);
  journal.append = append;
  expect(rig.one(message)).toMatchObject({ reason: 0, tags: { "20": "R" } });
});

it("turns a record that fails its tag into 9096, never into an answer", () => {
  const message = rig.payment();
  const { vault } = rig;
  const found = vault.findTokenByRef(
    Buffer.from(rig.token.ref.replace("tok_", "").replaceAll("-", ""), "hex"),
  );
  if (found === undefined) throw new Error("no token");
  found.record[90] = (found.record[90] as number) ^ 1;
  vault.env.write(() => vault.tables.tokens.putSync(found.index, found.record));
  expect(rig.one(message)).toMatchObject({ reason: reason.SYSTEM_ERROR, fields: { "39": "96" } });
});

it("refuses what was issued before another boot of the machine", () => {
  const before = rig.payment();
  expect(rig.one(rig.payment()).reason).toBe(0);
  const other = rig.open("rebooted", { bootId: "fedcba9876543210fedcba9876543210" });
  const answer = rig.one(before, plainPeer, other);
  expect([answer.reason, answer.fields["39"]]).toEqual([reason.PTAV_EXPIRED, "63"]);
});

it("declines in the next batch after a suspension by another process", () => {
  const [one, two] = [rig.payment(), rig.payment()];
  expect(rig.one(one).reason).toBe(0);
  const elsewhere = rig.open("operator");
  suspendToken(elsewhere.vault, rig.token.ref, "ISSUER_TOKEN");
  expect(rig.one(two).reason).toBe(reason.TOKEN_SUSPENDED);
});

it("keeps PTAVs of one token good in any order", () => {
  const messages = [rig.payment(), rig.payment(), rig.payment()];
  for (const message of messages.reverse()) expect(rig.one(message).reason).toBe(0);
});

it("carries amounts of 0 and of twelve nines", () => {
  for (const amount of ["000000000000", "999999999999"]) {
    const ptav = rig.ptav({ amount: BigInt(amount) });
    const answer = rig.one(rig.payment({ fields: { "4": amount }, tags: { "04": ptav } }));
    expect(answer.reason).toBe(0);
  }
});

it("takes a TRID that begins with zeros for what it is", () => {
  const zeros = "00000000017";
  putRequestor(rig.vault, { trid: zeros, name: "Zeros", type: "MERCHANT", acquirers: [acquirer] });
  const token = rig.provision(zeros, rig.pan);
  const { tpan, expiry } = rig.tpanOf(token, zeros);
  const ptav = rig.ptav({ trid: zeros, tokenRef: token.ref });
  const fields = { "2": tpan, "14": expiry };
  expect(rig.one(rig.payment({ fields, tags: { "03": zeros, "04": ptav } })).reason).toBe(0);
  const short = rig.ptav({ trid: zeros, tokenRef: token.ref });
  const other = rig.payment({ fields, tags: { "03": "10000000017", "04": short } });
  expect(rig.one(other).reason).toBe(reason.TRID_MISMATCH);
});

it("leaves one event for a payment and its retransmissions", () => {
  const message = rig.payment();
  for (let times = 0; times < 3; times++) expect(rig.one(message).reason).toBe(0);
  rig.opened.history.foldAll();
  const found = rig.vault.findTokenByRef(parseRef(rig.token.ref) as Buffer);
  const events = rig.opened.history.eventsOf(found?.index as Buffer);
  expect(events.filter((event) => event.kind === "verification").length).toBe(1);
});
