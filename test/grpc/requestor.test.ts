// GetTokenData: what is asked reaches the issuer as it was meant, only for the caller's own TRIDs,
// and every refusal arrives as the same operating error with its gRPC status and details.
import { ChannelCredentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type InvalidFields, RequestorClient, type TokenDataIssuer } from "../../api/grpc/mod.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";
import type { TokenDataRequest } from "../../hotpath/mod.ts";
import { type AppError, appError, type ErrorCode, isAppError } from "../../platform/mod.ts";
import {
  BadRequest,
  Binding,
  ErrorInfo,
  type GetTokenDataRequest,
  PreconditionFailure,
  RequestorServiceClient,
  RetryInfo,
  Status,
  TransactionType,
} from "../../proto/mod.ts";
import { type Door, knownPtav, openRequestorDoor, until } from "./doors.ts";

let queries: TokenDataRequest[];
let issue: TokenDataIssuer["issue"];
let door: Door;
let client: RequestorClient;

beforeEach(async () => {
  queries = [];
  issue = ({ trid }) => ({
    ptav: knownPtav,
    tpan: knownTpan,
    tpanExpiry: knownTpanExpiry,
    trid,
    expiresAt: 1_767_226_500,
  });
  door = await openRequestorDoor({
    issue(query) {
      queries.push(query);
      return issue(query);
    },
  });
  client = new RequestorClient({ address: door.server.address, security: { kind: "insecure" } });
});

afterEach(async () => {
  client.close();
  await door.server.stop({ limitMs: 1_000 });
});

function request(changes: Partial<GetTokenDataRequest> = {}): GetTokenDataRequest {
  return {
    trid: knownTrid,
    tokenRef: "tok_019b0000-0000-7000-8000-000000000001",
    transactionType: TransactionType.TRANSACTION_TYPE_CIT,
    amount: 12_345n,
    currency: "458",
    merchantId: "MERCHANT0000001",
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: Binding.BINDING_UNSPECIFIED,
    merchantBinding: Binding.BINDING_UNSPECIFIED,
    ...changes,
  };
}

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

test("the PTAV comes with the token and the expiry that it belongs to", async () => {
  const answer = await client.getTokenData(request());
  expect(answer).toEqual({
    ptav: knownPtav,
    tpan: knownTpan,
    tpanExpiry: knownTpanExpiry,
    trid: knownTrid,
    expiresAt: { seconds: 1_767_226_500n, nanos: 0 },
  });
  expect(queries[0]).toMatchObject({ bindAmount: true, bindMerchant: true, amount: 12_345n });
  expect(queries[0]?.unpredictableNumber).toBeNull();
});

test("unbound parts and the requestor's number are handed over", async () => {
  const unpredictableNumber = Buffer.from("23424563", "hex");
  const amountBinding = Binding.BINDING_UNBOUND;
  await client.getTokenData(request({ unpredictableNumber, amountBinding }));
  expect(queries[0]).toMatchObject({ bindAmount: false, bindMerchant: true, unpredictableNumber });
});

test("every bad field is named at once", async () => {
  const bad = request({
    trid: "1",
    tokenRef: "",
    transactionType: TransactionType.TRANSACTION_TYPE_UNSPECIFIED,
    currency: "MYR",
    merchantId: "a merchant id that is too long",
    unpredictableNumber: Buffer.alloc(3),
    amount: 10n ** 12n,
    merchantBinding: 7 as Binding,
  });
  const error = await refusalOf(client.getTokenData(bad));
  const fields = (error as InvalidFields).violations.map(({ field }) => field);
  expect(fields.toSorted()).toEqual([
    "amount",
    "currency",
    "merchant_binding",
    "merchant_id",
    "token_ref",
    "transaction_type",
    "trid",
    "unpredictable_number",
  ]);
  expect(queries).toHaveLength(0);
});

test("another requestor's TRID is refused before anything is looked up", async () => {
  const error = await refusalOf(client.getTokenData(request({ trid: "99900000002" })));
  expect(error.code).toBe("TRID_NOT_ALLOWED");
  expect(queries).toHaveLength(0);
});

test("a merchant-initiated payment has no PTAV", async () => {
  const transactionType = TransactionType.TRANSACTION_TYPE_MIT;
  const error = await refusalOf(client.getTokenData(request({ transactionType })));
  expect(error.code).toBe("PTAV_NOT_APPLICABLE");
});

