// Which commands were accepted in the last 24 hours, and with what answer. Written by the fold and
// by nothing else, so a takeover, a restart and a rebuild all know the same.
import { afterPrefix, type Rows, type Store } from "../store/port.ts";

/** By the record's time. Whoever repeats a command later is not recognised any more. */
export const idemKeptMs = 24 * 3_600_000;

/** Removed with each record beyond what it adds, so that a backlog shrinks without a stall. */
const extraPerRecord = 16;

/** What stands before the answer. */
const headBytes = 30;

const emptyValue = Buffer.alloc(0);

export interface IdemRow {
  readonly incarnation: number;
  readonly seq: number;
  readonly ord: number;
  readonly bodyDigest: Buffer;
  /** JSON. */
  readonly answer: Buffer;
}

export class IdemRows {
  /** [nn 2, id 16] -> incarnation 4, seq 8, ord 2, digest 16, answer. */
  readonly #rows: Rows;
  /** [nn 2, at 6, id 16] -> empty: the order in which they go. */
  readonly #byTime: Rows;

  constructor(store: Store) {
    this.#rows = store.rows("idem");
    this.#byTime = store.rows("idemTime");
  }

  get(shard: number, id: Buffer): IdemRow | undefined {
    const row = this.#rows.get(keyOf(shard, id));
    if (row === undefined) return undefined;
    return {
      incarnation: row.readUInt32BE(0),
      seq: Number(row.readBigUInt64BE(4)),
      ord: row.readUInt16BE(12),
      bodyDigest: row.subarray(14, headBytes),
      answer: row.subarray(headBytes),
    };
  }

  /** Inside a transaction. An Error where the id has a row: a command would count twice. */
  put(shard: number, id: Buffer, atMs: number, row: IdemRow): void {
    const key = keyOf(shard, id);
    if (this.#rows.get(key) !== undefined) {
      throw new Error(`command ${id.toString("hex")} is in the log twice`);
    }
    const value = Buffer.alloc(headBytes + row.answer.length);
    value.writeUInt32BE(row.incarnation, 0);
    value.writeBigUInt64BE(BigInt(row.seq), 4);
    value.writeUInt16BE(row.ord, 12);
    value.set(row.bodyDigest, 14);
    value.set(row.answer, headBytes);
    this.#rows.put(key, value);
    this.#byTime.put(timeKey(shard, atMs, id), emptyValue);
  }

  /** Inside a transaction: forgets rows older than 24 hours, a slice at a time. */
  expire(shard: number, atMs: number, added: number): number {
    const end = timeKey(shard, Math.max(0, atMs - idemKeptMs), emptyValue);
    const limit = 2 * added + extraPerRecord;
    const old = this.#byTime.range({ start: shardPrefix(shard), end, limit });
    for (const { key } of old) {
      this.#byTime.remove(key);
      this.#rows.remove(keyOf(shard, key.subarray(8)));
    }
    return old.length;
  }

  /** Inside a transaction: up to `limit` rows of the shard go; true when none is left. */
  clear(shard: number, limit: number): boolean {
    const start = shardPrefix(shard);
    const all = this.#byTime.range({ start, end: afterPrefix(start), limit });
    for (const { key } of all) {
      this.#byTime.remove(key);
      this.#rows.remove(keyOf(shard, key.subarray(8)));
    }
    return all.length < limit;
  }
}

function shardPrefix(shard: number): Buffer {
  return Buffer.of(shard >> 8, shard & 0xff);
}

function keyOf(shard: number, id: Buffer): Buffer {
  const key = Buffer.alloc(2 + id.length);
  key.writeUInt16BE(shard, 0);
  key.set(id, 2);
  return key;
}

function timeKey(shard: number, atMs: number, id: Buffer): Buffer {
  const key = Buffer.alloc(8 + id.length);
  key.writeUInt16BE(shard, 0);
  key.writeUIntBE(atMs, 2, 6);
  key.set(id, 8);
  return key;
}
