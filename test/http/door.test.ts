// Defends: the door is not open in the clear outside loopback, binds tokens to certificates, takes
// other clients without a restart, answers what is under way when it stops, and sheds with a time
// to wait.
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CardRate } from "../../api/grpc/mod.ts";
import {
  createHttpDoor,
  type HttpDoor,
  type HttpDoorOptions,
  loadClients,
  loadServerKeys,
  noHttpMetrics,
} from "../../api/http/mod.ts";
import { demoTrid, merchantId } from "../../cmd/demo/world.ts";
import { isAppError, silentLogger, systemClock } from "../../platform/mod.ts";
import { makeCertificate, type TestCertificate, writeCertificate } from "../grpc/certificates.ts";
import { type HttpWorld, makeClient, openHttpWorld, Requestor, send } from "./requestor.ts";

let world: HttpWorld;
let open: HttpDoor[] = [];
const trids = [demoTrid(1), demoTrid(2), demoTrid(3), demoTrid(4)];

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 8 });
});
afterAll(async () => {
  await Promise.all(open.map((door) => door.stop({ limitMs: 100 })));
  await world.close();
});

const party = (identities: string[] = []) => {
  const { clientId, secretFile, keysFile } = world.client.http;
  const scopes = ["tokens:read", "tokens:data", "tokens:lifecycle"] as const;
  return { name: "shop", identities, trids, http: { clientId, secretFile, keysFile, scopes } };
};

async function openDoor(changes: Partial<HttpDoorOptions> = {}): Promise<HttpDoor> {
  const { engine, commandPath } = world.service;
  const door = await createHttpDoor({
    listen: { host: "127.0.0.1", port: 0 },
    tls: null,
    insecure: false,
    keys: loadServerKeys(join(world.files, "keys.json")),
    clients: loadClients([party()]),
    limits: {
      callsPerSecond: 1_000,
      tokenTriesPerMinute: 100,
      accessTokenSeconds: 900,
    },
    vault: engine.opened.vault,
    history: engine.opened.history,
    commands: commandPath!.commands,
    events: commandPath!.events,
    tokenData: engine.tokenData,
    provisions: new CardRate({ vault: engine.opened.vault, perHour: 5, clock: systemClock }),
    loopbackWebhooks: true,
    metrics: noHttpMetrics,
    log: silentLogger(),
    clock: systemClock,
    ...changes,
  });
  open = [...open, door];
  return door;
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "OK",
    (error) => (isAppError(error) ? error.code : ((error as { code?: string }).code ?? "?")),
  );
}

const dataBody = { transactionType: "CIT", amount: { value: 1, currency: "458" }, merchantId };

test("is not opened in the clear outside loopback", async () => {
  const listen = { host: "0.0.0.0", port: 0 };
  expect(await faultOf(openDoor({ listen }))).toBe("INSECURE_REFUSED");
  expect(await faultOf(openDoor({ listen, insecure: true }))).toBe("OK");
});

test("with mutual TLS binds the access token to the certificate", async () => {
  const authority = makeCertificate("authority", []);
  const files = writeCertificate(
    world.files,
    "server",
    makeCertificate("localhost", ["DNS:localhost"], authority),
  );
  const clientCaFile = join(world.files, "ca.crt");
  writeFileSync(clientCaFile, authority.certificate);
  const door = await openDoor({
    tls: { ...files, clientCaFile },
    clients: loadClients([party(["DNS:shop.example", "DNS:shop-2.example"])]),
  });
  const ca = authority.certificate;
  const tlsOf = ({ certificate: cert, privateKey: key }: TestCertificate) => ({ ca, cert, key });
  const first = tlsOf(makeCertificate("shop", ["DNS:shop.example"], authority));
  const second = tlsOf(makeCertificate("shop", ["DNS:shop-2.example"], authority));
  const shop = await new Requestor(door.address, world.client, first).open();
  expect((await shop.call("listTokenBins")).status).toBe(200);
  const thief = await new Requestor(door.address, world.client, second).open();
  thief.token = shop.token;
  expect(await thief.codeOf("listTokenBins")).toBe("INVALID_CREDENTIALS");
  const other = tlsOf(makeCertificate("other", ["DNS:other.example"], authority));
  const stranger = new Requestor(door.address, world.client, other);
  expect((await stranger.askToken()).body.code).toBe("INVALID_CREDENTIALS");
  const without = send(door.address, {
    method: "GET",
    path: "/.well-known/jwks.json",
    tls: { ca },
  });
  expect(await faultOf(without)).not.toBe("OK");
  const forger = makeCertificate("forger", []);
  const foreign = tlsOf(makeCertificate("shop", ["DNS:shop.example"], forger));
  const unknown = new Requestor(door.address, world.client, foreign).askToken();
  expect(await faultOf(unknown)).not.toBe("OK");
});

test("takes other clients, and shuts out those that are gone, without a restart", async () => {
  const door = await openDoor();
  const shop = await new Requestor(door.address, world.client).open();
  const options = { trid: world.tokens[0]!.trid, params: { tokenRef: world.tokens[0]!.tokenRef } };
  expect(await shop.codeOf("getToken", options)).toBe("OK");
  const narrow = party();
  const http = { ...narrow.http, scopes: ["events"] as const };
  door.replaceClients(loadClients([{ ...narrow, http }]));
  expect(await shop.codeOf("getToken", options)).toBe("SCOPE_MISSING");
  const mall = await makeClient(world.files, "mall");
  const scopes = ["tokens:read"] as const;
  const added = { ...party(), name: "mall", http: { ...mall.http, scopes } };
  door.replaceClients(loadClients([added]));
  expect(await shop.codeOf("getToken", options)).toBe("INVALID_CREDENTIALS");
  const fresh = await new Requestor(door.address, mall).open();
  expect(await fresh.codeOf("getToken", options)).toBe("OK");
});

