// Defends the switch's JSON API: who calls is said by the certificate alone, and only for what he
// may; what is forged, too large, malformed or too much is refused with its own code before a
// payment is judged; nobody waits for ever; certificates and callers change without a restart.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Resolver } from "../../api/grpc/mod.ts";
import {
  AcsKeys,
  createSwitchDoor,
  type EncryptionKey,
  loadEncryptionKey,
  type SwitchClient,
  type SwitchDoor,
  type SwitchDoorOptions,
} from "../../api/switch/mod.ts";
import { createManualClock, isAppError, type ManualClock } from "../../platform/mod.ts";
import { makeCertificate, type TestCertificate, writeCertificate } from "../grpc/certificates.ts";
import { LogLines, paymentRequest, switchCallers, TestPKI, until } from "../grpc/doors.ts";
import { FakeDispatcher } from "../grpc/fake-dispatcher.ts";
import { type Raw, type Reply, send } from "../http/requestor.ts";
import { knockAt, over } from "./connections.ts";

let pki: TestPKI;
let files: string;
let key: EncryptionKey;
let certificates: Readonly<Record<"payer" | "directory" | "both" | "stranger", TestCertificate>>;

const [payer, directory] = switchCallers as [SwitchClient["caller"], SwitchClient["caller"]];

beforeAll(() => {
  pki = new TestPKI();
  files = mkdtempSync(join(tmpdir(), "pantun-switch-abuse-"));
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "payer", use: "enc", alg: "ECDH-ES" };
  writeFileSync(join(files, "keys"), JSON.stringify({ keys: [jwk] }));
  key = loadEncryptionKey(join(files, "keys"));
  const made = (...names: string[]) => makeCertificate("client", names, pki.authority);
  certificates = {
    payer: made(...payer.identities, "DNS:elsewhere.example"),
    directory: made(...directory.identities),
    both: made(...payer.identities, ...directory.identities),
    stranger: made("DNS:stranger.example"),
  };
});
afterAll(() => {
  pki.remove();
  rmSync(files, { recursive: true });
});

let dispatcher: FakeDispatcher;
let clock: ManualClock;
let log: LogLines;
let asked: number;
let doors: SwitchDoor[] = [];
beforeEach(() => {
  dispatcher = new FakeDispatcher();
  clock = createManualClock();
  log = new LogLines();
  asked = 0;
});
afterEach(async () => {
  for (const door of doors.splice(0)) await door.stop({ limitMs: 100 });
});

const tlsFiles = () => {
  const { certificateFile, privateKeyFile, clientCAFile } = pki.serverSecurity().files;
  return { certificateFile, privateKeyFile, clientCaFile: clientCAFile, reloadIntervalMs: 20 };
};

async function open(changes: Partial<SwitchDoorOptions> = {}): Promise<SwitchDoor> {
  const answer = { reasonCode: 0, issuerId: "BANK0001", acsRoutingKey: "acs-1" };
  const resolve = () => {
    asked++;
    return answer;
  };
  const parts = { clock, log: log.logger };
  const door = await createSwitchDoor({
    ...{ listen: { host: "127.0.0.1", port: 0 }, tls: tlsFiles(), plain: null },
    clients: [
      { caller: payer, key },
      { caller: directory, key: null },
    ],
    dispatcher,
    resolver: new Resolver({ directory: { resolve }, acs: new AcsKeys(), ...parts }),
    metrics: { answered() {} },
    ...parts,
    ...changes,
  });
  doors = [...doors, door];
  return door;
}

const tlsOf = ({ certificate, privateKey }: TestCertificate) => ({
  ca: pki.authority.certificate,
  cert: certificate,
  key: privateKey,
});

const { amount, otherTags, original: _, replacementAmount: __, ...texts } = paymentRequest();
const given = Object.entries(texts).filter(([, text]) => text !== "");
const payment = { ...Object.fromEntries(given), amount: Number(amount), otherTags };
const { tpan, tokenExpiry, trid, acquirerId, merchantId } = texts;
const question = { tpan, tokenExpiry, trid, acquirerId, merchantId };

