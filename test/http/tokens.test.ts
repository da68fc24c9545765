// Defends: over the JSON API a card becomes a token that pays, once per proof and idempotency key;
// its life and its data follow the rules; every refusal has its code. Against the whole service.
import { createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { compactDecrypt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquirerId, demoTrid, merchantId } from "../../cmd/demo/world.ts";
import { putBinRange, putIssuer, putRequestor, testIssuer } from "../../vault/mod.ts";
import { luhnPan, tokensByCard } from "../grpc/cards.ts";
import { type HttpWorld, openHttpWorld, proof, provisionBody, Requestor } from "./requestor.ts";

let world: HttpWorld;
let shop: Requestor;
let tokens: ReturnType<typeof tokensByCard>;
const decryption = generateKeyPairSync("ec", { namedCurve: "P-256" });
let pans = 0;
const vault = () => world.service.engine.opened.vault;

/** The registry's row of a requestor, without permissions but for those that are given. */
function register(trid: string, changes: object = {}): void {
  putRequestor(vault(), {
    trid,
    name: "Shop",
    type: "MERCHANT",
    acquirers: [acquirerId],
    ...changes,
  });
}

/** A card that nobody has used before. */
const freshPan = () => luhnPan(`9999995${String(++pans).padStart(5, "0")}`);

beforeAll(async () => {
  const encryption = createPublicKey(decryption.privateKey);
  const flags = { "http.callsPerSecond": "10000" };
  world = await openHttpWorld({ tokens: 40, encryption, flags });
  tokens = tokensByCard(world);
  shop = await new Requestor(world.address, world.client).open();
});
afterAll(() => world.close());

async function provision(pan: string, changes: object = {}, options: object = {}) {
  const body = provisionBody(await shop.card(pan), changes);
  return shop.call("provisionToken", { body, ...options });
}

const codeOf = async (reply: ReturnType<typeof provision>) => (await reply).body.code ?? "OK";
const of = (place: number) => ({
  trid: tokens[place]!.trid,
  params: { tokenRef: tokens[place]!.tokenRef },
});

describe("provisioning", () => {
  test("makes one token, and gives it again", async () => {
    const pan = freshPan();
    const made = await provision(pan);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      decision: "APPROVED",
      status: "ACTIVE",
      reused: false,
      tokenAssuranceMethod: "12",
      card: { last4: pan.slice(-4), expiry: "3112" },
      issuer: { id: testIssuer },
    });
    const again = await provision(pan);
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ reused: true, tpan: made.body.tpan });
    const other = await provision(pan, { trid: demoTrid(2) }, { trid: demoTrid(2) });
    expect(other.body.tpan).not.toBe(made.body.tpan);
    const card = await shop.card(pan);
    const found = await shop.call("searchTokens", { body: { encryptedCard: card } });
    expect(found.body.tokens.map((one: { tokenRef: string }) => one.tokenRef)).toEqual([
      made.body.tokenRef,
    ]);
    const { body } = await shop.call("getToken", { params: { tokenRef: made.body.tokenRef } });
    expect(body).toMatchObject({ status: "ACTIVE", tpanLast4: made.body.tpan.slice(-4) });
  });

  test("opens cards under either kind of key", async () => {
    const card = await shop.card(freshPan(), {}, { alg: "ECDH-ES" });
    expect((await shop.call("provisionToken", { body: provisionBody(card) })).status).toBe(201);
  });

  test("gives rivals for one card one token", async () => {
    const pan = freshPan();
    const replies = await Promise.all(Array.from({ length: 4 }, () => provision(pan)));
    expect(new Set(replies.map(({ body }) => body.tpan)).size).toBe(1);
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test("takes a proof once over all requestors, and gives it back after a refusal", async () => {
    const cardholderVerification = proof();
    const refused = await provision(luhnPan("400000777"), { cardholderVerification });
    expect(refused.body.code).toBe("CARD_NOT_ELIGIBLE");
    const key = randomUUID();
    const pan = freshPan();
    const body = provisionBody(await shop.card(pan), { cardholderVerification });
    expect((await shop.call("provisionToken", { body, key })).status).toBe(201);
    const repeated = await shop.call("provisionToken", { body, key });
    expect(repeated.headers["idempotent-replayed"]).toBe("true");
    const trid = demoTrid(3);
    const twice = provision(freshPan(), { trid, cardholderVerification }, { trid });
    expect(await codeOf(twice)).toBe("VERIFICATION_USED");
  });

  test("is refused by name", async () => {
    const pan = freshPan();
    const verified = (changes: object) => ({ cardholderVerification: proof(changes) });
    const none = { cardholderVerification: undefined };
    expect(await codeOf(provision(pan, none))).toBe("VERIFICATION_REQUIRED");
    const failed = verified({ transStatus: "N" });
    expect(await codeOf(provision(pan, failed))).toBe("CARD_VERIFICATION_FAILED");
    const stale = verified({ authenticatedAt: "2020-01-01T00:00:00Z" });
    expect(await codeOf(provision(pan, stale))).toBe("VERIFICATION_STALE");
    const noTime = verified({ authenticatedAt: "2026-13-41T99:00:00Z" });
    expect(await codeOf(provision(pan, noTime))).toBe("INVALID_FIELD");
    const swapped = provision(pan, { trid: demoTrid(2) });
    expect(await codeOf(swapped)).toBe("TRID_NOT_ALLOWED");
    register(demoTrid(1));
    const agreement = { id: "A", acquirerId, merchantId, mitTypes: ["RECURRING"] };
    expect(await codeOf(provision(pan, { agreement }))).toBe("SCOPE_MISSING");
    const wrong = `${pan.slice(0, 15)}${(Number(pan[15]) + 1) % 10}`;
    expect(await codeOf(provision(wrong))).toBe("PAN_INVALID");
    const expired = await shop.card(pan, { expiryYear: "20" });
    const past = shop.call("provisionToken", { body: provisionBody(expired) });
    expect(await codeOf(past)).toBe("CARD_EXPIRED");
    putIssuer(vault(), { id: "OFF", name: "Off", status: "SUSPENDED" });
    putBinRange(vault(), { prefix: "999997", issuerId: "OFF" });
    expect(await codeOf(provision(luhnPan("999997111")))).toBe("CARD_NOT_ALLOWED");
  });

  test("is slowed down for one card", async () => {
    const pan = freshPan();
    for (let i = 0; i < 5; i++) expect((await provision(pan)).status).toBeLessThan(300);
    const sixth = await provision(pan);
    expect(sixth.body.code).toBe("RATE_LIMITED");
    expect(Number(sixth.headers["retry-after"])).toBeGreaterThan(0);
  });
});

