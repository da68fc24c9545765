// The structured interface against the whole service: what the verification table says of a message
// that came over ISO 8583, it says of the same payment sent as a request, and a card comes only
// with an approval.
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RequestorClient, SwitchClient } from "../../api/grpc/mod.ts";
import { acquirerId, demoTrid, merchantId, openWorld, type World } from "../../cmd/demo/world.ts";
import type { SimToken } from "../../cmd/sim/tokens.ts";
import { type AppError, isAppError } from "../../platform/mod.ts";
import { Binding, TransactionType, type VerifyRequest } from "../../proto/mod.ts";
import { paymentRequest } from "./doors.ts";

let world: World;
let payer: SwitchClient;
let requestor: RequestorClient;
let stan = randomInt(1, 500_000);

beforeAll(async () => {
  world = await openWorld({ tokens: 64 });
  const { addresses } = world.service;
  const security = { kind: "insecure" } as const;
  payer = new SwitchClient({ address: addresses.switch, security, timeoutMs: 10_000 });
  requestor = new RequestorClient({ address: addresses.requestor, security, timeoutMs: 10_000 });
});

afterAll(async () => {
  payer.close();
  requestor.close();
  await world.close();
});

const tokenAt = (place: number): SimToken => world.tokens[place] as SimToken;

/** DE7, 12 and 13 of now. */
function times() {
  const digits = new Date().toISOString().replace(/\D/g, "");
  const [localDate, localTime] = [digits.slice(4, 8), digits.slice(8, 14)];
  return { transmissionDateTime: localDate + localTime, localDate, localTime };
}

function numbers() {
  stan++;
  const text = String(stan).padStart(6, "0");
  return { ...times(), stan: text, rrn: `600100${text}` };
}

function tokenData(token: SimToken, changes = {}) {
  return requestor.getTokenData({
    trid: token.trid,
    tokenRef: token.tokenRef,
    transactionType: TransactionType.TRANSACTION_TYPE_CIT,
    amount: 12_345n,
    currency: "458",
    merchantId,
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: Binding.BINDING_BOUND,
    merchantBinding: Binding.BINDING_BOUND,
    ...changes,
  });
}

/** A payment that the requestor has just fetched a PTAV for. */
async function paid(place: number): Promise<VerifyRequest> {
  const token = tokenAt(place);
  const { ptav, tpan, tpanExpiry, trid } = await tokenData(token);
  const party = { acquirerId, merchantId, trid };
  return paymentRequest({ ...numbers(), ...party, tpan, tokenExpiry: tpanExpiry, ptav });
}

function originalOf(request: VerifyRequest) {
  const { mti, stan, transmissionDateTime, acquirerId } = request;
  return { mti, stan, transmissionDateTime, acquirerId, forwarderId: "" };
}

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

test("approved once, answered again, refused to anybody else", async () => {
  const request = await paid(0);
  const first = await payer.verify(request);
  expect(first).toMatchObject({ reason: "VERIFIED", responseCode: "00", ptavResult: "V" });
  expect(first.pan.toString()).toMatch(/^[0-9]{13,19}$/);
  expect(first.pan.toString()).not.toBe(request.tpan);
  expect(first.panExpiry).toMatch(/^[0-9]{4}$/);
  expect(first.repetition).toBe(false);
  const again = await payer.verify(request);
  expect(again).toEqual({ ...first, repetition: true });
  const replay = await payer.verify({ ...request, ...numbers() });
  expect(replay).toMatchObject({ reason: "PTAV_REPLAY", responseCode: "63", panExpiry: "" });
  expect(replay.pan).toHaveLength(0);
});