interface Ask {
  readonly path?: string;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly by?: TestCertificate;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

function post({ address }: SwitchDoor, ask: Ask = {}): Promise<Reply> {
  const { path = "verify", body = payment, by = certificates.payer, headers, method } = ask;
  const raw: Raw = {
    method: method ?? "POST",
    path: `/switch/v1/${path}`,
    headers: { "content-type": "application/json", ...headers },
    body: ask.raw ?? JSON.stringify(body),
    tls: tlsOf(by),
  };
  return send(address, raw);
}

const codeOf = async (reply: Promise<Reply>) => (await reply).body?.code ?? "OK";

/** "connection" where none came to be. */
const met = (reply: Promise<Reply>) =>
  codeOf(reply).catch((error: NodeJS.ErrnoException) => {
    if (isAppError(error)) throw error;
    return "connection";
  });

describe("who calls", () => {
  test("is read from the certificate, and may what his roles say", async () => {
    const door = await open();
    expect((await post(door)).body).toMatchObject({ decision: "APPROVED", reasonCode: "0000" });
    expect(dispatcher.taken[0]?.peer).toBe(payer.peer);
    const resolved = { path: "resolve", body: question };
    const { body } = await post(door, { ...resolved, by: certificates.directory });
    expect(body).toMatchObject({ decision: "APPROVED", issuerId: "BANK0001" });
    expect(body.pan).toBeUndefined();
    expect(await codeOf(post(door, resolved))).toBe("SCOPE_MISSING");
    expect(await codeOf(post(door, { by: certificates.directory }))).toBe("SCOPE_MISSING");
    expect([dispatcher.taken.length, asked]).toEqual([1, 1]);
  });

  test("is nobody with a name that is not known, or with two callers' names", async () => {
    const door = await open();
    for (const by of [certificates.stranger, certificates.both]) {
      const { status, body } = await post(door, { by });
      expect([status, body.code]).toEqual([401, "INVALID_CREDENTIALS"]);
      // Neither a header nor the body says who somebody is.
      const claims = { "x-client": "switch-a", "x-forwarded-for": "127.0.0.1" };
      expect(await codeOf(post(door, { by, headers: claims }))).toBe("INVALID_CREDENTIALS");
    }
    expect(dispatcher.taken).toEqual([]);
  });

  test("does not connect with another authority's certificate, or with none", async () => {
    const door = await open();
    const forged = makeCertificate("client", payer.identities, makeCertificate("another", []));
    expect(await met(post(door, { by: forged }))).toBe("connection");
    const ca = pki.authority.certificate;
    const raw = { method: "POST", path: "/switch/v1/verify", body: "{}", tls: { ca } };
    expect(await met(send(door.address, raw))).toBe("connection");
    expect(await met(send(door.address, { method: "GET", path: "/" }))).toBe("connection");
    expect(dispatcher.taken).toEqual([]);
  });

  test("gets no card number without a key for it, and nothing is claimed for him", async () => {
    const door = await open({ clients: [{ caller: payer, key: null }] });
    expect(await codeOf(post(door))).toBe("SCOPE_MISSING");
    expect(dispatcher.taken).toEqual([]);
  });

  test("is nobody any more once the table says so, on an open connection too", async () => {
    const door = await open();
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tlsOf(certificates.payer) });
    expect(await over(agent, door, JSON.stringify(payment))).toBe(200);
    door.replaceClients([{ caller: directory, key: null }], null);
    expect(await over(agent, door, JSON.stringify(payment))).toBe(401);
    door.replaceClients([{ caller: payer, key }], null);
    expect(await over(agent, door, JSON.stringify(payment))).toBe(200);
    agent.destroy();
  });

