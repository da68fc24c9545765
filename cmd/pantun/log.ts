// `pantun log`: look at, prove, save, bring back, mend and shorten the log of a vault.
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  beginLogLife,
  type LogMeta,
  lmdbStore,
  lostSpans,
  openKinds,
  RecordSeal,
  readLogMeta,
  replayLog,
  type ShardPoint,
  type Store,
  shardPoints,
  verifyLog,
  verifyStates,
} from "../../actors/mod.ts";
import { appError, exitCode } from "../../platform/mod.ts";
import { backupVault, restoreVault, Vault } from "../../vault/mod.ts";
import { registerExport } from "./log-export.ts";
import { registerSalvage } from "./log-salvage.ts";
import { registerTail } from "./log-tail.ts";
import { trim } from "./log-trim.ts";
import { ProgressLine } from "./progress-line.ts";
import {
  loadRing,
  printResult,
  type VaultFlags,
  vaultFlags,
  vaultOptions,
} from "./vault-access.ts";

export function register(program: Command): void {
  const log = program
    .command("log")
    .description("Look at, prove, save, bring back, mend and shorten the log of a vault's changes.")
    .addHelpText("after", help);
  registerTail(log);
  registerExport(log);
  registerSalvage(log);
  vaultFlags(log.command("verify"))
    .description(
      "Open every record, check the chain, and that the vault is what the log makes of it.",
    )
    .action(verify);
  vaultFlags(log.command("snapshot <dest>"))
    .description("Copy vault and log to a new folder, verify the copy, and say where it stands.")
    .action(snapshot);
  vaultFlags(log.command("restore <snapshot>"))
    .description("Bring a snapshot back into an empty folder; what came after it is lost.")
    .option("--old <folder>", "the vault that is given up, if it can be read: names what is lost")
    .option("--accept-loss", "do it")
    .action(restore);
  vaultFlags(log.command("rebuild <dest>"))
    .description("Fold the log into a new projection and compare it with the one in use.")
    .option("--snapshot <folder>", "begin there instead of with nothing")
    .action(rebuild);
  vaultFlags(log.command("trim"))
    .description(
      "Forget records that a snapshot holds and no webhook needs; stop the service first.",
    )
    .requiredOption("--snapshot <folder>", "the older of the two snapshots that are kept")
    .action(trim);
}

const help = `
Examples:
  pantun log tail --shard 3 --follow …
  pantun log verify …
  pantun log snapshot /backup/2026-01-01 …
  pantun log rebuild /tmp/again --snapshot /backup/2026-01-01 …
  pantun log trim --snapshot /backup/2025-12-31 …
  pantun log salvage --snapshot /backup/2026-01-01 …
  pantun log salvage --shard 3 --servers tls://a:4222 …

Exit codes: 0 done, 1 verify or rebuild found a difference, 13 no vault or no log there, 16 another
process runs the actors; all others in docs/reference/errors.md.`;

export interface OpenedLog {
  readonly vault: Vault;
  readonly store: Store;
  readonly meta: LogMeta;
  readonly seal: RecordSeal;
}

/** Opens vault and log of a folder, does the work, closes it. VAULT_NOT_FOUND without a log. */
export async function withLog<T>(
  flags: VaultFlags,
  work: (opened: OpenedLog) => T | Promise<T>,
  dir = flags.dir,
): Promise<T> {
  const ring = await loadRing(flags, dir);
  const vault = Vault.open({ ...vaultOptions(flags, ring), dir });
  try {
    const store = lmdbStore(vault.env);
    const meta = readLogMeta(store);
    if (meta === undefined) {
      throw appError(
        "VAULT_NOT_FOUND",
        `The vault at ${dir} has no log yet; 'pantun serve' makes it.`,
      );
    }
    return await work({ vault, store, meta, seal: new RecordSeal(ring) });
  } finally {
    await vault.close();
  }
}

async function verify(flags: VaultFlags): Promise<void> {
  const progress = new ProgressLine("records");
  const result = await withLog(flags, async ({ vault, store, meta, seal }) => {
    const kinds = openKinds(vault, store);
    const log = await verifyLog(store, meta, seal, (records) => progress.update(records));
    const states = await verifyStates(store, kinds, (n) => progress.update(log.records + n));
    return { ...log, ...states };
  });
  progress.end();
  for (const name of result.differing) {
    process.stderr.write(`${name} is not as it was folded last\n`);
  }
  for (const { shard, seq, what } of result.problems) {
    process.stderr.write(`shard ${shard}, record ${seq}: ${what}\n`);
  }
  printResult(flags, result, [
    ["shards", result.shards],
    ["records", result.records],
    ["events", result.events],
    ["bytes", result.bytes],
    ["states", result.states],
    ["faults", result.problems.length + result.differing.length],
  ]);
  if (result.problems.length + result.differing.length > 0) process.exitCode = exitCode.FAILED;
}

