// Defends: keys go through their states and no other way, a PTAV never loses its key within its
// life, versions come round only when nothing can be alive under them, and neither a key nor a
// state in the file can be changed, swapped or brought back by hand.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadKeyFile, saveKeyFile } from "./key-file.ts";
import { CryptoError, FileProvider, type KeyProvider, KeyStore } from "./mod.ts";

const dayMs = 86_400_000;
const start = Date.parse("2026-03-01T00:00:00Z");

let dir: string;
let path: string;
let provider: KeyProvider;
let now: number;
const nowMs = () => now;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "pantun-keys-"));
  path = join(dir, "keys", "keys.json");
  const cost = { n: 1_024, r: 8, p: 1 };
  provider = await FileProvider.create(dir, Buffer.from("correct horse"), { cost });
  now = start;
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

async function faultOf(work: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CryptoError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: "none", message: "" };
}

const statesOf = (store: KeyStore) =>
  Object.fromEntries(store.list().map((entry) => [entry.id, entry.state]));

describe("a new store", () => {
  test("has one active key of every usage and one a peer", async () => {
    const store = await KeyStore.init(dir, provider, { peers: ["SWITCH", "DS"], nowMs });
    expect(store.list().map((entry) => `${entry.id} ${entry.state}`)).toEqual([
      "index-1 ACTIVE",
      "seal-1 ACTIVE",
      "ptav-1 ACTIVE",
      "mac-SWITCH-1 ACTIVE",
      "mac-DS-1 ACTIVE",
      "fingerprint-1 ACTIVE",
      "route-1 ACTIVE",
      "log-1 ACTIVE",
      "audit-1 ACTIVE",
    ]);
    const ring = await store.load();
    expect(ring.epoch).toBe(store.revision);
    expect(ring.active("seal").bytes.length).toBe(64);
    const kcvs = store.list().map((entry) => entry.kcv);
    expect(new Set(kcvs).size).toBe(kcvs.length);
  });

  test("is never laid over an old one, and a peer's name is checked first", async () => {
    const bad = await faultOf(() => KeyStore.init(dir, provider, { peers: ["../x"] }));
    expect(bad.code).toBe("KEY_INVALID");
    expect(existsSync(path)).toBe(false);
    await KeyStore.init(dir, provider);
    const before = readFileSync(path);
    expect((await faultOf(() => KeyStore.init(dir, provider))).code).toBe("KEY_FILE_EXISTS");
    expect(readFileSync(path)).toEqual(before);
  });

  test("comes back with the same keys", async () => {
    const made = await (await KeyStore.init(dir, provider, { peers: ["SWITCH"] })).load();
    const opened = await (await KeyStore.open(dir, provider)).load();
    for (const usage of ["index", "seal", "ptav", "mac", "fingerprint", "route", "log"] as const) {
      expect(opened.all(usage).map((key) => key.bytes)).toEqual(
        made.all(usage).map((key) => key.bytes),
      );
    }
  });

  test("shows neither a key nor a wrapped key", async () => {
    const store = await KeyStore.init(dir, provider);
    const ring = await store.load();
    for (const text of [JSON.stringify(store.list()), JSON.stringify(KeyStore.peek(dir))]) {
      expect(text).toContain(ring.active("ptav").kcv);
      expect(text).not.toContain("wrapped");
    }
    const file = readFileSync(path, "utf8");
    for (const usage of ["index", "seal", "ptav", "fingerprint", "route", "log"] as const) {
      expect(file).not.toContain(ring.active(usage).bytes.toString("base64").slice(0, 20));
      expect(file).not.toContain(ring.active(usage).bytes.toString("hex").slice(0, 20));
    }
  });

  test("is the owner's file, and nothing else is left behind", async () => {
    await KeyStore.init(dir, provider);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, "keys")).sort()).toEqual(["kek.json", "keys.json"]);
  });
});

