// Defends: a PTAV goes only to the token's own requestor, for a token that could pay; it binds what
// it was asked to bind; what is minted can be verified.

import { afterAll, beforeAll, expect, it } from "vitest";
import { resumeToken, suspendCard, suspendToken } from "../actors/card/test-rig.ts";
import { ClearPAN, withCheckDigit } from "../codec/pan/mod.ts";
import { decodePtavText } from "../codec/ptav/mod.ts";
import { isAppError } from "../platform/mod.ts";
import { cardStatus, putRequestor, tokenAt, tokenStatus } from "../vault/mod.ts";
import { acquirer, merchant, otherTrid, Rig, trid } from "./test-rig.ts";
import { TokenDataService } from "./token-data.ts";

let rig: Rig;
beforeAll(() => {
  rig = new Rig();
});
afterAll(() => rig.remove());

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return "none";
}

it("tells another requestor what it tells for a token that does not exist", () => {
  expect(refusal(() => rig.ptav({ trid: otherTrid }))).toBe("TOKEN_NOT_FOUND");
  expect(refusal(() => rig.ptav({ tokenRef: "tok_00000000-0000-7000-8000-000000000000" }))).toBe(
    "TOKEN_NOT_FOUND",
  );
  expect(refusal(() => rig.ptav({ tokenRef: "nonsense" }))).toBe("TOKEN_NOT_FOUND");
});

it("has none for merchant-initiated payments, other currencies or unbound parts", () => {
  expect(refusal(() => rig.ptav({ transactionType: "MIT" }))).toBe("PTAV_NOT_APPLICABLE");
  expect(refusal(() => rig.ptav({ currency: "840" }))).toBe("INVALID_FIELD");
  expect(refusal(() => rig.ptav({ bindAmount: false }))).toBe("SCOPE_MISSING");
  expect(refusal(() => rig.ptav({ bindMerchant: false }))).toBe("SCOPE_MISSING");
});

it("binds amount and merchant only where it is asked to, for those that may ask", () => {
  const base = { trid, name: trid, type: "MERCHANT", acquirers: [acquirer] } as const;
  putRequestor(rig.vault, { ...base, allowUnboundAmount: true, allowUnboundMerchant: true });
  const free = rig.ptav({ bindAmount: false, bindMerchant: false });
  const changed = { "4": "000000000777", "42": "MERCHANT0000009" };
  expect(rig.one(rig.payment({ fields: changed, tags: { "04": free } })).reason).toBe(0);
  const amountOnly = rig.ptav({ bindMerchant: false });
  const elsewhere = { "42": "MERCHANT0000009" };
  expect(rig.one(rig.payment({ fields: elsewhere, tags: { "04": amountOnly } })).reason).toBe(0);
  const merchantOnly = rig.ptav({ bindAmount: false });
  const wrong = rig.payment({ fields: changed, tags: { "04": merchantOnly } });
  expect(rig.one(wrong).reason).toBe(2004);
});

it("takes the requestor's number into the nonce, and pads a short merchant id", () => {
  const ptav = rig.ptav({ unpredictableNumber: Buffer.from("23424563", "hex"), merchantId: "M1" });
  const bytes = Buffer.alloc(20);
  expect(decodePtavText(Buffer.from(ptav), 0, 28, bytes, 0)).toBe(true);
  expect(bytes.toString("hex", 4, 8)).toBe("23424563");
  expect((bytes[0] as number) & 15).toBe(7);
  const padded = { "42": "M1".padEnd(15, " ") };
  expect(rig.one(rig.payment({ fields: padded, tags: { "04": ptav } })).reason).toBe(0);
});