test("every altered part is found out", async () => {
  const request = await paid(1);
  const reasonOf = async (changes: Partial<VerifyRequest>) =>
    (await payer.verify({ ...request, ...numbers(), ...changes })).reason;
  expect(await reasonOf({ amount: request.amount + 1n })).toBe("PTAV_INVALID");
  expect(await reasonOf({ merchantId: "ANOTHER" })).toBe("PTAV_INVALID");
  expect(await reasonOf({ ptav: "" })).toBe("PTAV_MISSING");
  expect(await reasonOf({ ptav: "short" })).toBe("PTAV_FORMAT");
  expect(await reasonOf({ trid: "" })).toBe("TRID_MISSING");
  expect(await reasonOf({ posEntryMode: "051" })).toBe("CHANNEL_NOT_ALLOWED");
  const merchant = { initiation: "M", storedCredential: "S", posEntryMode: "102" };
  expect(await reasonOf(merchant)).toBe("MIT_TYPE_INVALID");
  expect(await reasonOf({ ...merchant, mitType: "R" })).toBe("MIT_NO_AGREEMENT");
  expect(await reasonOf({})).toBe("VERIFIED");
});

test("of rivals for one PTAV in a batch exactly one wins", async () => {
  const request = await paid(2);
  const requests = Array.from({ length: 50 }, () => ({ ...request, ...numbers() }));
  const { results } = await payer.verifyBatch({ requests });
  const reasons = results.map(({ outcome }) =>
    outcome?.$case === "response" ? outcome.response.reason : "error",
  );
  expect(reasons.filter((name) => name === "VERIFIED")).toHaveLength(1);
  expect(reasons.filter((name) => name === "PTAV_REPLAY")).toHaveLength(49);
});

test("a reversal finds its original, an advice is taken", async () => {
  const request = await paid(3);
  const { verificationId } = await payer.verify(request);
  const original = originalOf(request);
  const follow = { ...request, ...numbers(), mti: "0420", ptav: "", original };
  expect((await payer.verify(follow)).reason).toBe("VERIFIED");
  const lost = { ...original, stan: "999999" };
  const unknown = await payer.verify({ ...follow, ...numbers(), mti: "0400", original: lost });
  expect(unknown).toMatchObject({ reason: "ORIGINAL_NOT_FOUND", responseCode: "25" });
  const { tpan, processingCode, amount, currency } = request;
  const receipt = await payer.advise({
    ...numbers(),
    tpan,
    processingCode,
    amount,
    currency,
    acquirerId,
    merchantId,
    responseCode: "00",
    original,
    verificationId,
    repeat: false,
  });
  expect(receipt).toMatchObject({ responseCode: "00", reasonCode: 0 });
});

test("a directory server learns the issuer, not the card, where the rules allow", async () => {
  const { tpan, tpanExpiry, trid } = await tokenData(tokenAt(4));
  const query = { tpan, tokenExpiry: tpanExpiry, trid, acquirerId, merchantId };
  const answer = await payer.resolve(query);
  expect(answer).toMatchObject({ reason: "VERIFIED", responseCode: "00" });
  expect(answer.issuerId).not.toBe("");
  const other = demoTrid(trid === demoTrid(1) ? 2 : 1);
  const foreign = await payer.resolve({ ...query, trid: other });
  expect(foreign).toMatchObject({ reason: "TRID_MISMATCH", issuerId: "", acsRoutingKey: "" });
});

test("token data is refused by name", async () => {
  const token = tokenAt(5);
  const codeOf = async (changes: object) => (await refusalOf(tokenData(token, changes))).code;
  const unknown = "tok_00000000-0000-7000-8000-00000000dead";
  expect(await codeOf({ tokenRef: unknown })).toBe("TOKEN_NOT_FOUND");
  expect(await codeOf({ tokenRef: "odd" })).toBe("TOKEN_NOT_FOUND");
  expect(await codeOf({ trid: "99900009999" })).toBe("TRID_NOT_ALLOWED");
  const other = demoTrid(token.trid === demoTrid(1) ? 2 : 1);
  expect(await codeOf({ trid: other })).toBe("TOKEN_NOT_FOUND");
  expect(await codeOf({ currency: "840" })).toBe("INVALID_FIELD");
  const mit = { transactionType: TransactionType.TRANSACTION_TYPE_MIT };
  expect(await codeOf(mit)).toBe("PTAV_NOT_APPLICABLE");
});
