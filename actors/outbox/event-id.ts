// The id of a notice: UUIDv8 (RFC 9562) made of where its event stands in the log and of who is
// told, so that a notice that is sent again, by this node or by the next owner, keeps its id.
import { createHash } from "node:crypto";
import type { Position } from "../runtime/actor-kind.ts";

/** Bytes of an encoded position: incarnation 4, shard 2, sequence 8, ordinal 2; big-endian. */
const positionBytes = 16;

export function eventIdOf(position: Position, subscriber: string): string {
  const where = Buffer.alloc(positionBytes);
  where.writeUInt32BE(position.incarnation, 0);
  where.writeUInt16BE(position.shard, 4);
  where.writeBigUInt64BE(BigInt(position.seq), 6);
  where.writeUInt16BE(position.ord, 14);
  const id = createHash("sha256").update(where).update(subscriber, "utf8").digest().subarray(0, 16);
  id[6] = (id[6]! & 0x0f) | 0x80;
  id[8] = (id[8]! & 0x3f) | 0x80;
  const hex = id.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${parts.join("-")}-${hex.slice(20)}`;
}

/**
 * Notices that one record may lead to; an ordinal is below it. A record of half a megabyte has room
 * for some ten thousand tokens' entries, each with a few notices.
 */
export const ordinals = 65_536;

/** A place within one shard and incarnation as one number that grows with the log. */
export function placeOf(seq: number, ord: number): number {
  return seq * ordinals + ord;
}

export function positionAt(incarnation: number, shard: number, place: number): Position {
  return { incarnation, shard, seq: Math.floor(place / ordinals), ord: place % ordinals };
}