  test("is not asked in the clear beyond loopback, nor over TLS without an authority", async () => {
    const faultOf = (changes: Partial<SwitchDoorOptions>) =>
      open(changes).then(
        () => "OK",
        (error) => error.code,
      );
    const listen = { host: "0.0.0.0", port: 0 };
    expect(await faultOf({ listen, tls: null })).toBe("INSECURE_REFUSED");
    expect(await faultOf({ tls: { ...tlsFiles(), clientCaFile: "" } })).toBe("CONFIG_INVALID");
    // In the clear everybody is the one caller that the operator named, or nobody.
    const plain = async (name: string | null) => {
      const { address } = await open({ tls: null, plain: name });
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(payment);
      return codeOf(send(address, { method: "POST", path: "/switch/v1/verify", headers, body }));
    };
    expect(await plain("switch-a")).toBe("OK");
    expect(await plain(null)).toBe("INVALID_CREDENTIALS");
  });
});

describe("certificates", () => {
  test("are read again: a new one serves new connections, open ones go on", async () => {
    const door = await open();
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tlsOf(certificates.payer) });
    expect(await over(agent, door, JSON.stringify(payment))).toBe(200);
    const authority = makeCertificate("next authority", []);
    const renewed = makeCertificate("server", ["DNS:localhost"], pki.authority);
    writeCertificate(pki.dir, "server", renewed);
    writeFileSync(pki.caFile, authority.certificate);
    await until("the reload", () => log.text.includes("certificate.reloaded"));
    const next = makeCertificate("client", payer.identities, authority);
    expect(await codeOf(post(door, { by: next }))).toBe("OK");
    expect(await met(post(door))).toBe("connection");
    expect(await over(agent, door, JSON.stringify(payment))).toBe(200);
    agent.destroy();
    writeFileSync(pki.caFile, pki.authority.certificate);
  });

  test("that are broken are said once, and the old ones serve on", async () => {
    const door = await open();
    writeFileSync(pki.caFile, "no certificate");
    await until("the failure", () => log.text.includes("certificate.reload_failed"));
    expect(await codeOf(post(door))).toBe("OK");
    writeFileSync(pki.caFile, pki.authority.certificate);
    await until("the reload", () => log.text.includes("certificate.reloaded"));
    expect(await codeOf(post(door))).toBe("OK");
    expect(log.text.match(/certificate.reload_failed/g)).toHaveLength(1);
  });
});

test("a session that is resumed does not outlive the authority of its certificate", async () => {
  const door = await open();
  const knock = (session?: Buffer) =>
    knockAt(door, tlsOf(certificates.payer), JSON.stringify(payment), session);
  const first = await knock();
  expect(first.said).toContain("200 OK");
  expect(first.session).toBeDefined();
  writeFileSync(pki.caFile, makeCertificate("next authority", []).certificate);
  await until("the reload", () => log.text.includes("certificate.reloaded"));
  expect((await knock(first.session)).said).not.toContain("200 OK");
  writeFileSync(pki.caFile, pki.authority.certificate);
});