describe("rotation", () => {
  test("makes a new active key; the old one verifies on", async () => {
    const store = await KeyStore.init(dir, provider, { peers: ["SWITCH"], nowMs });
    const old = (await store.load()).active("ptav").bytes;
    now += dayMs;
    const made = await store.rotate("ptav");
    expect(made).toMatchObject({ id: "ptav-2", state: "ACTIVE" });
    expect(store.list().find((entry) => entry.id === "ptav-1")).toMatchObject({
      state: "VERIFY_ONLY",
      rotatedAt: new Date(now).toISOString(),
    });
    const ring = await store.load();
    expect(ring.active("ptav").version).toBe(2);
    expect(ring.find("ptav", 1)?.bytes).toEqual(old);
    await store.rotate("mac", { label: "SWITCH" });
    await store.rotate("seal");
    expect(statesOf(store)).toMatchObject({ "mac-SWITCH-2": "ACTIVE", "seal-2": "ACTIVE" });
  });

  test("is refused where stored records or claims are named by the key", async () => {
    const store = await KeyStore.init(dir, provider);
    for (const usage of ["index", "fingerprint", "route"] as const) {
      expect((await faultOf(() => store.rotate(usage))).code).toBe("KEY_STATE");
      expect((await faultOf(() => store.compromise(usage, 1))).code).toBe("KEY_STATE");
      const spread = await faultOf(() => store.add(usage, { state: "PRE_ACTIVE" }));
      expect(spread.code).toBe("KEY_STATE");
    }
    expect((await faultOf(() => store.rotate("mac", { label: "X" }))).code).toBe("KEY_NOT_FOUND");
    expect(store.revision).toBe(1);
  });

  test("by two processes, one after the other, loses neither key", async () => {
    const first = await KeyStore.init(dir, provider);
    const second = await KeyStore.open(dir, provider);
    await first.rotate("ptav");
    await second.rotate("ptav");
    expect(statesOf(second)).toMatchObject({ "ptav-2": "VERIFY_ONLY", "ptav-3": "ACTIVE" });
    expect(await first.refresh()).toBe(true);
    expect(await first.refresh()).toBe(false);
    expect(first.list()).toEqual(second.list());
  });

  test("at the same moment: one goes through, the other is told to wait", async () => {
    const first = await KeyStore.init(dir, provider);
    const second = await KeyStore.open(dir, provider);
    const faults = await Promise.all([
      faultOf(() => first.rotate("ptav")),
      faultOf(() => second.rotate("ptav")),
    ]);
    expect(faults.map((fault) => fault.code).sort()).toEqual(["KEY_FILE_BUSY", "none"]);
  });

  test("takes over the lock of a process that is gone, not of one that lives", async () => {
    const store = await KeyStore.init(dir, provider);
    const lock = join(dir, "keys", "keys.lock");
    // Above the highest process id that Linux gives out.
    writeFileSync(lock, "4194999");
    await store.rotate("ptav");
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, String(process.ppid));
    expect((await faultOf(() => store.rotate("ptav"))).code).toBe("KEY_FILE_BUSY");
    expect(existsSync(lock)).toBe(true);
  });
});

