// The command path through its doors, over real sockets against the whole service: what was
// acknowledged is seen by the next payment, one key has one effect, and nobody reaches another's
// cards or tokens.
import { randomInt } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type InvalidFields,
  IssuerClient,
  LifecycleClient,
  RequestorClient,
  SwitchClient,
} from "../../api/grpc/mod.ts";
import { acquirerId, demoTrid, merchantId, openWorld, type World } from "../../cmd/demo/world.ts";
import type { SimToken } from "../../cmd/sim/tokens.ts";
import { type AppError, isAppError } from "../../platform/mod.ts";
import {
  Binding,
  CardStatus,
  issuer as issuerProto,
  ReasonCode,
  SuspensionCause,
  TokenStatus,
  TransactionType,
  type VerifyRequest,
} from "../../proto/mod.ts";
import { putBinRange, putIssuer, putRequestor } from "../../vault/mod.ts";
import { luhnPan, panBytes, tokensByCard, viewNow } from "./cards.ts";
import { paymentRequest } from "./doors.ts";

let world: World;
let tokens: readonly SimToken[];
let payer: SwitchClient;
let requestor: RequestorClient;
let lifecycle: LifecycleClient;
let issuer: IssuerClient;
let stan = randomInt(1, 500_000);
let keys = 0;

beforeAll(async () => {
  world = await openWorld({ tokens: 64 });
  tokens = tokensByCard(world);
  const { addresses } = world.service;
  const security = { kind: "insecure" } as const;
  const target = { security, timeoutMs: 10_000 };
  payer = new SwitchClient({ address: addresses.switch, ...target });
  requestor = new RequestorClient({ address: addresses.requestor, ...target });
  lifecycle = new LifecycleClient({ address: addresses.requestor, ...target });
  issuer = new IssuerClient({ address: addresses.issuer as string, ...target });
});

afterAll(async () => {
  for (const client of [payer, requestor, lifecycle, issuer]) client.close();
  await world.close();
});

const key = () => `key-${++keys}`;

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

const vault = () => world.service.engine.opened.vault;
const view = (place: number) => viewNow(vault(), tokens[place]!.tokenRef);
const panOf = (place: number) => panBytes(vault(), tokens[place]!.tokenRef);

function card(place: number, changes = {}) {
  const action = {
    idempotencyKey: key(),
    pan: panOf(place),
    reasonCode: ReasonCode.REASON_CODE_LOST,
    causedAt: undefined,
    ...changes,
  };
  return { action };
}

function action(place: number, changes = {}) {
  const { trid, tokenRef } = tokens[place]!;
  const given = {
    idempotencyKey: key(),
    trid,
    tokenRef,
    reasonCode: ReasonCode.REASON_CODE_CUSTOMER_REQUEST,
    expectedVersion: undefined,
    ...changes,
  };
  return { action: given };
}

async function paid(place: number): Promise<VerifyRequest> {
  const token = tokens[place]!;
  const { ptav, tpan, tpanExpiry, trid } = await requestor.getTokenData({
    trid: token.trid,
    tokenRef: token.tokenRef,
    transactionType: TransactionType.TRANSACTION_TYPE_CIT,
    amount: 12_345n,
    currency: "458",
    merchantId,
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: Binding.BINDING_BOUND,
    merchantBinding: Binding.BINDING_BOUND,
  });
  const digits = new Date().toISOString().replace(/\D/g, "");
  const text = String(++stan).padStart(6, "0");
  return paymentRequest({
    transmissionDateTime: digits.slice(4, 14),
    localDate: digits.slice(4, 8),
    localTime: digits.slice(8, 14),
    stan: text,
    rrn: `600100${text}`,
    acquirerId,
    merchantId,
    trid,
    tpan,
    tokenExpiry: tpanExpiry,
    ptav,
  });
}

const again = (request: VerifyRequest) => {
  const text = String(++stan).padStart(6, "0");
  return { ...request, stan: text, rrn: `600100${text}` };
};

