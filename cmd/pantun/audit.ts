// `pantun audit`: proves, shows and copies the chain of what left the vault and who changed what.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Command } from "commander";
import { appError, exitCode, systemClock } from "../../platform/mod.ts";
import {
  type AuditVerified,
  type Entry,
  History,
  localUser,
  type Mark,
  openBlock,
  recordAct,
  type StoredBlock,
  type Vault,
  vaultSinks,
  verifyAudit,
  verifyChain,
} from "../../vault/mod.ts";
import { AuditWords } from "./audit-words.ts";
import { ProgressLine } from "./progress-line.ts";
import { printResult, type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";
import { wholeNumber } from "./whole-number.ts";

export function register(program: Command): void {
  const audit = program
    .command("audit")
    .description("The audit chain: every card number that left, every act of an administrator.")
    .addHelpText("after", help);
  vaultFlags(audit.command("verify"))
    .description("Prove the chain: nothing missing, altered, moved, forged, or cut off.")
    .option("--head <file>", "a head that was noted earlier must lie on it")
    .option("--file <export>", "an export instead of the vault; hashes only, no keys are asked for")
    .action(verify);
  vaultFlags(audit.command("tail"))
    .description("Show the newest entries.")
    .option("-n, --entries <number>", "how many", wholeNumber(1, 10_000), 20)
    .option("--follow", "and those that come, until interrupted")
    .action(tail);
  vaultFlags(audit.command("export <file>"))
    .description("Copy the chain to a new file, a JSON line a block; the export is an act itself.")
    .action(exportChain);
  vaultFlags(audit.command("head"))
    .description("Print where the chain ends; keep it where nobody of this machine can write.")
    .action(head);
}

const help = `
Examples:
  pantun audit head --dir var/vault --passphrase-file secret.txt > audit-head-2026-01-01.json
  pantun audit verify --head audit-head-2026-01-01.json …
  pantun audit tail -n 50 …
  pantun audit export audit.jsonl …
  pantun audit verify --file audit.jsonl --head audit-head-2026-01-01.json

The chain grows behind the payments, within about a second, while a service runs. A noted head
proves everything before it without any key; what was cut off behind the last noted head shows by
the vault's own note only.

Exit codes: 0 the chain holds, 1 it does not; all others in docs/reference/errors.md.`;

interface VerifyFlags extends VaultFlags {
  readonly head?: string;
  readonly file?: string;
}

type Noted = Mark & { readonly from: string };

async function verify(flags: VerifyFlags): Promise<void> {
  const marks = flags.head === undefined ? [] : [readHead(flags.head)];
  const progress = new ProgressLine("blocks verified");
  const onProgress = (blocks: number) => progress.update(blocks);
  const result =
    flags.file === undefined
      ? await withHistory(flags, (vault, history) =>
          verifyAudit(vault, history, { marks, onProgress }),
        )
      : verifyExport(flags.file, marks);
  progress.end();
  for (const { seq, what } of result.problems) process.stderr.write(`block ${seq}: ${what}\n`);
  printResult(flags, { ...result, head: headDocument(result.head) }, linesOf(result));
  if (result.problems.length > 0) process.exitCode = exitCode.FAILED;
}

function linesOf(result: AuditVerified): [string, string | number][] {
  return [
    ["blocks", result.blocks],
    ["card numbers that left", result.releases],
    ["acts", result.acts],
    ["journal files compared", result.filesCompared],
    ["head", `${result.head.seq} ${result.head.hash.toString("hex")}`],
    ["faults", result.problems.length],
  ];
}

function headDocument({ seq, hash }: Mark): object {
  return { block: seq, hash: hash.toString("hex") };
}

function readHead(path: string): Noted {
  const { block, hash } = readJson(path) as { block?: unknown; hash?: unknown };
  if (!Number.isSafeInteger(block) || typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) {
    throw appError("INVALID_REQUEST", `${path} is no head that 'pantun audit head' printed.`);
  }
  return { seq: block as number, hash: Buffer.from(hash, "hex"), from: path };
}

function readJson(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${path} cannot be read.`, { cause });
  }
  try {
    return Object(JSON.parse(text)) as object;
  } catch (cause) {
    throw appError("INVALID_REQUEST", `${path} is no JSON.`, { cause });
  }
}

/** An export begins where its first block says; a noted head tells whether that is so. */
function verifyExport(path: string, marks: readonly Noted[]): AuditVerified {
  const blocks = [...exported(path)];
  const first = blocks[0] && openBlock(blocks[0].bytes);
  const base =
    first === undefined || typeof first === "string"
      ? undefined
      : { seq: blocks[0]!.seq - 1, hash: first.prev };
  return verifyChain(blocks, { base, marks });
}

function* exported(path: string): Generator<StoredBlock> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${path} cannot be read.`, { cause });
  }
  for (const [at, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const { block, bytes } = lineOf(line, path, at + 1);
    yield { seq: block, bytes: Buffer.from(bytes, "base64") };
  }
}