describe("retirement", () => {
  test("of a PTAV key waits until no PTAV can be alive, then destroys it", async () => {
    const store = await KeyStore.init(dir, provider, { nowMs });
    expect((await faultOf(() => store.retire("ptav", 1))).message).toMatch(/rotate it first/);
    await store.rotate("ptav");
    now = start + dayMs + 59_000;
    expect((await faultOf(() => store.retire("ptav", 1))).message).toContain(
      "2026-03-02T00:01:00.000Z",
    );
    now = start + 959_000;
    expect((await faultOf(() => store.retire("ptav", 1, { ptavLifeMs: 960_000 }))).code).toBe(
      "KEY_STATE",
    );
    now = start + 960_000;
    await store.retire("ptav", 1, { ptavLifeMs: 960_000 });
    expect((await store.load()).find("ptav", 1)).toBeUndefined();
    expect(JSON.parse(readFileSync(path, "utf8")).keys[2]).toMatchObject({
      id: "ptav-1",
      state: "RETIRED",
      wrapped: null,
    });
    expect((await faultOf(() => store.retire("ptav", 1))).code).toBe("KEY_STATE");
    expect((await faultOf(() => store.reinstate("ptav", 1))).code).toBe("KEY_STATE");
    expect((await faultOf(() => store.retire("ptav", 9))).code).toBe("KEY_NOT_FOUND");
  });

  test("of a sealing key can be taken back", async () => {
    const store = await KeyStore.init(dir, provider);
    const old = (await store.load()).active("seal").bytes;
    await store.rotate("seal");
    await store.retire("seal", 1);
    expect((await store.load()).find("seal", 1)).toBeUndefined();
    await store.reinstate("seal", 1);
    expect((await store.load()).find("seal", 1)?.bytes).toEqual(old);
  });

  test("frees a KVN only when it has rested", async () => {
    await KeyStore.init(dir, provider, { nowMs });
    const file = loadKeyFile(dir);
    const first = file.keys.find((entry) => entry.id === "ptav-1")!;
    const iso = (ms: number) => new Date(ms).toISOString();
    // 254 versions came and went; number 2 was destroyed a day before all others.
    const ended = Array.from({ length: 254 }, (_, i) => ({
      ...first,
      ...({ id: `ptav-${i + 2}`, version: i + 2, state: "RETIRED", wrapped: null } as const),
      createdAt: iso(start + i),
      endedAt: iso(start + (i === 0 ? 1 : 2) * dayMs),
    }));
    await saveKeyFile(dir, { ...file, keys: [...file.keys, ...ended] }, provider);
    const store = await KeyStore.open(dir, provider, { nowMs });
    now = start + 2 * dayMs + 60_000;
    expect((await faultOf(() => store.rotate("ptav"))).code).toBe("KEY_EXHAUSTED");
    now += 1;
    const made = await store.rotate("ptav");
    expect(made).toMatchObject({ version: 2, state: "ACTIVE", endedAt: null });
    expect(made.kcv).not.toBe(first.kcv);
    expect(store.list().filter((entry) => entry.id === "ptav-2")).toHaveLength(1);
    expect((await store.load()).active("ptav").version).toBe(2);
    expect((await faultOf(() => store.rotate("ptav"))).code).toBe("KEY_EXHAUSTED");
    now += dayMs;
    expect((await store.rotate("ptav")).version).toBe(3);
  });
});

describe("other changes", () => {
  test("a compromised key is refused at once and replaced in the same step", async () => {
    const store = await KeyStore.init(dir, provider);
    await store.compromise("ptav", 1);
    expect(statesOf(store)).toMatchObject({ "ptav-1": "COMPROMISED", "ptav-2": "ACTIVE" });
    const ring = await store.load();
    expect(ring.find("ptav", 1)).toBeUndefined();
    expect(ring.active("ptav").version).toBe(2);
    expect(store.revision).toBe(2);
    await store.retire("ptav", 1);
    expect(statesOf(store)["ptav-1"]).toBe("RETIRED");
  });

  test("a key may be spread before it is used", async () => {
    const store = await KeyStore.init(dir, provider);
    await store.add("ptav", { state: "PRE_ACTIVE" });
    expect((await store.load()).active("ptav").version).toBe(1);
    expect((await store.load()).find("ptav", 2)?.state).toBe("PRE_ACTIVE");
    await store.activate("ptav", 2);
    expect(statesOf(store)).toMatchObject({ "ptav-1": "VERIFY_ONLY", "ptav-2": "ACTIVE" });
    expect((await faultOf(() => store.activate("ptav", 1))).code).toBe("KEY_STATE");
  });

  test("a new peer, with a key that it already has", async () => {
    const store = await KeyStore.init(dir, provider);
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
    const made = await store.add("mac", { label: "SWITCH", bytes });
    expect(made.kcv).toBe("377822");
    expect((await store.load()).active("mac", "SWITCH").bytes).toEqual(bytes);
    expect((await faultOf(() => store.add("mac", { label: "SWITCH" }))).code).toBe("KEY_STATE");
    expect((await faultOf(() => store.add("mac"))).code).toBe("KEY_INVALID");
    const short = { label: "X", bytes: bytes.subarray(1) };
    expect((await faultOf(() => store.add("mac", short))).code).toBe("KEY_INVALID");
  });
});