describe("too much", () => {
  test("is shed at once, with a time to wait, and the place is given back", async () => {
    dispatcher.automatic = false;
    dispatcher.capacity = 2;
    const door = await open();
    const calls = [post(door), post(door)];
    await until("both", () => dispatcher.waiting.length === 2);
    const shed = await post(door);
    expect([shed.status, shed.body.code, shed.body.retryable]).toEqual([429, "OVERLOADED", true]);
    expect(Number(shed.headers["retry-after"])).toBeGreaterThan(0);
    dispatcher.release();
    for (const call of calls) expect((await call).body.decision).toBe("APPROVED");
    dispatcher.automatic = true;
    expect(await codeOf(post(door))).toBe("OK");
  });

  test("what the hot path gave up is overload, too, and no decline", async () => {
    dispatcher.judge = () => 9091;
    expect(await codeOf(post(await open()))).toBe("OVERLOADED");
  });

  test("what is not answered ends at its deadline; the late answer meets nobody", async () => {
    dispatcher.automatic = false;
    const door = await open();
    const call = post(door);
    await until("the payment", () => dispatcher.waiting.length === 1);
    expect(dispatcher.waiting[0]!.deadlineMs - clock.monotonicMs()).toBe(2_000);
    clock.advance(3_000);
    const late = await call;
    expect([late.status, late.body.code]).toEqual([504, "DEADLINE_EXCEEDED"]);
    dispatcher.automatic = true;
    const next = post(door);
    dispatcher.release();
    expect((await next).body.decision).toBe("APPROVED");
  });

  test("bodies and headers beyond their limits are cut off unread", async () => {
    const door = await open();
    const large = await post(door, { raw: JSON.stringify({ tpan: "9".repeat(70_000) }) });
    expect([large.status, large.body.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    expect(large.headers.connection).toBe("close");
    const headers = { "x-filler": "x".repeat(20_000) };
    expect(await codeOf(post(door, { headers }))).toBe("PAYLOAD_TOO_LARGE");
    expect(dispatcher.taken).toEqual([]);
    expect(await codeOf(post(door))).toBe("OK");
  });

  test("a stop answers what is under way, and takes nothing new", async () => {
    dispatcher.automatic = false;
    const door = await open();
    const call = post(door);
    await until("the payment", () => dispatcher.waiting.length === 1);
    const stopped = door.stop({ limitMs: 10_000 });
    expect(await met(post(door))).toBe("connection");
    dispatcher.release();
    expect((await call).body.decision).toBe("APPROVED");
    await stopped;
    doors = [];
  });
});

const withPrototype = JSON.stringify(payment).replace("{", '{"__proto__":{"mti":"0200"},');

describe("the wrong form", () => {
  test.each([
    ["no JSON", { raw: "{" }, "INVALID_REQUEST"],
    ["no object", { raw: "[]" }, "INVALID_REQUEST"],
    ["nothing", { raw: "" }, "INVALID_REQUEST"],
    [
      "bytes that are no UTF-8",
      { raw: Buffer.from('{"mti":"\xff"}', "latin1") },
      "INVALID_REQUEST",
    ],
    ["depth", { raw: `{"otherTags":${"[".repeat(20)}${"]".repeat(20)}}` }, "INVALID_REQUEST"],
    ["a field nobody knows", { body: { ...payment, cvv: "123" } }, "INVALID_FIELD"],
    ["a prototype", { raw: withPrototype }, "INVALID_FIELD"],
    ["an amount as text", { body: { ...payment, amount: "1" } }, "INVALID_FIELD"],
    ["half a sen", { body: { ...payment, amount: 0.5 } }, "INVALID_FIELD"],
    ["13 digits of money", { body: { ...payment, amount: 1_000_000_000_000 } }, "INVALID_FIELD"],
    ["another currency's letters", { body: { ...payment, currency: "MYR" } }, "INVALID_FIELD"],
    ["a tag of the service", { body: { ...payment, otherTags: [{ tag: 13, value: "0000" }] } }],
    ["text", { headers: { "content-type": "text/plain" } }, "UNSUPPORTED_MEDIA_TYPE"],
    ["another path", { path: "verify/1" }, "PATH_NOT_FOUND"],
    ["another method", { method: "PUT" }, "PATH_NOT_FOUND"],
  ] as const)("%s is refused before a payment is judged", async (_, ask: Ask, code?: string) => {
    const door = await open();
    const { status, body } = await post(door, ask);
    expect(body.code).toBe(code ?? "INVALID_FIELD");
    expect([status >= 400, status < 500]).toEqual([true, true]);
    expect(dispatcher.taken).toEqual([]);
    expect(await codeOf(post(door))).toBe("OK");
  });

  test("no number of a request is in an answer of refusal or in the log", async () => {
    const door = await open();
    const number = tpan;
    for (const field of ["stan", "rrn", "mti", "currency", "trid", "tokenExpiry"]) {
      const body = { ...payment, [field]: `${number}${number}` };
      const { text, status } = await post(door, { body });
      expect([field, status, text.includes(number)]).toEqual([field, 400, false]);
    }
    await post(door, { path: number, headers: { "x-request-id": number } });
    await post(door, { raw: `{"${number}":"${number}"}` });
    expect(log.text.includes(number)).toBe(false);
    expect(log.text.length).toBeGreaterThan(100);
  });
});
