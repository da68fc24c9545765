// What an operator and a load balancer see: health per service that falls first when a server
// stops, reflection on the admin port alone, and limits on calls, deadlines and quotas.
import {
  ChannelCredentials,
  type Client,
  Client as GrpcClient,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGrpcServer, type GrpcServer, SwitchClient } from "../../api/grpc/mod.ts";
import { knownTpan, knownTrid } from "../../codec/pan/fixtures.ts";
import { type AppError, isAppError, systemClock } from "../../platform/mod.ts";
import {
  type Door,
  directoryIdentity,
  openSwitchDoor,
  paymentRequest,
  TestPKI,
  until,
} from "./doors.ts";
import { FakeDispatcher } from "./fake-dispatcher.ts";

const switchService = "pantun.switch.v1.SwitchService";

let dispatcher: FakeDispatcher;
let door: Door;
let admin: GrpcServer;

beforeEach(async () => {
  dispatcher = new FakeDispatcher();
  door = await openSwitchDoor({ dispatcher });
  admin = await createGrpcServer({
    listen: { host: "127.0.0.1", port: 0 },
    security: { kind: "insecure", caller: "", outsideLoopback: "refused" },
    services: { kind: "admin" },
    health: door.health,
    metrics: door.metrics,
    log: door.log.logger,
    clock: systemClock,
  });
});

afterEach(async () => {
  await door.server.stop({ limitMs: 1_000 });
  await admin.stop({ limitMs: 1_000 });
});

function healthOf(address: string, service: string): Promise<string> {
  const client = new GrpcClient(address, ChannelCredentials.createInsecure());
  const { Check: check } = healthService as unknown as {
    Check: {
      path: string;
      requestSerialize: (message: object) => Buffer;
      responseDeserialize: (bytes: Buffer) => { status: string };
    };
  };
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, answer?: { status: string }) => {
      client.close();
      resolve(error === null ? (answer?.status ?? "") : (status[error.code] ?? ""));
    };
    client.makeUnaryRequest(
      check.path,
      check.requestSerialize,
      check.responseDeserialize,
      { service },
      done,
    );
  });
}

test("health falls before the server stops, on every port that tells it", async () => {
  for (const address of [door.server.address, admin.address]) {
    expect(await healthOf(address, switchService)).toBe("SERVING");
    expect(await healthOf(address, "")).toBe("SERVING");
    expect(await healthOf(address, "no.such.Service")).toBe("NOT_FOUND");
  }
  dispatcher.automatic = false;
  const client = new SwitchClient({ address: door.server.address, security: { kind: "insecure" } });
  const call = client.verify(paymentRequest());
  await until("it is taken", () => dispatcher.taken.length === 1);
  const stopped = door.server.stop({ limitMs: 3_000 });
  expect(await healthOf(admin.address, switchService)).toBe("NOT_SERVING");
  expect(await healthOf(admin.address, "")).toBe("NOT_SERVING");
  dispatcher.release();
  expect((await call).reason).toBe("VERIFIED");
  await stopped;
  client.close();
});

/** Asks the reflection service by its own wire format: field 7 lists, field 4 finds a symbol. */
function reflect(address: string, version: string, field: number, text: string) {
  const client: Client = new GrpcClient(address, ChannelCredentials.createInsecure());
  const head = Buffer.from([(field << 3) | 2, text.length]);
  const same = (bytes: Buffer) => bytes;
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  return new Promise<string>((resolve) => {
    const stream = client.makeBidiStreamRequest(path, same, same);
    stream.on("data", (bytes: Buffer) => {
      resolve(bytes.toString("latin1"));
      stream.cancel();
    });
    stream.on("error", (error: ServiceError) => {
      resolve(status[error.code] ?? "");
      client.close();
    });
    stream.write(Buffer.concat([head, Buffer.from(text)]));
  });
}