describe("limits and leftovers", () => {
  test("more keys than a ring takes are refused before they are written", async () => {
    const peers = Array.from({ length: 393 }, (_, i) => `P${i}`);
    const store = await KeyStore.init(dir, provider, { peers });
    const fault = await faultOf(() => store.rotate("ptav"));
    expect(fault.code).toBe("KEY_EXHAUSTED");
    const reopened = await KeyStore.open(dir, provider);
    expect((await reopened.load()).all("mac")).toHaveLength(393);
    expect(reopened.revision).toBe(1);
  });

  test("a half-written file of a killed process is in nobody's way", async () => {
    const store = await KeyStore.init(dir, provider);
    writeFileSync(`${path}.${process.pid}.tmp`, "half a fi");
    await store.rotate("ptav");
    expect((await KeyStore.open(dir, provider)).list()).toEqual(store.list());
  });

  test("keys of a closed provider are out of reach", async () => {
    const store = await KeyStore.init(dir, provider);
    await store.close();
    expect((await faultOf(() => store.load())).code).toBe("KEY_STATE");
  });
});

describe("a file that was tampered with", () => {
  type File = { revision: number; format: number; provider: string; keys: KeyFields[] };
  type KeyFields = { id: unknown; state: unknown; createdAt: unknown; wrapped: unknown };

  test.each<[string, (file: File) => unknown]>([
    ["a state", (file) => (file.keys[0]!.state = "VERIFY_ONLY")],
    ["a removed key", (file) => file.keys.pop()],
    ["two keys in each other's place", (file) => file.keys.reverse()],
    ["an older revision number", (file) => (file.revision -= 1)],
    ["a time", (file) => (file.keys[0]!.createdAt = "2020-01-01T00:00:00.000Z")],
    ["an unknown state", (file) => (file.keys[0]!.state = "FINE")],
    ["a key twice", (file) => file.keys.push(file.keys[0]!)],
    ["an id of another key", (file) => (file.keys[0]!.id = "index-2")],
    ["no list", (file) => Object.assign(file, { keys: {} })],
    ["an active key without bytes", (file) => (file.keys[0]!.wrapped = null)],
    ["wrapped bytes of another key", (file) => (file.keys[0]!.wrapped = file.keys[2]!.wrapped)],
  ])("%s is noticed", async (_, tamper) => {
    const store = await KeyStore.init(dir, provider);
    await store.rotate("ptav");
    const file = JSON.parse(readFileSync(path, "utf8")) as File;
    tamper(file);
    writeFileSync(path, JSON.stringify(file));
    expect((await faultOf(() => KeyStore.open(dir, provider))).code).toBe("KEY_FILE_CORRUPT");
    expect((await faultOf(() => store.rotate("ptav"))).code).toBe("KEY_FILE_CORRUPT");
  });

  test("every cut is noticed", async () => {
    await KeyStore.init(dir, provider);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length - 2; length += 37) {
      writeFileSync(path, whole.subarray(0, length));
      expect((await faultOf(() => KeyStore.open(dir, provider))).code).toBe("KEY_FILE_CORRUPT");
    }
  });

  test("an older whole file is noticed by whoever saw the newer one", async () => {
    const store = await KeyStore.init(dir, provider);
    const old = readFileSync(path);
    await store.rotate("ptav");
    writeFileSync(path, old);
    expect((await faultOf(() => store.refresh())).message).toMatch(/went back in time/);
  });

  test("a newer format, a missing file, an open mode and another provider say so", async () => {
    expect((await faultOf(() => KeyStore.open(dir, provider))).code).toBe("KEY_FILE_MISSING");
    await KeyStore.init(dir, provider);
    const other: KeyProvider = {
      kind: "pkcs11",
      wrap: (plain, context) => provider.wrap(plain, context),
      unwrap: (wrapped, context) => provider.unwrap(wrapped, context),
      close: () => provider.close(),
    };
    const foreign = await faultOf(() => KeyStore.open(dir, other));
    expect(foreign.message).toMatch(/wrapped by 'file', not by 'pkcs11'/);
    chmodSync(path, 0o604);
    expect((await faultOf(() => KeyStore.open(dir, provider))).code).toBe("KEY_FILE_MODE");
    chmodSync(path, 0o600);
    const file = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...file, format: 2 }));
    expect((await faultOf(() => KeyStore.open(dir, provider))).code).toBe("KEY_FILE_NEWER");
  });
});
