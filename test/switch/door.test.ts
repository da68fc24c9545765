// Defends: a payment over JSON gets the same decision as over gRPC, its card only as JWE to the
// switch's key; a directory server's question gives the card to the issuer's server alone; every
// card that leaves by this door stands in the audit chain as having left by it.
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { compactDecrypt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RequestorClient, SwitchClient } from "../../api/grpc/mod.ts";
import { acquirerId, merchantId, openWorld, switchName, type World } from "../../cmd/demo/world.ts";
import { peerTag } from "../../hotpath/mod.ts";
import { Binding, TransactionType } from "../../proto/mod.ts";
import { type History, openBlock, type Release, refText } from "../../vault/mod.ts";
import { until } from "../grpc/doors.ts";
import { send } from "../http/requestor.ts";

let world: World;
let files: string;
let payerKey: KeyObject;
let acsKey: KeyObject;
let requestor: RequestorClient;
let stan = 100_000;

function makeKey(name: string): KeyObject {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: name, use: "enc", alg: "ECDH-ES" };
  writeFileSync(join(files, name), JSON.stringify({ keys: [jwk] }));
  return privateKey;
}

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), "pantun-switch-"));
  payerKey = makeKey("payer");
  acsKey = makeKey("acs");
  world = await openWorld({
    tokens: 8,
    flags: { "switchHttp.enabled": "true", "switchHttp.port": "0" },
    switch: { http: { keysFile: join(files, "payer") } },
    issuer: { acs: { routingKey: "acs-7", keysFile: join(files, "acs") } },
  });
  const address = world.service.addresses.requestor;
  requestor = new RequestorClient({ address, security: { kind: "insecure" }, timeoutMs: 10_000 });
});
afterAll(async () => {
  requestor.close();
  await world.close();
  rmSync(files, { recursive: true });
});

function post(path: string, body: unknown, type = "application/json") {
  return send(world.service.addresses.switchHttp as string, {
    method: "POST",
    path: `/switch/v1/${path}`,
    headers: { "content-type": type },
    body: JSON.stringify(body),
  });
}

async function payment() {
  const { trid, tokenRef } = world.tokens[0]!;
  const data = await requestor.getTokenData({
    trid,
    tokenRef,
    transactionType: TransactionType.TRANSACTION_TYPE_CIT,
    amount: 12_345n,
    currency: "458",
    merchantId,
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: Binding.BINDING_BOUND,
    merchantBinding: Binding.BINDING_BOUND,
  });
  const digits = new Date().toISOString().replace(/\D/g, "");
  stan++;
  return {
    mti: "0100",
    processingCode: "000000",
    amount: 12_345,
    transmissionDateTime: digits.slice(4, 14),
    stan: String(stan),
    localTime: digits.slice(8, 14),
    localDate: digits.slice(4, 8),
    mcc: "5812",
    posEntryMode: "810",
    posCondition: "59",
    acquirerId,
    rrn: `600100${stan}`,
    merchantId,
    currency: "458",
    trid,
    tpan: data.tpan,
    tokenExpiry: data.tpanExpiry,
    ptav: data.ptav,
    initiation: "C",
    storedCredential: "N",
    otherTags: [{ tag: 60, value: "kept" }],
  };
}

async function opened(jwe: string, key: KeyObject): Promise<{ pan: string }> {
  const { plaintext } = await compactDecrypt(jwe, key);
  return JSON.parse(Buffer.from(plaintext).toString());
}

test("a payment is approved once, its card for the switch, with data for the issuer", async () => {
  const request = await payment();
  const { status, body } = await post("verify", request);
  expect(status).toBe(200);
  expect(body).toMatchObject({ decision: "APPROVED", reasonCode: "0000", responseCode: "00" });
  expect((await opened(body.pan, payerKey)).pan).toMatch(/^999999[0-9]{10}$/);
  expect(body.issuerData).toContain(`01016${request.tpan}`);
  expect(body.issuerData).toContain("60004kept");
  expect(body.issuerData).not.toContain(request.ptav);
  expect(body.issuerData).not.toContain("130040000");
  const again = (await post("verify", request)).body;
  expect(again).toMatchObject({ decision: "APPROVED", repetition: true });
  expect(again.verificationId).toBe(body.verificationId);
  stan++;
  const replay = await post("verify", { ...request, stan: String(stan) });
  expect(replay.status).toBe(200);
  expect(replay.body).toMatchObject({ decision: "DECLINED", reasonCode: "2006" });
  expect(replay.body.pan).toBeUndefined();
  const altered = await post("verify", { ...(await payment()), amount: 12_346 });
  expect(altered.body).toMatchObject({ reasonCode: "2004", ptavResult: "F" });
});

test("what is wrong with a request is named in the door's own names", async () => {
  const { stan: _, ...request } = await payment();
  expect((await post("verify", request)).body).toMatchObject({
    code: "MISSING_FIELD",
    errors: [{ field: "stan" }],
  });
  const bad = await post("verify", { ...request, stan: "1", posEntryMode: "8" });
  expect(bad.body.errors.map(({ field }: { field: string }) => field)).toEqual([
    "stan",
    "posEntryMode",
  ]);
  expect((await post("verify", request, "text/plain")).body.code).toBe("UNSUPPORTED_MEDIA_TYPE");
  expect((await post("nothing", {})).status).toBe(404);
});

