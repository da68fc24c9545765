// Takes the embedded log of a vault to JetStream: the same bytes under the same numbers, so chain,
// positions and event ids stay what they are. What is there already is compared, not written again.
import { appError } from "../../platform/mod.ts";
import { connectNats } from "../log/jetstream/connection.ts";
import { openJetStreamLog } from "../log/jetstream/jetstream-log.ts";
import type { LogMeta } from "../log/log-meta.ts";
import type { Log, ShardLog, StreamKind } from "../log/port.ts";
import type { Store } from "../store/port.ts";
import { type ClusterSettings, logSettings } from "./open-cluster.ts";
import { IdentityRows } from "./stream-identity.ts";

export interface ExportOptions {
  readonly store: Store;
  readonly meta: LogMeta;
  /** The embedded log, owned by whoever calls: nobody else appends meanwhile. */
  readonly from: Log;
  readonly settings: ClusterSettings;
  readonly onProgress?: (records: number) => void;
}

export interface Exported {
  readonly shards: number;
  readonly records: number;
}

/**
 * Copies all shards' events; the vault follows JetStream from then on. Can be run again after it
 * was broken off. Errors: LOG_UNFIT where a stream is in the way, LOG_FULL where one has no room.
 */
export async function exportLog(options: ExportOptions): Promise<Exported> {
  const { store, meta, from, settings, onProgress = () => {} } = options;
  const firsts = await Promise.all(
    Array.from({ length: meta.shards }, async (_, shard) => {
      return (await from.stream("evt", shard).end()).firstSeq;
    }),
  );
  const connection = await connectNats({ ...settings, name: "pantun log export" });
  try {
    const log = await openJetStreamLog({
      connection,
      settings: logSettings(settings, meta),
      create: true,
      firstSeq: (kind, shard) => (kind === "evt" ? (firsts[shard] as number) : 1),
    });
    let records = 0;
    for (let shard = 0; shard < meta.shards; shard++) {
      const copied = () => onProgress(++records);
      await copyStream(from.stream("evt", shard), log.stream("evt", shard), copied);
    }
    await follow(log, store, meta.shards);
    await log.close();
    return { shards: meta.shards, records };
  } finally {
    await connection.close();
  }
}

async function copyStream(from: ShardLog, to: ShardLog, copied: () => void): Promise<void> {
  const { firstSeq, lastSeq } = await from.end();
  const there = await to.end();
  const inTheWay = (): Error => {
    const text = `The stream of shard ${from.shard} holds other records than this vault's log.`;
    return appError("LOG_UNFIT", text);
  };
  if (there.firstSeq !== firstSeq || there.lastSeq > lastSeq) throw inTheWay();
  for (let seq = firstSeq; seq <= lastSeq; seq++) {
    const bytes = await from.read(seq);
    if (bytes === undefined) throw appError("VAULT_CORRUPT", `Record ${seq} is not in the log.`);
    if (seq <= there.lastSeq) {
      if ((await to.read(seq))?.equals(bytes) !== true) throw inTheWay();
    } else {
      await store(to, seq, bytes);
    }
    copied();
  }
}

async function store(to: ShardLog, seq: number, bytes: Buffer): Promise<void> {
  const outcome = await to.append(bytes, seq - 1, () => {});
  if (outcome.kind === "stored") return;
  if (outcome.kind === "full") {
    throw appError("LOG_FULL", `Shard ${to.shard} has no room for record ${seq}.`, {
      cause: outcome.cause,
    });
  }
  // An answer that was lost: nobody else writes here, so what stands there says what became of it.
  if ((await to.read(seq))?.equals(bytes) === true) return;
  const text = `Record ${seq} of shard ${to.shard} was not taken; run the export again.`;
  throw appError("SERVICE_UNAVAILABLE", text);
}

/** From now on the vault's changes are on JetStream, in these streams and no others. */
async function follow(log: Log, store: Store, shards: number): Promise<void> {
  const kinds: readonly StreamKind[] = ["evt", "pay"];
  const found: { kind: StreamKind; shard: number; identity: string }[] = [];
  for (let shard = 0; shard < shards; shard++) {
    for (const kind of kinds) {
      const { identity } = await log.stream(kind, shard).end();
      found.push({ kind, shard, identity });
    }
  }
  const rows = new IdentityRows(store);
  store.write(() => {
    for (const { kind, shard, identity } of found) rows.put(kind, shard, identity);
  });
}
