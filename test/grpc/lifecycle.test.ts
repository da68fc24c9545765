// The life of single tokens, over real sockets against the whole service: one key has one effect,
// and nobody reaches another's tokens.
import { randomUUID } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InvalidFields } from "../../api/grpc/mod.ts";
import { acquirerId, demoTrid, merchantId } from "../../cmd/demo/world.ts";
import { ReasonCode, SuspensionCause, TokenStatus } from "../../proto/mod.ts";
import { putRequestor } from "../../vault/mod.ts";
import { luhnPan } from "./cards.ts";
import { CommandWorld, codeOf, refusalOf } from "./command-world.ts";

let at: CommandWorld;
beforeAll(async () => {
  at = await CommandWorld.open({ "http.provisionsPerCardPerHour": "1000" });
});
afterAll(() => at.close());

describe("a single token", () => {
  test("is suspended and resumed by each for himself", async () => {
    const { tokenRef } = at.tokens[10]!;
    const own = (changes = {}) => ({
      action: {
        idempotencyKey: at.key(),
        tokenRef,
        reasonCode: ReasonCode.REASON_CODE_SUSPECTED_FRAUD,
        onBehalfOfCardholder: false,
        expectedVersion: undefined,
        ...changes,
      },
    });
    await at.lifecycle.call("suspendToken", at.action(10));
    const both = await at.issuer.call("suspendToken", own());
    expect(both.outcome?.suspendedBy).toEqual([
      SuspensionCause.SUSPENSION_CAUSE_ISSUER_TOKEN,
      SuspensionCause.SUSPENSION_CAUSE_TOKEN_REQUESTOR,
    ]);
    const mine = await at.lifecycle.call("resumeToken", at.action(10));
    expect(mine.outcome).toMatchObject({
      changed: true,
      status: TokenStatus.TOKEN_STATUS_SUSPENDED,
    });
    await at.issuer.call("suspendToken", own({ onBehalfOfCardholder: true }));
    await at.issuer.call("resumeToken", own());
    const last = await at.issuer.call("resumeToken", own({ onBehalfOfCardholder: true }));
    expect(last.outcome?.status).toBe(TokenStatus.TOKEN_STATUS_ACTIVE);
    expect((await at.issuer.call("activateToken", own())).outcome?.changed).toBe(false);
    await at.issuer.call("deleteToken", own());
    expect(await codeOf(at.lifecycle.call("suspendToken", at.action(10)))).toBe("TOKEN_DELETED");
  });

  test("of another requestor is not found, and another's TRID is not allowed", async () => {
    const { trid } = at.tokens[12]!;
    const other = demoTrid(trid === demoTrid(1) ? 2 : 1);
    const foreign = at.lifecycle.call("suspendToken", at.action(12, { trid: other }));
    expect(await codeOf(foreign)).toBe("TOKEN_NOT_FOUND");
    const { tokenRef } = at.tokens[12]!;
    const looked = at.lifecycle.call("getToken", { trid: other, tokenRef, minPosition: "" });
    expect(await codeOf(looked)).toBe("TOKEN_NOT_FOUND");
    const stranger = at.lifecycle.call("suspendToken", at.action(12, { trid: "99900009999" }));
    expect(await codeOf(stranger)).toBe("TRID_NOT_ALLOWED");
  });

  test("is guarded by its version", async () => {
    const { version } = at.view(14);
    const stale = at.lifecycle.call(
      "suspendToken",
      at.action(14, { expectedVersion: version + 1 }),
    );
    expect(await codeOf(stale)).toBe("VERSION_CONFLICT");
    const { outcome } = await at.lifecycle.call(
      "suspendToken",
      at.action(14, { expectedVersion: version }),
    );
    expect(outcome).toMatchObject({ changed: true, version: version + 1 });
    const { trid, tokenRef } = at.tokens[14]!;
    const minPosition = outcome?.position as string;
    const { token } = await at.lifecycle.call("getToken", { trid, tokenRef, minPosition });
    expect(token).toMatchObject({ status: TokenStatus.TOKEN_STATUS_SUSPENDED, trid });
  });

  test("of a suspended requestor stays as it is", async () => {
    const { trid } = at.tokens[16]!;
    const row = at.vault.registry().findRequestor(trid)!;
    const input = { trid, name: row.name, type: row.type, acquirers: [acquirerId] };
    putRequestor(at.vault, { ...input, status: "SUSPENDED" });
    expect(await codeOf(at.lifecycle.call("suspendToken", at.action(16)))).toBe(
      "REQUESTOR_SUSPENDED",
    );
    putRequestor(at.vault, { ...input, status: "ACTIVE", allowAttestedAgreements: true });
    const { outcome } = await at.lifecycle.call("suspendToken", at.action(16));
    expect(outcome?.changed).toBe(true);
  });
});

