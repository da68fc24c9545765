// Defends: `pantun serve` opens the JSON APIs where they are configured, takes a new client from
// the parties file while it runs, and leaves no card number, security code, holder's name,
// cryptogram or secret of a client in its log, its metrics, its answers or its files. Who tries
// token numbers is named there by the acquirer.
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { findTraces, needlesOf } from "../canary/traces.ts";
import { pantun, startPantun } from "../cli/run-pantun.ts";
import { luhnPan } from "../grpc/cards.ts";
import { until } from "../grpc/doors.ts";
import {
  type ClientFiles,
  makeClient,
  proof,
  provisionBody,
  Requestor,
  send,
} from "./requestor.ts";

const trid = "99900000001";
const merchantId = "MERCHANT0000001";
const securityCode = "7391552846";
const cardholderName = "Canary Q. Holder";
const pans = ["999999417", "999999418", "999999419"].map(luhnPan);

let home: string;
let dir: string;
/** Of whoever gets card numbers. */
let payerKeys: string;
let access: string[];
let shop: ClientFiles;
let mall: ClientFiles;
let log = "";
const said: string[] = [];

async function command(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await pantun(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

function writeParties(clients: readonly ClientFiles[]): string {
  const file = join(home, "parties.json");
  const requestors = clients.map(({ clientId, http }) => ({ name: clientId, trids: [trid], http }));
  const plain = { switch: "net", requestor: "shop", issuer: "bank" };
  const roles = ["switch", "directory-server"];
  const switches = [{ name: "net", roles, http: { keysFile: payerKeys } }];
  const acs = { routingKey: "acs-1", keysFile: payerKeys };
  const issuers = [{ name: "bank", issuerId: "BANK0001", acs }];
  writeFileSync(file, JSON.stringify({ switches, requestors, issuers, plain }));
  return file;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "pantun-http-serve-"));
  dir = join(home, "vault");
  mkdirSync(dir);
  const passphrase = join(home, "passphrase");
  writeFileSync(passphrase, "a passphrase for tests\n", { mode: 0o600 });
  access = ["--dir", dir, "--passphrase-file", passphrase];
  await command(["keys", "init", ...access, "--peer", "net"]);
  await command(["vault", "init", ...access]);
  const registry = join(home, "registry.json");
  const issuers = [{ id: "BANK0001", name: "Bank One" }];
  const ranges = [{ prefix: "999999", issuerId: "BANK0001" }];
  const requestors = [{ trid, name: "Shop", type: "MERCHANT", acquirers: ["458001"] }];
  writeFileSync(registry, JSON.stringify({ issuers, ranges, requestors }));
  await command(["vault", "registry", registry, ...access]);
  await command(["requestor", "keys", join(home, "http-keys.json")]);
  shop = await makeClient(home, "shop");
  // As an operator would make it.
  rmSync(shop.http.secretFile);
  const secret = (await command(["requestor", "secret", shop.http.secretFile])).trim();
  shop = { ...shop, secret };
  mall = await makeClient(home, "mall");
  payerKeys = join(home, "payer.jwks");
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "payer", use: "enc", alg: "ECDH-ES" };
  writeFileSync(payerKeys, JSON.stringify({ keys: [jwk] }));
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("the whole of it", async () => {
  const parties = writeParties([shop]);
  const doors = ["iso", "switch", "requestor", "issuer", "http", "switchHttp", "admin"];
  const ports = doors.map((one) => `${one}.port`);
  const free = [...ports, "admin.grpcPort"].map((name) => `${name}=0`);
  const keysFile = join(home, "http-keys.json");
  const more = [`http.keysFile=${keysFile}`, "switchHttp.enabled=true", "log.level=debug"];
  const small = ["vault.mapBytes=64MiB", "replay.mapBytes=64MiB"];
  const flags = [...free, ...more, ...small].flatMap((one) => ["--set", one]);
  const { child, finished } = startPantun(["serve", ...access, "--parties", parties, ...flags]);
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  await until("ready", () => /service\.ready[^\n]*\n/.test(log), 30_000);
  const line = log.split("\n").find((one) => one.includes("service.ready")) as string;
  const addresses = JSON.parse(line) as Readonly<Record<"http" | "switchHttp" | "admin", string>>;
  const first = await new Requestor(addresses.http, shop).open();
  const issued = await play(first);
  await pay(addresses.switchHttp, issued);
  const ptavs = issued.map(({ ptav }) => ptav);
  writeParties([shop, mall]);
  await until("other parties", () => log.includes("parties.reloaded"), 20_000);
  const second = await new Requestor(addresses.http, mall).open();
  expect((await second.call("listTokenBins")).status).toBe(200);
  const metrics = await (await fetch(`${addresses.admin}/metrics`)).text();
  child.kill("SIGTERM");
  expect((await finished).code).toBe(0);
  expect(log).toContain('"operation":"provisionToken"');
  expect(log).toContain('"operation":"verify"');
  expect(log).toMatch(/"event":"payments.scan","acquirer":"458001","guesses":1[0-9]{2}/);
  const texts = { log, metrics, said: said.join("\n") };
  expect(tracesIn(texts, ptavs)).toEqual([]);
}, 60_000);