async function snapshot(dest: string, flags: VaultFlags): Promise<void> {
  const progress = new ProgressLine("records verified");
  await withLog(flags, ({ vault }) => backupVault(vault, dest, (rows) => progress.update(rows)));
  // Where the copy stands, not where the vault stands by now.
  const copy = await withLog(
    flags,
    async ({ store, meta, seal }) => ({
      incarnation: meta.incarnation,
      identity: meta.identity.toString("hex"),
      shards: shardPoints(store, meta),
      verified: await verifyLog(store, meta, seal, (records) => progress.update(records)),
    }),
    dest,
  );
  progress.end();
  const { problems, ...verified } = copy.verified;
  if (problems.length > 0) {
    throw appError("VAULT_CORRUPT", `The log in ${dest} has ${problems.length} faults.`);
  }
  const manifest = { format: 1, ...copy, verified };
  writeFileSync(join(dest, "log.json"), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  printResult(flags, manifest, [
    ["snapshot", dest],
    ["records", verified.records],
    ["newest record", newestOf(copy.shards)],
  ]);
}

function newestOf(points: readonly ShardPoint[]): string {
  const atMs = Math.max(...points.map((point) => point.atMs));
  return atMs === 0 ? "none" : new Date(atMs).toISOString();
}

interface RestoreFlags extends VaultFlags {
  readonly old?: string;
  readonly acceptLoss?: boolean;
}

async function restore(src: string, flags: RestoreFlags): Promise<void> {
  const kept = await withLog(flags, ({ store, meta }) => shardPoints(store, meta), src);
  const lost =
    flags.old === undefined ? undefined : lostSpans(kept, await pointsOf(flags, flags.old));
  const said = lost?.map(({ shard, from, to }) => `shard ${shard}: records ${from} to ${to}`);
  const text = said ?? [`everything after ${newestOf(kept)}; name the vault given up with --old`];
  process.stderr.write(`Lost: ${text.length === 0 ? "nothing" : text.join("\n      ")}\n`);
  if (flags.acceptLoss !== true) {
    throw appError("USAGE", "Commands that were answered are lost by this; say --accept-loss.");
  }
  const progress = new ProgressLine("records verified");
  const ring = await loadRing(flags, src);
  const restored = await restoreVault(src, vaultOptions(flags, ring), (rows) =>
    progress.update(rows),
  );
  progress.end();
  const life = await withLog(flags, ({ store }) => beginLogLife(store));
  const incarnation = life?.incarnation ?? 0;
  const result = { ...restored, log: { incarnation, lost: lost ?? null } };
  printResult(flags, result, [
    ["vault", flags.dir],
    ["incarnation of the log", incarnation],
    ["incarnation of the vault", restored.incarnation],
  ]);
}

/** Where each shard of the vault in `dir` stands. */
export function pointsOf(flags: VaultFlags, dir: string): Promise<ShardPoint[]> {
  return withLog(flags, ({ store, meta }) => shardPoints(store, meta), dir);
}

async function rebuild(
  dest: string,
  flags: VaultFlags & { readonly snapshot?: string },
): Promise<void> {
  if (existsSync(dest) && readdirSync(dest).length > 0) {
    throw appError("ALREADY_EXISTS", `The folder ${dest} is not empty.`);
  }
  if (flags.snapshot !== undefined) cpSync(flags.snapshot, dest, { recursive: true });
  const result = await withLog(flags, async ({ vault, store, meta, seal }) => {
    const total = shardPoints(store, meta).reduce((sum, { seq }) => sum + seq, 0);
    const progress = new ProgressLine("records", total);
    const made = Vault.open({
      ...vaultOptions(flags, vault.sealing.ring),
      dir: dest,
      create: flags.snapshot === undefined,
      shards: vault.shards,
    });
    try {
      const to = lmdbStore(made.env);
      const kinds = openKinds(made, to);
      const onProgress = (records: number) => progress.update(records);
      return await replayLog({ from: store, to, kinds, seal, onProgress });
    } finally {
      progress.end();
      await made.close();
    }
  });
  printResult(flags, result, [
    ["projection", dest],
    ["records folded", result.records],
    ["events folded", result.events],
    ["shards that differ", result.differing.join(", ") || "none"],
  ]);
  if (result.differing.length > 0) process.exitCode = exitCode.FAILED;
}
