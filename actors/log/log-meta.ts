// What a vault knows of its log as a whole, one row: how many shards, and which life of the log it
// follows. Written once when the log is made; a restore raises the incarnation.
import { appError } from "../../platform/mod.ts";
import type { Rows, Store } from "../store/port.ts";

/** Where a shard has few cards a group is small and a flush is shared by fewer; 16 is plenty. */
export const shardsDefault = 16;
/** A shard's number has two bytes; more than these would only cost memory and streams. */
export const shardsMax = 1_024;

/** Layout of the runtime's tables; a higher one is refused. */
const format = 1;
const rowBytes = 28;
const key = Buffer.from("log");

export interface LogMeta {
  readonly shards: number;
  /** Which life of the log: part of every position and event id, only ever raised. */
  readonly incarnation: number;
  /** The incarnation in which the streams' first records were written. */
  readonly born: number;
  /** Drawn when the log was made, 16 bytes. */
  readonly identity: Buffer;
}

/** The table of the runtime's own few rows. */
export function actorRows(store: Store): Rows {
  return store.rows("runtime");
}

/** The row, or undefined where this vault has no log yet. Throws VAULT_TOO_NEW, VAULT_CORRUPT. */
export function readLogMeta(store: Store): LogMeta | undefined {
  const row = actorRows(store).get(key);
  if (row === undefined) return undefined;
  if (row[0]! > format) {
    throw appError("VAULT_TOO_NEW", "The vault's log was written by a newer version.");
  }
  if (row.length !== rowBytes || row[0] !== format) {
    throw appError("VAULT_CORRUPT", "The vault's log has no readable layout.");
  }
  return {
    incarnation: row.readUInt32BE(2),
    shards: row.readUInt16BE(6),
    born: row.readUInt32BE(8),
    identity: row.subarray(12, 28),
  };
}

/** Inside a transaction. */
export function writeLogMeta(store: Store, meta: LogMeta): void {
  const row = Buffer.alloc(rowBytes);
  row[0] = format;
  row.writeUInt32BE(meta.incarnation, 2);
  row.writeUInt16BE(meta.shards, 6);
  row.writeUInt32BE(meta.born, 8);
  row.set(meta.identity, 12);
  actorRows(store).put(key, row);
}

/** Reads the row, or makes the log's first life. `random` gives so many bytes. */
export function prepareLogMeta(
  store: Store,
  random: (bytes: number) => Buffer,
  shards = shardsDefault,
): LogMeta {
  if (!Number.isInteger(shards) || shards < 1 || shards > shardsMax) {
    throw appError("CONFIG_INVALID", `A log has 1 to ${shardsMax} shards.`);
  }
  return store.write(() => {
    const found = readLogMeta(store);
    if (found !== undefined) return found;
    const made = { shards, incarnation: 1, born: 1, identity: random(16) };
    writeLogMeta(store, made);
    return made;
  });
}
