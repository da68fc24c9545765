// `pantun log salvage`: mends a log that was damaged. A vault's own: out of its snapshots. That of
// a cluster: out of what the vaults of its nodes kept.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Command } from "commander";
import {
  checkLogKind,
  copiedRecords,
  IdentityRows,
  Ownership,
  salvageEmbedded,
} from "../../actors/mod.ts";
import { localUser, recordAct } from "../../vault/mod.ts";
import { type OpenedLog, withLog } from "./log.ts";
import { salvageCluster } from "./log-salvage-cluster.ts";
import { type NatsFlags, natsFlags } from "./nats-access.ts";
import { ProgressLine } from "./progress-line.ts";
import { printResult, type VaultFlags, vaultFlags } from "./vault-access.ts";
import { wholeNumber } from "./whole-number.ts";

export interface SalvageFlags extends VaultFlags, NatsFlags {
  readonly shard?: number;
  readonly snapshot?: readonly string[];
  readonly also?: readonly string[];
  readonly without?: readonly string[];
  readonly keep?: string;
  readonly acceptLoss?: boolean;
  readonly remake?: boolean;
}

export function registerSalvage(log: Command): void {
  natsFlags(vaultFlags(log.command("salvage")))
    .description("Mend a log that lost or damaged records; says what cannot be brought back.")
    .option("--shard <n>", "this shard only; a cluster: those that stand", wholeNumber(0, 1_023))
    .option("--snapshot <folder...>", "vault's own log: snapshots that may hold the records")
    .option("--also <folder...>", "cluster: vaults of nodes that do not run")
    .option("--without <node...>", "cluster: nodes that will not come back with their vaults")
    .option("--keep <folder>", "what is taken out of the log; <dir>/salvage unless named")
    .option("--accept-loss", "go on where something cannot be brought back")
    .option("--remake", "cluster: delete a stream and make it anew where nothing else helps")
    .action(salvage);
}

function salvage(flags: SalvageFlags): Promise<void> {
  return withLog(flags, (opened) => {
    const clustered = new IdentityRows(opened.store).get("evt", 0) !== undefined;
    const named = flags.servers !== undefined || flags.config !== undefined;
    return clustered || named ? salvageCluster(flags, opened) : salvageOwn(flags, opened);
  });
}

async function salvageOwn(flags: SalvageFlags, { store, meta, seal, vault }: OpenedLog) {
  const owner = Ownership.take(store, randomBytes(8));
  const progress = new ProgressLine("records");
  try {
    checkLogKind(store, "embedded", meta.shards);
    let records = 0;
    const done = await withCopies(flags, flags.snapshot ?? [], (copies) =>
      salvageEmbedded({
        ...{ store, meta, seal, keep: keepOf(flags), acceptLoss: flags.acceptLoss === true },
        shards: flags.shard === undefined ? every(meta.shards) : [flags.shard],
        copies: copies.map(({ name, opened }) => copiedRecords(opened.store, name)),
        onProgress: () => progress.update(++records),
      }),
    );
    const changed = done.filter(({ restored, lost, kept }) => restored + kept > 0 || lost !== null);
    recordAct(vault, { act: "log.salvage", by: localUser(), detail: { shards: changed.length } });
    const said = changed.map(({ shard, restored, lost, kept, firstSeq }): [string, string] => {
      const gone = lost === null ? "" : `; begins at ${firstSeq}, ${kept} taken out`;
      return [`shard ${shard}`, `${restored} records brought back${gone}`];
    });
    printResult(flags, { shards: changed }, [["records looked at", records], ...said]);
  } finally {
    progress.end();
    owner.release();
  }
}

function every(shards: number): number[] {
  return Array.from({ length: shards }, (_, shard) => shard);
}

export interface Copy {
  readonly name: string;
  readonly opened: OpenedLog;
}

/** Opens these folders' logs one within the other. */
export async function withCopies<T>(
  flags: VaultFlags,
  folders: readonly string[],
  work: (copies: readonly Copy[]) => Promise<T>,
  before: readonly Copy[] = [],
): Promise<T> {
  const [name, ...others] = folders;
  if (name === undefined) return work(before);
  const next = (opened: OpenedLog) =>
    withCopies(flags, others, work, [...before, { name, opened }]);
  return withLog(flags, next, name);
}

export function keepOf(flags: SalvageFlags): string {
  return flags.keep ?? join(flags.dir, "salvage");
}