describe("an idempotency key", () => {
  test("gives the same answer again and has one effect", async () => {
    const request = at.action(18);
    const first = await at.lifecycle.call("suspendToken", request);
    const repeated = await at.lifecycle.call("suspendToken", request);
    expect(repeated.outcome).toEqual({ ...first.outcome, repeated: true });
    const other = { action: { ...request.action, reasonCode: ReasonCode.REASON_CODE_OTHER } };
    const reused = await refusalOf(at.lifecycle.call("suspendToken", other));
    expect(reused.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(reused.row.grpc).toBe(status.ALREADY_EXISTS);
    // Also where the other content belongs to another shard.
    const { idempotencyKey } = request.action;
    const others = [20, 22, 24, 26, 28].map((place) =>
      codeOf(at.lifecycle.call("suspendToken", at.action(place, { idempotencyKey }))),
    );
    expect(new Set(await Promise.all(others))).toEqual(new Set(["IDEMPOTENCY_KEY_REUSED"]));
  });

  test("of one client means nothing to another", async () => {
    const idempotencyKey = at.key();
    await at.lifecycle.call("suspendToken", at.action(30, { idempotencyKey }));
    const { outcome } = await at.issuer.call("suspendCard", at.card(30, { idempotencyKey }));
    expect(outcome).toMatchObject({ changed: true, repeated: false });
  });

  test("has one effect for rivals that come at once", async () => {
    const request = at.action(32);
    const calls = Array.from({ length: 8 }, () => at.lifecycle.call("suspendToken", request));
    const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome?.repeated === false)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome?.position)).size).toBe(1);
  });

  test("must be given, and every bad field is named at once", async () => {
    const bad = at.action(34, { idempotencyKey: "", tokenRef: "", trid: "1", reasonCode: 77 });
    const error = await refusalOf(at.lifecycle.call("suspendToken", bad));
    const fields = (error as InvalidFields).violations.map(({ field }) => field);
    expect(fields.toSorted()).toEqual([
      "action.idempotency_key",
      "action.reason_code",
      "action.token_ref",
      "action.trid",
    ]);
    const empty = await refusalOf(at.issuer.call("suspendCard", { action: undefined }));
    expect(empty.code).toBe("MISSING_FIELD");
    const typo = await refusalOf(
      at.issuer.call("suspendCard", at.card(0, { pan: Buffer.from("9999990000000000") })),
    );
    expect(typo.message).not.toContain("9999990000000000");
    expect(typo.code).toBe("INVALID_FIELD");
  });
});

