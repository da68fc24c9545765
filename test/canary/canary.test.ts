// Defends: known card numbers, tokens and PTAVs that go through the whole system leave no trace in
// logs, metrics, errors, command output, rejected rows, backups, core files or database files: not
// in clear, hexadecimal, BCD or base64.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RequestorClient, SwitchClient as SwitchGrpc } from "../../api/grpc/mod.ts";
import { openKeyStore } from "../../cmd/service/open-keys.ts";
import { localPtavSource } from "../../cmd/sim/local-ptav.ts";
import { SimContext } from "../../cmd/sim/switch/context.ts";
import { parseMix } from "../../cmd/sim/switch/mix.ts";
import { runTraffic } from "../../cmd/sim/switch/run.ts";
import { scenarios } from "../../cmd/sim/switch/scenarios.ts";
import { SwitchClient } from "../../cmd/sim/switch-client.ts";
import { switchTarget } from "../../cmd/sim/switch-target.ts";
import type { PtavSource, SimToken } from "../../cmd/sim/tokens.ts";
import { readVaultTokens } from "../../cmd/sim/vault-tokens.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { Binding, TransactionType, VerifyRequest } from "../../proto/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { pantun, startPantun } from "../cli/run-pantun.ts";
import { findTraces, needlesOf, type Trace } from "./traces.ts";

const trid = "99900000001";
const acquirerId = "458001";
const merchantId = "MERCHANT0000001";
const cards = Array.from({ length: 12 }, (_, i) => withCheckDigit(`99999941000${7_130 + i * 311}`));
const rejected = withCheckDigit("888888000041711");

let home: string;
let dir: string;
let secret: string;
let tokens: SimToken[] = [];
/** Everything that was said, by who said it. */
const said: { where: string; text: string }[] = [];
const ptavs: string[] = [];

const access = () => ["--dir", dir, "--passphrase-file", secret];

async function command(args: readonly string[], code = 0): Promise<string> {
  const result = await pantun(args);
  said.push({ where: `pantun ${args[0]} ${args[1]}`, text: result.stdout + result.stderr });
  expect(result.code, result.stderr).toBe(code);
  return result.stdout;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "pantun-canary-"));
  dir = join(home, "vault");
  secret = join(home, "secret");
  mkdirSync(dir);
  writeFileSync(secret, "a passphrase for tests\n", { mode: 0o600 });
  await fillVault();
  await serveAndPlay();
  await command(["vault", "stats", ...access()]);
  await command(["vault", "verify", ...access()]);
  await command(["vault", "backup", join(home, "backup"), ...access()]);
  const list = await command(["token", "list", "--json", ...access()]);
  const ref = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(list)?.[0] as string;
  await command(["token", "show", ref, ...access()]);
  await command(["keys", "list", "--dir", dir]);
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function fillVault(): Promise<void> {
  await command(["keys", "init", ...access(), "--peer", "net"]);
  await command(["vault", "init", ...access()]);
  const registry = join(home, "registry.json");
  writeFileSync(
    registry,
    JSON.stringify({
      issuers: [{ id: "BANK0001", name: "Bank One" }],
      ranges: [{ prefix: "999999", issuerId: "BANK0001" }],
      requestors: [{ trid, name: "Shop", type: "MERCHANT", acquirers: [acquirerId] }],
    }),
  );
  await command(["vault", "registry", registry, ...access()]);
  const wrongDigit = `${cards[0]?.slice(0, 15)}${(Number(cards[0]?.[15]) + 5) % 10}`;
  const rows = [...cards, rejected, wrongDigit].map((pan) => `${pan},3011,${trid}`);
  const csv = join(home, "cards.csv");
  writeFileSync(csv, `pan,expiry_yymm,trid\n${rows.join("\n")}\n`);
  await command(["vault", "load", csv, "--rejects", join(dir, "rejects.csv"), ...access()], 3);
  rmSync(csv);
}

async function serveAndPlay(): Promise<void> {
  const parties = join(home, "parties.json");
  writeFileSync(
    parties,
    JSON.stringify({
      switches: [{ name: "net", roles: ["switch", "directory-server"] }],
      requestors: [{ name: "shop", trids: [trid] }],
      plain: { switch: "net", requestor: "shop" },
    }),
  );
  const ports = ["iso.port", "switch.port", "requestor.port", "admin.port", "admin.grpcPort"];
  const free = ports.flatMap((name) => ["--set", `${name}=0`]);
  // The file of the claims is as large as its map: one that can be read whole.
  const small = ["--set", "replay.mapBytes=64MiB"];
  const flags = ["--parties", parties, "--set", "log.level=debug", ...small, ...free];
  const { child, finished } = startPantun(["serve", ...access(), ...flags]);
  const addresses = await readyLine(child);
  await playSwitch(addresses.iso.port);
  await playWrongly(addresses);
  for (const path of ["metrics", "readyz", "healthz"]) {
    const answer = await fetch(`${addresses.admin}/${path}`);
    said.push({ where: path, text: await answer.text() });
  }
  // A fold of the journal into the history.
  await pause(1_000);
  child.kill("SIGTERM");
  const { stdout, stderr, code } = await finished;
  expect(code).toBe(0);
  said.push({ where: "log", text: stderr }, { where: "stdout of serve", text: stdout });
}

interface Addresses {
  readonly iso: { readonly port: number };
  readonly switch: string;
  readonly requestor: string;
  readonly admin: string;
}

