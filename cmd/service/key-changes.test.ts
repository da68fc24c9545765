// Property: a key that a switch sends is in the key file before it signs, survives a restart, and
// its predecessor ends after a minute, also when the program was restarted in between.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { previousKeyMs } from "../../api/iso/mod.ts";
import { FileProvider, KeyRing, KeyStore, ZoneKey } from "../../crypto/mod.ts";
import { silentLogger } from "../../platform/mod.ts";
import { openKeyExchange } from "./key-changes.ts";

const peer = { id: 0, tag: 1, name: "net", macRequired: true, macLabel: "net" };
let dir: string;
let keyStore: KeyStore;
let nowMs = 1_800_000_000_000;
const zoneBytes = randomBytes(32);
const zoneKey = new ZoneKey(zoneBytes);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  dir = mkdtempSync(join(tmpdir(), "pantun-keys-"));
  const cost = { n: 1_024, r: 8, p: 1 };
  const provider = await FileProvider.create(dir, Buffer.from("correct horse"), { cost });
  keyStore = await KeyStore.init(dir, provider, { peers: ["net"], nowMs: () => nowMs });
  writeFileSync(join(dir, "zone.hex"), `${zoneBytes.toString("hex")}\n`, { mode: 0o600 });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

function open(rings: KeyRing[], first = new KeyRing([])) {
  const zoneKeyFiles = new Map([["net", join(dir, "zone.hex")]]);
  const exchange = openKeyExchange({
    keyStore,
    ring: () => rings.at(-1) ?? first,
    zoneKeyFiles,
    publish: (ring) => rings.push(ring),
    nowMs: () => nowMs,
    log: silentLogger(),
  });
  if (exchange === null) throw new Error("there is a zone key");
  return exchange;
}

const states = () => {
  const own = keyStore.list().filter(({ usage }) => usage === "mac");
  return own.map(({ version, state }) => `${version} ${state}`);
};

async function change(key: Buffer, rings: KeyRing[]): Promise<void> {
  const exchange = open(rings);
  const { text, kcv } = zoneKey.seal(key, randomBytes);
  const opened = exchange.open(peer, text, kcv);
  if (opened === null) throw new Error("the block opens");
  await exchange.activate(peer, opened);
}

async function passMinute(): Promise<void> {
  nowMs += previousKeyMs;
  vi.advanceTimersByTime(previousKeyMs);
  // Retiring writes files; real time passes.
  await vi.waitFor(() => expect(states()).not.toContain("1 VERIFY_ONLY"));
}

test("it is stored, published, and the one before ends a minute later", async () => {
  const rings: KeyRing[] = [];
  const key = randomBytes(16);
  await change(Buffer.from(key), rings);
  expect(rings.at(-1)?.active("mac", "net").bytes).toEqual(key);
  expect((await keyStore.load()).active("mac", "net").bytes).toEqual(key);
  expect(states()).toEqual(["1 VERIFY_ONLY", "2 ACTIVE"]);
  await passMinute();
  expect(states()).toEqual(["1 RETIRED", "2 ACTIVE"]);
});

test("what an earlier run left is ended by the next one", async () => {
  await keyStore.rotate("mac", { label: "net" });
  open([]);
  await passMinute();
  expect(states()).toEqual(["1 RETIRED", "2 ACTIVE"]);
});

test("without a zone key there is no exchange; a wrong check value opens nothing", () => {
  const ring = () => new KeyRing([]);
  const options = { keyStore, ring, publish: () => {}, nowMs: () => nowMs, log: silentLogger() };
  expect(openKeyExchange({ ...options, zoneKeyFiles: new Map() })).toBeNull();
  const exchange = open([]);
  const { text } = zoneKey.seal(randomBytes(32), randomBytes);
  expect(exchange.open(peer, text, "000000")).toBeNull();
  expect(exchange.allows({ ...peer, name: "other" })).toBe(false);
});

test("a zone key of the key file wins over the file, and a new one counts at once", async () => {
  const stored = randomBytes(32);
  await keyStore.add("zone", { label: "net", bytes: stored });
  const rings: KeyRing[] = [];
  const exchange = open(rings, await keyStore.load());
  const key = randomBytes(32);
  const under = (zone: Buffer) => {
    const { text, kcv } = new ZoneKey(zone).seal(key, randomBytes);
    return exchange.open(peer, text, kcv);
  };
  expect(exchange.allows(peer)).toBe(true);
  expect(under(stored)).toEqual(key);
  expect(under(zoneBytes)).toBeNull();
  const next = randomBytes(24);
  await keyStore.rotate("zone", { label: "net", bytes: next });
  rings.push(await keyStore.load());
  expect(under(next)).toEqual(key);
  expect(under(stored)).toBeNull();
});