describe("an idempotency key", () => {
  test("gives the same answer again and has one effect", async () => {
    const options = { ...of(0), body: { reasonCode: "LOST" }, key: randomUUID() };
    const first = await shop.call("suspendToken", options);
    expect(first.headers["idempotent-replayed"]).toBeUndefined();
    const again = await shop.call("suspendToken", options);
    expect(again.body).toEqual(first.body);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    const other = await shop.codeOf("suspendToken", { ...options, body: {} });
    expect(other).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("knows a provisioning by what it says, however it is written and encrypted", async () => {
    const pan = freshPan();
    const key = randomUUID();
    const said = { cardholderVerification: proof(), consent, agreement: undefined };
    const first = await provision(pan, said, { key });
    const turned = Object.fromEntries(
      Object.entries(provisionBody(await shop.card(pan), said)).reverse(),
    );
    const again = await shop.call("provisionToken", { raw: JSON.stringify(turned, null, 2), key });
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.body).toEqual(first.body);
    const others = [
      { consumerRef: "c-2" },
      { requestRef: "R-2" },
      { panSource: "CARD_ON_FILE" },
      { consent: { ...consent, termsVersion: "4" } },
      { risk: { accountAgeDays: 1 } },
      { cardholderVerification: { ...said.cardholderVerification, eci: "06" } },
      { cardholderVerification: proof() },
    ];
    for (const other of others) {
      const code = await codeOf(provision(pan, { ...said, ...other }, { key }));
      expect([other, code]).toEqual([other, "IDEMPOTENCY_KEY_REUSED"]);
    }
    // The number and the expiry inside, and not how they came.
    const used = { cardholderVerification: proof(), consent };
    expect(await codeOf(provision(freshPan(), used, { key }))).toBe("IDEMPOTENCY_KEY_REUSED");
    const later = await shop.card(pan, { expiryYear: "2032" });
    const body = provisionBody(later, { ...said, cardholderVerification: proof() });
    expect(await shop.codeOf("provisionToken", { body, key })).toBe("IDEMPOTENCY_KEY_REUSED");
    // What was refused for its key did not use its proof up.
    expect(await codeOf(provision(freshPan(), used))).toBe("OK");
  });

  test("that is repeated does not count against the card", async () => {
    const pan = freshPan();
    const options = { key: randomUUID() };
    const said = { cardholderVerification: proof(), consent };
    for (let times = 0; times < 8; times++) {
      expect(await codeOf(provision(pan, said, options))).toBe("OK");
    }
    for (let times = 0; times < 4; times++) expect(await codeOf(provision(pan))).toBe("OK");
    expect(await codeOf(provision(pan))).toBe("RATE_LIMITED");
  });

  const consent = { given: true, at: "2026-01-01T00:00:05Z", termsVersion: "3" };

  test("that is at work is told so", async () => {
    const key = randomUUID();
    const options = { ...of(2), body: {}, key };
    const replies = await Promise.all([
      shop.call("suspendToken", options),
      shop.call("suspendToken", options),
      shop.call("suspendToken", { ...options, body: { reasonCode: "LOST" } }),
    ]);
    const done = replies.filter(({ status, headers }) => {
      return status === 200 && headers["idempotent-replayed"] === undefined;
    });
    expect(done).toHaveLength(1);
    for (const { status, body, headers } of replies) {
      if (body.code === "REQUEST_IN_PROGRESS") expect(headers["retry-after"]).toBe("1");
      else if (status !== 200) expect(body.code).toBe("IDEMPOTENCY_KEY_REUSED");
    }
  });

  test("must be given", async () => {
    const headers = { "idempotency-key": undefined };
    expect(await shop.codeOf("suspendToken", { ...of(4), headers })).toBe("MISSING_FIELD");
    const long = { "idempotency-key": "k".repeat(65) };
    expect(await shop.codeOf("suspendToken", { ...of(4), headers: long })).toBe("INVALID_FIELD");
  });
});

describe("the life of a token", () => {
  test("goes through its states", async () => {
    const suspended = await shop.call("suspendToken", { ...of(6), body: {} });
    expect(suspended.body).toMatchObject({ changed: true, status: "SUSPENDED" });
    expect(suspended.body.suspendedBy).toEqual(["TOKEN_REQUESTOR"]);
    const { version } = suspended.body;
    const stale = { ...of(6), body: { expectedVersion: version + 1 } };
    expect(await shop.codeOf("resumeToken", stale)).toBe("VERSION_CONFLICT");
    const resumed = await shop.call("resumeToken", {
      ...of(6),
      body: { expectedVersion: version },
    });
    expect(resumed.body).toMatchObject({ changed: true, status: "ACTIVE" });
    expect((await shop.call("activateToken", of(6))).body.changed).toBe(false);
    expect((await shop.call("deleteToken", of(6))).body.status).toBe("DELETED");
    expect((await shop.call("deleteToken", of(6))).body.changed).toBe(false);
    const gone = await shop.call("suspendToken", of(6));
    expect([gone.status, gone.body.code]).toEqual([410, "TOKEN_DELETED"]);
    expect((await shop.call("getToken", of(6))).body.status).toBe("DELETED");
  });

  test("of another requestor looks like none, and so do wrong references", async () => {
    const { trid, tokenRef } = tokens[8]!;
    const other = demoTrid(trid === demoTrid(1) ? 2 : 1);
    const nobody = `tok_${randomUUID()}`;
    const answers = [];
    for (const ref of [tokenRef, nobody, "nonsense", luhnPan("999999123")]) {
      const { status, body } = await shop.call("getToken", {
        trid: other,
        params: { tokenRef: ref },
      });
      answers.push(JSON.stringify({ status, ...body, requestId: "" }));
      const acted = await shop.codeOf("suspendToken", { trid: other, params: { tokenRef: ref } });
      expect(acted).toBe("TOKEN_NOT_FOUND");
      const list = await shop.codeOf("listAgreements", { trid: other, params: { tokenRef: ref } });
      expect(list).toBe("TOKEN_NOT_FOUND");
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("TOKEN_NOT_FOUND");
  });
});

describe("token data", () => {
  const body = { transactionType: "CIT", amount: { value: 12_345, currency: "MYR" }, merchantId };

  test("comes encrypted to the client's key, a new one each time", async () => {
    const open = async () => {
      const { status, body: answer } = await shop.call("getTokenData", { ...of(10), body });
      expect(status).toBe(201);
      expect(Object.keys(answer)).toEqual(["encryptedTokenData"]);
      const jwe = await compactDecrypt(answer.encryptedTokenData, decryption.privateKey);
      return JSON.parse(Buffer.from(jwe.plaintext).toString());
    };
    const first = await open();
    expect(first).toMatchObject({ trid: tokens[10]!.trid });
    expect(first.ptav).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    expect((await open()).ptav).not.toBe(first.ptav);
  });

  test("is refused by name", async () => {
    const refused = (place: number, changes: object) =>
      shop.codeOf("getTokenData", { ...of(place), body: { ...body, ...changes } });
    expect(await refused(12, { transactionType: "MIT" })).toBe("PTAV_NOT_APPLICABLE");
    register(tokens[12]!.trid);
    expect(await refused(12, { bind: { amount: false } })).toBe("SCOPE_MISSING");
    const usd = { amount: { value: 1, currency: "USD" } };
    expect(await refused(12, usd)).toBe("INVALID_FIELD");
    await shop.call("suspendToken", of(12));
    expect(await refused(12, {})).toBe("TOKEN_SUSPENDED");
    await shop.call("deleteToken", of(12));
    expect(await refused(12, {})).toBe("TOKEN_DELETED");
    const params = { tokenRef: `tok_${randomUUID()}` };
    expect(await shop.codeOf("getTokenData", { params, body })).toBe("TOKEN_NOT_FOUND");
  });
});

test("agreements are attested, listed and cancelled", async () => {
  const { trid, tokenRef } = tokens[14]!;
  register(trid);
  const agreement = { id: "GYM 1", acquirerId, merchantId, mitTypes: ["RECURRING", "UNSCHEDULED"] };
  expect(await shop.codeOf("putAgreement", { ...of(14), body: agreement })).toBe("SCOPE_MISSING");
  register(trid, { allowAttestedAgreements: true });
  const put = await shop.call("putAgreement", { ...of(14), body: agreement });
  expect(put.body).toEqual({ changed: true });
  const listed = await shop.call("listAgreements", of(14));
  expect(listed.body.agreements).toMatchObject([{ ...agreement, source: "PROVISION" }]);
  const params = { tokenRef, agreementId: encodeURIComponent("GYM 1") };
  const body = { acquirerId, merchantId };
  const ended = await shop.call("cancelAgreement", { trid, params, body });
  expect(ended.body).toEqual({ changed: true });
  const after = await shop.call("listAgreements", of(14));
  expect(after.body.agreements[0].revokedAt).toBeDefined();
});

test("a suspended requestor may nothing", async () => {
  const { trid } = tokens[16]!;
  register(trid, { status: "SUSPENDED" });
  expect(await shop.codeOf("getToken", of(16))).toBe("REQUESTOR_SUSPENDED");
  register(trid);
});
