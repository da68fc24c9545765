// Defends: what whoever takes commands refuses arrives as one stable status with its details; the
// caller's deadline and key reach the command; and who may call at all is decided by certificates.
import { randomBytes } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { commandId, type Envelope, type Reply } from "../../actors/mod.ts";
import {
  createGrpcServer,
  type GrpcSecurity,
  type GrpcServer,
  HealthBoard,
  IssuerClient,
  LifecycleClient,
} from "../../api/grpc/mod.ts";
import {
  type AppError,
  appError,
  type ErrorCode,
  isAppError,
  systemClock,
} from "../../platform/mod.ts";
import { ReasonCode } from "../../proto/mod.ts";
import { createTestVault, type TestVault, trid } from "../../vault/test-vault.ts";
import { luhnPan } from "./cards.ts";
import { CountedMetrics, LogLines, TestPKI } from "./doors.ts";

let testVault: TestVault;
let pki: TestPKI;
let envelopes: Envelope[];
let reply: (envelope: Envelope) => Promise<Reply>;
let server: GrpcServer;
let client: IssuerClient;

const insecure = { kind: "insecure", caller: "bank", outsideLoopback: "refused" } as const;
const identity = "URI:spiffe://test/bank";
const bank = {
  kind: "issuer",
  name: "bank",
  identities: [identity],
  issuerId: "BANK0001",
} as const;

beforeAll(() => {
  testVault = createTestVault({ clock: systemClock, random: randomBytes });
  pki = new TestPKI();
});
afterAll(async () => {
  await testVault.remove();
  pki.remove();
});

beforeEach(async () => {
  envelopes = [];
  server = await open(insecure);
  client = new IssuerClient({ address: server.address, security: { kind: "insecure" } });
});
afterEach(async () => {
  client.close();
  await server.stop({ limitMs: 1_000 });
});

function open(security: GrpcSecurity): Promise<GrpcServer> {
  const commands = {
    submit(envelope: Envelope): Promise<Reply> {
      envelopes.push(envelope);
      return reply(envelope);
    },
  };
  return createGrpcServer({
    listen: { host: "127.0.0.1", port: 0 },
    security,
    services: {
      kind: "issuer",
      vault: testVault.vault,
      commands,
      history: { eventsOf: () => [] },
      callers: [bank],
    },
    health: new HealthBoard(),
    metrics: new CountedMetrics(),
    log: new LogLines().logger,
    clock: systemClock,
  });
}

function suspend(caller = client, idempotencyKey = "k-1") {
  const reasonCode = ReasonCode.REASON_CODE_LOST;
  const pan = Buffer.from(luhnPan("999999123"));
  const action = { idempotencyKey, pan, reasonCode, causedAt: undefined };
  return caller.call("suspendCard", { action });
}

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

const refusals: readonly [ErrorCode, status, boolean][] = [
  ["OVERLOADED", status.RESOURCE_EXHAUSTED, true],
  ["LOG_FULL", status.RESOURCE_EXHAUSTED, true],
  ["OUTCOME_UNKNOWN", status.UNAVAILABLE, true],
  ["SERVICE_UNAVAILABLE", status.UNAVAILABLE, true],
  ["SHARD_PARKED", status.UNAVAILABLE, true],
  ["DEADLINE_EXCEEDED", status.DEADLINE_EXCEEDED, false],
  ["IDEMPOTENCY_KEY_REUSED", status.ALREADY_EXISTS, false],
  ["VERSION_CONFLICT", status.ABORTED, false],
  ["REQUEST_IN_PROGRESS", status.ABORTED, false],
  ["PAN_NOT_OWNED", status.PERMISSION_DENIED, false],
  ["CARD_NOT_FOUND", status.NOT_FOUND, false],
  ["CARD_NOT_ALLOWED", status.FAILED_PRECONDITION, false],
];

test.each(refusals)("%s arrives as itself", async (code, grpc, waits) => {
  reply = async () => ({ ok: false, error: appError(code, "one clear sentence") });
  const error = await refusalOf(suspend());
  expect(error.code).toBe(code);
  expect(error.row.grpc).toBe(grpc);
  expect(error.message).toBe("one clear sentence");
  // With google.rpc.RetryInfo where waiting a moment helps.
  expect(error.retryAfterMs === undefined).toBe(!waits);
});

test("a fault of our own tells nothing", async () => {
  reply = () => Promise.reject(new Error("the secret of 42"));
  const error = await refusalOf(suspend());
  expect(error.code).toBe("INTERNAL_ERROR");
  expect(error.message).not.toContain("secret");
});

const answered: Reply = {
  ok: true,
  answer: { changed: true, stale: false, status: "SUSPENDED", tokensAffected: 0 },
  position: { incarnation: 1, shard: 3, seq: 7, ord: 2 },
  repeated: false,
};

test("the command carries the caller's key and what is left of its time", async () => {
  reply = async () => answered;
  const { address } = server;
  const patient = new IssuerClient({ address, security: { kind: "insecure" }, timeoutMs: 5_000 });
  const { outcome } = await suspend(patient, "key-of-bank");
  patient.close();
  expect(outcome?.position).toBe("1.3.7.2");
  const [envelope] = envelopes;
  expect(envelope?.id).toEqual(commandId("issuer BANK0001", "key-of-bank"));
  expect(envelope?.timeoutMs).toBeGreaterThan(2_000);
  expect(envelope?.timeoutMs).toBeLessThan(5_000);
});

test("a certificate decides who may call, and as which issuer", async () => {
  reply = async () => answered;
  const secured = await open(pki.serverSecurity());
  const target = (name: string, names: readonly string[]) => {
    return { address: secured.address, security: pki.client(name, names) };
  };
  const known = new IssuerClient(target("bank", [identity]));
  expect((await suspend(known)).outcome?.changed).toBe(true);
  const stranger = new IssuerClient(target("stranger", ["URI:spiffe://test/stranger"]));
  expect((await refusalOf(suspend(stranger))).code).toBe("INVALID_CREDENTIALS");
  const other = new LifecycleClient(target("bank2", [identity]));
  const listed = other.call("listEvents", { trid, cursor: "", limit: 0 });
  expect((await refusalOf(listed)).code).toBe("UNIMPLEMENTED");
  for (const one of [known, stranger, other]) one.close();
  await secured.stop({ limitMs: 1_000 });
});
