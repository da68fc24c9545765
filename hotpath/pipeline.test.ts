// Defends: the verification table, row by row and in its order; the answer's bytes; what each decline
// tells and does not tell.
import { afterEach, describe, expect, it } from "vitest";
import { knownPan, knownTpan, knownTrid } from "../codec/pan/fixtures.ts";
import { digitsToBcd } from "../codec/pan/mod.ts";
import { KeyRing } from "../crypto/mod.ts";
import { reason } from "../platform/mod.ts";
import {
  cardStatus,
  deleteToken,
  putAgreement,
  putRequestor,
  resumeToken,
  suspendCard,
  suspendToken,
  tokenAt,
  tokenBytes,
  tokenStatus,
} from "../vault/mod.ts";
import { Batch } from "./batch.ts";
import {
  acquirer,
  baseKeys,
  macPeer,
  merchant,
  otherTrid,
  Rig,
  readAnswers,
  ringKey,
  signMac,
  trid,
} from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.remove());
const macKey = ringKey("mac", 0).bytes;

describe("the known answer", () => {
  const request =
    `0100F23C448108C08000000000000000010116${knownTpan}00000000000001234501010005000001230805000101` +
    "301254118105906458001600100000123TERM0001MERCHANT0000001458061030119990000000105001C07001F" +
    "04028EwEAAKGyw9RpVbkAuHbVDFLsKAk=";
  const answer =
    `0110F23C00010AC08000000000000000010116${knownPan}00000000000001234501010005000001230805000101` +
    "290906458001600100000123" +
    `00TERM0001MERCHANT000000145816201016${knownTpan}020043012030119990000000105001C07001F` +
    "09029ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N1000212110020112001V13004000014036" +
    "00000000-0000-7000-8000-000000000001";

  it("comes out byte for byte, with its MAC", () => {
    rig = new Rig({ startMs: Date.parse("2026-01-01T00:05:00Z") });
    storeKnownToken();
    const message = Buffer.from(`${request}........`, "latin1");
    signMac(message, macKey);
    expect(message.subarray(-8).toString("hex").toUpperCase()).toBe("366527A289B875E6");
    const batch = new Batch();
    batch.add(macPeer.id, message, 0, message.length);
    batch.ids.fill(0);
    Buffer.from("00000000000070008000000000000001", "hex").copy(batch.ids);
    batch.markIdsAssigned();
    rig.opened.pipeline.processBatch(batch);
    const [answered] = readAnswers(batch);
    expect(answered?.bytes.toString("latin1", 0, 315)).toBe(answer);
    expect(answered?.bytes.toString("hex", 315).toUpperCase()).toBe("73497F04DB1B4477");
  });

  function storeKnownToken(): void {
    const { vault } = rig;
    const record = Buffer.alloc(tokenBytes);
    const plain = Buffer.alloc(16);
    digitsToBcd(Buffer.from(knownTpan), 0, 16, plain, 0, 10);
    const index = vault.sealing.index("token", plain.subarray(0, 10));
    const template = vault.findTokenByRef(refOf(rig.token.ref))?.record as Buffer;
    template.copy(record);
    digitsToBcd(Buffer.from(knownPan), 0, 16, plain, 0, 10);
    plain.writeUInt16BE(0x2909, 10);
    vault.sealing.seal(plain, index).copy(record, tokenAt.sealedPan);
    record.write(`0${knownTrid}`, tokenAt.trid, "hex");
    record.writeUInt16LE(3012, tokenAt.expiry);
    vault.env.write(() => vault.tables.tokens.putSync(index, record));
  }
});

function refOf(ref: string): Buffer {
  return Buffer.from(ref.replace("tok_", "").replaceAll("-", ""), "hex");
}

/** Changes the rig's token record in place, as an event would. */
function edit(change: (record: Buffer) => void): void {
  const { vault } = rig;
  const found = vault.findTokenByRef(refOf(rig.token.ref));
  if (found === undefined) throw new Error("the rig has no token");
  change(found.record);
  vault.env.write(() => vault.tables.tokens.putSync(found.index, found.record));
}

function declines(message: Buffer, code: number, de39: string, ptavResult: string): void {
  const answer = rig.one(message);
  expect([answer.reason, answer.fields["39"]]).toEqual([code, de39]);
  expect(answer.tags["12"]).toBe(ptavResult);
  expect(answer.tags["13"]).toBe(String(code).padStart(4, "0"));
  expect(answer.tags["14"]).toMatch(/^[0-9a-f-]{36}$/);
  // The TPAN as received, never a PAN; the token's data stays with us.
  expect(answer.fields["2"]).toBe(
    message.toString("latin1", 38, 38 + (answer.fields["2"] ?? "").length),
  );
  for (const tag of ["01", "02", "04", "09", "10", "11"]) expect(answer.tags[tag]).toBeUndefined();
}

