// The newest records once more, on this node's own disk: what a log in a cluster that lost its end
// is mended from. The embedded log lies in the same file as its projection and needs none.

import { actorRows } from "../log/log-meta.ts";
import type { StoredRecord, StreamKind } from "../log/port.ts";
import { readHead } from "../log/record.ts";
import { afterPrefix, type Row, type Rows, type Store } from "../store/port.ts";

const keptMs = 24 * 3_600_000;
const bytesMaxDefault = 2 ** 30;

/** Old records that go with each new one: more than one, or the tail would never shrink. */
const goesPerRecord = 4;

const seqAt = 3;

export class TailRows {
  readonly #rows: Rows;
  readonly #meta: Rows;
  readonly #bytesMax: number;

  /** `bytesMax`: of one stream. */
  constructor(store: Store, bytesMax = bytesMaxDefault) {
    this.#rows = store.rows("tail");
    this.#meta = actorRows(store);
    this.#bytesMax = bytesMax;
  }

  /** Inside a transaction: keeps a record and lets the oldest go. */
  put(kind: StreamKind, shard: number, seq: number, bytes: Buffer, atMs: number): void {
    this.#rows.put(keyOf(kind, shard, seq), bytes);
    let total = this.bytes(kind, shard) + bytes.length;
    const prefix = keyOf(kind, shard, 0).subarray(0, seqAt);
    const end = keyOf(kind, shard, seq);
    for (const old of this.#rows.range({ start: prefix, end, limit: goesPerRecord })) {
      if (total <= this.#bytesMax && readHead(old.value).atMs > atMs - keptMs) break;
      this.#rows.remove(old.key);
      total -= old.value.length;
    }
    const row = Buffer.alloc(8);
    row.writeBigUInt64BE(BigInt(total));
    this.#meta.put(Buffer.from(`tail ${kind} ${shard}`), row);
  }

  bytes(kind: StreamKind, shard: number): number {
    const row = this.#meta.get(Buffer.from(`tail ${kind} ${shard}`));
    return row === undefined ? 0 : Number(row.readBigUInt64BE(0));
  }

  /** Up to `limit` records from `seq` on. */
  from(kind: StreamKind, shard: number, seq: number, limit: number): StoredRecord[] {
    const start = keyOf(kind, shard, seq);
    const end = afterPrefix(start.subarray(0, seqAt));
    return this.#rows.range({ start, end, limit }).map(recordOf);
  }

  /** Up to `limit` records from `seq` downwards, the newest first. */
  upTo(kind: StreamKind, shard: number, seq: number, limit: number): StoredRecord[] {
    const start = keyOf(kind, shard, 0);
    const end = keyOf(kind, shard, seq + 1);
    return this.#rows.range({ start, end, limit, reverse: true }).map(recordOf);
  }
}

function recordOf({ key, value }: Row): StoredRecord {
  return { seq: Number(key.readBigUInt64BE(seqAt)), bytes: value };
}

function keyOf(kind: StreamKind, shard: number, seq: number): Buffer {
  const key = Buffer.alloc(seqAt + 8);
  key[0] = kind === "evt" ? 0 : 1;
  key.writeUInt16BE(shard, 1);
  key.writeBigUInt64BE(BigInt(seq), seqAt);
  return key;
}
