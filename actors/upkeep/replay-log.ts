// Folds one vault's log into another projection: a rebuild. The projection that is in use is only
// read; whether the new one is equal is told by the shards' digests.

import { appError } from "../../platform/mod.ts";
import { StreamRows } from "../log/embedded-rows.ts";
import { type LogMeta, readLogMeta, writeLogMeta } from "../log/log-meta.ts";
import type { RecordSeal } from "../log/record.ts";
import { Fold } from "../runtime/fold.ts";
import type { KindTable } from "../runtime/kinds.ts";
import type { Store } from "../store/port.ts";
import { type ShardPoint, shardPoints } from "./log-life.ts";

export interface Rebuilt {
  readonly records: number;
  readonly events: number;
  /** Shards whose digest, hash or sequence differs from the vault in use. */
  readonly differing: readonly number[];
}

/** Records of one transaction. */
const sliceRecords = 512;
const sliceBytes = 2 ** 20;

export interface ReplayOptions {
  readonly from: Store;
  readonly to: Store;
  /** Of the new projection: they read and write `to`. */
  readonly kinds: KindTable;
  readonly seal: RecordSeal;
  readonly onProgress?: (records: number) => void;
}

/**
 * Folds everything that `from`'s log holds beyond `to`'s cursors, and copies the records. `to` is
 * empty or a snapshot of the same log. VAULT_CORRUPT where it is of another log; FAILED where
 * records that it needs were trimmed away; a ParkError where a record does not fit.
 */
export async function replayLog(options: ReplayOptions): Promise<Rebuilt> {
  const { from, to, kinds, seal, onProgress = () => {} } = options;
  const meta = takeMeta(from, to);
  const fold = new Fold({ store: to, meta, kinds, seal });
  const live = shardPoints(from, meta);
  const counts = { records: 0, events: 0 };
  for (const { shard, seq: end } of live) {
    const source = new StreamRows(from, "evt", shard);
    const target = new StreamRows(to, "evt", shard);
    let next = fold.cursor(shard).seq + 1;
    if (next <= end && next < source.ends().firstSeq) {
      const text = `Shard ${shard} was trimmed up to ${source.ends().firstSeq}`;
      throw appError("FAILED", `${text}: begin with a snapshot that holds what came before.`);
    }
    while (next <= end) {
      const slice = source.from(next, Math.min(sliceRecords, end - next + 1), sliceBytes);
      if (slice.length === 0) throw appError("VAULT_CORRUPT", `Record ${next} is missing.`);
      const bytes = slice.reduce((sum, record) => sum + record.bytes.length, 0);
      to.write(() => {
        for (const { seq, bytes } of slice) {
          const record = seal.open(bytes);
          target.put(seq, bytes);
          fold.apply(shard, seq, bytes, record);
          counts.events += record.events.length;
        }
      }, bytes);
      counts.records += slice.length;
      next += slice.length;
      onProgress(counts.records);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { ...counts, differing: differing(live, shardPoints(to, meta)) };
}

/** Gives an empty projection the log's row; a snapshot has it already. */
function takeMeta(from: Store, to: Store): LogMeta {
  const meta = readLogMeta(from);
  if (meta === undefined) throw appError("VAULT_NOT_FOUND", "The vault has no log yet.");
  const other = readLogMeta(to);
  if (other !== undefined && !other.identity.equals(meta.identity)) {
    throw appError("VAULT_CORRUPT", "The snapshot is of another log.");
  }
  to.write(() => writeLogMeta(to, meta));
  return meta;
}

function differing(live: readonly ShardPoint[], made: readonly ShardPoint[]): number[] {
  return live
    .filter(({ shard, seq, hash, digest }) => {
      const one = made[shard]!;
      return one.seq !== seq || one.hash !== hash || one.digest !== digest;
    })
    .map(({ shard }) => shard);
}
