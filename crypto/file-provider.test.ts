// Defends: only the passphrase that made a vault opens it, a wrapped key opens only in its own
// place, and whatever is wrong with the file is said by one clear error, never by wrong keys.
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CryptoError, developmentPassphrase, FileProvider, loadPassphrase } from "./mod.ts";

/** The least cost that is allowed: these tests are about the file, not about scrypt. */
const cost = { n: 1_024, r: 8, p: 1 };
const passphrase = Buffer.from("correct horse battery staple");

let dir: string;
let kekPath: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-kek-"));
  kekPath = join(dir, "keys", "kek.json");
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CryptoError) return error.code;
    throw error;
  }
  return "none";
}

describe("FileProvider", () => {
  test("opens what it wrapped, also after a new start", async () => {
    const first = await FileProvider.create(dir, passphrase, { cost });
    const wrapped = await first.wrap(Buffer.from("a key"), Buffer.from("its place"));
    await first.close();
    const second = await FileProvider.open(dir, passphrase);
    expect(await second.unwrap(wrapped, Buffer.from("its place"))).toEqual(Buffer.from("a key"));
    expect(await codeOf(() => second.unwrap(wrapped, Buffer.from("elsewhere")))).toBe(
      "UNWRAP_FAILED",
    );
    wrapped[20]! ^= 1;
    expect(await codeOf(() => second.unwrap(wrapped, Buffer.from("its place")))).toBe(
      "UNWRAP_FAILED",
    );
    expect(await codeOf(() => first.wrap(wrapped, wrapped))).toBe("KEY_STATE");
  });

  test("the file is the owner's alone and holds no secret", async () => {
    await FileProvider.create(dir, passphrase, { cost });
    expect(statSync(kekPath).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "keys")).mode & 0o777).toBe(0o700);
    expect(readFileSync(kekPath, "utf8")).not.toContain("horse");
    expect(await codeOf(() => FileProvider.create(dir, passphrase, { cost }))).toBe(
      "KEY_FILE_EXISTS",
    );
  });

  test("two vaults with one passphrase have different keys", async () => {
    const other = mkdtempSync(join(tmpdir(), "pantun-kek-"));
    try {
      const a = await FileProvider.create(dir, passphrase, { cost });
      const b = await FileProvider.create(other, passphrase, { cost });
      const wrapped = await a.wrap(Buffer.from("a key"), Buffer.from("c"));
      expect(await codeOf(() => b.unwrap(wrapped, Buffer.from("c")))).toBe("UNWRAP_FAILED");
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test("another passphrase, however near, is WRONG_PASSPHRASE", async () => {
    await FileProvider.create(dir, passphrase, { cost });
    for (const wrong of ["Correct horse battery staple", "correct horse battery staple "]) {
      expect(await codeOf(() => FileProvider.open(dir, Buffer.from(wrong)))).toBe(
        "WRONG_PASSPHRASE",
      );
    }
    expect(await codeOf(() => FileProvider.open(dir, developmentPassphrase()))).toBe(
      "WRONG_PASSPHRASE",
    );
  });

  test.each([
    ["KEY_FILE_CORRUPT", () => "{"],
    ["KEY_FILE_CORRUPT", () => ""],
    ["KEY_FILE_CORRUPT", () => "null"],
    ["KEY_FILE_CORRUPT", () => "7"],
    ["KEY_FILE_CORRUPT", () => " ".repeat(5_000)],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, format: 0 })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, kdf: "md5" })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, salt: "AAAA" })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, verifier: undefined })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, n: 2 ** 30 })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, n: 1_025 })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, n: 2 })],
    ["KEY_FILE_CORRUPT", (file: object) => JSON.stringify({ ...file, p: "1" })],
    ["KEY_FILE_NEWER", (file: object) => JSON.stringify({ ...file, format: 2 })],
    ["WRONG_PASSPHRASE", (file: object) => JSON.stringify({ ...file, n: 2_048 })],
  ])("%s (%#)", async (code, damage) => {
    await FileProvider.create(dir, passphrase, { cost });
    writeFileSync(kekPath, damage(JSON.parse(readFileSync(kekPath, "utf8"))));
    expect(await codeOf(() => FileProvider.open(dir, passphrase))).toBe(code);
  });

  test("a missing file, and one that everybody can read, are refused", async () => {
    expect(await codeOf(() => FileProvider.open(dir, passphrase))).toBe("KEY_FILE_MISSING");
    await FileProvider.create(dir, passphrase, { cost });
    chmodSync(kekPath, 0o644);
    expect(await codeOf(() => FileProvider.open(dir, passphrase))).toBe("KEY_FILE_MODE");
    chmodSync(kekPath, 0o640);
    await FileProvider.open(dir, passphrase);
  });
});

describe("passphrase file", () => {
  const write = (content: string | Buffer, mode = 0o600) => {
    const path = join(dir, "passphrase");
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };

  test.each([
    ["without a line end", "correct horse"],
    ["with one", "correct horse\n"],
    ["with a Windows one", "correct horse\r\n"],
    ["with more lines", "correct horse\nsomething else\n"],
  ])("is its first line, %s", (_, content) => {
    expect(loadPassphrase(write(content)).toString()).toBe("correct horse");
  });

  test.each([
    ["PASSPHRASE_UNUSABLE", "", 0o600],
    ["PASSPHRASE_UNUSABLE", "\ncorrect horse", 0o600],
    ["PASSPHRASE_UNUSABLE", "seven 7\n", 0o600],
    ["PASSPHRASE_UNUSABLE", "x".repeat(1_025), 0o600],
    ["KEY_FILE_CORRUPT", "x".repeat(5_000), 0o600],
    ["KEY_FILE_MODE", "correct horse\n", 0o604],
  ])("%s (%#)", async (code, content, mode) => {
    expect(await codeOf(() => loadPassphrase(write(content, mode)))).toBe(code);
  });

  test("that does not exist is named", () => {
    expect(() => loadPassphrase(join(dir, "none"))).toThrow(/none does not exist/);
  });
});
