// Defends: reversals, completions and refunds get the card of their own approved original and of no
// other, whatever became of the token since; without one they get no card, and a reversal without
// one is remembered; refunds together never exceed their original.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deleteToken, suspendToken, updatePan } from "../actors/card/test-rig.ts";
import { ClearPAN, withCheckDigit } from "../codec/pan/mod.ts";
import { reason } from "../platform/mod.ts";
import { acquirer, de7, encode, merchant, otherTrid, Rig, trid } from "./test-rig.ts";

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

interface Named {
  readonly mti: string;
  readonly stan: string;
  readonly seconds: number;
}

const cardNumber = "999999";

function pay(more: Parameters<Rig["payment"]>[0] = {}): Named & { message: Buffer } {
  const message = rig.payment(more);
  const seconds = Math.floor(rig.clock.nowMs() / 1000);
  const stan = /RRN(\d{6})/.exec(message.toString("latin1"))?.[1] as string;
  return { mti: more.mti ?? "0100", stan, seconds, message };
}

function de90(named: Named): string {
  const who = acquirer.padStart(11, "0");
  return `${named.mti}${named.stan}${de7(named.seconds)}${who}${"0".repeat(11)}`;
}

function later(
  mti: string,
  named: Named,
  more: { tags?: Record<string, string>; fields?: Record<string, string> } = {},
): Buffer {
  const { tpan, expiry } = known;
  const stan = String(rig.nextStan()).padStart(6, "0");
  const refund = mti === "0200" ? { "14": expiry, "18": "5411", "22": "810", "25": "59" } : {};
  const fields = {
    "2": tpan,
    "3": mti === "0200" ? "200000" : "000000",
    "4": "000000012345",
    "7": de7(Math.floor(rig.clock.nowMs() / 1000)),
    "11": stan,
    "12": "153045",
    "13": "1122",
    "32": acquirer,
    "37": `RRN${stan}000`,
    "42": merchant,
    "49": "458",
    "90": de90(named),
    ...refund,
    ...more.fields,
  };
  return encode(mti, fields, { "03": trid, "05": "C", "07": "N", ...more.tags });
}

let known: { tpan: string; expiry: string };
beforeEach(() => {
  known = rig.tpanOf(rig.token);
});

describe.each(["0220", "0400", "0420"])("%s", (mti) => {
  it("gets the original's card at once, even of a token that is deleted by now", () => {
    const original = pay();
    const approved = rig.one(original.message);
    deleteToken(rig.vault, rig.token.ref);
    const answer = rig.one(later(mti, original));
    expect(answer).toMatchObject({ reason: 0, tags: { "12": "N", "13": "0000" } });
    expect(answer.fields).toMatchObject({ "2": approved.fields["2"], "14": "2909", "39": "00" });
    const repeat = later(`${mti.slice(0, 3)}1`, original);
    expect(rig.one(repeat).fields["2"]).toBe(approved.fields["2"]);
  });

  it("gets the card that was paid with, though the token is another card's by now", () => {
    const original = pay();
    const approved = rig.one(original.message);
    const newPan = ClearPAN.parse(withCheckDigit("999999000009009"));
    updatePan(rig.vault, { pan: rig.pan, newPan, newExpiry: 3107 });
    expect(rig.one(rig.payment()).fields["14"]).toBe("3107");
    const { fields } = rig.one(later(mti, original));
    expect([fields["2"], fields["14"]]).toEqual([approved.fields["2"], "2909"]);
  });

  it("gets none without an original, of a declined one, of another token or merchant", () => {
    const { tpan } = rig.tpanOf(rig.other, otherTrid);
    const approved = pay();
    expect(rig.one(approved.message).reason).toBe(0);
    const declined = pay({ fields: { "4": "000000099999" } });
    expect(rig.one(declined.message).reason).toBe(reason.PTAV_INVALID);
    const messages = [
      later(mti, { ...approved, stan: "424242" }),
      later(mti, declined),
      later(mti, approved, { tags: { "03": otherTrid } }),
      later(mti, approved, { fields: { "2": tpan }, tags: { "03": otherTrid } }),
      later(mti, approved, { fields: { "42": "MERCHANT0000002" } }),
    ];
    for (const message of messages) {
      const answer = rig.one(message);
      expect(answer.reason).toBe(reason.ORIGINAL_NOT_FOUND);
      expect(answer.fields["39"]).toBe(mti === "0420" ? "00" : "25");
      expect(answer.bytes.includes(cardNumber)).toBe(false);
      expect(answer.fields["14"]).toBeUndefined();
    }
  });
});