describe("declines", () => {
  const setUp = () => {
    rig = new Rig();
  };

  it("row 1: a wrong currency and a date that is none are 30", () => {
    setUp();
    declines(rig.payment({ fields: { "49": "840" } }), reason.FORMAT_ERROR, "30", "U");
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
    declines(early, reason.MESSAGE_STALE, "68", "U");
  });

  it("row 4: a TPAN with a wrong check digit, of another BIN, or unknown is 14", () => {
    setUp();
    const { tpan } = rig.tpanOf(rig.token);
    const wrong = tpan.slice(0, 15) + ((Number(tpan[15]) + 1) % 10);
    declines(rig.payment({ fields: { "2": wrong } }), reason.TOKEN_UNKNOWN, "14", "U");
    declines(rig.payment({ fields: { "2": knownPan } }), reason.TOKEN_UNKNOWN, "14", "U");
    declines(rig.payment({ fields: { "2": knownTpan } }), reason.TOKEN_UNKNOWN, "14", "U");
  });

  it("row 5: no TRID is 30, after the token was found", () => {
    setUp();
    declines(rig.payment({ tags: { "03": null } }), reason.TRID_MISSING, "30", "U");
    const unknown = rig.payment({ tags: { "03": null }, fields: { "2": knownTpan } });
    declines(unknown, reason.TOKEN_UNKNOWN, "14", "U");
  });

  it("row 6: another requestor's TRID is 63, valid PTAV or not", () => {
    setUp();
    declines(rig.payment({ tags: { "03": otherTrid } }), reason.TRID_MISMATCH, "63", "U");
  });

  it("row 7: a suspended requestor, a foreign acquirer, a merchant off the list are 58", () => {
    setUp();
    declines(rig.payment({ fields: { "32": "458002" } }), reason.REQUESTOR_NOT_ALLOWED, "58", "U");
    const base = { trid, name: trid, type: "MERCHANT", acquirers: [acquirer] } as const;
    putRequestor(rig.vault, { ...base, merchants: ["OTHER"] });
    declines(rig.payment(), reason.REQUESTOR_NOT_ALLOWED, "58", "U");
    putRequestor(rig.vault, { ...base, merchants: [merchant] });
    expect(rig.one(rig.payment()).reason).toBe(0);
    const message = rig.payment();
    putRequestor(rig.vault, { ...base, status: "SUSPENDED" });
    declines(message, reason.REQUESTOR_NOT_ALLOWED, "58", "U");
  });

  it("rows 8, 8a: deleted is 14, inactive 78", () => {
    setUp();
    const message = rig.payment();
    edit((record) => {
      record[tokenAt.status] = tokenStatus.INACTIVE;
    });
    declines(message, reason.TOKEN_INACTIVE, "78", "U");
    deleteToken(rig.vault, rig.token.ref);
    declines(message, reason.TOKEN_DELETED, "14", "U");
  });

  it("row 9: suspended is 62, lost 41, stolen 43, whoever else suspended it", () => {
    setUp();
    const message = rig.payment();
    suspendToken(rig.vault, rig.token.ref, "TOKEN_REQUESTOR");
    declines(message, reason.TOKEN_SUSPENDED, "62", "U");
    suspendCard(rig.vault, rig.pan, { reason: "LOST" });
    declines(message, reason.TOKEN_SUSPENDED, "41", "U");
    edit((record) => {
      record[tokenAt.cardReason] = 2;
    });
    declines(message, reason.TOKEN_SUSPENDED, "43", "U");
  });

  it("row 9: a card's suspension counts even where the token's own state was missed", () => {
    setUp();
    const message = rig.payment();
    edit((record) => {
      record[tokenAt.cardStatus] = cardStatus.SUSPENDED;
    });
    declines(message, reason.TOKEN_SUSPENDED, "62", "U");
  });

  it("row 10: another expiry is 54; the previous one is good until it passes", () => {
    setUp();
    const previous = rig.payment({ fields: { "14": "2612" } });
    declines(previous, reason.TOKEN_EXPIRED, "54", "U");
    edit((record) => record.writeUInt16LE(2612, tokenAt.previousExpiry));
    // The PTAV was minted for the present expiry: the rules accept the date, the MAC does not.
    declines(previous, reason.PTAV_INVALID, "63", "F");
    edit((record) => record.writeUInt16LE(2611, tokenAt.expiry));
    const message = rig.payment();
    expect(rig.one(message).reason).toBe(0);
    // The last second of November in UTC+8, and the first of December.
    const boundary = Date.parse("2026-11-30T16:00:00Z");
    rig.clock.advance(boundary - 1_000 - rig.clock.nowMs());
    const last = rig.payment();
    const next = rig.payment();
    expect(rig.one(last).reason).toBe(0);
    rig.clock.advance(1_000);
    declines(next, reason.TOKEN_EXPIRED, "54", "U");
  });

  it("row 11: a deleted card is 14, an expired one 54", () => {
    setUp();
    const message = rig.payment();
    edit((record) => record.writeUInt16LE(2610, tokenAt.cardExpiry));
    declines(message, reason.CARD_NOT_ACTIVE, "54", "U");
    edit((record) => {
      record[tokenAt.cardStatus] = cardStatus.DELETED;
    });
    declines(message, reason.CARD_NOT_ACTIVE, "14", "U");
  });

  it("row 23: only e-commerce and credential on file", () => {
    setUp();
    for (const mode of ["010", "051", "071", "813", "103", "099"]) {
      declines(rig.payment({ fields: { "22": mode } }), reason.CHANNEL_NOT_ALLOWED, "58", "U");
    }
    for (const mode of ["810", "811", "812", "100", "101", "102"]) {
      expect(rig.one(rig.payment({ fields: { "22": mode } })).reason).toBe(0);
    }
  });

  it("row 24: a flagged token is 59 until the flag lapses", () => {
    setUp();
    const now = Math.floor(rig.clock.nowMs() / 1000);
    edit((record) => record.writeUInt32LE(now + 5, tokenAt.flaggedUntil));
    declines(rig.payment(), reason.SUSPECTED_FRAUD, "59", "U");
    rig.clock.advance(5_000);
    expect(rig.one(rig.payment()).reason).toBe(0);
  });

  it("rows 12, 13: no PTAV; a PTAV in another alphabet, length, version or padding", () => {
    setUp();
    declines(rig.payment({ tags: { "04": null } }), reason.PTAV_MISSING, "63", "M");
    const bad = [
      "EwEAAKGyw9RpVbkAuHbVDFLsKAk",
      "EwEAAKGyw9RpVbkAuHbVDFLsKA-=",
      "EwEAAKGyw9RpVbkAuHbVDFLsKAl=",
      "IwEAAKGyw9RpVbkAuHbVDFLsKAk=",
      "GwEAAKGyw9RpVbkAuHbVDFLsKAk=",
      "EwAAAKGyw9RpVbkAuHbVDFLsKAk=",
    ];
    for (const ptav of bad) declines(rig.payment({ tags: { "04": ptav } }), 2002, "63", "F");
  });

  it("row 14: an unknown, retired or compromised KVN", () => {
    setUp();
    const message = rig.payment();
    const others = baseKeys.filter((key) => key.usage !== "ptav");
    const next = ringKey("ptav", 50, { version: 2 });
    rig.keys.publish(new KeyRing([...others, ringKey("ptav", 0, { state: "COMPROMISED" }), next]));
    declines(message, reason.PTAV_KEY, "63", "F");
    rig.keys.publish(new KeyRing([...others, ringKey("ptav", 0, { state: "VERIFY_ONLY" }), next]));
    expect(rig.one(message).reason).toBe(0);
    expect(rig.one(rig.payment()).reason).toBe(0);
  });

  it("row 15: one sen more, another merchant, another token's PTAV", () => {
    setUp();
    declines(rig.payment({ fields: { "4": "000000012346" } }), reason.PTAV_INVALID, "63", "F");
    declines(rig.payment({ fields: { "42": "MERCHANT0000002" } }), 2004, "63", "F");
    const foreign = rig.ptav({ trid: otherTrid, tokenRef: rig.other.ref });
    declines(rig.payment({ tags: { "04": foreign } }), reason.PTAV_INVALID, "63", "F");
  });

  it("row 16: too old, from the future, or from before a suspension", () => {
    setUp();
    const old = rig.payment();
    rig.clock.advance(901_000);
    const ptav = /04028(.{28})/.exec(old.toString("latin1"))?.[1] as string;
    declines(rig.payment({ tags: { "04": ptav } }), reason.PTAV_EXPIRED, "63", "F");
    const message = rig.payment();
    suspendToken(rig.vault, rig.token.ref, "ADMIN");
    rig.clock.advance(1_000);
    declines(message, reason.TOKEN_SUSPENDED, "62", "U");
    resumeToken(rig.vault, rig.token.ref, "ADMIN");
    declines(message, reason.PTAV_EXPIRED, "63", "F");
    expect(rig.one(rig.payment()).reason).toBe(0);
    const future = rig.payment();
    rig.clock.stepWall(-59_000);
    expect(rig.one(future).reason).toBe(0);
  });
});

