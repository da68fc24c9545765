// A vault in a temporary folder for the tests of this room: fixed keys, a clock that the test
// moves, and randomness from a seed.
import { type ChildProcess, spawn } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClearPAN, withCheckDigit } from "../codec/pan/mod.ts";
import { type Key, KeyRing, type KeyState, type KeyUsage } from "../crypto/mod.ts";
import { createManualClock, type ManualClock } from "../platform/mod.ts";
import { putBinRange, putIssuer, putRequestor } from "./registry/registry-admin.ts";
import { Vault, type VaultOptions } from "./vault.ts";

/** A key whose bytes begin with `first`, for tests. */
export function testKey(
  usage: KeyUsage,
  first: number,
  version = 1,
  state: KeyState = "ACTIVE",
): Key {
  const bytes = Buffer.from(
    Array.from({ length: usage === "seal" || usage === "log" ? 64 : 32 }, (_, i) => first + i),
  );
  return { usage, label: "", version, state, kcv: "000000", bytes };
}

export function testRing(): KeyRing {
  return new KeyRing([
    testKey("index", 0),
    testKey("seal", 0),
    testKey("route", 50),
    testKey("log", 90),
    testKey("audit", 130),
  ]);
}

/** `n` bytes of AES-CTR keystream under a key made of the seed: the same in every run. */
export function seededRandom(seed: string): (bytes: number) => Buffer {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return (bytes) => cipher.update(Buffer.alloc(bytes));
}

/** 2026-01-01T00:00:00Z. */
export const testNowMs = 1_767_225_600_000;
export const trid = "99900000001";
export const otherTrid = "99900000002";

export interface TestVault {
  readonly vault: Vault;
  readonly dir: string;
  readonly clock: ManualClock;
  /** Opens the same folder again, as another process would. */
  open(options?: Partial<VaultOptions>): Vault;
  remove(): Promise<void>;
}

/** A test card number in the test range. */
export function testPan(number: number, range = "999999"): ClearPAN {
  return ClearPAN.parse(withCheckDigit(range + String(number).padStart(9, "0")));
}

/** Issuers, ranges and requestors of the tests; one transaction, since each flushes. */
function fillRegistry(vault: Vault): void {
  putIssuer(vault, { id: "TESTBANK", name: "Test Bank" });
  putIssuer(vault, { id: "OTHER", name: "Other Bank" });
  putBinRange(vault, { prefix: "999999", issuerId: "TESTBANK" });
  putBinRange(vault, { prefix: "888888", issuerId: "OTHER" });
  for (const one of [trid, otherTrid]) {
    const allowed = { allowAttestedAgreements: one === trid };
    putRequestor(vault, {
      trid: one,
      name: one,
      type: "MERCHANT",
      acquirers: ["458001"],
      ...allowed,
    });
  }
}

/** In memory where the machine has such a folder: every transaction of the vault is flushed. */
function temporaryFolder(): string {
  const memory = "/dev/shm";
  return mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "pantun-vault-"));
}

/** A new vault with issuer TESTBANK, range 999999 and two requestors. */
export function createTestVault(options: Partial<VaultOptions> = {}): TestVault {
  const dir = temporaryFolder();
  const clock = createManualClock(testNowMs);
  const opened: Vault[] = [];
  const open = (more: Partial<VaultOptions> = {}) => {
    const base = { dir, ring: testRing(), clock, random: seededRandom("test"), create: true };
    const vault = Vault.open({ ...base, ...options, ...more });
    opened.push(vault);
    return vault;
  };
  const vault = open();
  vault.env.write(() => fillRegistry(vault));
  const remove = async () => {
    for (const one of opened) await one.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { vault, dir, clock, open, remove };
}

const childScript = fileURLToPath(new URL("./test-child.ts", import.meta.url));

/** Another process on the same folder; `shell` goes before it, as `ulimit -f 100;`. */
export function startChild(dir: string, job: string, argument: string, shell = ""): ChildProcess {
  const command = `${shell} exec "$0" "$@"`;
  const args = ["-c", command, process.execPath, childScript, dir, job, argument];
  return spawn("/bin/sh", args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Runs a child to its end and gives the JSON lines that it printed. */
export async function runChild<T>(
  dir: string,
  job: string,
  argument: string,
  shell = "",
): Promise<T[]> {
  const child = startChild(dir, job, argument, shell);
  let text = "";
  for await (const chunk of child.stdout!) text += String(chunk);
  return parseLines(text);
}

/** Complete JSON lines; a line that a kill cut off was never said. */
export function parseLines<T>(text: string): T[] {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as T);
}