describe("an issuer's card", () => {
  test("declines with the first payment after an acknowledged suspension, and pays after a resume", async () => {
    const before = await paid(0);
    const { outcome } = await issuer.call("suspendCard", card(0));
    expect(outcome).toMatchObject({
      changed: true,
      stale: false,
      status: CardStatus.CARD_STATUS_SUSPENDED,
      tokensAffected: 2,
      eventsQueued: 2,
      repeated: false,
    });
    const declined = await payer.verify(before);
    expect(declined).toMatchObject({ reason: "TOKEN_SUSPENDED", responseCode: "41" });
    expect(declined.pan).toHaveLength(0);
    const resumed = await issuer.call("resumeCard", card(0));
    expect(resumed.outcome?.status).toBe(CardStatus.CARD_STATUS_ACTIVE);
    // What was fetched before the suspension stays void.
    expect((await payer.verify(again(before))).reason).toBe("PTAV_EXPIRED");
    expect((await payer.verify(await paid(0))).reason).toBe("VERIFIED");
  });

  test("is closed for good", async () => {
    const request = await paid(2);
    const { outcome } = await issuer.call("deleteCard", card(2));
    expect(outcome).toMatchObject({ changed: true, status: CardStatus.CARD_STATUS_DELETED });
    expect((await payer.verify(request)).reason).toBe("TOKEN_DELETED");
    expect(await codeOf(issuer.call("resumeCard", card(2)))).toBe("CARD_NOT_ALLOWED");
  });

  test("takes a later expiry and a new number; a PTAV of before pays with the new card", async () => {
    const outstanding = await paid(4);
    const renewed = await issuer.call("updateCardExpiry", { ...card(4), newExpiry: "3305" });
    expect(renewed.outcome?.changed).toBe(true);
    expect(view(4).cardExpiry).toBe("3305");
    const newPan = luhnPan("999999777");
    const update = {
      idempotencyKey: key(),
      pan: panOf(4),
      newCard: { pan: Buffer.from(newPan), expiry: "3406" },
      reasonCode: ReasonCode.REASON_CODE_REPLACEMENT,
    };
    const moved = await issuer.call("updateCardPan", { ...update, pan: Buffer.from(update.pan) });
    expect(moved).toMatchObject({ changed: true, tokensAffected: 2, repeated: false });
    const answer = await payer.verify(outstanding);
    expect(answer).toMatchObject({ reason: "VERIFIED", panExpiry: "3406" });
    expect(answer.pan.toString()).toBe(newPan);
    const found = await issuer.call("searchTokens", { pan: Buffer.from(newPan) });
    expect(found.tokens.map(({ cardLast4 }) => cardLast4)).toEqual([
      newPan.slice(-4),
      newPan.slice(-4),
    ]);
    const repeated = await issuer.call("updateCardPan", {
      ...update,
      newCard: { pan: Buffer.from(newPan), expiry: "3406" },
    });
    expect(repeated).toMatchObject({ changed: true, tokensAffected: 2, repeated: true });
  });

  test("that is not known yet is remembered, and gets no token", async () => {
    const pan = luhnPan("999999888");
    const suspended = await issuer.call("suspendCard", card(0, { pan: Buffer.from(pan) }));
    expect(suspended.outcome).toMatchObject({ changed: true, tokensAffected: 0 });
    expect(await codeOf(lifecycle.call("provisionToken", provision(pan)))).toBe("CARD_NOT_ALLOWED");
    const unknown = { pan: Buffer.from(luhnPan("999999887")) };
    expect(await codeOf(issuer.call("resumeCard", card(0, unknown)))).toBe("CARD_NOT_FOUND");
  });

  test("keeps a late resume from lifting a later suspension", async () => {
    const at = (seconds: bigint) => ({ causedAt: { seconds, nanos: 0 } });
    await issuer.call("suspendCard", card(6, at(1_900_000_100n)));
    const late = await issuer.call("resumeCard", card(6, at(1_900_000_000n)));
    expect(late.outcome).toMatchObject({ changed: false, stale: true });
    expect(view(6).status).toBe("SUSPENDED");
  });

  test("of another issuer is not owned, known or not", async () => {
    putIssuer(vault(), { id: "OTHER", name: "Other Bank" });
    putBinRange(vault(), { prefix: "999998", issuerId: "OTHER" });
    const foreign = { pan: Buffer.from(luhnPan("999998111")) };
    expect(await codeOf(issuer.call("suspendCard", card(0, foreign)))).toBe("PAN_NOT_OWNED");
    const nobodys = { pan: Buffer.from(luhnPan("400000111")) };
    expect(await codeOf(issuer.call("suspendCard", card(0, nobodys)))).toBe("PAN_NOT_OWNED");
    const search = issuer.call("searchTokens", { pan: Buffer.from(luhnPan("999998111")) });
    expect(await codeOf(search)).toBe("PAN_NOT_OWNED");
  });

  test("shows its tokens and what was paid with them", async () => {
    const request = await paid(8);
    await payer.verify(request);
    world.service.engine.opened.history.foldAll();
    const { tokens: found, cardStatus } = await issuer.call("searchTokens", { pan: panOf(8) });
    expect(cardStatus).toBe(CardStatus.CARD_STATUS_ACTIVE);
    expect(found).toHaveLength(2);
    const { events } = await issuer.call("listCardHistory", { pan: panOf(8), limit: 0 });
    const verified = events.find(({ kind }) => kind === "verification");
    expect(verified).toMatchObject({ reasonCode: "0000", rrn: request.rrn });
    const { tokenRef } = tokens[8]!;
    const one = await issuer.call("listTokenHistory", { tokenRef, limit: 1, before: "" });
    expect(one.events).toHaveLength(1);
    const before = one.events[0]!.position;
    const rest = await issuer.call("listTokenHistory", { tokenRef, limit: 0, before });
    expect(rest.events.map(({ position }) => position)).not.toContain(before);
    expect(rest.events).not.toHaveLength(0);
  });
});

