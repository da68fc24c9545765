// What an operator may ask of a log as a whole: where each shard stands, and a new life after a
// restore.
import type { LogMeta } from "../log/log-meta.ts";
import { readLogMeta, writeLogMeta } from "../log/log-meta.ts";
import { forgetOwner } from "../log/owner.ts";
import { CursorRows } from "../runtime/cursor.ts";
import type { Store } from "../store/port.ts";

/** Where a shard's projection stands. Hashes and digests in hex. */
export interface ShardPoint {
  readonly shard: number;
  readonly seq: number;
  readonly epoch: number;
  readonly incarnation: number;
  readonly hash: string;
  readonly digest: string;
  /** Time of the newest record, Unix milliseconds; 0 where there is none. */
  readonly atMs: number;
}

export function shardPoints(store: Store, meta: LogMeta): ShardPoint[] {
  const cursors = new CursorRows(store);
  return Array.from({ length: meta.shards }, (_, shard) => {
    const { seq, epoch, incarnation, hash, digest, atMs } = cursors.get("evt", shard, meta);
    const hex = { hash: hash.toString("hex"), digest: digest.toString("hex") };
    return { shard, seq, epoch, incarnation, ...hex, atMs };
  });
}

/**
 * After a restore: records that were written after the copy are lost, and their numbers will be
 * given again. A higher incarnation tells the new ones apart. Also forgets the owner that the copy
 * was taken under. Undefined where the vault has no log.
 */
export function beginLogLife(store: Store): LogMeta | undefined {
  return store.write(() => {
    const meta = readLogMeta(store);
    if (meta === undefined) return undefined;
    const next = { ...meta, incarnation: meta.incarnation + 1 };
    writeLogMeta(store, next);
    forgetOwner(store);
    return next;
  });
}

/** What a restore loses in one shard: records `from` to `to`. */
export interface LostSpan {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
}

/** Records that the vault in use has beyond those of a copy. */
export function lostSpans(copy: readonly ShardPoint[], live: readonly ShardPoint[]): LostSpan[] {
  return live.flatMap(({ shard, seq }) => {
    const kept = copy[shard]?.seq ?? 0;
    return seq > kept ? [{ shard, from: kept + 1, to: seq }] : [];
  });
}
