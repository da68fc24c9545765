// Verify, VerifyBatch, Advise and Resolve over real sockets: a structured request becomes the
// message that the network profile wants, a decline is an answer, and every refusal names its
// reason.
import { ChannelCredentials, Client, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvalidFields, SwitchClient } from "../../api/grpc/mod.ts";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { knownPan, knownTpan } from "../../codec/pan/fixtures.ts";
import { type AppError, isAppError } from "../../platform/mod.ts";
import { Decision, SwitchServiceService } from "../../proto/mod.ts";
import {
  adviceRequest,
  type Door,
  knownPtav,
  openSwitchDoor,
  paymentMessage,
  paymentRequest,
} from "./doors.ts";
import { FakeDispatcher, fakeVerificationId } from "./fake-dispatcher.ts";

let dispatcher: FakeDispatcher;
let door: Door;
let client: SwitchClient;

beforeEach(async () => {
  dispatcher = new FakeDispatcher();
  door = await openSwitchDoor({ dispatcher });
  client = new SwitchClient({ address: door.server.address, security: { kind: "insecure" } });
});

afterEach(async () => {
  client.close();
  await door.server.stop({ limitMs: 1_000 });
});

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

test("a structured payment is the message that a switch would send", async () => {
  await client.verify(paymentRequest());
  expect(dispatcher.taken[0]?.message.toString("latin1")).toBe(
    paymentMessage(123).toString("latin1"),
  );
  expect(dispatcher.taken[0]?.peer.name).toBe("switch-a");
});

test("an approval hands the card back as bytes", async () => {
  const response = await client.verify(paymentRequest());
  expect(response).toEqual({
    decision: Decision.DECISION_APPROVED,
    reasonCode: 0,
    reason: "VERIFIED",
    responseCode: "00",
    pan: Buffer.from(knownPan),
    panExpiry: "2909",
    par: "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N",
    tam: "12",
    tokenType: "01",
    ptavResult: "V",
    verificationId: fakeVerificationId,
    tokenStatus: "",
    tokenProvisionedAt: "",
    repetition: true,
    issuerData:
      "01016608727001000001802004301209029ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N1000212" +
      "110020112001V1403600000000-0000-7000-8000-000000000001",
  });
});

test("a decline is an answer without a card", async () => {
  dispatcher.judge = () => 2006;
  const response = await client.verify(paymentRequest());
  expect(response.decision).toBe(Decision.DECISION_DECLINED);
  expect(response.reason).toBe("PTAV_REPLAY");
  expect(response.responseCode).toBe("63");
  expect(response.ptavResult).toBe("F");
  expect(response.pan).toHaveLength(0);
  expect(response.panExpiry).toBe("");
});

test("what the verification table has a reason for is not refused at the door", async () => {
  const odd = { trid: "", ptav: "!", mitType: "Q", posEntryMode: "051" };
  await client.verify(paymentRequest(odd));
  const view = mydebit.createView();
  const message = dispatcher.taken[0]?.message ?? Buffer.alloc(0);
  expect(mydebit.scanMessage(view, message, 0, message.length)).toBe(0);
  expect(view.tags.has(3)).toBe(false);
  expect(view.text(22)).toBe("051");
});

test("every field that cannot be used is named, and no value of it", async () => {
  const bad = { rrn: "1", amount: 10n ** 12n, tpan: "", initiation: "X" };
  const error = await refusalOf(client.verify(paymentRequest(bad)));
  expect(error).toBeInstanceOf(InvalidFields);
  const { violations } = error as InvalidFields;
  expect(violations.map(({ field, code }) => `${field} ${code}`)).toEqual([
    "tpan MISSING_FIELD",
    "rrn INVALID_FIELD",
    "initiation INVALID_FIELD",
    "amount INVALID_FIELD",
  ]);
  expect(dispatcher.taken).toHaveLength(0);
});

test("a reversal names its original, and says so when it does not", async () => {
  const reversal = { mti: "0400", ptav: "", replacementAmount: 5_000n };
  const error = await refusalOf(client.verify(paymentRequest(reversal)));
  expect((error as InvalidFields).violations[0]?.field).toBe("original");
  const original = adviceRequest().original;
  await client.verify(paymentRequest({ ...reversal, original }));
  const view = mydebit.createView();
  const message = dispatcher.taken[0]?.message ?? Buffer.alloc(0);
  expect(mydebit.scanMessage(view, message, 0, message.length)).toBe(0);
  expect(view.text(90)).toBe("010000012301010005000000045800100000000000");
  expect(view.text(95)).toBe(`000000005000${"0".repeat(30)}`);
});