describe("a single token", () => {
  test("is suspended and resumed by each for himself", async () => {
    const { tokenRef } = tokens[10]!;
    const own = (changes = {}) => ({
      action: {
        idempotencyKey: key(),
        tokenRef,
        reasonCode: ReasonCode.REASON_CODE_SUSPECTED_FRAUD,
        onBehalfOfCardholder: false,
        expectedVersion: undefined,
        ...changes,
      },
    });
    await lifecycle.call("suspendToken", action(10));
    const both = await issuer.call("suspendToken", own());
    expect(both.outcome?.suspendedBy).toEqual([
      SuspensionCause.SUSPENSION_CAUSE_ISSUER_TOKEN,
      SuspensionCause.SUSPENSION_CAUSE_TOKEN_REQUESTOR,
    ]);
    const mine = await lifecycle.call("resumeToken", action(10));
    expect(mine.outcome).toMatchObject({
      changed: true,
      status: TokenStatus.TOKEN_STATUS_SUSPENDED,
    });
    await issuer.call("suspendToken", own({ onBehalfOfCardholder: true }));
    await issuer.call("resumeToken", own());
    const last = await issuer.call("resumeToken", own({ onBehalfOfCardholder: true }));
    expect(last.outcome?.status).toBe(TokenStatus.TOKEN_STATUS_ACTIVE);
    expect((await issuer.call("activateToken", own())).outcome?.changed).toBe(false);
    await issuer.call("deleteToken", own());
    expect(await codeOf(lifecycle.call("suspendToken", action(10)))).toBe("TOKEN_DELETED");
  });

  test("of another requestor is not found, and another's TRID is not allowed", async () => {
    const { trid } = tokens[12]!;
    const other = demoTrid(trid === demoTrid(1) ? 2 : 1);
    const foreign = lifecycle.call("suspendToken", action(12, { trid: other }));
    expect(await codeOf(foreign)).toBe("TOKEN_NOT_FOUND");
    const { tokenRef } = tokens[12]!;
    const looked = lifecycle.call("getToken", { trid: other, tokenRef, minPosition: "" });
    expect(await codeOf(looked)).toBe("TOKEN_NOT_FOUND");
    const stranger = lifecycle.call("suspendToken", action(12, { trid: "99900009999" }));
    expect(await codeOf(stranger)).toBe("TRID_NOT_ALLOWED");
  });

  test("is guarded by its version", async () => {
    const { version } = view(14);
    const stale = lifecycle.call("suspendToken", action(14, { expectedVersion: version + 1 }));
    expect(await codeOf(stale)).toBe("VERSION_CONFLICT");
    const { outcome } = await lifecycle.call(
      "suspendToken",
      action(14, { expectedVersion: version }),
    );
    expect(outcome).toMatchObject({ changed: true, version: version + 1 });
    const { trid, tokenRef } = tokens[14]!;
    const minPosition = outcome?.position as string;
    const { token } = await lifecycle.call("getToken", { trid, tokenRef, minPosition });
    expect(token).toMatchObject({ status: TokenStatus.TOKEN_STATUS_SUSPENDED, trid });
  });

  test("of a suspended requestor stays as it is", async () => {
    const { trid } = tokens[16]!;
    const row = vault().registry().findRequestor(trid)!;
    const input = { trid, name: row.name, type: row.type, acquirers: [acquirerId] };
    putRequestor(vault(), { ...input, status: "SUSPENDED" });
    expect(await codeOf(lifecycle.call("suspendToken", action(16)))).toBe("REQUESTOR_SUSPENDED");
    putRequestor(vault(), { ...input, status: "ACTIVE", allowAttestedAgreements: true });
    const { outcome } = await lifecycle.call("suspendToken", action(16));
    expect(outcome?.changed).toBe(true);
  });
});