interface Refusal {
  readonly code: number;
  readonly rich: Status;
}

function rawRefusal(): Promise<Refusal> {
  const raw = new RequestorServiceClient(door.server.address, ChannelCredentials.createInsecure());
  return new Promise((resolve, reject) => {
    raw.getTokenData(request(), (error: ServiceError | null) => {
      raw.close();
      const bytes = error?.metadata.get("grpc-status-details-bin")[0];
      if (error === null || !Buffer.isBuffer(bytes)) return reject(new Error("no details"));
      resolve({ code: error.code, rich: Status.decode(bytes) });
    });
  });
}

function detailOf<T>(rich: Status, name: string, codec: { decode(b: Uint8Array): T }): T | null {
  const found = rich.details.find(
    ({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${name}`,
  );
  return found === undefined ? null : codec.decode(found.value);
}

const refusals: readonly [ErrorCode, status][] = [
  ["TOKEN_NOT_FOUND", status.NOT_FOUND],
  ["TOKEN_SUSPENDED", status.FAILED_PRECONDITION],
  ["TOKEN_EXPIRED", status.FAILED_PRECONDITION],
  ["TOKEN_DELETED", status.FAILED_PRECONDITION],
  ["TOKEN_STATE_CONFLICT", status.FAILED_PRECONDITION],
  ["CARD_EXPIRED", status.FAILED_PRECONDITION],
  ["REQUESTOR_SUSPENDED", status.PERMISSION_DENIED],
  ["SCOPE_MISSING", status.PERMISSION_DENIED],
  ["RATE_LIMITED", status.RESOURCE_EXHAUSTED],
  ["INVALID_FIELD", status.INVALID_ARGUMENT],
  ["SERVICE_UNAVAILABLE", status.UNAVAILABLE],
];

test.each(refusals)("%s arrives with its status and details", async (code, expected) => {
  issue = () => {
    throw appError(code, "one clear sentence", {
      details: { field: "currency" },
      ...(code === "RATE_LIMITED" ? { retryAfterMs: 1_500 } : {}),
    });
  };
  const { code: sent, rich } = await rawRefusal();
  expect(sent).toBe(expected);
  expect(rich.code).toBe(expected);
  expect(rich.message).toBe("one clear sentence");
  const info = detailOf(rich, "ErrorInfo", ErrorInfo);
  expect(info).toEqual({ reason: code, domain: "pantun", metadata: { field: "currency" } });
  const violation = detailOf(rich, "PreconditionFailure", PreconditionFailure)?.violations[0];
  expect(violation?.type).toBe(expected === status.FAILED_PRECONDITION ? code : undefined);
  const field = detailOf(rich, "BadRequest", BadRequest)?.fieldViolations[0]?.field;
  expect(field).toBe(code === "INVALID_FIELD" ? "currency" : undefined);
  const wait = detailOf(rich, "RetryInfo", RetryInfo)?.retryDelay;
  if (code === "RATE_LIMITED") expect(wait).toEqual({ seconds: 1n, nanos: 500_000_000 });
  else if (code === "SERVICE_UNAVAILABLE") expect(wait?.nanos).toBeGreaterThan(0);
  else expect(wait).toBeUndefined();
  expect((await refusalOf(client.getTokenData(request()))).code).toBe(code);
});

test("a fault of the issuer tells the caller nothing, and the log no secret", async () => {
  issue = () => Promise.reject(new Error(`cannot read ${knownTpan} of ${knownPtav}`));
  const error = await refusalOf(client.getTokenData(request()));
  expect(error.code).toBe("INTERNAL_ERROR");
  expect(error.message).not.toContain("cannot read");
  expect(door.log.text).toContain("grpc.fault");
  expect(door.log.text).not.toContain(knownTpan);
  expect(door.log.text).not.toContain(knownPtav);
});

test("a caller's deadline is kept", async () => {
  issue = () => new Promise(() => {});
  const { address } = door.server;
  const hurried = new RequestorClient({ address, security: { kind: "insecure" }, timeoutMs: 60 });
  const error = await refusalOf(hurried.getTokenData(request()));
  expect(error.code).toBe("DEADLINE_EXCEEDED");
  hurried.close();
  await until("it is counted", () => door.metrics.calls.length > 0);
  expect(door.metrics.calls).toEqual(["RequestorService/GetTokenData DEADLINE_EXCEEDED"]);
});
