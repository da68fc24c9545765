// Defends: the vault and token commands do what they say from an empty folder to a restored one,
// end with the documented exit codes, and print no card or token number in clear.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { FileProvider, KeyStore } from "../../crypto/mod.ts";
import { AppError, exitCode } from "../../platform/mod.ts";
import { register as registerToken } from "./token.ts";
import { register } from "./vault.ts";

const passphrase = Buffer.from("correct horse battery");
let base: string;
let dir: string;
let passphraseFile: string;
let out: string;
let err: string;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), "pantun-vault-cli-"));
  dir = join(base, "vault");
  passphraseFile = join(base, "passphrase");
  writeFileSync(passphraseFile, `${passphrase.toString()}\n`);
  chmodSync(passphraseFile, 0o600);
  const provider = await FileProvider.create(dir, passphrase, { cost: { n: 1_024, r: 8, p: 1 } });
  await KeyStore.init(dir, provider, {});
  await provider.close();
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
  process.exitCode = undefined;
  rmSync(base, { recursive: true });
});

/** Runs a command with --json and gives its document; the exit code is in `process.exitCode`. */
async function run(command: string, folder = dir): Promise<Record<string, unknown>> {
  const program = new Command("pantun").exitOverride();
  register(program);
  registerToken(program);
  out = "";
  err = "";
  process.exitCode = undefined;
  const args = ["--dir", folder, "--passphrase-file", passphraseFile, "--json"];
  await program.parseAsync([...command.split(" "), ...args], { from: "user" });
  expect(out + err).not.toMatch(/(?<![0-9])[0-9]{16,19}(?![0-9])/);
  return JSON.parse(out) as Record<string, unknown>;
}

async function codeOf(command: string, folder = dir): Promise<string> {
  const error = await run(command, folder).catch((thrown: unknown) => thrown);
  if (error instanceof AppError) return error.code;
  throw error;
}