describe("an idempotency key", () => {
  test("gives the same answer again and has one effect", async () => {
    const request = action(18);
    const first = await lifecycle.call("suspendToken", request);
    const repeated = await lifecycle.call("suspendToken", request);
    expect(repeated.outcome).toEqual({ ...first.outcome, repeated: true });
    const other = { action: { ...request.action, reasonCode: ReasonCode.REASON_CODE_OTHER } };
    const reused = await refusalOf(lifecycle.call("suspendToken", other));
    expect(reused.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(reused.row.grpc).toBe(status.ALREADY_EXISTS);
    // Also where the other content belongs to another shard.
    const { idempotencyKey } = request.action;
    const others = [20, 22, 24, 26, 28].map((place) =>
      codeOf(lifecycle.call("suspendToken", action(place, { idempotencyKey }))),
    );
    expect(new Set(await Promise.all(others))).toEqual(new Set(["IDEMPOTENCY_KEY_REUSED"]));
  });

  test("of one client means nothing to another", async () => {
    const idempotencyKey = key();
    await lifecycle.call("suspendToken", action(30, { idempotencyKey }));
    const { outcome } = await issuer.call("suspendCard", card(30, { idempotencyKey }));
    expect(outcome).toMatchObject({ changed: true, repeated: false });
  });

  test("has one effect for rivals that come at once", async () => {
    const request = action(32);
    const calls = Array.from({ length: 8 }, () => lifecycle.call("suspendToken", request));
    const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome?.repeated === false)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome?.position)).size).toBe(1);
  });

  test("must be given, and every bad field is named at once", async () => {
    const bad = action(34, { idempotencyKey: "", tokenRef: "", trid: "1", reasonCode: 77 });
    const error = await refusalOf(lifecycle.call("suspendToken", bad));
    const fields = (error as InvalidFields).violations.map(({ field }) => field);
    expect(fields.toSorted()).toEqual([
      "action.idempotency_key",
      "action.reason_code",
      "action.token_ref",
      "action.trid",
    ]);
    const empty = await refusalOf(issuer.call("suspendCard", { action: undefined }));
    expect(empty.code).toBe("MISSING_FIELD");
    const typo = await refusalOf(
      issuer.call("suspendCard", card(0, { pan: Buffer.from("9999990000000000") })),
    );
    expect(typo.message).not.toContain("9999990000000000");
    expect(typo.code).toBe("INVALID_FIELD");
  });
});

function provision(pan: string, changes = {}) {
  return {
    idempotencyKey: key(),
    trid: demoTrid(1),
    card: { pan: Buffer.from(pan), expiry: "3012" },
    verification: {
      transStatus: "Y",
      challenged: true,
      authenticatedAt: { seconds: BigInt(Math.floor(Date.now() / 1_000)), nanos: 0 },
    },
    agreement: undefined,
    notify: false,
    ...changes,
  };
}