describe("merchant-initiated payments", () => {
  const mit = (tags: Record<string, string | null> = {}) =>
    rig.payment({
      fields: { "22": "100" },
      tags: { "05": "M", "06": "R", "07": "S", "08": "PLAN-1", ...tags },
    });
  const agree = (types: readonly ("R" | "I" | "U")[], id = "PLAN-1") => {
    const found = rig.vault.findTokenByRef(refOf(rig.token.ref));
    const atSeconds = Math.floor(rig.clock.nowMs() / 1000);
    rig.vault.env.write(() =>
      putAgreement(
        rig.vault,
        found?.index as Buffer,
        { acquirer, merchant, id },
        {
          types: types.reduce((bits, one) => bits | { R: 1, I: 2, U: 4 }[one], 0),
          source: "CIT",
          atSeconds,
        },
      ),
    );
  };

  it("row 20: a type that is missing or unknown is 12", () => {
    rig = new Rig();
    declines(mit({ "06": null }), reason.MIT_TYPE_INVALID, "12", "N");
    declines(mit({ "06": "X" }), reason.MIT_TYPE_INVALID, "12", "N");
  });

  it("row 21: no agreement, another type, another id, or none named is 57", () => {
    rig = new Rig();
    declines(mit(), reason.MIT_NO_AGREEMENT, "57", "N");
    agree(["I"]);
    declines(mit(), reason.MIT_NO_AGREEMENT, "57", "N");
    agree(["R"]);
    expect(rig.one(mit())).toMatchObject({ reason: 0, tags: { "12": "N" } });
    declines(mit({ "08": "PLAN-2" }), reason.MIT_NO_AGREEMENT, "57", "N");
    declines(mit({ "08": null }), reason.MIT_NO_AGREEMENT, "57", "N");
  });

  it("row 21: an agreement lapses 13 months after its last use", () => {
    rig = new Rig();
    agree(["R"]);
    rig.clock.advance(365 * 86_400_000);
    expect(rig.one(mit()).reason).toBe(0);
    rig.clock.advance(39 * 86_400_000);
    declines(mit(), reason.MIT_NO_AGREEMENT, "57", "N");
  });

  it("row 22: a PTAV on one is ignored and not used up", () => {
    rig = new Rig();
    agree(["R"]);
    const ptav = rig.ptav();
    expect(rig.one(mit({ "04": ptav }))).toMatchObject({ reason: 0, tags: { "12": "N" } });
    expect(rig.one(rig.payment({ tags: { "04": ptav } })).reason).toBe(0);
  });

  it("row 23: is a credential on file", () => {
    rig = new Rig();
    agree(["R"]);
    const tags = { "05": "M", "06": "R", "07": "S", "08": "PLAN-1" };
    declines(rig.payment({ tags }), reason.CHANNEL_NOT_ALLOWED, "58", "U");
  });

  it("row 3: another message under the same numbers is 94", () => {
    rig = new Rig();
    agree(["R", "U"]);
    const first = mit();
    const text = first.toString("latin1");
    const other = Buffer.from(text.replace("06001R", "06001U"), "latin1");
    expect(rig.one(first).reason).toBe(0);
    declines(other, reason.DUPLICATE_TRANSMISSION, "94", "N");
    expect(rig.one(first)).toMatchObject({ reason: 0, tags: { "20": "R" } });
  });
});

