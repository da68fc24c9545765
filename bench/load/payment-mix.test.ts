// Defends: every payment of a run is fresh, each bad one is bad in exactly the way that its reason
// says, and PTAV failures stay too few to flag a token.
import { describe, expect, it } from "vitest";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { SecretKey } from "../../crypto/mod.ts";
import { reason } from "../../platform/mod.ts";
import { VerifyRequest } from "../../proto/mod.ts";
import { MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { deckAt, deckEntryBytes, TokenDeck } from "../lib/token-deck.ts";
import { PaymentMix, type SecondOfPayments } from "./payment-mix.ts";
import { wireOf } from "./wire.ts";

const tokens = 1_000;
const now = Date.parse("2026-11-25T00:00:00Z") / 1_000;
const perSecond = 2_000;

function makerOf(): MessageMaker {
  const bytes = Buffer.alloc(tokens * deckEntryBytes);
  for (let token = 0; token < tokens; token++) {
    const at = token * deckEntryBytes;
    bytes.write(withCheckDigit(`60872700100${1_000 + token}`), at + deckAt.tpan, "latin1");
    bytes.write("2912", at + deckAt.expiry, "latin1");
    bytes.write("99900000001", at + deckAt.trid, "latin1");
  }
  const key = { usage: "ptav", label: "", version: 1, state: "ACTIVE" } as const;
  const ptavKey = new SecretKey({ ...key, bytes: Buffer.alloc(32, 3) });
  const deck = new TokenDeck(bytes);
  return new MessageMaker({ deck, ptavKey, macKey: null, choose: new Chooser(9) });
}

function fieldsOf({ bytes, length }: SecondOfPayments, i: number) {
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, bytes, i * length, (i + 1) * length)).toBe(0);
  const tag = (number: number) => {
    const at = view.tags.offset(number);
    return bytes.toString("latin1", at, at + view.tags.length(number));
  };
  return {
    stan: view.text(11),
    rrn: view.text(37),
    amount: view.text(4),
    trid: tag(3),
    ptav: tag(4),
  };
}

function counted(second: SecondOfPayments): Map<number, number> {
  const counts = new Map<number, number>();
  for (const code of second.expected) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

describe("PaymentMix", () => {
  const mix = new PaymentMix(makerOf(), 1_000_000, true);
  const first = mix.make(perSecond, now);
  const second = mix.make(perSecond, now + 1);

  it("has a hundredth of other requestors and some PTAV failures of both kinds", () => {
    expect(counted(second).get(reason.TRID_MISMATCH)).toBe(perSecond / 100);
    expect(counted(second).get(reason.PTAV_INVALID)).toBe(perSecond / 200);
    expect(counted(second).get(reason.PTAV_REPLAY)).toBeGreaterThan(0);
    // There is nothing to replay yet.
    expect(counted(first).has(reason.PTAV_REPLAY)).toBe(false);
  });

  it("gives every PTAV once, but for replays of good payments of the second before", () => {
    const before = new Map(
      Array.from({ length: perSecond }, (_, i) => [fieldsOf(first, i).ptav, i] as const),
    );
    expect(before.size).toBe(perSecond);
    const references = new Set<string>();
    for (let i = 0; i < perSecond; i++) {
      const { ptav, rrn, stan } = fieldsOf(second, i);
      references.add(`${rrn} ${stan}`);
      const original = before.get(ptav);
      const isReplay = second.expected[i] === reason.PTAV_REPLAY;
      expect(original !== undefined).toBe(isReplay);
      if (original !== undefined) expect(first.expected[original]).toBe(0);
      expect(Number(rrn)).toBe(second.firstSequence + i);
    }
    expect(references.size).toBe(perSecond);
  });

  it("alters one thing of a bad payment", () => {
    for (let i = 0; i < perSecond; i++) {
      const { trid } = fieldsOf(second, i);
      expect(trid === "99900000001").toBe(second.expected[i] !== reason.TRID_MISMATCH);
    }
  });

  it("keeps PTAV failures rare in a small vault, and leaves bad ones out for an echo", () => {
    const small = new PaymentMix(makerOf(), tokens, true);
    small.make(perSecond, now);
    const counts = counted(small.make(perSecond, now + 1));
    const failures = (counts.get(reason.PTAV_INVALID) ?? 0) + (counts.get(reason.PTAV_REPLAY) ?? 0);
    expect(failures).toBeLessThanOrEqual(2);
    const echo = new PaymentMix(makerOf(), tokens, false);
    expect([...counted(echo.make(perSecond, now)).keys()]).toEqual([0]);
  });
});

describe("wireOf", () => {
  it("encodes the same payment as a structured request", () => {
    const made = new PaymentMix(makerOf(), tokens, true).make(10, now);
    const plain = Array.from({ length: 10 }, (_, i) => fieldsOf(made, i));
    const { bytes, offsets, expected } = wireOf("unary", made);
    expect(expected[1]).toBe(reason.TRID_MISMATCH);
    plain.forEach((one, i) => {
      const request = VerifyRequest.decode(bytes.subarray(offsets[i], offsets[i + 1]));
      const { stan, rrn, trid, ptav } = request;
      expect({ stan, rrn, trid, ptav }).toEqual({ ...one, amount: undefined });
      expect(request.amount).toBe(BigInt(one.amount));
      expect(request).toMatchObject({ mti: "0100", initiation: "C", currency: "458" });
    });
  });

  it("frames ISO 8583, and leaves a session's messages as they are", () => {
    const frames = wireOf("iso", new PaymentMix(makerOf(), tokens, true).make(3, now));
    const session = wireOf("session", new PaymentMix(makerOf(), tokens, true).make(3, now));
    const length = (offsets: Uint32Array) => (offsets[1] ?? 0) - (offsets[0] ?? 0);
    const head = length(frames.offsets) - length(session.offsets);
    const prefix = Buffer.from(frames.bytes).readUInt16BE(0);
    expect(prefix).toBe(length(frames.offsets) - 2);
    expect(head).toBeGreaterThan(2);
    expect(Buffer.from(frames.bytes).toString("latin1", head, head + 4)).toBe("0100");
  });
});