describe("provisioning", () => {
  test("makes one token that pays, and gives it again", async () => {
    const pan = luhnPan("999999333");
    const made = await lifecycle.call("provisionToken", provision(pan));
    expect(made).toMatchObject({ reused: false, repeated: false });
    expect(made.tpan).toMatch(/^608727[0-9]{10}$/);
    expect(made.token).toMatchObject({
      status: TokenStatus.TOKEN_STATUS_ACTIVE,
      cardLast4: pan.slice(-4),
      assurance: "12",
      tpanLast4: made.tpan.slice(-4),
    });
    const twice = await lifecycle.call("provisionToken", provision(pan));
    expect(twice).toMatchObject({ reused: true, tpan: made.tpan });
    const other = await lifecycle.call("provisionToken", provision(pan, { trid: demoTrid(2) }));
    expect(other.tpan).not.toBe(made.tpan);
    const calls = Array.from({ length: 5 }, () =>
      lifecycle.call("provisionToken", provision(pan, { trid: demoTrid(3) })),
    );
    expect(new Set((await Promise.all(calls)).map(({ tpan }) => tpan)).size).toBe(1);
  });

  test("is refused by name", async () => {
    const pan = luhnPan("999999444");
    const failed = { transStatus: "N", challenged: true, authenticatedAt: undefined };
    const refused = (changes: object, number = pan) =>
      codeOf(lifecycle.call("provisionToken", provision(number, changes)));
    expect(await refused({ verification: undefined })).toBe("MISSING_FIELD");
    const now = { seconds: BigInt(Math.floor(Date.now() / 1_000)), nanos: 0 };
    const declined = { ...failed, authenticatedAt: now };
    expect(await refused({ verification: declined })).toBe("CARD_VERIFICATION_FAILED");
    const old = { ...declined, transStatus: "Y", authenticatedAt: { seconds: 1_000n, nanos: 0 } };
    expect(await refused({ verification: old })).toBe("VERIFICATION_STALE");
    expect(await refused({}, luhnPan("400000444"))).toBe("CARD_NOT_ELIGIBLE");
    const past = { card: { pan: Buffer.from(pan), expiry: "2001" } };
    expect(await refused(past)).toBe("CARD_EXPIRED");
  });

  test("takes an agreement where the requestor may attest them", async () => {
    const { trid, tokenRef } = tokens[16]!;
    const name = { acquirerId, merchantId, agreementId: "GYM-1" };
    const put = () => ({
      idempotencyKey: key(),
      trid,
      tokenRef,
      agreement: { ...name, mitTypes: "RU" },
    });
    expect((await lifecycle.call("putAgreement", put())).changed).toBe(true);
    expect((await lifecycle.call("putAgreement", put())).changed).toBe(false);
    const ended = await lifecycle.call("revokeAgreement", {
      idempotencyKey: key(),
      trid,
      tokenRef,
      ...name,
    });
    expect(ended.changed).toBe(true);
    const bad = { ...put(), agreement: { ...name, mitTypes: "X" } };
    expect(await codeOf(lifecycle.call("putAgreement", bad))).toBe("INVALID_FIELD");
    const other = tokens.findIndex((token) => token.trid !== trid);
    const { trid: without, tokenRef: theirs } = tokens[other]!;
    const plain = {
      trid: without,
      name: "Plain",
      type: "MERCHANT",
      acquirers: [acquirerId],
    } as const;
    putRequestor(vault(), plain);
    const denied = { ...put(), trid: without, tokenRef: theirs };
    expect(await codeOf(lifecycle.call("putAgreement", denied))).toBe("SCOPE_MISSING");
  });
});

test("the services are separate: no method of one is served at the other's port", async () => {
  const { addresses } = world.service;
  const security = { kind: "insecure" } as const;
  const wrong = new IssuerClient({ address: addresses.requestor, security, timeoutMs: 5_000 });
  const error = await refusalOf(wrong.call("suspendCard", card(0)));
  wrong.close();
  expect(error.code).toBe("UNIMPLEMENTED");
  expect(Object.keys(issuerProto.IssuerServiceService)).toHaveLength(12);
});