function lineOf(line: string, path: string, at: number): { block: number; bytes: string } {
  try {
    const { block, bytes } = JSON.parse(line);
    if (Number.isSafeInteger(block) && typeof bytes === "string") return { block, bytes };
  } catch {
    // Said below.
  }
  throw appError("INVALID_REQUEST", `Line ${at} of ${path} is no block of an export.`);
}

async function withHistory<T>(
  flags: VaultFlags,
  work: (vault: Vault, history: History) => T | Promise<T>,
): Promise<T> {
  return withVault(flags, async (vault) => {
    const { dir } = vault;
    const history = History.open({
      dir,
      clock: systemClock,
      sinks: vaultSinks(vault),
      readOnly: true,
    });
    try {
      return await work(vault, history);
    } finally {
      await history.close();
    }
  });
}

const followMs = 500;

async function tail(
  flags: VaultFlags & { readonly entries: number; readonly follow?: boolean },
): Promise<void> {
  await withHistory(flags, async (vault, history) => {
    const words = new AuditWords(vault);
    const show = (entry: Entry): void => {
      if (entry.kind === "source") return;
      const line = flags.json === true ? JSON.stringify(words.document(entry)) : words.line(entry);
      process.stdout.write(`${line}\n`);
    };
    let next = 0;
    const newest: Entry[] = [];
    for (const { seq, entries } of readable(history, words, next)) {
      next = seq + 1;
      newest.push(...entries.filter(({ kind }) => kind !== "source"));
      if (newest.length > 2 * flags.entries) newest.splice(0, newest.length - flags.entries);
    }
    newest.slice(-flags.entries).forEach(show);
    while (flags.follow === true) {
      await new Promise((resolve) => setTimeout(resolve, followMs));
      for (const { seq, entries } of readable(history, words, next)) {
        next = seq + 1;
        entries.forEach(show);
      }
    }
  });
}

function* readable(
  history: History,
  words: AuditWords,
  from: number,
): Generator<{ readonly seq: number; readonly entries: readonly Entry[]; readonly bytes: Buffer }> {
  for (const { seq, bytes } of history.auditChain().blocks(from)) {
    const block = openBlock(bytes);
    const entries = typeof block === "string" ? [] : block.entries;
    for (const entry of entries) words.learn(entry);
    yield { seq, entries, bytes };
  }
}

async function exportChain(path: string, flags: VaultFlags): Promise<void> {
  let fd: number;
  try {
    fd = openSync(path, "wx", 0o600);
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    const why = exists ? "exists already and is left as it is" : "cannot be written";
    throw appError("FILE_UNREADABLE", `${path} ${why}.`, { cause });
  }
  const result = await withHistory(flags, (vault, history) => {
    const words = new AuditWords(vault);
    let blocks = 0;
    for (const { seq, entries, bytes } of readable(history, words, 0)) {
      const shown = entries.map((entry) => words.document(entry));
      const line = { block: seq, entries: shown, bytes: bytes.toString("base64") };
      writeSync(fd, `${JSON.stringify(line)}\n`);
      blocks++;
    }
    const end = history.auditChain().head();
    recordAct(vault, { act: "audit.export", by: localUser(), detail: { blocks } });
    return { blocks, head: end };
  });
  closeSync(fd);
  printResult(flags, { file: path, blocks: result.blocks, head: headDocument(result.head) }, [
    ["file", path],
    ["blocks", result.blocks],
  ]);
}

async function head(flags: VaultFlags): Promise<void> {
  const mark = await withHistory(flags, (_, history) => history.auditChain().head());
  process.stdout.write(`${JSON.stringify(headDocument(mark))}\n`);
}