test("answers what is under way when it stops, and nothing new", async () => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { tokenData } = world.service.engine;
  const door = await openDoor({
    tokenData: {
      async issue(query) {
        started.resolve();
        await release.promise;
        return tokenData.issue(query);
      },
    },
  });
  const shop = await new Requestor(door.address, world.client).open();
  const { trid, tokenRef } = world.tokens[1]!;
  const call = shop.call("getTokenData", { trid, params: { tokenRef }, body: dataBody });
  await started.promise;
  const stopped = door.stop({ limitMs: 30_000 });
  expect(await faultOf(shop.call("listTokenBins"))).toBe("ECONNREFUSED");
  release.resolve();
  expect((await call).status).toBe(201);
  await stopped;
});

test("tells who repeats a change too early, or its key for another", async () => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { commands } = world.service.commandPath!;
  const door = await openDoor({
    commands: {
      async submit(envelope) {
        started.resolve();
        await release.promise;
        return commands.submit(envelope);
      },
    },
  });
  const shop = await new Requestor(door.address, world.client).open();
  const { trid, tokenRef } = world.tokens[2]!;
  const options = { trid, params: { tokenRef }, body: { reasonCode: "LOST" }, key: "one-key" };
  const first = shop.call("suspendToken", options);
  await started.promise;
  const early = await shop.call("suspendToken", options);
  expect([early.status, early.body.code]).toEqual([409, "REQUEST_IN_PROGRESS"]);
  expect(early.headers["retry-after"]).toBe("1");
  const other = await shop.call("suspendToken", { ...options, body: {} });
  expect([other.status, other.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  release.resolve();
  expect((await first).status).toBe(200);
  const late = await shop.call("suspendToken", options);
  expect(late.headers["idempotent-replayed"]).toBe("true");
});

test("sheds a client that calls too often, with a time to wait", async () => {
  const limits = {
    callsPerSecond: 1,
    tokenTriesPerMinute: 9,
    accessTokenSeconds: 60,
  };
  // A clock that stands: the second does not pass by itself.
  let nowMs = systemClock.nowMs() + 5_000;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const door = await openDoor({ limits, clock });
  const shop = await new Requestor(door.address, world.client).open();
  const header = { iat: Math.ceil(nowMs / 1_000) };
  expect(await shop.codeOf("listTokenBins", { header })).toBe("OK");
  const shed = await shop.call("listTokenBins", { header });
  expect([shed.status, shed.body.code, shed.headers["retry-after"]]).toEqual([
    429,
    "RATE_LIMITED",
    "1",
  ]);
  nowMs += 1_000;
  expect(await shop.codeOf("listTokenBins", { header })).toBe("OK");
  nowMs += 60_000;
  const late = { header: { iat: Math.ceil(nowMs / 1_000) } };
  expect(await shop.codeOf("listTokenBins", late)).toBe("INVALID_CREDENTIALS");
});

test("a fault of our own says nothing of itself to the caller", async () => {
  const lines: string[] = [];
  const log = { ...silentLogger(), error: (line: unknown) => lines.push(JSON.stringify(line)) };
  const door = await openDoor({
    log: log as never,
    tokenData: {
      issue() {
        throw new TypeError("a secret of the inside");
      },
    },
  });
  const shop = await new Requestor(door.address, world.client).open();
  const { trid, tokenRef } = world.tokens[1]!;
  const reply = await shop.call("getTokenData", { trid, params: { tokenRef }, body: dataBody });
  expect([reply.status, reply.body.code]).toEqual([500, "INTERNAL_ERROR"]);
  expect(reply.text).not.toContain("secret");
  expect(lines).toHaveLength(1);
});

test("weak, private or unfit keys of a client are not taken", async () => {
  const file = join(world.files, "odd.jwks");
  const load = async (keys: object[]) => {
    writeFileSync(file, JSON.stringify({ keys }));
    const odd = party();
    return faultOf(
      (async () => loadClients([{ ...odd, http: { ...odd.http, keysFile: file } }]))(),
    );
  };
  const jwk = (key: { export(options: { format: "jwk" }): object }, more: object) => ({
    ...key.export({ format: "jwk" }),
    kid: "k",
    use: "sig",
    ...more,
  });
  const weak = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  const fine = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const curve = generateKeyPairSync("ec", { namedCurve: "P-384" });
  expect(await load([jwk(fine.publicKey, { alg: "PS256" })])).toBe("OK");
  for (const bad of [
    jwk(weak.publicKey, { alg: "PS256" }),
    jwk(fine.publicKey, { alg: "ES256" }),
    jwk(fine.publicKey, { alg: "HS256" }),
    jwk(fine.publicKey, { alg: "none" }),
    jwk(fine.privateKey, { alg: "PS256" }),
    jwk(curve.publicKey, { alg: "ES256" }),
    { kty: "oct", k: "AAAA", kid: "k", use: "sig", alg: "ES256" },
  ]) {
    expect(await load([bad])).toBe("CONFIG_INVALID");
  }
  const twice = jwk(fine.publicKey, { alg: "PS256" });
  expect(await load([twice, twice])).toBe("CONFIG_INVALID");
});
