// What an issuer says of its cards, over real sockets against the whole service: an acknowledged
// change is seen by the next payment, and nobody reaches another issuer's cards.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IssuerClient } from "../../api/grpc/mod.ts";
import { CardStatus, issuer as issuerProto, ReasonCode } from "../../proto/mod.ts";
import { putBinRange, putIssuer } from "../../vault/mod.ts";
import { luhnPan } from "./cards.ts";
import { CommandWorld, codeOf, refusalOf } from "./command-world.ts";

let at: CommandWorld;
beforeAll(async () => {
  at = await CommandWorld.open();
});
afterAll(() => at.close());

describe("an issuer's card", () => {
  test("declines from an acknowledged suspension on, pays after a resume", async () => {
    const before = await at.paid(0);
    const { outcome } = await at.issuer.call("suspendCard", at.card(0));
    expect(outcome).toMatchObject({
      changed: true,
      stale: false,
      status: CardStatus.CARD_STATUS_SUSPENDED,
      tokensAffected: 2,
      eventsQueued: 2,
      repeated: false,
    });
    const declined = await at.payer.verify(before);
    expect(declined).toMatchObject({ reason: "TOKEN_SUSPENDED", responseCode: "41" });
    expect(declined.pan).toHaveLength(0);
    const resumed = await at.issuer.call("resumeCard", at.card(0));
    expect(resumed.outcome?.status).toBe(CardStatus.CARD_STATUS_ACTIVE);
    // What was fetched before the suspension stays void.
    expect((await at.payer.verify(at.again(before))).reason).toBe("PTAV_EXPIRED");
    expect((await at.payer.verify(await at.paid(0))).reason).toBe("VERIFIED");
  });

  test("is closed for good", async () => {
    const request = await at.paid(2);
    const { outcome } = await at.issuer.call("deleteCard", at.card(2));
    expect(outcome).toMatchObject({ changed: true, status: CardStatus.CARD_STATUS_DELETED });
    expect((await at.payer.verify(request)).reason).toBe("TOKEN_DELETED");
    expect(await codeOf(at.issuer.call("resumeCard", at.card(2)))).toBe("CARD_NOT_ALLOWED");
  });

  test("takes a later expiry and a new number; an older PTAV pays with the new card", async () => {
    const outstanding = await at.paid(4);
    const renewed = await at.issuer.call("updateCardExpiry", { ...at.card(4), newExpiry: "3305" });
    expect(renewed.outcome?.changed).toBe(true);
    expect(at.view(4).cardExpiry).toBe("3305");
    const newPan = luhnPan("999999777");
    const update = {
      idempotencyKey: at.key(),
      pan: at.panOf(4),
      newCard: { pan: Buffer.from(newPan), expiry: "3406" },
      reasonCode: ReasonCode.REASON_CODE_REPLACEMENT,
    };
    const moved = await at.issuer.call("updateCardPan", {
      ...update,
      pan: Buffer.from(update.pan),
    });
    expect(moved).toMatchObject({ changed: true, tokensAffected: 2, repeated: false });
    const answer = await at.payer.verify(outstanding);
    expect(answer).toMatchObject({ reason: "VERIFIED", panExpiry: "3406" });
    expect(answer.pan.toString()).toBe(newPan);
    const found = await at.issuer.call("searchTokens", { pan: Buffer.from(newPan) });
    expect(found.tokens.map(({ cardLast4 }) => cardLast4)).toEqual([
      newPan.slice(-4),
      newPan.slice(-4),
    ]);
    const repeated = await at.issuer.call("updateCardPan", {
      ...update,
      newCard: { pan: Buffer.from(newPan), expiry: "3406" },
    });
    expect(repeated).toMatchObject({ changed: true, tokensAffected: 2, repeated: true });
  });

  test("that is not known yet is remembered, and gets no token", async () => {
    const pan = luhnPan("999999888");
    const suspended = await at.issuer.call("suspendCard", at.card(0, { pan: Buffer.from(pan) }));
    expect(suspended.outcome).toMatchObject({ changed: true, tokensAffected: 0 });
    expect(await codeOf(at.lifecycle.call("provisionToken", at.provision(pan)))).toBe(
      "CARD_NOT_ALLOWED",
    );
    const unknown = { pan: Buffer.from(luhnPan("999999887")) };
    expect(await codeOf(at.issuer.call("resumeCard", at.card(0, unknown)))).toBe("CARD_NOT_FOUND");
  });

  test("keeps a late resume from lifting a later suspension", async () => {
    const time = (seconds: bigint) => ({ causedAt: { seconds, nanos: 0 } });
    await at.issuer.call("suspendCard", at.card(6, time(1_900_000_100n)));
    const late = await at.issuer.call("resumeCard", at.card(6, time(1_900_000_000n)));
    expect(late.outcome).toMatchObject({ changed: false, stale: true });
    expect(at.view(6).status).toBe("SUSPENDED");
  });

  test("of another issuer is not owned, known or not", async () => {
    putIssuer(at.vault, { id: "OTHER", name: "Other Bank" });
    putBinRange(at.vault, { prefix: "999998", issuerId: "OTHER" });
    const foreign = { pan: Buffer.from(luhnPan("999998111")) };
    expect(await codeOf(at.issuer.call("suspendCard", at.card(0, foreign)))).toBe("PAN_NOT_OWNED");
    const nobodys = { pan: Buffer.from(luhnPan("400000111")) };
    expect(await codeOf(at.issuer.call("suspendCard", at.card(0, nobodys)))).toBe("PAN_NOT_OWNED");
    const search = at.issuer.call("searchTokens", { pan: Buffer.from(luhnPan("999998111")) });
    expect(await codeOf(search)).toBe("PAN_NOT_OWNED");
  });

  test("shows its tokens and what was paid with them", async () => {
    const request = await at.paid(8);
    await at.payer.verify(request);
    at.world.service.engine.opened.history.foldAll();
    const { tokens: found, cardStatus } = await at.issuer.call("searchTokens", {
      pan: at.panOf(8),
    });
    expect(cardStatus).toBe(CardStatus.CARD_STATUS_ACTIVE);
    expect(found).toHaveLength(2);
    const { events } = await at.issuer.call("listCardHistory", { pan: at.panOf(8), limit: 0 });
    const verified = events.find(({ kind }) => kind === "verification");
    expect(verified).toMatchObject({ reasonCode: "0000", rrn: request.rrn });
    const { tokenRef } = at.tokens[8]!;
    const one = await at.issuer.call("listTokenHistory", { tokenRef, limit: 1, before: "" });
    expect(one.events).toHaveLength(1);
    const before = one.events[0]!.position;
    const rest = await at.issuer.call("listTokenHistory", { tokenRef, limit: 0, before });
    expect(rest.events.map(({ position }) => position)).not.toContain(before);
    expect(rest.events).not.toHaveLength(0);
  });
});

test("the services are separate: no method of one is served at the other's port", async () => {
  const { addresses } = at.world.service;
  const security = { kind: "insecure" } as const;
  const wrong = new IssuerClient({ address: addresses.requestor, security, timeoutMs: 5_000 });
  const error = await refusalOf(wrong.call("suspendCard", at.card(0)));
  wrong.close();
  expect(error.code).toBe("UNIMPLEMENTED");
  expect(Object.keys(issuerProto.IssuerServiceService)).toHaveLength(14);
});
