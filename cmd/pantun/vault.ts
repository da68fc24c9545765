// `pantun vault`: fill, look at, prove, save and bring back the vault.

import { createCipheriv, createHash } from "node:crypto";
import { createReadStream, openSync, readFileSync, writeFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { type Command, Option } from "commander";
import { beginLogLife, DirectCards, lmdbStore } from "../../actors/mod.ts";
import { appError, exitCode } from "../../platform/mod.ts";
import {
  auditSourceOf,
  backupVault,
  beginIncarnation,
  fillAlarm,
  generateTokens,
  History,
  type LoadSummary,
  loadCsv,
  resealVault,
  restoreVault,
  statsOf,
  type Vault,
  type VaultOptions,
  type VerifyResult,
  vaultSinks,
  verifyVault,
} from "../../vault/mod.ts";
import { ProgressLine } from "./progress-line.ts";
import {
  loadRing,
  printResult,
  type VaultFlags,
  vaultFlags,
  vaultOptions,
  withOwnVault,
  withVault,
} from "./vault-access.ts";
import { applyRegistry, registryDocument } from "./vault-registry.ts";

export function register(program: Command): void {
  const vault = program
    .command("vault")
    .description("Fill, look at, prove, save and bring back the vault.")
    .addHelpText("after", help);
  vaultFlags(vault.command("init"))
    .description("Make an empty vault beside the keys of 'pantun keys init'.")
    .action(init);
  vaultFlags(vault.command("registry [file]"))
    .description("Show issuers, BIN ranges and requestors as JSON, or take them from a file.")
    .action(registry);
  vaultFlags(vault.command("load <csv>"))
    .description("Make tokens for the cards of a CSV file ('-' for stdin).")
    .option("--rejects <file>", "where rejected rows go: line and code (default: beside the file)")
    .option("--live-tokens-max <n>", "live tokens a card may have", whole)
    .addOption(tpanDigitsOption())
    .addHelpText("after", loadHelp)
    .action(load);
  vaultFlags(vault.command("generate"))
    .description("Make test tokens for test cards in range 999999.")
    .requiredOption("--tokens <n>", "how many", whole)
    .option("--tokens-per-card <n>", "tokens a card, each for another requestor", whole)
    .option("--requestors <n>", "token requestors to make (default 10)", whole)
    .option("--acquirer <id>", "acquirer of the requestors: DE32 (default 458001)")
    .option("--seed <text>", "make the same numbers again; never for a vault in use")
    .addOption(tpanDigitsOption())
    .action(generate);
  registerUpkeep(vault);
}

/** For sub-ranges that are opened from now on; a sub-range keeps the length it began with. */
function tpanDigitsOption(): Option {
  return new Option("--tpan-digits <n>", "length of new TPANs")
    .choices(["16", "19"])
    .env("PANTUN_VAULT_TPAN_DIGITS");
}

function tpanDigitsOf(flags: { readonly tpanDigits?: string }): Partial<VaultOptions> {
  if (flags.tpanDigits === undefined) return {};
  return { tpanDigits: flags.tpanDigits === "19" ? 19 : 16 };
}

function registerUpkeep(vault: Command): void {
  vaultFlags(vault.command("stats"))
    .description("Show how much is in the vault and how full it is.")
    .option("--full", "count tokens by status too: reads all of them")
    .action(stats);
  vaultFlags(vault.command("verify"))
    .description("Prove seals, indexes, references and the copies of card data in the tokens.")
    .action(verify);
  vaultFlags(vault.command("backup <dest>"))
    .description("Copy the vault in use to a new folder, open the copy and verify it.")
    .action(backup);
  vaultFlags(vault.command("restore <src>"))
    .description("Bring a backup back into an empty folder, fenced against replays.")
    .action(restore);
  vaultFlags(vault.command("reseal"))
    .description(
      "Seal all card numbers under the newest sealing key; may be stopped and run again.",
    )
    .action(reseal);
  vaultFlags(vault.command("fence"))
    .description("Void all PTAVs up to now and begin a new incarnation; stop the service first.")
    .option("--yes", "do it")
    .action(fence);
}

const help = `
Examples:
  pantun keys init --dir var/vault --passphrase-file secret.txt
  pantun vault generate --dir var/vault --passphrase-file secret.txt --tokens 100000
  pantun vault registry registry.json …
  pantun vault load cards.csv …
  pantun vault verify …
  pantun vault backup /backup/2026-01-01 …

Exit codes: 0 done, 1 verify found faults, 3 some rows were rejected, 13 no vault there, 14 damaged,
15 made by a newer version; all others in docs/reference/errors.md.`;

const loadHelp = `
The file has a header line. Columns: pan, expiry_yymm, trid (needed); par, assurance (two digits),
agreement_id, mit_types (letters of R, I, U), merchant_id, acquirer_id (optional). Loading a file
again changes nothing. A rejected row goes to the rejects file as its line and a code; the card
number never does.

Example:
  pantun vault load cards.csv --rejects rejected.csv`;

function whole(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw appError("USAGE", `"${text}" is no whole number above 0.`);
}

/** What cannot be read is one sentence, not a stack trace. */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw appError("FILE_UNREADABLE", `The file ${path} cannot be read.`, { cause: error });
  }
}