test("a directory server learns the issuer; the card goes to that issuer's server", async () => {
  const { tpan, tokenExpiry, trid } = await payment();
  const question = { tpan, tokenExpiry, trid, acquirerId, merchantId };
  const { body } = await post("resolve", question);
  expect(body).toMatchObject({
    decision: "APPROVED",
    issuerId: "TESTBANK",
    acsRoutingKey: "acs-7",
  });
  expect((await opened(body.pan, acsKey)).pan).toMatch(/^999999[0-9]{10}$/);
  await expect(opened(body.pan, payerKey)).rejects.toThrow();
  const foreign = await post("resolve", { ...question, trid: "99900000099" });
  expect(foreign.body).toMatchObject({ decision: "DECLINED", reasonCode: "1003" });
  expect(foreign.body.pan).toBeUndefined();
});

test("reversals and refunds get the card of their own original, and no other", async () => {
  const request = await payment();
  const paid = (await post("verify", { ...request, mti: "0200" })).body;
  const { ptav: _, ...rest } = request;
  const { stan: first, transmissionDateTime } = request;
  const original = { mti: "0200", stan: first, transmissionDateTime, acquirerId };
  const follow = (changes: object) => {
    stan++;
    const numbers = { stan: String(stan), rrn: `600100${stan}` };
    return post("verify", { ...rest, ...numbers, original, ...changes });
  };
  const refund = { mti: "0200", processingCode: "200000" };
  const part = (await follow({ ...refund, amount: 345 })).body;
  expect(part).toMatchObject({ decision: "APPROVED", ptavResult: "N" });
  expect(await opened(part.pan, payerKey)).toEqual(await opened(paid.pan, payerKey));
  const over = (await follow({ ...refund, amount: 12_001 })).body;
  expect(over).toMatchObject({ reasonCode: "3004", responseCode: "25" });
  const foreign = await follow({ mti: "0400", merchantId: "ANOTHER" });
  expect(foreign.body).toMatchObject({ reasonCode: "3004", responseCode: "25" });
  expect([over.pan, foreign.body.pan]).toEqual([undefined, undefined]);
  const reversed = (await follow({ mti: "0420" })).body;
  expect(await opened(reversed.pan, payerKey)).toEqual(await opened(paid.pan, payerKey));
});

test("a merchant charges under the agreement that a payment has begun", async () => {
  const agreement = { mitType: "R", agreementId: "GYM-9" };
  const charge = async () => {
    const { ptav: _, ...rest } = await payment();
    const merchant = { initiation: "M", storedCredential: "S", posEntryMode: "100" };
    return (await post("verify", { ...rest, ...agreement, ...merchant })).body;
  };
  expect(await charge()).toMatchObject({ reasonCode: "3002", responseCode: "57" });
  const begun = await post("verify", { ...(await payment()), ...agreement, storedCredential: "F" });
  expect(begun.body).toMatchObject({ decision: "APPROVED" });
  let last = await charge();
  for (let turn = 0; turn < 50 && last.decision !== "APPROVED"; turn++) {
    await pause(100);
    last = await charge();
  }
  expect(last).toMatchObject({ decision: "APPROVED", ptavResult: "N" });
});

test("what left by this door is in the audit chain as such", async () => {
  const request = await payment();
  const { verificationId } = (await post("verify", request)).body;
  const { tpan, tokenExpiry, trid } = request;
  await post("resolve", { tpan, tokenExpiry, trid, acquirerId, merchantId });
  const chain = () => releasesOf(world.service.engine.opened.history);
  const resolved = () => chain().filter(({ reason }) => reason === "resolve");
  const paid = () => chain().find((one) => refText(one.verificationId).endsWith(verificationId));
  // This one, and that of the test before.
  const isFolded = () => resolved().length === 2 && paid() !== undefined;
  await until("the fold", isFolded, 10_000);
  expect(chain().map(({ door, peer }) => [door, peer])).toEqual(
    chain().map(() => ["json", peerTag(switchName)]),
  );
  expect(paid()).toMatchObject({ reason: "verification", mti: "0100", trid });
  for (const one of resolved()) expect([one.trid, one.index]).toEqual([trid, paid()?.index]);
});

function releasesOf(history: History): Release[] {
  return [...history.auditChain().blocks()].flatMap(({ bytes }) => {
    const block = openBlock(Buffer.from(bytes));
    if (typeof block === "string") throw new Error(block);
    return block.entries.filter((entry) => entry.kind === "release");
  });
}

test("an advice is taken", async () => {
  const request = await payment();
  const { body: paid } = await post("verify", request);
  const { mti, transmissionDateTime, processingCode, amount, localTime, localDate } = request;
  const { body } = await post("advice", {
    ...{ tpan: request.tpan, processingCode, amount, transmissionDateTime, localTime, localDate },
    stan: String(++stan),
    acquirerId,
    rrn: request.rrn,
    merchantId,
    currency: "458",
    responseCode: "00",
    original: { mti, stan: request.stan, transmissionDateTime, acquirerId },
    verificationId: paid.verificationId,
  });
  expect(body).toMatchObject({ decision: "APPROVED", responseCode: "00" });
});

test("a token is asked about so many times a minute, over JSON and gRPC together", async () => {
  const { tpan, tpanExpiry: tokenExpiry, trid } = world.tokens[3]!;
  const question = { tpan, tokenExpiry, trid, acquirerId, merchantId };
  const grpc = new SwitchClient({
    address: world.service.addresses.switch,
    security: { kind: "insecure" },
    timeoutMs: 10_000,
  });
  for (let times = 0; times < 10; times++) {
    expect((await post("resolve", question)).status).toBe(200);
    expect((await grpc.resolve(question)).reason).toBe("VERIFIED");
  }
  expect((await post("resolve", question)).body.code).toBe("RATE_LIMITED");
  await expect(grpc.resolve(question)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  grpc.close();
});
