// Defends: the command does what it says to the keys of a vault, shows check values and never a
// key, and refuses with an error that says what to do.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CryptoError, FileProvider, type KeyListing, KeyStore } from "../../crypto/mod.ts";
import { AppError } from "../../platform/mod.ts";
import { register } from "./keys.ts";

const passphrase = "correct horse battery";
let dir: string;
let passphraseFile: string;
let out: string;
let err: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "pantun-keys-"));
  passphraseFile = write("passphrase", `${passphrase}\n`);
  // `init` takes up a kek.json that is there: this one costs no 0.4 s of scrypt a command.
  await FileProvider.create(dir, Buffer.from(passphrase), { cost: { n: 1_024, r: 8, p: 1 } });
  vi.stubEnv("PANTUN_VAULT_DIR", undefined);
  vi.stubEnv("PANTUN_VAULT_PASSPHRASE_FILE", undefined);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

async function run(...args: string[]): Promise<{ proven: boolean; keys: KeyListing[] }> {
  const program = new Command("pantun").exitOverride();
  register(program);
  out = "";
  err = "";
  await program.parseAsync(["keys", ...args, "--dir", dir], { from: "user" });
  return args.includes("--json") ? JSON.parse(out) : { proven: false, keys: [] };
}

const keyed = (...args: string[]) => {
  const soon = args[0] === "rotate" ? ["--spread", "0"] : [];
  return run(...args, ...soon, "--passphrase-file", passphraseFile);
};

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError || error instanceof CryptoError) return error.code;
    throw error;
  }
  return "none";
}

