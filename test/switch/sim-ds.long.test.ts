// Defends: the simulated directory server learns of a token's issuer from the service and never of
// its card, which opens at the issuer's server alone; what the service gets wrong is told as wrong.
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { HttpPeer, loadOpener, makeKeyPair } from "../../api/http/mod.ts";
import { openWorld, type World } from "../../cmd/demo/world.ts";
import { AccessControlServer } from "../../cmd/sim/ds/access-control-server.ts";
import { simulateDs } from "../../cmd/sim/ds/command.ts";
import { type DirectoryOutcome, DirectoryServer } from "../../cmd/sim/ds/directory-server.ts";
import { PiavKey } from "../../cmd/sim/ds/piav.ts";
import { authenticate } from "../../cmd/sim/three-ds.ts";
import { panBytes } from "../grpc/cards.ts";

let world: World;
let files: string;
const piavs = new PiavKey(randomBytes(32));
const told: DirectoryOutcome[] = [];
const listen = { host: "127.0.0.1", port: 0 };
const at = (name: string) => join(files, name);

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), "pantun-ds-"));
  for (const name of ["acs", "other"]) {
    const { privateSet, publicSet } = makeKeyPair("enc", name);
    writeFileSync(at(`${name}.key`), privateSet, { mode: 0o600 });
    writeFileSync(at(`${name}.jwks`), publicSet);
  }
  world = await openWorld({
    tokens: 4,
    flags: { "switchHttp.enabled": "true", "switchHttp.port": "0" },
    switch: { roles: ["directory-server"], http: {} },
    issuer: { acs: { routingKey: "acs-7", keysFile: at("acs.jwks") } },
  });
});
afterAll(async () => {
  await world?.close();
  rmSync(files, { recursive: true });
});
afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});

async function open(key: string, service = `http://${world.service.addresses.switchHttp}`) {
  const opener = loadOpener(at(key));
  const acs = await AccessControlServer.open(listen, { opener, piavs, declineFrom: 900_00 });
  const cardsAcs = new HttpPeer(acs.url);
  const directory = await DirectoryServer.open(listen, {
    service: new HttpPeer(service),
    acs: new Map([["acs-7", cardsAcs]]),
    cardsAcs,
    told: (outcome) => told.push(outcome),
  });
  const close = () => Promise.all([directory.close(), acs.close()]);
  return { acs, ds: new HttpPeer(directory.url), close };
}

function purchase(changes: object = {}) {
  const { tpan, tpanExpiry, trid, acquirerId, merchantId } = world.tokens[0]!;
  return {
    acctNumber: tpan,
    cardExpiryDate: tpanExpiry,
    purchaseAmount: 12_34,
    purchaseCurrency: "458",
    acquirerBIN: acquirerId,
    acquirerMerchantID: merchantId,
    tokenRequestorID: trid,
    ...changes,
  };
}

test("a token is checked at its issuer, who knows the value again that it gave", async () => {
  const { acs, ds, close } = await open("acs.key");
  const pan = panBytes(world.service.engine.opened.vault, world.tokens[0]!.tokenRef).toString();
  const byToken = await authenticate(ds, purchase());
  expect(byToken).toMatchObject({ transStatus: "Y", eci: "05", flow: "FRICTIONLESS" });
  const about = { amount: 12_34, currency: "458", dsTransId: byToken.dsTransID };
  expect(piavs.fits(byToken.authenticationValue!, { pan, ...about })).toBe(true);
  expect(piavs.fits(byToken.authenticationValue!, { pan, ...about, amount: 12_35 })).toBe(false);
  const card = { acctNumber: pan, tokenRequestorID: undefined, purchaseAmount: 300_00 };
  expect(await authenticate(ds, purchase(card))).toMatchObject({
    transStatus: "Y",
    flow: "CHALLENGE",
  });
  const no = await authenticate(ds, purchase({ purchaseAmount: 900_00 }));
  expect(no).toMatchObject({ transStatus: "N" });
  expect(no.authenticationValue).toBeUndefined();
  const foreign = await authenticate(ds, purchase({ tokenRequestorID: "99900000099" }));
  expect(foreign).toMatchObject({ transStatus: "N", cardholderInfo: "1003 TRID_MISMATCH" });
  expect(told.every(({ right }) => right)).toBe(true);
  expect(JSON.stringify(told)).not.toMatch(/[0-9]{13}/);
  expect(acs.faults).toEqual([]);
  await close();
});

test("a card that is encrypted to somebody else is found out", async () => {
  const { acs, ds, close } = await open("other.key");
  expect(await authenticate(ds, purchase())).toMatchObject({ transStatus: "U" });
  expect(acs.faults).toEqual(["A card number was not encrypted to this access control server."]);
  await close();
});

test.each([
  ["a card in clear", { decision: "APPROVED", pan: "clear", acsRoutingKey: "acs-7" }],
  ["a decline with an issuer", { decision: "DECLINED", issuerId: "TESTBANK" }],
  ["an unknown server", { decision: "APPROVED", acsRoutingKey: "acs-8" }],
  ["an answer without its form", { decision: "PERHAPS" }],
])("a service that gives %s is wrong", async (_, said) => {
  const verdict = { reasonCode: "0000", reason: "VERIFIED", responseCode: "00" };
  const liar = createServer((_request, response) => {
    response.end(JSON.stringify({ ...verdict, ...said }));
  });
  await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
  const { ds, close } = await open("acs.key", url);
  expect(await authenticate(ds, purchase())).toMatchObject({ transStatus: "U" });
  expect(told.at(-1)).toMatchObject({ right: false });
  await close();
  liar.closeAllConnections();
  liar.close();
});

test("the command asks about the tokens of a file and ends", async () => {
  const lines = world.tokens.map(({ trid, tpan, tpanExpiry }, i) => {
    return `${trid} ${randomUUID()} t-${i} ${tpan} ${tpanExpiry}\n`;
  });
  writeFileSync(at("tokens"), lines.join(""));
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const flags = {
    url: `http://${world.service.addresses.switchHttp}`,
    ...{ listen: "127.0.0.1:0", routingKey: "acs-7", tokenFile: at("tokens"), json: true },
    ...{ acquirer: "458001", merchant: "MERCHANT0000001" },
  };
  await simulateDs({ ...flags, acsKey: at("acs.key") });
  const { outcomes } = JSON.parse(written.join(""));
  expect(outcomes).toHaveLength(4);
  expect(outcomes[0]).toMatchObject({ says: "resolved to TESTBANK at acs-7, ECI 05", right: true });
  expect(process.exitCode ?? 0).toBe(0);
  const complaints = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  await simulateDs({ ...flags, acsKey: at("other.key") });
  expect(complaints).toHaveBeenCalledTimes(4);
  expect(process.exitCode).toBe(1);
});
