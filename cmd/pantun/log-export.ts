// `pantun log export`: a vault's own log goes to NATS JetStream, and the vault with it to a cluster.
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { checkLogKind, EmbeddedLog, exportLog, Ownership } from "../../actors/mod.ts";
import { withLog } from "./log.ts";
import { clusterSettings, type NatsFlags, natsFlags } from "./nats-access.ts";
import { ProgressLine } from "./progress-line.ts";
import { printResult, type VaultFlags, vaultFlags } from "./vault-access.ts";

export function registerExport(log: Command): void {
  natsFlags(vaultFlags(log.command("export")))
    .description("Copy the log to NATS JetStream, record by record; stop the service first.")
    .option("--replicas <count>", "servers that hold each stream; short for nats.replicas")
    .action(run);
}

async function run(flags: VaultFlags & NatsFlags): Promise<void> {
  const settings = clusterSettings(flags);
  const result = await withLog(flags, async ({ store, meta }) => {
    const owner = Ownership.take(store, randomBytes(8));
    const progress = new ProgressLine("records");
    const from = new EmbeddedLog({ store, meta, checkOwner: () => owner.check() });
    try {
      checkLogKind(store, "embedded", meta.shards);
      const onProgress = (records: number) => progress.update(records);
      return await exportLog({ store, meta, from, settings, onProgress });
    } finally {
      progress.end();
      await from.close();
      owner.release();
    }
  });
  printResult(flags, result, [
    ["shards", result.shards],
    ["records copied", result.records],
    ["from now on", "log.kind jetstream; copy this vault to the other nodes"],
  ]);
}
