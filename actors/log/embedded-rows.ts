// How the embedded log lies in its table: [kind 1, shard 2, seq 8] -> record. Where a stream begins
// is a row of its own, since a stream that was trimmed empty still counts on.
import { afterPrefix, type Rows, type Store } from "../store/port.ts";
import { actorRows } from "./log-meta.ts";
import type { StoredRecord, StreamKind } from "./port.ts";

const seqAt = 3;
const keyLength = 11;

export interface StreamEnds {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export class StreamRows {
  readonly #log: Rows;
  readonly #meta: Rows;
  readonly #prefix: Buffer;
  readonly #firstKey: Buffer;

  constructor(store: Store, kind: StreamKind, shard: number) {
    this.#log = store.rows("log");
    this.#meta = actorRows(store);
    this.#prefix = Buffer.of(kind === "evt" ? 0 : 1, shard >> 8, shard & 0xff);
    this.#firstKey = Buffer.from(`first ${kind} ${shard}`);
  }

  ends(): StreamEnds {
    const { firstSeq } = this;
    const end = afterPrefix(this.#prefix);
    const [last] = this.#log.range({ start: this.#prefix, end, limit: 1, reverse: true });
    return { firstSeq, lastSeq: last === undefined ? firstSeq - 1 : seqOf(last.key) };
  }

  get(seq: number): Buffer | undefined {
    return this.#log.get(this.#key(seq));
  }

  /** Inside a transaction. */
  put(seq: number, bytes: Buffer): void {
    this.#log.put(this.#key(seq), bytes);
  }

  /** Up to `limit` records from `seq` on, fewer where they would exceed `bytesMax`. */
  from(seq: number, limit: number, bytesMax: number): StoredRecord[] {
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (let next = seq; records.length < limit && bytes < bytesMax; next++) {
      const found = this.get(next);
      if (found === undefined) break;
      bytes += found.length;
      records.push({ seq: next, bytes: found });
    }
    return records;
  }

  /** Inside a transaction: forgets up to `limit` records below `seq`; true when none is left. */
  trim(seq: number, limit: number): boolean {
    const { firstSeq, lastSeq } = this.ends();
    const target = Math.min(seq, lastSeq + 1);
    const upTo = Math.min(target, firstSeq + limit);
    if (upTo <= firstSeq) return true;
    for (let one = firstSeq; one < upTo; one++) this.#log.remove(this.#key(one));
    this.beginAt(upTo);
    return upTo >= target;
  }

  /** Inside a transaction: nothing below `seq` is there, and the stream begins with it. */
  beginAt(seq: number): void {
    const row = Buffer.alloc(8);
    row.writeBigUInt64BE(BigInt(seq));
    this.#meta.put(this.#firstKey, row);
  }

  /** Inside a transaction: takes the records from `seq` on away. */
  cut(seq: number): void {
    const { lastSeq } = this.ends();
    for (let one = seq; one <= lastSeq; one++) this.#log.remove(this.#key(one));
  }

  /** Of the oldest record that is kept. */
  get firstSeq(): number {
    const row = this.#meta.get(this.#firstKey);
    return row === undefined ? 1 : Number(row.readBigUInt64BE(0));
  }

  #key(seq: number): Buffer {
    const key = Buffer.alloc(keyLength);
    key.set(this.#prefix);
    key.writeUInt32BE(Math.floor(seq / 2 ** 32), seqAt);
    key.writeUInt32BE(seq % 2 ** 32, seqAt + 4);
    return key;
  }
}

function seqOf(key: Buffer): number {
  return key.readUInt32BE(seqAt) * 2 ** 32 + key.readUInt32BE(seqAt + 4);
}