describe("pantun vault", () => {
  test("generate, stats, verify, backup, restore, fence", async () => {
    const made = await run(
      "vault generate --tokens 60 --tokens-per-card 2 --requestors 3 --seed x",
    );
    expect(made).toMatchObject({ created: 60, cards: 30 });
    expect(await run("vault stats --full")).toMatchObject({
      tokens: 60,
      requestors: 3,
      byStatus: { ACTIVE: 60 },
    });
    expect(await run("vault verify")).toMatchObject({ tokens: 60, problemCount: 0 });
    expect(process.exitCode).toBeUndefined();
    const backup = join(base, "backup");
    expect(await run(`vault backup ${backup}`)).toMatchObject({ manifest: { tokens: 60 } });
    const restored = join(base, "restored");
    const result = await run(`vault restore ${backup}`, restored);
    expect(result).toMatchObject({ closedSubRanges: 1 });
    expect(await run("vault stats", restored)).toMatchObject({ tokens: 60 });
    expect(await codeOf("vault fence", restored)).toBe("USAGE");
    const fenced = await run("vault fence --yes", restored);
    expect(fenced.incarnation).not.toBe(result.incarnation);
  });

  test("a seed makes the same numbers and never the same incarnation", async () => {
    await run("vault generate --tokens 10 --seed x");
    const first = (await run("token list")).tokens as { tpan: string }[];
    const { incarnation } = await run("vault stats");
    rmSync(join(dir, "vault"), { recursive: true });
    await run("vault generate --tokens 10 --seed x");
    const second = (await run("token list")).tokens as { tpan: string }[];
    expect(second.map((one) => one.tpan)).toEqual(first.map((one) => one.tpan));
    expect((await run("vault stats")).incarnation).not.toBe(incarnation);
  });

  test("registry goes in and comes out as the same document", async () => {
    const document = {
      issuers: [{ id: "BANK", name: "Bank", status: "ACTIVE" }],
      ranges: [
        {
          prefix: "999999",
          product: "DEBIT",
          tokenisable: true,
          status: "ACTIVE",
          issuerId: "BANK",
        },
      ],
      requestors: [
        {
          trid: "99900000001",
          name: "Shop",
          type: "MERCHANT",
          status: "ACTIVE",
          acquirers: ["458001", "12"],
          merchants: ["M1", "M 2"],
          allowUnboundAmount: true,
          allowUnboundMerchant: false,
          allowAttestedAgreements: false,
        },
      ],
    };
    const file = join(base, "registry.json");
    writeFileSync(file, JSON.stringify(document));
    await run(`vault registry ${file}`);
    expect(await run("vault registry")).toEqual(document);
    for (const wrong of ["{", '{"issuers":[{"id":"A"}]}', '{"cards":[]}']) {
      writeFileSync(file, wrong);
      expect(await codeOf(`vault registry ${file}`)).toBe("INVALID_REQUEST");
    }
  });

  test("load writes rejected rows as line and code, and ends with 3", async () => {
    await run("vault generate --tokens 1");
    const csv = join(base, "cards.csv");
    const pan = withCheckDigit("999999123450000");
    const rows = [`${pan},4912,99900000001`, `${pan}1,4912,99900000001`, "1,2,3"];
    writeFileSync(csv, `pan,expiry_yymm,trid\n${rows.join("\n")}\n`);
    expect(await run(`vault load ${csv}`)).toMatchObject({ rows: 3, created: 1, rejected: 2 });
    expect(process.exitCode).toBe(exitCode.REJECTED_ROWS);
    const rejects = readFileSync(`${csv}.rejected.csv`, "utf8");
    expect(rejects).toBe("line,code\n3,PAN_INVALID\n4,PAN_INVALID\n");
    expect(await codeOf(`vault load ${csv}.none`)).toBe("FILE_UNREADABLE");
  });

  test("reseal after a rotation", async () => {
    await run("vault generate --tokens 20");
    const provider = await FileProvider.open(dir, passphrase);
    const store = await KeyStore.open(dir, provider);
    const key = await store.rotate("seal", {});
    if (key.state === "PRE_ACTIVE") await store.activate("seal", key.version);
    await provider.close();
    const result = await run("vault reseal");
    expect(result).toMatchObject({ complete: true, tokens: 20, cards: 20, version: 2 });
  });

  test("faults at start are one clear error each", async () => {
    expect(await codeOf("vault stats")).toBe("VAULT_NOT_FOUND");
    expect(await codeOf("vault generate --tokens 0")).toBe("USAGE");
    writeFileSync(passphraseFile, "another passphrase\n");
    const error = await run("vault init").catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("passphrase");
  });
});

describe("pantun token", () => {
  test("show, suspend, resume, delete", async () => {
    await run("vault generate --tokens 3 --requestors 2");
    const listed = (await run("token list --limit 2")).tokens as { ref: string; trid: string }[];
    expect(listed).toHaveLength(2);
    const { ref, trid } = listed[0]!;
    for (const one of (await run(`token list --trid ${trid}`)).tokens as { trid: string }[]) {
      expect(one.trid).toBe(trid);
    }
    expect(await run(`token show ${ref}`)).toMatchObject({ token: { ref, status: "ACTIVE" } });
    expect(await run(`token suspend ${ref} --cause FRAUD_CONTROL`)).toMatchObject({
      changed: true,
      token: { status: "SUSPENDED", suspendedBy: ["FRAUD_CONTROL"] },
    });
    expect(await run(`token resume ${ref}`)).toMatchObject({ changed: false });
    expect(await run(`token resume ${ref} --cause FRAUD_CONTROL`)).toMatchObject({ changed: true });
    expect(await codeOf(`token delete ${ref}`)).toBe("USAGE");
    expect(await run(`token delete ${ref} --yes`)).toMatchObject({ token: { status: "DELETED" } });
    expect(await codeOf(`token suspend ${ref}`)).toBe("TOKEN_DELETED");
    expect(await codeOf("token show 00000000-0000-7000-8000-000000000000")).toBe("TOKEN_NOT_FOUND");
    expect(await codeOf(`token suspend ${ref} --cause ISSUER`)).toBe("USAGE");
  });
});