async function init(flags: VaultFlags): Promise<void> {
  const incarnation = await withVault(flags, (vault) => vault.incarnation, { create: true });
  printResult(flags, { incarnation }, [["incarnation", incarnation]]);
}

async function registry(file: string | undefined, flags: VaultFlags): Promise<void> {
  const document = await withVault(
    flags,
    (vault) => {
      if (file !== undefined)
        applyRegistry(
          vault,
          readable(file, () => readFileSync(file, "utf8")),
        );
      return registryDocument(vault);
    },
    file === undefined ? {} : { create: true, act: "registry.file" },
  );
  process.stdout.write(`${JSON.stringify(document, null, flags.json === true ? 0 : 2)}\n`);
}

interface LoadFlags extends VaultFlags {
  readonly tpanDigits?: string;
  readonly rejects?: string;
  readonly liveTokensMax?: number;
}

async function load(csv: string, flags: LoadFlags): Promise<void> {
  const source: Readable =
    csv === "-"
      ? process.stdin
      : createReadStream("", { fd: readable(csv, () => openSync(csv, "r")) });
  const rejected: string[] = [];
  const progress = new ProgressLine("rows");
  const { liveTokensMax } = flags;
  const summary = await withOwnVault(
    flags,
    (vault) => {
      const policy = liveTokensMax === undefined ? {} : { liveTokensMax };
      const cards = new DirectCards(vault, { policy });
      return loadCsv(vault, source, {
        onReject: (line, code) => rejected.push(`${line},${code}`),
        onProgress: (at) => progress.update(at.rows, `${at.rejected} rejected`),
        provisionKnown: (row) => cards.provisionKnown(row),
        ...policy,
      });
    },
    { create: true, act: "vault.load", ...tpanDigitsOf(flags) },
  );
  progress.end();
  if (rejected.length > 0) {
    const path = flags.rejects ?? `${csv === "-" ? "stdin" : csv}.rejected.csv`;
    writeFileSync(path, `line,code\n${rejected.join("\n")}\n`, { mode: 0o600 });
    process.stderr.write(`${rejected.length} rows were rejected; see ${path}\n`);
    process.exitCode = exitCode.REJECTED_ROWS;
  }
  printLoaded(flags, summary);
}

function printLoaded(flags: VaultFlags, summary: LoadSummary): void {
  warnOpened(summary.opened);
  printResult(flags, summary, [
    ["rows", summary.rows],
    ["tokens made", summary.created],
    ["cards made", summary.cards],
    ["tokens there before", summary.reused],
    ["rows rejected", summary.rejected],
  ]);
}

function warnOpened(opened: readonly number[]): void {
  if (opened.length === 0) return;
  const level = Math.round(fillAlarm * 100);
  process.stderr.write(
    `Sub-ranges above ${level} % full; opened ${opened.map(subRangeName).join(", ")}.\n`,
  );
}

function subRangeName(number: number): string {
  return String(number).padStart(3, "0");
}

interface GenerateFlags extends VaultFlags {
  readonly tpanDigits?: string;
  readonly tokens: number;
  readonly tokensPerCard?: number;
  readonly requestors?: number;
  readonly acquirer?: string;
  readonly seed?: string;
}

async function generate(flags: GenerateFlags): Promise<void> {
  // A seed makes numbers, never the incarnation: that one must differ from every other vault's.
  if (flags.seed !== undefined) await withVault(flags, () => {}, { create: true });
  const progress = new ProgressLine("tokens", flags.tokens);
  const { tokens, tokensPerCard, requestors, acquirer, seed } = flags;
  const summary = await withOwnVault(
    flags,
    (vault) =>
      generateTokens(vault, {
        tokens,
        ...(tokensPerCard === undefined ? {} : { tokensPerCard }),
        ...(requestors === undefined ? {} : { requestors }),
        ...(acquirer === undefined ? {} : { acquirer }),
        onProgress: (at) => progress.update(at.rows),
      }),
    {
      create: true,
      act: "vault.generate",
      ...tpanDigitsOf(flags),
      ...(seed === undefined ? {} : { random: seeded(seed) }),
    },
  );
  progress.end();
  printLoaded(flags, summary);
}