function readyLine(child: ReturnType<typeof startPantun>["child"]): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      const line = log.split("\n").find((one) => one.includes("service.ready"));
      if (line?.endsWith("}")) resolve(JSON.parse(line) as Addresses);
    });
    child.once("exit", () => reject(new Error(`the service ended: ${log}`)));
  });
}

/** Every kind of traffic that the simulator has, over tokens whose numbers are known. */
async function playSwitch(port: number): Promise<void> {
  const store = await openKeyStore(dir, secret);
  const ring = await store.load();
  await store.close();
  const vault = Vault.open({ dir, readOnly: true, ring, clock: systemClock, random: randomBytes });
  tokens = readVaultTokens(vault, { tokensMax: 100, acquirerId, merchantId });
  await vault.close();
  const local = localPtavSource({ ring, clock: systemClock, random: randomBytes });
  const source: PtavSource = {
    local: true,
    get: (request) => {
      const ptav = local.get(request) as string;
      ptavs.push(ptav);
      return ptav;
    },
  };
  const client = await SwitchClient.connect({
    target: switchTarget([{ host: "127.0.0.1", port }], null),
    connections: 2,
    macKey: ring.active("mac", "net").bytes,
    clock: systemClock,
  });
  const context = new SimContext({
    tokens,
    ptavs: source,
    clock: systemClock,
    withMac: true,
    random: randomBytes,
  });
  const mix = parseMix([...scenarios.keys()].map((name) => `${name}=1`).join(","));
  const { tally } = await runTraffic({
    client,
    context,
    mix,
    clock: systemClock,
    rate: 150,
    durationMs: 4_000,
  });
  expect([tally.examples, tally.total("unanswered")]).toEqual([[], 0]);
  await client.close();
}

/** Numbers where none belongs: garbage on the wire, and in every text of a gRPC call. */
async function playWrongly(addresses: Addresses): Promise<void> {
  const pan = cards[1] as string;
  const wrong = [`\x00\x40ISO026000050${pan}${pan}${pan}${pan}`, `${pan}${pan}`];
  for (const text of wrong) await sendRaw(addresses.iso.port, Buffer.from(text, "latin1"));
  const requestor = new RequestorClient({
    address: addresses.requestor,
    security: { kind: "insecure" },
  });
  const request = {
    trid,
    tokenRef: pan,
    transactionType: TransactionType.TRANSACTION_TYPE_CIT,
    amount: 1n,
    currency: "458",
    merchantId: pan,
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: Binding.BINDING_BOUND,
    merchantBinding: Binding.BINDING_BOUND,
  };
  for (const change of [{}, { trid: pan }, { currency: pan }, { merchantId: `${pan}${pan}` }]) {
    await requestor.getTokenData({ ...request, ...change }).catch(keepError);
  }
  requestor.close();
  const grpc = new SwitchGrpc({ address: addresses.switch, security: { kind: "insecure" } });
  const empty = VerifyRequest.decode(Buffer.alloc(0));
  for (const field of ["mti", "tpan", "stan", "rrn", "merchantId", "currency", "ptav", "trid"]) {
    await grpc.verify({ ...empty, tpan: pan, [field]: `${pan}x` }).catch(keepError);
  }
  grpc.close();
}

function keepError(error: unknown): void {
  const { message, stack, ...rest } = error as Error & Record<string, unknown>;
  said.push({ where: "gRPC error", text: `${message}\n${stack}\n${JSON.stringify(rest)}` });
}

async function sendRaw(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.end(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function tracesOf(secrets: readonly string[], kind: "digits" | "text"): Trace[] {
  const needles = secrets.flatMap((one) => needlesOf(one, kind));
  const texts = said.flatMap(({ where, text }) => findTraces(where, Buffer.from(text), needles));
  const files = filesUnder(home).flatMap((path) => {
    return findTraces(path.slice(home.length), readFileSync(path), needles);
  });
  return [...texts, ...files];
}

describe("after a day of the whole system", () => {
  it("looked at what there is to look at", () => {
    const names = filesUnder(home).map((path) => path.slice(home.length));
    for (const part of [
      "/vault/vault/data.mdb",
      "/vault/history/",
      "/vault/journal/",
      "/backup/",
    ]) {
      expect(names.some((name) => name.startsWith(part))).toBe(true);
    }
    const places = new Set(said.map(({ where }) => where));
    for (const where of ["log", "metrics", "gRPC error", "pantun token list"]) {
      expect(places.has(where)).toBe(true);
    }
    expect(said.find(({ where }) => where === "log")?.text.length).toBeGreaterThan(1_000);
    expect([tokens.length >= cards.length, ptavs.length > 100]).toEqual([true, true]);
  });

  it("finds a canary that is really there, in every form", () => {
    const pan = cards[2] as string;
    const bcd = Buffer.from(pan, "hex");
    const hay = Buffer.from([pan, Buffer.from(`a${pan}b`).toString("base64")].join(" "));
    const forms = findTraces("here", Buffer.concat([hay, bcd]), needlesOf(pan, "digits"));
    expect(new Set(forms.map(({ form }) => form))).toEqual(new Set(["clear", "base64", "BCD"]));
  });

  it("finds no card number", () => {
    expect(tracesOf([...cards, rejected], "digits")).toEqual([]);
  });

  it("finds no token number", () => {
    expect(
      tracesOf(
        tokens.map((token) => token.tpan),
        "digits",
      ),
    ).toEqual([]);
  });

  it("finds no PTAV", () => {
    expect(tracesOf(ptavs, "text")).toEqual([]);
  });
});
