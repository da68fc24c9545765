// How far a shard's log has been folded into the projection: one row, written last in every fold.
import { actorRows, type LogMeta } from "../log/log-meta.ts";
import type { StreamKind } from "../log/port.ts";
import { firstPrev, hashBytes, nonceBytes, type RecordHead } from "../log/record.ts";
import type { Rows, Store } from "../store/port.ts";

/** Layout of this row. */
const schema = 1;

export const stateDigestBytes = 16;

export interface Cursor {
  readonly incarnation: number;
  /** Newest record that is folded in; 0 before the first. */
  readonly seq: number;
  /** Of that record's owner; 0 before the first barrier. */
  readonly epoch: number;
  readonly nonce: Buffer;
  /** Hash of that record: what the next one carries as `prev`. */
  readonly hash: Buffer;
  readonly atMs: number;
  readonly horizonPtav: number;
  readonly horizonDe7: number;
  /** XOR of hashes over the shard's actors: equal where replicas are. */
  readonly digest: Buffer;
}

const rowBytes = 1 + 4 + 8 + 8 + nonceBytes + hashBytes + 8 + 4 + 4 + stateDigestBytes;

export class CursorRows {
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#rows = actorRows(store);
  }

  /** The stored cursor, or that of a shard whose log begins. */
  get(kind: StreamKind, shard: number, meta: LogMeta): Cursor {
    const row = this.#rows.get(keyOf(kind, shard));
    return row === undefined ? firstCursor(kind, shard, meta.born) : readRow(row);
  }

  /** Whether anything of this stream was folded. */
  has(kind: StreamKind, shard: number): boolean {
    return this.#rows.get(keyOf(kind, shard)) !== undefined;
  }

  /** Inside a transaction. */
  put(kind: StreamKind, shard: number, cursor: Cursor): void {
    this.#rows.put(keyOf(kind, shard), writeRow(cursor));
  }

  /** Inside a transaction: the shard is folded again from the beginning. */
  remove(kind: StreamKind, shard: number): void {
    this.#rows.remove(keyOf(kind, shard));
  }
}

export function firstCursor(kind: StreamKind, shard: number, incarnation: number): Cursor {
  return {
    incarnation,
    seq: 0,
    epoch: 0,
    nonce: Buffer.alloc(nonceBytes),
    hash: firstPrev(kind, shard, incarnation),
    atMs: 0,
    horizonPtav: 0,
    horizonDe7: 0,
    digest: Buffer.alloc(stateDigestBytes),
  };
}

/** The cursor behind this record. */
export function nextCursor(cursor: Cursor, head: RecordHead, hash: Buffer, digest: Buffer): Cursor {
  const { incarnation, epoch, nonce, atMs, horizonPtav, horizonDe7 } = head;
  const seq = cursor.seq + 1;
  return { incarnation, seq, epoch, nonce, hash, atMs, horizonPtav, horizonDe7, digest };
}

function keyOf(kind: StreamKind, shard: number): Buffer {
  return Buffer.from(`cursor ${kind} ${shard}`);
}

function writeRow(cursor: Cursor): Buffer {
  const row = Buffer.alloc(rowBytes);
  let at = row.writeUInt8(schema, 0);
  at = row.writeUInt32BE(cursor.incarnation, at);
  at = row.writeBigUInt64BE(BigInt(cursor.seq), at);
  at = row.writeBigUInt64BE(BigInt(cursor.epoch), at);
  at += cursor.nonce.copy(row, at);
  at += cursor.hash.copy(row, at);
  at = row.writeBigUInt64BE(BigInt(cursor.atMs), at);
  at = row.writeUInt32BE(cursor.horizonPtav, at);
  at = row.writeUInt32BE(cursor.horizonDe7, at);
  cursor.digest.copy(row, at);
  return row;
}

function readRow(row: Buffer): Cursor {
  if (row[0] !== schema || row.length !== rowBytes) {
    throw new Error(`a cursor of layout ${row[0]} and ${row.length} bytes`);
  }
  return {
    incarnation: row.readUInt32BE(1),
    seq: Number(row.readBigUInt64BE(5)),
    epoch: Number(row.readBigUInt64BE(13)),
    nonce: row.subarray(21, 29),
    hash: row.subarray(29, 45),
    atMs: Number(row.readBigUInt64BE(45)),
    horizonPtav: row.readUInt32BE(53),
    horizonDe7: row.readUInt32BE(57),
    digest: row.subarray(61, 77),
  };
}