test("reflection lists and describes the services, on the admin port alone", async () => {
  for (const version of ["v1", "v1alpha"]) {
    const listed = await reflect(admin.address, version, 7, "");
    expect(listed).toContain(switchService);
    expect(listed).toContain("pantun.requestor.v1.RequestorService");
    const described = await reflect(admin.address, version, 4, `${switchService}.Verify`);
    expect(described).toContain("pantun/switch/v1/switch_service.proto");
    expect(await reflect(door.server.address, version, 7, "")).toBe("UNIMPLEMENTED");
  }
});

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

test("a call without an answer ends at the cap, whatever its caller would wait", async () => {
  await door.server.stop({ limitMs: 100 });
  door = await openSwitchDoor({ dispatcher, limits: { deadlineCapMs: 100 } });
  dispatcher.automatic = false;
  const { address } = door.server;
  const patient = new SwitchClient({ address, security: { kind: "insecure" }, timeoutMs: 60_000 });
  const error = await refusalOf(patient.verify(paymentRequest()));
  expect(error.code).toBe("DEADLINE_EXCEEDED");
  await until("it is counted", () => door.metrics.calls.length > 0);
  expect(door.metrics.calls.at(-1)).toBe("SwitchService/Verify DEADLINE_EXCEEDED");
  dispatcher.release();
  patient.close();
});

test("calls above the limit are shed, and the place is given back", async () => {
  await door.server.stop({ limitMs: 100 });
  door = await openSwitchDoor({ dispatcher, limits: { callsMax: 2 } });
  dispatcher.automatic = false;
  const client = new SwitchClient({ address: door.server.address, security: { kind: "insecure" } });
  const first = [client.verify(paymentRequest()), client.verify(paymentRequest())];
  await until("two are taken", () => dispatcher.taken.length === 2);
  expect((await refusalOf(client.verify(paymentRequest()))).code).toBe("OVERLOADED");
  dispatcher.automatic = true;
  dispatcher.release();
  await Promise.all(first);
  expect((await client.verify(paymentRequest())).reason).toBe("VERIFIED");
  client.close();
});

test("a directory server has a quota, and so has each token", async () => {
  const pki = new TestPKI();
  await door.server.stop({ limitMs: 100 });
  door = await openSwitchDoor({
    dispatcher,
    security: pki.serverSecurity(),
    limits: { resolvePerCallerPerSecond: 5, resolvePerTokenPerMinute: 2 },
    directory: { resolve: () => ({ reasonCode: 1001, issuerId: "LEAK", acsRoutingKey: "LEAK" }) },
  });
  const security = pki.client("ds", [directoryIdentity]);
  const client = new SwitchClient({ address: door.server.address, security });
  const query = {
    tpan: knownTpan,
    tokenExpiry: "3012",
    trid: knownTrid,
    acquirerId: "458001",
    merchantId: "M1",
  };
  const answer = await client.resolve(query);
  expect(answer).toMatchObject({ reason: "TOKEN_UNKNOWN", responseCode: "14", issuerId: "" });
  await client.resolve(query);
  const limited = await refusalOf(client.resolve(query));
  expect(limited.code).toBe("RATE_LIMITED");
  expect(limited.retryAfterMs).toBeGreaterThan(1_000);
  const other = { ...query, tpan: knownTpan.replace("7", "8") };
  await client.resolve(other);
  await client.resolve(other);
  const exhausted = await refusalOf(client.resolve(other));
  expect(exhausted.message).toContain("caller");
  client.close();
  pki.remove();
});

test("a listener in the clear outside loopback needs an explicit word", async () => {
  const start = (outsideLoopback: "refused" | "allowed") =>
    createGrpcServer({
      listen: { host: "0.0.0.0", port: 0 },
      security: { kind: "insecure", caller: "", outsideLoopback },
      services: { kind: "admin" },
      health: door.health,
      metrics: door.metrics,
      log: door.log.logger,
      clock: systemClock,
    });
  expect((await refusalOf(start("refused"))).code).toBe("INSECURE_REFUSED");
});