/** AES-CTR under a key made of the seed: the same bytes in every run. */
function seeded(seed: string): (bytes: number) => Buffer {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return (bytes) => cipher.update(Buffer.alloc(bytes));
}

async function stats(flags: VaultFlags & { readonly full?: boolean }): Promise<void> {
  const found = await withVault(flags, (vault) => statsOf(vault, flags.full === true));
  printResult(flags, found, [
    ["tokens", found.tokens],
    ...Object.entries(found.byStatus ?? {}).map(([name, n]) => [`  ${name}`, n] as const),
    ["cards", found.cards],
    ["agreements", found.agreements],
    ["requestors", found.requestors],
    ["issuers", found.issuers],
    ["BIN ranges", found.ranges],
    ["registry version", found.registryVersion],
    ["incarnation", found.incarnation],
    ["horizon of PTAVs", found.ptavHorizon],
    ["horizon of DE7", found.de7Horizon],
    ["file, MiB", Math.ceil(found.fileBytes / 2 ** 20)],
    ["map, MiB", Math.ceil(found.mapBytes / 2 ** 20)],
    ...found.subRanges.map(
      ({ number, status, fill }) =>
        [`sub-range ${subRangeName(number)}`, `${status} ${(fill * 100).toFixed(1)} %`] as const,
    ),
  ]);
}

async function verify(flags: VaultFlags): Promise<void> {
  const progress = new ProgressLine("records");
  const result = await withVault(flags, (vault) =>
    verifyVault(vault, (rows) => progress.update(rows)),
  );
  progress.end();
  for (const problem of result.problems) {
    process.stderr.write(`${problem.kind}: ${problem.subject}\n`);
  }
  printResult(flags, result, verifiedLines(result));
  if (result.problemCount > 0) process.exitCode = exitCode.FAILED;
}

function verifiedLines(result: VerifyResult): (readonly [string, number])[] {
  return [
    ["tokens verified", result.tokens],
    ["cards verified", result.cards],
    ["agreements verified", result.agreements],
    ["faults", result.problemCount],
  ];
}

async function backup(dest: string, flags: VaultFlags): Promise<void> {
  const progress = new ProgressLine("records verified");
  const work = (vault: Vault) => {
    foldJournals(vault);
    return backupVault(vault, dest, (rows) => progress.update(rows));
  };
  const result = await withVault(flags, work, { act: "vault.backup" });
  progress.end();
  printResult(flags, result, [["backup", dest], ...verifiedLines(result.verified)]);
}

/**
 * What the journals still hold goes into the history first: the copy takes that, not the journals.
 */
function foldJournals(vault: Vault): void {
  const { dir, clock } = vault;
  const audit = auditSourceOf(vault);
  const history = History.open({ dir, clock, sinks: vaultSinks(vault), audit });
  history.foldAll();
  void history.close();
}

async function restore(src: string, flags: VaultFlags): Promise<void> {
  const progress = new ProgressLine("records verified");
  const ring = await loadRing(flags, src);
  const result = await restoreVault(src, vaultOptions(flags, ring), (rows) =>
    progress.update(rows),
  );
  progress.end();
  const life = (vault: Vault) => beginLogLife(lmdbStore(vault.env));
  await withVault(flags, life, { act: "vault.restore" });
  printResult(flags, result, [
    ["vault", flags.dir],
    ["incarnation", result.incarnation],
    ["sub-ranges closed", result.closedSubRanges],
    ...verifiedLines(result.verified),
  ]);
}

async function reseal(flags: VaultFlags): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const work = (vault: Vault) => {
    const progress = new ProgressLine("records", statsOf(vault).tokens + statsOf(vault).cards);
    return resealVault(vault, {
      signal: stop.signal,
      onProgress: (at) => progress.update(at.scanned, `${at.tokens + at.cards} re-sealed`),
    });
  };
  const result = await withVault(flags, work, { act: "vault.reseal" });
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  printResult(flags, result, [
    ["sealing key version", result.version],
    ["tokens re-sealed", result.tokens],
    ["cards re-sealed", result.cards],
  ]);
  if (result.complete) return;
  process.stderr.write("Stopped; the next run goes on from here.\n");
  process.exitCode = exitCode.INTERRUPTED;
}

async function fence(flags: VaultFlags & { readonly yes?: boolean }): Promise<void> {
  if (flags.yes !== true) {
    throw appError(
      "USAGE",
      "A fence voids every PTAV issued up to now and closes the sub-ranges in use: add --yes.",
    );
  }
  const result = await withVault(flags, beginIncarnation, { act: "vault.fence" });
  printResult(flags, result, [
    ["incarnation", result.incarnation],
    ["horizon of PTAVs", result.ptavHorizon],
    ["horizon of DE7", result.de7Horizon],
    ["sub-ranges closed", result.closedSubRanges],
  ]);
}