describe("the answer", () => {
  it("keeps unknown tags in their order, and drops from the end what does not fit", () => {
    rig = new Rig();
    const filler = "x".repeat(225);
    const message = rig.payment({ tags: { "77": "a", "21": "b", "15": "PIAV", "16": "05" } });
    const swapped = message.toString("latin1").replace("21001b77001a", "77001a21001b");
    const answer = rig.one(Buffer.from(swapped, "latin1"));
    expect(answer.fields["120"]?.endsWith("77001a21001b")).toBe(true);
    expect(answer.tags).toMatchObject({ "15": "PIAV", "16": "05" });
    const full = rig.one(
      rig.payment({ tags: { "60": filler, "61": filler, "62": filler, "63": filler } }),
    );
    expect(full.reason).toBe(0);
    expect([full.tags["62"], full.tags["63"]]).toEqual([filler, undefined]);
    expect((full.fields["120"] ?? "").length).toBeLessThanOrEqual(999);
  });

  it("never carries a PTAV, and acknowledges an advice with 00", () => {
    rig = new Rig();
    const ptav = rig.ptav();
    const answer = rig.one(rig.payment({ tags: { "04": ptav } }));
    expect(answer.bytes.includes(ptav)).toBe(false);
    const advice = rig.payment({
      mti: "0120",
      fields: {
        "14": null,
        "18": null,
        "22": null,
        "25": null,
        "41": null,
        "39": "51",
        "90": "0".repeat(42),
      },
      tags: { "03": null, "04": null, "05": null, "07": null, "14": answer.tags["14"] ?? "" },
    });
    expect(rig.one(advice).fields).toMatchObject({ mti: "0130", "39": "00" });
  });
});