it("is stamped above the fence and the last suspension", () => {
  const before = rig.opened.replay.fence("ptav");
  const now = Math.floor(rig.clock.nowMs() / 1000);
  rig.opened.replay.raiseFence("ptav", now + 5);
  expect(rig.one(rig.payment()).reason).toBe(0);
  expect(before).toBeLessThan(now + 5);
  suspendToken(rig.vault, rig.token.ref, "ADMIN");
  resumeToken(rig.vault, rig.token.ref, "ADMIN");
  expect(rig.one(rig.payment()).reason).toBe(0);
});

it("is refused for a token or card that cannot pay", () => {
  suspendToken(rig.vault, rig.token.ref, "TOKEN_REQUESTOR");
  expect(refusal(() => rig.ptav())).toBe("TOKEN_SUSPENDED");
  resumeToken(rig.vault, rig.token.ref, "TOKEN_REQUESTOR");
  expect(refusal(() => rig.ptav())).toBe("none");
  suspendCard(rig.vault, rig.pan, { reason: "LOST" });
  expect(refusal(() => rig.ptav())).toBe("TOKEN_SUSPENDED");
});

it("is refused by name in every state in which nobody can pay", async () => {
  const own = new Rig();
  const refusedWith = (change: (record: Buffer) => void): string => {
    let before = Buffer.alloc(0);
    own.edit((record) => {
      before = Buffer.from(record);
      change(record);
    });
    const code = refusal(() => own.ptav());
    own.edit((record) => before.copy(record));
    return code;
  };
  const put = (at: number, value: number) => (record: Buffer) => {
    record[at] = value;
  };
  const month = (at: number, yymm: number) => (record: Buffer) => {
    record.writeUInt16LE(yymm, at);
  };
  const { status, cardStatus: card, expiry, cardExpiry } = tokenAt;
  expect(refusedWith(() => {})).toBe("none");
  expect(refusedWith(put(status, tokenStatus.INACTIVE))).toBe("TOKEN_STATE_CONFLICT");
  expect(refusedWith(put(status, tokenStatus.SUSPENDED))).toBe("TOKEN_SUSPENDED");
  expect(refusedWith(put(card, cardStatus.SUSPENDED))).toBe("TOKEN_SUSPENDED");
  expect(refusedWith(put(status, tokenStatus.DELETED))).toBe("TOKEN_DELETED");
  expect(refusedWith(put(card, cardStatus.DELETED))).toBe("TOKEN_DELETED");
  expect(refusedWith(put(status, tokenStatus.EXPIRED))).toBe("TOKEN_EXPIRED");
  // November is the rig's month, and good through its last second.
  expect(refusedWith(month(expiry, 2610))).toBe("TOKEN_EXPIRED");
  expect(refusedWith(month(expiry, 2611))).toBe("none");
  expect(refusedWith(month(cardExpiry, 2610))).toBe("CARD_EXPIRED");
  const about = { trid, name: trid, type: "MERCHANT", acquirers: [acquirer] } as const;
  putRequestor(own.vault, { ...about, status: "SUSPENDED" });
  expect(refusal(() => own.ptav())).toBe("REQUESTOR_SUSPENDED");
  await own.remove();
});

it("brakes a requestor that loops on one token", () => {
  const free = rig.provision(otherTrid, ClearPAN.parse(withCheckDigit("999999000007007")));
  const limited = new TokenDataService({
    vault: rig.vault,
    replay: rig.opened.replay,
    journal: rig.opened.journal,
    keys: rig.keys,
    clock: rig.clock,
    ptavTtlSeconds: 900,
    perTokenPerMinute: 3,
  });
  const ask = () =>
    limited.issue({
      trid: otherTrid,
      tokenRef: free.ref,
      transactionType: "CIT",
      amount: 1n,
      currency: "458",
      merchantId: merchant,
      unpredictableNumber: null,
      bindAmount: true,
      bindMerchant: true,
    });
  for (let i = 0; i < 3; i++) expect(refusal(ask)).toBe("none");
  expect(refusal(ask)).toBe("RATE_LIMITED");
  rig.clock.advance(60_000);
  expect(refusal(ask)).toBe("none");
});