it("remembers a reversal that came before its original, and declines the original then", () => {
  const original = pay();
  const other = pay();
  expect(rig.one(later("0420", original)).reason).toBe(reason.ORIGINAL_NOT_FOUND);
  const answer = rig.one(original.message);
  expect([answer.reason, answer.fields["39"]]).toEqual([reason.ORIGINAL_NOT_FOUND, "25"]);
  expect(rig.one(other.message).reason).toBe(0);
});

it("finds an original that another process approved", () => {
  const original = pay();
  const elsewhere = rig.open("elsewhere");
  expect(rig.one(original.message, undefined, elsewhere).reason).toBe(0);
  expect(rig.one(later("0400", original)).reason).toBe(0);
});

describe("refunds", () => {
  it("together never exceed their original; a repeated one takes nothing more", () => {
    const original = pay({ mti: "0200" });
    expect(rig.one(original.message).reason).toBe(0);
    const half = later("0200", original, { fields: { "4": "000000006000" } });
    expect(rig.one(half)).toMatchObject({ reason: 0, fields: { "39": "00" } });
    expect(rig.one(half)).toMatchObject({ reason: 0, tags: { "20": "R" } });
    const over = later("0200", original, { fields: { "4": "000000006346" } });
    const refused = rig.one(over);
    expect([refused.reason, refused.fields["39"]]).toEqual([reason.ORIGINAL_NOT_FOUND, "25"]);
    expect(refused.bytes.includes(cardNumber)).toBe(false);
    const rest = later("0200", original, { fields: { "4": "000000006345" } });
    expect(rig.one(rest).reason).toBe(0);
    const more = later("0200", original, { fields: { "4": "000000000001" } });
    expect(rig.one(more).reason).toBe(reason.ORIGINAL_NOT_FOUND);
  });

  it("of two in one batch that together exceed it, only one passes", () => {
    const original = pay({ mti: "0200" });
    expect(rig.one(original.message).reason).toBe(0);
    const refunds = [1, 2].map(() => later("0200", original, { fields: { "4": "000000007000" } }));
    const reasons = rig.judge(refunds).map((answer) => answer.reason);
    expect(reasons).toEqual([0, reason.ORIGINAL_NOT_FOUND]);
  });

  it("need no live token, and nothing after a reversal", () => {
    const original = pay({ mti: "0200" });
    expect(rig.one(original.message).reason).toBe(0);
    suspendToken(rig.vault, rig.token.ref, "ADMIN");
    expect(rig.one(later("0200", original, { fields: { "4": "000000000100" } })).reason).toBe(0);
    expect(rig.one(later("0400", original)).reason).toBe(0);
    rig.opened.history.foldAll();
    expect(rig.one(later("0200", original, { fields: { "4": "000000000100" } })).reason).toBe(
      reason.ORIGINAL_NOT_FOUND,
    );
  });
});

describe("agreements", () => {
  const setUp = { "06": "R", "07": "F", "08": "PLAN-7" };
  const mit = () =>
    rig.payment({
      fields: { "2": known.tpan, "22": "100" },
      tags: { "05": "M", "06": "R", "07": "S", "08": "PLAN-7" },
    });

  it("are set up by a verified first payment, within one fold of the journal", () => {
    expect(rig.one(mit()).reason).toBe(reason.MIT_NO_AGREEMENT);
    expect(rig.one(pay({ tags: setUp }).message).reason).toBe(0);
    rig.opened.history.fold();
    expect(rig.one(mit()).reason).toBe(0);
  });

  it("are revoked by an advice that the issuer declined", () => {
    const first = pay({ tags: setUp });
    const answer = rig.one(first.message);
    rig.opened.history.fold();
    expect(rig.one(mit()).reason).toBe(0);
    rig.clock.advance(1_000);
    const advice = later("0120", first, {
      fields: { "39": "51" },
      tags: { "14": answer.tags["14"] as string },
    });
    expect(rig.one(advice).fields).toMatchObject({ mti: "0130", "39": "00" });
    rig.opened.history.fold();
    expect(rig.one(mit()).reason).toBe(reason.MIT_NO_AGREEMENT);
  });
});

it("writes the finer reason of an altered amount into the history, not into the answer", () => {
  const message = rig.payment({ fields: { "4": "000000012346" } });
  expect(rig.one(message)).toMatchObject({ reason: 2004, tags: { "13": "2004" } });
  rig.opened.history.foldAll();
  const { vault, history } = rig.opened;
  const ref = Buffer.from(rig.token.ref.replace("tok_", "").replaceAll("-", ""), "hex");
  const events = history.eventsOf(vault.findTokenByRef(ref)?.index as Buffer);
  expect(events.filter(({ kind }) => kind === "verification")).toMatchObject([
    { reason: reason.AMOUNT_MISMATCH, answeredReason: reason.PTAV_INVALID, responseCode: "63" },
  ]);
});