interface Issued {
  readonly ptav: string;
  readonly tpan: string;
  readonly tpanExpiry: string;
}

/** Payments and a directory server's question, as they should be and with numbers misplaced. */
async function pay(address: string, issued: readonly Issued[]): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const bytes = JSON.stringify(body);
    const reply = await send(address, { method: "POST", path, headers, body: bytes });
    said.push(reply.text);
    return reply.body;
  };
  for (const [i, { ptav, tpan, tpanExpiry: tokenExpiry }] of issued.entries()) {
    const digits = new Date().toISOString().replace(/\D/g, "");
    const time = { localTime: digits.slice(8, 14), localDate: digits.slice(4, 8) };
    const numbers = { stan: `00000${i}`, rrn: `60010000000${i}`, mcc: "5812", currency: "458" };
    const entry = { posEntryMode: "810", posCondition: "59", initiation: "C" };
    const who = { tpan, tokenExpiry, trid, acquirerId: "458001", merchantId };
    const what = { mti: "0100", processingCode: "000000", amount: 5, storedCredential: "N", ptav };
    const at = { transmissionDateTime: digits.slice(4, 14), ...time };
    const payment = { ...who, ...what, ...at, ...numbers, ...entry };
    expect(await post("/switch/v1/verify", payment)).toMatchObject({ decision: "APPROVED" });
    await post("/switch/v1/verify", { ...payment, stan: `10000${i}` });
    await post("/switch/v1/verify", { ...payment, tpan: pans[0], stan: tpan });
    expect(await post("/switch/v1/resolve", who)).toMatchObject({ acsRoutingKey: "acs-1" });
    // Somebody tries numbers: a hundred in one of two minutes.
    const guesses = i > 0 ? [] : Array.from({ length: 200 }, () => payment);
    await Promise.all(
      guesses.map((one) => post("/switch/v1/verify", { ...one, tpan: knownTpan, ptav })),
    );
    await post(`/switch/v1/${pans[0]}`, { ...payment, [pans[0] as string]: pans[1] });
  }
}

/** What goes well, and what goes wrong with numbers where none belongs. */
async function play(client: Requestor): Promise<Issued[]> {
  const keep = ({ text, headers }: { text: string; headers: object }) => {
    said.push(text + JSON.stringify(headers));
  };
  const data: Issued[] = [];
  for (const pan of pans) {
    const card = await client.card(pan, { securityCode, cardholderName });
    const { status, body } = await client.call("provisionToken", { body: provisionBody(card) });
    expect(status, JSON.stringify(body)).toBe(201);
    const amount = { value: 5, currency: "MYR" };
    const params = { tokenRef: body.tokenRef };
    const asked = { transactionType: "CIT", amount, merchantId };
    data.push((await client.call("getTokenData", { params, body: asked })).body);
    keep(await client.call("getToken", { params }));
  }
  const [pan] = pans as [string];
  const card = await client.card(pan, { securityCode, cardholderName, expiryYear: "20" });
  keep(await client.call("provisionToken", { body: provisionBody(card) }));
  const clear = { pan, securityCode, cardholderVerification: proof({ piav: data[0]?.ptav }) };
  keep(await client.call("provisionToken", { body: provisionBody("a.b.c.d.e", clear) }));
  keep(await client.call("getToken", { params: { tokenRef: pan } }));
  keep(await client.call("getToken", { params: { tokenRef: pan }, query: `?pan=${pan}` }));
  keep(await client.call("getToken", { trid: pan, headers: { "x-request-id": pan } }));
  keep(await client.call("suspendToken", { raw: `{"${pan}`, params: { tokenRef: pan } }));
  keep(await client.askToken({}, `${client.client.secret}${pan}`));
  return data;
}

function tracesIn(texts: Readonly<Record<string, string>>, ptavs: readonly string[]) {
  const needles = [
    ...pans.flatMap((pan) => needlesOf(pan, "digits")),
    ...[securityCode, cardholderName, shop.secret, ...ptavs].flatMap((one) => {
      return needlesOf(one, "text");
    }),
  ];
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.some((path) => path.endsWith("vault/data.mdb"))).toBe(true);
  const inTexts = Object.entries(texts).flatMap(([where, text]) => {
    return findTraces(where, Buffer.from(text), needles);
  });
  return [...inTexts, ...files.flatMap((path) => findTraces(path, readFileSync(path), needles))];
}
