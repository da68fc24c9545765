// `pantun log trim`: forgets records that a snapshot holds and that nobody has still to be told of.
import { randomBytes } from "node:crypto";
import {
  EmbeddedLog,
  embeddedRecords,
  LogNotices,
  Ownership,
  openKinds,
  ProgressTable,
  recordHash,
  SubscriberRows,
  storedNeed,
} from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import { type OpenedLog, pointsOf, withLog } from "./log.ts";
import { ProgressLine } from "./progress-line.ts";
import { printResult, type VaultFlags } from "./vault-access.ts";

export async function trim(flags: VaultFlags & { readonly snapshot: string }): Promise<void> {
  const points = await pointsOf(flags, flags.snapshot);
  const result = await withLog(flags, async (opened) => {
    const { store, meta } = opened;
    const owner = Ownership.take(store, randomBytes(8));
    const log = new EmbeddedLog({ store, meta, checkOwner: () => owner.check() });
    const progress = new ProgressLine("shards", meta.shards);
    const neededFrom = outboxNeeds(opened);
    let records = 0;
    let kept = 0;
    try {
      for (const { shard, seq, hash } of points) {
        const stream = log.stream("evt", shard);
        const { firstSeq } = await stream.end();
        const here = await stream.read(seq);
        if (here === undefined) continue;
        if (recordHash(here).toString("hex") !== hash) {
          throw appError("VAULT_CORRUPT", `Record ${seq} of shard ${shard} is not the snapshot's.`);
        }
        // The record at which the snapshot stands is kept: the chain goes on from it.
        const to = Math.max(firstSeq, Math.min(seq, await neededFrom(shard)));
        await stream.trim(to);
        records += to - firstSeq;
        kept += seq - to;
        progress.update(shard + 1);
      }
    } finally {
      progress.end();
      await log.close();
      owner.release();
    }
    return { records, kept };
  });
  printResult(flags, result, [
    ["records forgotten", result.records],
    ["kept for webhooks", result.kept],
  ]);
}

/** Which record of a shard is the first that a webhook still needs. */
function outboxNeeds({ vault, store, meta, seal }: OpenedLog): (shard: number) => Promise<number> {
  const progress = new ProgressTable(vault.env.table("outbox"), (work) => store.write(work));
  const records = embeddedRecords(store, meta.shards);
  const notices = new LogNotices({ vault, records, meta, kinds: openKinds(vault, store), seal });
  const rows = new SubscriberRows(store, () => vault.sealing.ring);
  const subscribers = rows
    .all()
    .filter(({ url }) => url !== "")
    .map(({ trid, sinceMs }) => ({
      name: trid,
      begin: (shard: number) => notices.before(shard, sinceMs),
    }));
  return (shard) => storedNeed({ progress, shard, subscribers });
}