test("a batch answers in order; a bad request costs the others nothing", async () => {
  dispatcher.judge = (message) => (message.includes("000002") ? 1006 : 0);
  const requests = ["000001", "2", "000002"].map((stan) => paymentRequest({ stan }));
  const { results } = await client.verifyBatch({ requests });
  const outcomes = results.map(({ outcome }) =>
    outcome?.$case === "response" ? outcome.response.reason : outcome?.error.message,
  );
  expect(outcomes).toEqual(["VERIFIED", "requests[1].stan: 6 digits", "TOKEN_SUSPENDED"]);
});

test("a batch above its limit is refused as a whole", async () => {
  const requests = new Array(1_025).fill(paymentRequest());
  const error = await refusalOf(client.verifyBatch({ requests }));
  expect(error.code).toBe("INVALID_FIELD");
  expect(dispatcher.taken).toHaveLength(0);
});

test("overload is RESOURCE_EXHAUSTED with a time to wait, at once", async () => {
  dispatcher.capacity = 0;
  const error = await refusalOf(client.verify(paymentRequest()));
  expect(error.code).toBe("OVERLOADED");
  expect(error.retryAfterMs).toBeGreaterThan(0);
  dispatcher.capacity = 1;
  dispatcher.judge = () => 9091;
  expect((await refusalOf(client.verify(paymentRequest()))).code).toBe("OVERLOADED");
});

test("an advice is a 0120 with the issuer's answer and the verification id", async () => {
  const receipt = await client.advise(adviceRequest());
  expect(receipt.responseCode).toBe("00");
  const view = mydebit.createView();
  const message = dispatcher.taken[0]?.message ?? Buffer.alloc(0);
  expect(mydebit.scanMessage(view, message, 0, message.length)).toBe(0);
  expect(view.mti).toBe(0x0120);
  expect(view.text(39)).toBe("00");
  expect(view.tags.has(14)).toBe(true);
  await client.advise(adviceRequest({ repeat: true }));
  expect(dispatcher.taken[1]?.message.subarray(0, 4).toString()).toBe("0121");
  const error = await refusalOf(client.advise(adviceRequest({ original: undefined, rrn: "" })));
  expect((error as InvalidFields).violations.map(({ field }) => field)).toEqual([
    "rrn",
    "original",
  ]);
});

test("a switch may not resolve", async () => {
  const query = {
    tpan: knownTpan,
    tokenExpiry: "3012",
    trid: "99900000001",
    acquirerId: "458001",
    merchantId: "M1",
  };
  expect((await refusalOf(client.resolve(query))).code).toBe("SCOPE_MISSING");
});

test("bytes that are no request are INVALID_ARGUMENT, not INTERNAL", async () => {
  const raw = new Client(door.server.address, ChannelCredentials.createInsecure());
  const { path } = SwitchServiceService.verify;
  const error = await new Promise<ServiceError | null>((resolve) => {
    const junk = Buffer.from([0x0a, 0xff, 0xff, 0xff]);
    raw.makeUnaryRequest(
      path,
      (b: Buffer) => b,
      (b) => b,
      junk,
      (e) => resolve(e),
    );
  });
  raw.close();
  expect(error?.code).toBe(status.INVALID_ARGUMENT);
});

test("calls are counted by method and status, and the logs hold no card data", async () => {
  await client.verify(paymentRequest());
  dispatcher.capacity = 0;
  await refusalOf(client.verify(paymentRequest()));
  expect(door.metrics.calls).toEqual([
    "SwitchService/Verify OK",
    "SwitchService/Verify RESOURCE_EXHAUSTED",
  ]);
  for (const secret of [knownTpan, knownPan, knownPtav]) {
    expect(door.log.text).not.toContain(secret);
  }
});

test("a caller's request id comes back in the details, a strange one is replaced", async () => {
  const raw = new Client(door.server.address, ChannelCredentials.createInsecure());
  const { path } = SwitchServiceService.verify;
  const idOf = (given: string) =>
    new Promise<string>((resolve) => {
      const metadata = new Metadata();
      metadata.set("x-request-id", given);
      raw.makeUnaryRequest(
        path,
        (b: Buffer) => b,
        (b) => b,
        Buffer.from([0xff]),
        metadata,
        (e) => {
          resolve(String(e?.metadata.get("grpc-status-details-bin")[0]));
        },
      );
    });
  expect(await idOf("req-1")).toContain("req-1");
  expect(await idOf("req 2 (odd)")).not.toContain("req 2");
  raw.close();
});