describe("provisioning", () => {
  test("makes one token that pays, and gives it again", async () => {
    const pan = luhnPan("999999333");
    const made = await at.lifecycle.call("provisionToken", at.provision(pan));
    expect(made).toMatchObject({ reused: false, repeated: false });
    expect(made.tpan).toMatch(/^608727[0-9]{10}$/);
    expect(made.token).toMatchObject({
      status: TokenStatus.TOKEN_STATUS_ACTIVE,
      cardLast4: pan.slice(-4),
      assurance: "12",
      tpanLast4: made.tpan.slice(-4),
    });
    const twice = await at.lifecycle.call("provisionToken", at.provision(pan));
    expect(twice).toMatchObject({ reused: true, tpan: made.tpan });
    const other = await at.lifecycle.call(
      "provisionToken",
      at.provision(pan, { trid: demoTrid(2) }),
    );
    expect(other.tpan).not.toBe(made.tpan);
    const calls = Array.from({ length: 5 }, () =>
      at.lifecycle.call("provisionToken", at.provision(pan, { trid: demoTrid(3) })),
    );
    expect(new Set((await Promise.all(calls)).map(({ tpan }) => tpan)).size).toBe(1);
  });

  test("is refused by name", async () => {
    const pan = luhnPan("999999444");
    const dsTransId = randomUUID();
    const failed = { transStatus: "N", challenged: true, authenticatedAt: undefined, dsTransId };
    const refused = (changes: object, number = pan) =>
      codeOf(at.lifecycle.call("provisionToken", at.provision(number, changes)));
    expect(await refused({ verification: undefined })).toBe("MISSING_FIELD");
    const now = { seconds: BigInt(Math.floor(Date.now() / 1_000)), nanos: 0 };
    const declined = { ...failed, authenticatedAt: now };
    expect(await refused({ verification: declined })).toBe("CARD_VERIFICATION_FAILED");
    const old = { ...declined, transStatus: "Y", authenticatedAt: { seconds: 1_000n, nanos: 0 } };
    expect(await refused({ verification: old })).toBe("VERIFICATION_STALE");
    const nameless = { ...declined, transStatus: "Y", dsTransId: "" };
    expect(await refused({ verification: nameless })).toBe("MISSING_FIELD");
    expect(await refused({}, luhnPan("400000444"))).toBe("CARD_NOT_ELIGIBLE");
    const past = { card: { pan: Buffer.from(pan), expiry: "2001" } };
    expect(await refused(past)).toBe("CARD_EXPIRED");
  });

  test("uses a cardholder check once, whoever asks and over whichever door", async () => {
    const pan = luhnPan("999999555");
    const { verification, idempotencyKey, ...rest } = at.provision(pan);
    const first = { ...rest, verification, idempotencyKey };
    const made = await at.lifecycle.call("provisionToken", first);
    expect(await at.lifecycle.call("provisionToken", first)).toMatchObject({ repeated: true });
    const again = { verification, trid: demoTrid(2) };
    const refused = at.lifecycle.call("provisionToken", at.provision(pan, again));
    expect(await codeOf(refused)).toBe("VERIFICATION_USED");
    // What was refused did not use it up.
    const fresh = at.provision(luhnPan("400000555"));
    expect(await codeOf(at.lifecycle.call("provisionToken", fresh))).toBe("CARD_NOT_ELIGIBLE");
    const later = at.provision(pan, { verification: fresh.verification });
    expect((await at.lifecycle.call("provisionToken", later)).tpan).toBe(made.tpan);
  });

  test("takes an agreement where the requestor may attest them", async () => {
    const { trid, tokenRef } = at.tokens[16]!;
    const name = { acquirerId, merchantId, agreementId: "GYM-1" };
    const put = () => ({
      idempotencyKey: at.key(),
      trid,
      tokenRef,
      agreement: { ...name, mitTypes: "RU" },
    });
    expect((await at.lifecycle.call("putAgreement", put())).changed).toBe(true);
    expect((await at.lifecycle.call("putAgreement", put())).changed).toBe(false);
    const ended = await at.lifecycle.call("revokeAgreement", {
      idempotencyKey: at.key(),
      trid,
      tokenRef,
      ...name,
    });
    expect(ended.changed).toBe(true);
    const bad = { ...put(), agreement: { ...name, mitTypes: "X" } };
    expect(await codeOf(at.lifecycle.call("putAgreement", bad))).toBe("INVALID_FIELD");
    const other = at.tokens.findIndex((token) => token.trid !== trid);
    const { trid: without, tokenRef: theirs } = at.tokens[other]!;
    const plain = {
      trid: without,
      name: "Plain",
      type: "MERCHANT",
      acquirers: [acquirerId],
    } as const;
    putRequestor(at.vault, plain);
    const denied = { ...put(), trid: without, tokenRef: theirs };
    expect(await codeOf(at.lifecycle.call("putAgreement", denied))).toBe("SCOPE_MISSING");
  });
});
