// Who calls is who the certificate says: another authority is refused, an unknown or ambiguous name
// is unauthenticated, roles hold, and a new certificate is taken without dropping a session.

import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as tls from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { RequestorClient, SwitchClient } from "../../api/grpc/mod.ts";
import { knownTpan, knownTrid } from "../../codec/pan/fixtures.ts";
import { type AppError, isAppError } from "../../platform/mod.ts";
import { makeCertificate, writeCertificate } from "./certificates.ts";
import {
  type Door,
  directoryIdentity,
  openSwitchDoor,
  paymentMessage,
  paymentRequest,
  requestorIdentity,
  switchCallers,
  switchIdentity,
  TestPKI,
  until,
} from "./doors.ts";
import { FakeDispatcher } from "./fake-dispatcher.ts";

let pki: TestPKI;
let door: Door;
let dispatcher: FakeDispatcher;
const clients: { close(): void }[] = [];

beforeAll(async () => {
  pki = new TestPKI();
  dispatcher = new FakeDispatcher();
  door = await openSwitchDoor({ dispatcher, security: pki.serverSecurity() });
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(async () => {
  await door.server.stop({ limitMs: 1_000 });
  pki.remove();
});

type Security = ConstructorParameters<typeof SwitchClient>[0]["security"];

function clientOf(security: Security): SwitchClient {
  const client = new SwitchClient({ address: door.server.address, security });
  clients.push(client);
  return client;
}

async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

const query = {
  tpan: knownTpan,
  tokenExpiry: "3012",
  trid: knownTrid,
  acquirerId: "458001",
  merchantId: "M1",
};

test("the certificate's name decides who calls", async () => {
  const client = clientOf(pki.client("switch", ["DNS:other.test", switchIdentity]));
  expect((await client.verify(paymentRequest())).reason).toBe("VERIFIED");
  expect(dispatcher.taken.at(-1)?.peer.name).toBe("switch-a");
});

test("a directory server resolves and does nothing else; a switch does not resolve", async () => {
  const directory = clientOf(pki.client("ds", [directoryIdentity]));
  const answer = await directory.resolve(query);
  expect(answer).toMatchObject({ reasonCode: 0, issuerId: "BANK0001", acsRoutingKey: "acs-1" });
  expect((await refusalOf(directory.verify(paymentRequest()))).code).toBe("SCOPE_MISSING");
  const ended = new Promise<AppError | null>((resolve) => {
    directory.session({ answer() {}, fail() {}, end: resolve });
  });
  expect(isAppError(await ended, "SCOPE_MISSING")).toBe(true);
  const payer = clientOf(pki.client("switch", [switchIdentity]));
  expect((await refusalOf(payer.resolve(query))).code).toBe("SCOPE_MISSING");
});

test("an unknown name and a certificate of two callers are unauthenticated", async () => {
  for (const names of [["DNS:stranger.test"], [], [switchIdentity, directoryIdentity]]) {
    const client = clientOf(pki.client("odd", names));
    expect((await refusalOf(client.verify(paymentRequest()))).code).toBe("INVALID_CREDENTIALS");
  }
  expect(door.metrics.calls).toContain("SwitchService/Verify UNAUTHENTICATED");
});

test("a certificate of another authority, and none at all, do not connect", async () => {
  const other = makeCertificate("other authority", []);
  const client = clientOf(pki.client("forged", [switchIdentity], other));
  expect((await refusalOf(client.verify(paymentRequest()))).code).toBe("NOT_REACHABLE");
  const plain = clientOf({ kind: "insecure" });
  expect((await refusalOf(plain.verify(paymentRequest()))).code).toBe("NOT_REACHABLE");
});

function serialNow(): Promise<string> {
  const { certificateFile, privateKeyFile, serverCAFile } = pki.client("probe", [switchIdentity]);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: "127.0.0.1",
      port: door.server.port,
      ALPNProtocols: ["h2"],
      ca: fs.readFileSync(serverCAFile),
      cert: fs.readFileSync(certificateFile),
      key: fs.readFileSync(privateKeyFile),
    });
    socket.once("secureConnect", () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

test("a renewed certificate is taken, and the open session goes on", async () => {
  const client = clientOf(pki.client("switch", [switchIdentity]));
  const answered: number[] = [];
  let ended: AppError | null | undefined;
  const session = client.session({
    answer: (correlation) => answered.push(correlation),
    fail: (_, error) => {
      throw error;
    },
    end: (error) => {
      ended = error;
    },
  });
  const send = async (correlation: number) => {
    const message = paymentMessage(correlation);
    session.add(correlation, message, 0, message.length);
    session.flush();
    await until("answered", () => answered.includes(correlation));
  };
  await send(1);
  const before = await serialNow();
  const renewed = new X509Certificate(pki.renewServer().certificate);
  await until("the reload", () => door.metrics.reloads.at(-1) === "ok");
  expect(await serialNow()).toBe(renewed.serialNumber);
  expect(renewed.serialNumber).not.toBe(before);
  await send(2);
  expect(ended).toBeUndefined();
  session.finish();
});

test("a broken renewal is reported once and changes nothing; the next one counts", async () => {
  const before = await serialNow();
  const reloads = door.metrics.reloads.length;
  const { certificateFile } = pki.serverSecurity().files;
  fs.writeFileSync(certificateFile, "-----BEGIN CERTIFICATE-----\nhalf\n");
  await until("the failure", () => door.metrics.reloads.at(-1) === "failed");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(door.metrics.reloads.length).toBe(reloads + 1);
  expect(await serialNow()).toBe(before);
  const renewed = new X509Certificate(pki.renewServer().certificate);
  await until("the next reload", () => door.metrics.reloads.at(-1) === "ok");
  expect(await serialNow()).toBe(renewed.serialNumber);
});

async function startFault(start: Promise<unknown>): Promise<AppError> {
  const error = await refusalOf(start);
  expect(error.message).not.toContain("\n");
  return error;
}

test("certificate files that cannot be used are named in one sentence", async () => {
  const { files } = pki.serverSecurity();
  const start = (changes: Partial<typeof files>) => {
    const security = { kind: "mtls", files: { ...files, ...changes } } as const;
    return startFault(openSwitchDoor({ dispatcher, security }));
  };
  const missing = await start({ certificateFile: `${pki.dir}/none.crt` });
  expect(missing.code).toBe("CERTIFICATE_UNREADABLE");
  expect(missing.message).toBe(`${pki.dir}/none.crt cannot be read (ENOENT)`);
  const stranger = writeCertificate(pki.dir, "stranger", makeCertificate("s", [], pki.authority));
  const unfit = await start({ privateKeyFile: stranger.privateKeyFile });
  expect(unfit.message).toContain("does not belong to");
  const swapped = await start({ privateKeyFile: files.certificateFile });
  expect(swapped.message).toContain("holds no private key");
  const empty = await start({ clientCAFile: files.privateKeyFile });
  expect(empty.message).toContain("holds no certificate");
});

test("a port in use and an unknown caller are start-up faults", async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as net.AddressInfo;
  const busy = await startFault(openSwitchDoor({ dispatcher, port }));
  expect(busy.code).toBe("PORT_IN_USE");
  expect(busy.message).toBe(`port ${port} on 127.0.0.1 is in use`);
  taken.close();
  const unknown = await startFault(openSwitchDoor({ dispatcher, caller: "nobody" }));
  expect(unknown.code).toBe("CONFIG_INVALID");
});

test("a requestor's certificate opens no door of the switch", async () => {
  const client = clientOf(pki.client("requestor", [requestorIdentity]));
  expect((await refusalOf(client.verify(paymentRequest()))).code).toBe("INVALID_CREDENTIALS");
  const security = pki.client("requestor", [requestorIdentity]);
  const requestor = new RequestorClient({ address: door.server.address, security });
  clients.push(requestor);
  const call = requestor.getTokenData({
    trid: knownTrid,
    tokenRef: "tok_1",
    transactionType: 1,
    amount: 1n,
    currency: "458",
    merchantId: "M1",
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: 0,
    merchantBinding: 0,
  });
  expect((await refusalOf(call)).code).toBe("UNIMPLEMENTED");
});

test("another table lets new callers in and ends the sessions of those that are gone", async () => {
  const own = await openSwitchDoor({ dispatcher, security: pki.serverSecurity() });
  const open = (security: Security) => {
    const client = new SwitchClient({ address: own.server.address, security });
    clients.push(client);
    return client;
  };
  const [first, second] = [switchIdentity, "DNS:new.test"].map((name) => {
    return open(pki.client(name.replaceAll(/\W/g, "-"), [name]));
  }) as [SwitchClient, SwitchClient];
  expect((await refusalOf(second.verify(paymentRequest()))).code).toBe("INVALID_CREDENTIALS");
  const ended = new Promise<AppError | null>((resolve) => {
    first.session({ answer() {}, fail() {}, end: resolve });
  });
  expect((await first.verify(paymentRequest())).reason).toBe("VERIFIED");
  const [a] = switchCallers;
  const peer = { ...a!.peer, id: 9, name: "switch-b" };
  const fresh = { ...a!, name: "switch-b", identities: ["DNS:new.test"], peer };
  expect(() => own.server.replaceCallers([fresh, fresh], null)).toThrow("twice");
  own.server.replaceCallers([a!, fresh], null);
  expect((await second.verify(paymentRequest())).reason).toBe("VERIFIED");
  expect(dispatcher.taken.at(-1)?.peer.name).toBe("switch-b");
  own.server.replaceCallers([fresh], null);
  expect(await ended).toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  expect((await refusalOf(first.verify(paymentRequest()))).code).toBe("INVALID_CREDENTIALS");
  await own.server.stop({ limitMs: 1_000 });
});