describe("pantun keys", () => {
  test("init makes a key of every usage and of every peer", async () => {
    const { proven, keys } = await keyed("init", "--peer", "SWITCH", "--peer", "DS", "--json");
    expect(proven).toBe(true);
    expect(keys.map((key) => `${key.id} ${key.state}`)).toEqual([
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
    expect(err).toMatch(/HSM/);
    expect(await codeOf(() => keyed("init"))).toBe("KEY_FILE_EXISTS");
  });

  test("list is a table of check values, with no key in it", async () => {
    await keyed("init", "--peer", "SWITCH");
    await run("list");
    expect(err).toMatch(/Not proven/);
    const [head, ...rows] = out.trimEnd().split("\n");
    expect(head).toMatch(/^USAGE +LABEL +VERSION +STATE +KCV +CREATED +ROTATED +ENDED$/);
    expect(rows).toHaveLength(8);
    const provider = await FileProvider.open(dir, Buffer.from(passphrase));
    const ring = await (await KeyStore.open(dir, provider)).load();
    const mac = ring.active("mac", "SWITCH");
    expect(rows[3]).toMatch(new RegExp(`^mac +SWITCH +1 +ACTIVE +${mac.kcv} `));
    const { keys, proven } = await keyed("list", "--usage", "ptav", "--json");
    expect(proven).toBe(true);
    expect(keys.map((key) => key.usage)).toEqual(["ptav"]);
    expect(out).not.toContain("wrapped");
  });

  test("rotate, retire and compromise change the file", async () => {
    await keyed("init");
    expect((await keyed("rotate", "ptav", "--json")).keys[0]).toMatchObject({ id: "ptav-2" });
    expect(await codeOf(() => keyed("retire", "ptav", "1", "--ptav-ttl", "60"))).toBe("KEY_STATE");
    expect(await codeOf(() => keyed("compromise", "ptav", "2"))).toBe("USAGE");
    await keyed("compromise", "ptav", "2", "--yes");
    await keyed("rotate", "seal");
    expect(await codeOf(() => keyed("retire", "seal", "1"))).toBe("USAGE");
    await keyed("retire", "seal", "1", "--yes");
    const { keys } = await run("list", "--json");
    expect(keys.map((key) => `${key.id} ${key.state}`)).toEqual([
      "index-1 ACTIVE",
      "seal-1 RETIRED",
      "ptav-1 VERIFY_ONLY",
      "fingerprint-1 ACTIVE",
      "route-1 ACTIVE",
      "log-1 ACTIVE",
      "audit-1 ACTIVE",
      "ptav-2 COMPROMISED",
      "ptav-3 ACTIVE",
      "seal-2 ACTIVE",
    ]);
  });

  test("a new key is spread before it is used; a rotation cut short goes on", async () => {
    await keyed("init");
    const provider = await FileProvider.open(dir, Buffer.from(passphrase));
    const store = await KeyStore.open(dir, provider);
    const statesOf = () => store.list().map((key) => `${key.id} ${key.state}`);
    const rotation = run("rotate", "ptav", "--spread", "1", "--passphrase-file", passphraseFile);
    await vi.waitFor(() => expect(err).toMatch(/ptav-2 is made; it is used in 1 s/));
    await store.refresh();
    expect(statesOf()).toContain("ptav-1 ACTIVE");
    expect(statesOf()).toContain("ptav-2 PRE_ACTIVE");
    expect((await store.load()).find("ptav", 2)).toBeDefined();
    await rotation;
    await store.refresh();
    expect(statesOf()).toContain("ptav-1 VERIFY_ONLY");
    expect(statesOf()).toContain("ptav-2 ACTIVE");
    await store.add("ptav", { state: "PRE_ACTIVE" });
    expect((await keyed("rotate", "ptav", "--json")).keys).toMatchObject([{ id: "ptav-3" }]);
    await store.refresh();
    expect(statesOf().filter((text) => text.startsWith("ptav"))).toHaveLength(3);
  });

  test("a peer's key comes from its components", async () => {
    await keyed("init");
    // Their XOR is 000102…1F.
    const counting = Buffer.from(Array.from({ length: 32 }, (_, i) => i ^ 0xa5));
    const a = write("a", counting.toString("hex"));
    const b = write("b", "a5".repeat(32));
    const args = ["mac", "--label", "SWITCH", "--component", a, "--component", b, "--json"];
    expect((await keyed("add", ...args)).keys[0]).toMatchObject({ kcv: "377822", version: 1 });
    expect(await codeOf(() => keyed("add", ...args))).toBe("KEY_STATE");
    expect((await keyed("rotate", ...args)).keys[0]).toMatchObject({ kcv: "377822", version: 2 });
    expect(await codeOf(() => keyed("add", "mac", "--label", "DS", "--component", a))).toBe(
      "KEY_INVALID",
    );
  });

  test("settings come from the environment too", async () => {
    vi.stubEnv("PANTUN_VAULT_DIR", dir);
    vi.stubEnv("PANTUN_VAULT_PASSPHRASE_FILE", passphraseFile);
    const program = new Command("pantun").exitOverride();
    register(program);
    await program.parseAsync(["keys", "init"], { from: "user" });
    expect(readFileSync(join(dir, "keys", "keys.json"), "utf8")).toContain("ptav-1");
  });

  test("what is wrong is said by its code", async () => {
    expect(await codeOf(() => run("list"))).toBe("KEY_FILE_MISSING");
    expect(await codeOf(() => run("init"))).toBe("USAGE");
    expect(await codeOf(() => run("init", "--dev-passphrase"))).toBe("WRONG_PASSPHRASE");
    expect(err).toMatch(/WARNING.*everybody knows/s);
    await keyed("init");
    expect(await codeOf(() => keyed("rotate", "pin"))).toBe("USAGE");
    expect(await codeOf(() => keyed("rotate", "index"))).toBe("KEY_STATE");
    expect(await codeOf(() => keyed("rotate", "mac", "--label", "DS"))).toBe("KEY_NOT_FOUND");
    expect(await codeOf(() => keyed("rotate", "ptav", "--spread", "601"))).toBe("USAGE");
    expect(await codeOf(() => keyed("retire", "ptav", "x"))).toBe("USAGE");
    expect(await codeOf(() => keyed("retire", "ptav", "0"))).toBe("USAGE");
    expect(await codeOf(() => keyed("retire", "ptav", "7"))).toBe("KEY_NOT_FOUND");
    expect(await codeOf(() => keyed("rotate", "ptav", "--ptav-ttl", "5"))).toBe("USAGE");
    const wrong = write("wrong", "incorrect horse battery\n");
    expect(await codeOf(() => run("rotate", "ptav", "--passphrase-file", wrong))).toBe(
      "WRONG_PASSPHRASE",
    );
  });
});
