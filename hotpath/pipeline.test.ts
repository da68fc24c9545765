// Defends: the verification table, row by row and in its order; what each decline tells and does
// not tell.

import { afterEach, describe, expect, it } from "vitest";
import { deleteToken, resumeToken, suspendCard, suspendToken } from "../actors/card/test-rig.ts";
import { knownPan, knownTpan } from "../codec/pan/fixtures.ts";
import { KeyRing } from "../crypto/mod.ts";
import { reason } from "../platform/mod.ts";
import { cardStatus, putRequestor, tokenAt, tokenStatus } from "../vault/mod.ts";
import { declines } from "./test-declines.ts";
import {
  acquirer,
  baseKeys,
  macPeer,
  merchant,
  otherTrid,
  Rig,
  ringKey,
  signMac,
  trid,
} from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.remove());
const macKey = ringKey("mac", 0).bytes;

describe("declines", () => {
  const setUp = () => {
    rig = new Rig();
  };

  it("row 1: a wrong currency and a date that is none are 30", () => {
    setUp();
    declines(rig, rig.payment({ fields: { "49": "840" } }), reason.FORMAT_ERROR, "30", "U");
    const text = rig.payment().toString("latin1").replace("1122073045", "0231073045");
    expect(rig.one(Buffer.from(text, "latin1"))).toMatchObject({ reason: reason.FORMAT_ERROR });
  });

  it("row 1: what cannot be read is answered with what can", () => {
    setUp();
    const message = rig.payment();
    const answer = rig.one(message.subarray(0, message.length - 5));
    expect([answer.reason, answer.fields["39"], answer.fields["2"]]).toEqual([
      9001,
      "30",
      undefined,
    ]);
    expect(Object.keys(answer.fields).sort()).toEqual(["11", "32", "37", "39", "7", "mti"]);
    const missing = rig.one(rig.payment({ fields: { "42": null } }));
    expect([missing.reason, missing.fields["39"]]).toEqual([9001, "30"]);
  });

  it("row 1: answers are never answered", () => {
    setUp();
    const answer = rig.one(rig.payment());
    expect(rig.one(answer.bytes)).toMatchObject({ reason: 9001, bytes: Buffer.alloc(0) });
  });

  it("row 1: card-present data is 30, with whatever PTAV", () => {
    setUp();
    const data = { "23": "001", "35": `${knownTpan}=2909`, "45": "B", "52": "0".repeat(16) };
    for (const [de, value] of Object.entries({ ...data, "36": "0", "53": "0", "55": "x" })) {
      const answer = rig.one(rig.payment({ fields: { [de]: value } }));
      expect([de, answer.reason, answer.fields["39"]]).toEqual([de, reason.FORMAT_ERROR, "30"]);
      expect(answer.bytes.includes("999999")).toBe(false);
    }
  });

  it("row 1: a length in DE120 that is a lie is 30, for its own message alone", () => {
    setUp();
    const good = rig.payment().toString("latin1");
    const lies = [
      good.replace("03011999", "03999999"),
      good.replace("03011999", "03000999"),
      good.replace(/[0-9]{3}(?=03011999)/, "999"),
      good.replace(/[0-9]{3}(?=03011999)/, "001"),
      good.replace(/[0-9]{3}(?=03011999)/, "9x9"),
    ];
    expect(lies).not.toContain(good);
    const messages = lies.flatMap((text) => [Buffer.from(text, "latin1"), rig.payment()]);
    rig.judge(messages).forEach(({ reason: code, bytes }, i) => {
      expect(code).toBe(i % 2 === 0 ? reason.FORMAT_ERROR : 0);
      if (i % 2 === 0) expect(bytes.includes("999999")).toBe(false);
    });
  });

  it("row 2: a wrong MAC is 63, a missing one 30, and an old key still verifies and signs", () => {
    setUp();
    const good = rig.payment({ mac: macKey });
    const bad = Buffer.from(good);
    bad[bad.length - 1] = (bad[bad.length - 1] as number) ^ 1;
    expect(rig.one(bad, macPeer)).toMatchObject({ reason: reason.MAC_FAILED });
    expect(rig.one(rig.payment(), macPeer)).toMatchObject({ reason: reason.FORMAT_ERROR });
    const rotated = ringKey("mac", 90, { version: 2 });
    const old = ringKey("mac", 0, { state: "VERIFY_ONLY" });
    rig.keys.publish(new KeyRing([...baseKeys.filter((key) => key.usage !== "mac"), old, rotated]));
    for (const key of [macKey, rotated.bytes]) {
      const answer = rig.one(rig.payment({ mac: key }), macPeer);
      expect(answer.reason).toBe(0);
      const expected = Buffer.from(answer.bytes);
      signMac(expected, key);
      expect(answer.bytes.equals(expected)).toBe(true);
    }
  });

  it("row 2a: DE7 more than 300 s away is 68", () => {
    setUp();
    const early = rig.payment();
    rig.clock.advance(301_000);
    declines(rig, early, reason.MESSAGE_STALE, "68", "U");
  });

  it("row 4: a TPAN with a wrong check digit, of another BIN, or unknown is 14", () => {
    setUp();
    const { tpan } = rig.tpanOf(rig.token);
    const wrong = tpan.slice(0, 15) + ((Number(tpan[15]) + 1) % 10);
    declines(rig, rig.payment({ fields: { "2": wrong } }), reason.TOKEN_UNKNOWN, "14", "U");
    declines(rig, rig.payment({ fields: { "2": knownPan } }), reason.TOKEN_UNKNOWN, "14", "U");
    declines(rig, rig.payment({ fields: { "2": knownTpan } }), reason.TOKEN_UNKNOWN, "14", "U");
  });

  it("row 5: no TRID is 30, after the token was found", () => {
    setUp();
    declines(rig, rig.payment({ tags: { "03": null } }), reason.TRID_MISSING, "30", "U");
    const unknown = rig.payment({ tags: { "03": null }, fields: { "2": knownTpan } });
    declines(rig, unknown, reason.TOKEN_UNKNOWN, "14", "U");
  });

  it("row 6: another requestor's TRID is 63, valid PTAV or not", () => {
    setUp();
    declines(rig, rig.payment({ tags: { "03": otherTrid } }), reason.TRID_MISMATCH, "63", "U");
  });

  it("row 7: a suspended requestor, a foreign acquirer, a merchant off the list are 58", () => {
    setUp();
    declines(
      rig,
      rig.payment({ fields: { "32": "458002" } }),
      reason.REQUESTOR_NOT_ALLOWED,
      "58",
      "U",
    );
    const base = { trid, name: trid, type: "MERCHANT", acquirers: [acquirer] } as const;
    putRequestor(rig.vault, { ...base, merchants: ["OTHER"] });
    declines(rig, rig.payment(), reason.REQUESTOR_NOT_ALLOWED, "58", "U");
    putRequestor(rig.vault, { ...base, merchants: [merchant] });
    expect(rig.one(rig.payment()).reason).toBe(0);
    const message = rig.payment();
    putRequestor(rig.vault, { ...base, status: "SUSPENDED" });
    declines(rig, message, reason.REQUESTOR_NOT_ALLOWED, "58", "U");
  });

  it("rows 8, 8a: deleted is 14, inactive 78", () => {
    setUp();
    const message = rig.payment();
    rig.edit((record) => {
      record[tokenAt.status] = tokenStatus.INACTIVE;
    });
    declines(rig, message, reason.TOKEN_INACTIVE, "78", "U");
    deleteToken(rig.vault, rig.token.ref);
    declines(rig, message, reason.TOKEN_DELETED, "14", "U");
  });

  it("row 9: suspended is 62, lost 41, stolen 43, whoever else suspended it", () => {
    setUp();
    const message = rig.payment();
    suspendToken(rig.vault, rig.token.ref, "TOKEN_REQUESTOR");
    declines(rig, message, reason.TOKEN_SUSPENDED, "62", "U");
    suspendCard(rig.vault, rig.pan, { reason: "LOST" });
    declines(rig, message, reason.TOKEN_SUSPENDED, "41", "U");
    rig.edit((record) => {
      record[tokenAt.cardReason] = 2;
    });
    declines(rig, message, reason.TOKEN_SUSPENDED, "43", "U");
  });

  it("row 9: a card's suspension counts even where the token's own state was missed", () => {
    setUp();
    const message = rig.payment();
    rig.edit((record) => {
      record[tokenAt.cardStatus] = cardStatus.SUSPENDED;
    });
    declines(rig, message, reason.TOKEN_SUSPENDED, "62", "U");
  });

  it("row 10: another expiry is 54; the previous one is good until it passes", () => {
    setUp();
    const previous = rig.payment({ fields: { "14": "2612" } });
    declines(rig, previous, reason.TOKEN_EXPIRED, "54", "U");
    rig.edit((record) => record.writeUInt16LE(2612, tokenAt.previousExpiry));
    // The PTAV was minted for the present expiry: the rules accept the date, the MAC does not.
    declines(rig, previous, reason.PTAV_INVALID, "63", "F");
    rig.edit((record) => record.writeUInt16LE(2611, tokenAt.expiry));
    const message = rig.payment();
    expect(rig.one(message).reason).toBe(0);
    // The last second of November in UTC+8, and the first of December.
    const boundary = Date.parse("2026-11-30T16:00:00Z");
    rig.clock.advance(boundary - 1_000 - rig.clock.nowMs());
    const last = rig.payment();
    const next = rig.payment();
    expect(rig.one(last).reason).toBe(0);
    rig.clock.advance(1_000);
    declines(rig, next, reason.TOKEN_EXPIRED, "54", "U");
  });

  it("row 11: a deleted card is 14, an expired one 54", () => {
    setUp();
    const message = rig.payment();
    rig.edit((record) => record.writeUInt16LE(2610, tokenAt.cardExpiry));
    declines(rig, message, reason.CARD_NOT_ACTIVE, "54", "U");
    rig.edit((record) => {
      record[tokenAt.cardStatus] = cardStatus.DELETED;
    });
    declines(rig, message, reason.CARD_NOT_ACTIVE, "14", "U");
  });

  it("row 23: only e-commerce and credential on file", () => {
    setUp();
    for (const mode of ["010", "051", "071", "813", "103", "099"]) {
      declines(rig, rig.payment({ fields: { "22": mode } }), reason.CHANNEL_NOT_ALLOWED, "58", "U");
    }
    for (const mode of ["810", "811", "812", "100", "101", "102"]) {
      expect(rig.one(rig.payment({ fields: { "22": mode } })).reason).toBe(0);
    }
  });

  it("row 24: a flagged token is 59 until the flag lapses", () => {
    setUp();
    const now = Math.floor(rig.clock.nowMs() / 1000);
    rig.edit((record) => record.writeUInt32LE(now + 5, tokenAt.flaggedUntil));
    declines(rig, rig.payment(), reason.SUSPECTED_FRAUD, "59", "U");
    rig.clock.advance(5_000);
    expect(rig.one(rig.payment()).reason).toBe(0);
  });

  it("rows 12, 13: no PTAV; a PTAV in another alphabet, length, version or padding", () => {
    setUp();
    declines(rig, rig.payment({ tags: { "04": null } }), reason.PTAV_MISSING, "63", "M");
    const bad = [
      "EwEAAKGyw9RpVbkAuHbVDFLsKAk",
      "EwEAAKGyw9RpVbkAuHbVDFLsKA-=",
      "EwEAAKGyw9RpVbkAuHbVDFLsKAl=",
      "IwEAAKGyw9RpVbkAuHbVDFLsKAk=",
      "GwEAAKGyw9RpVbkAuHbVDFLsKAk=",
      "EwAAAKGyw9RpVbkAuHbVDFLsKAk=",
    ];
    for (const ptav of bad) declines(rig, rig.payment({ tags: { "04": ptav } }), 2002, "63", "F");
  });

  it("row 14: an unknown, retired or compromised KVN", () => {
    setUp();
    const message = rig.payment();
    const others = baseKeys.filter((key) => key.usage !== "ptav");
    const next = ringKey("ptav", 50, { version: 2 });
    rig.keys.publish(new KeyRing([...others, ringKey("ptav", 0, { state: "COMPROMISED" }), next]));
    declines(rig, message, reason.PTAV_KEY, "63", "F");
    rig.keys.publish(new KeyRing([...others, ringKey("ptav", 0, { state: "VERIFY_ONLY" }), next]));
    expect(rig.one(message).reason).toBe(0);
    expect(rig.one(rig.payment()).reason).toBe(0);
  });

  it("row 15: one sen more, another merchant, another token's PTAV", () => {
    setUp();
    declines(rig, rig.payment({ fields: { "4": "000000012346" } }), reason.PTAV_INVALID, "63", "F");
    declines(rig, rig.payment({ fields: { "42": "MERCHANT0000002" } }), 2004, "63", "F");
    const foreign = rig.ptav({ trid: otherTrid, tokenRef: rig.other.ref });
    declines(rig, rig.payment({ tags: { "04": foreign } }), reason.PTAV_INVALID, "63", "F");
  });

  it("row 16: too old, from the future, or from before a suspension", () => {
    setUp();
    const old = rig.payment();
    rig.clock.advance(901_000);
    const ptav = /04028(.{28})/.exec(old.toString("latin1"))?.[1] as string;
    declines(rig, rig.payment({ tags: { "04": ptav } }), reason.PTAV_EXPIRED, "63", "F");
    const message = rig.payment();
    suspendToken(rig.vault, rig.token.ref, "ADMIN");
    rig.clock.advance(1_000);
    declines(rig, message, reason.TOKEN_SUSPENDED, "62", "U");
    resumeToken(rig.vault, rig.token.ref, "ADMIN");
    declines(rig, message, reason.PTAV_EXPIRED, "63", "F");
    expect(rig.one(rig.payment()).reason).toBe(0);
    const future = rig.payment();
    const tooFar = rig.payment();
    rig.clock.stepWall(-59_000);
    expect(rig.one(future).reason).toBe(0);
    rig.clock.stepWall(-2_000);
    declines(rig, tooFar, reason.PTAV_EXPIRED, "63", "F");
  });
});
