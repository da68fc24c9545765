// The names under which a shard is found in NATS. Subjects appear in server logs and monitoring:
// no card, no token and nothing derived from one stands in a name.
import type { StreamKind } from "../port.ts";

/** Shards are written with two digits. */
export const shardsMax = 100;

export const leaseBucket = "pantun_lease";
export const topologyBucket = "pantun_topology";
export const outboxBucket = "pantun_outbox";

export function twoDigits(shard: number): string {
  if (!Number.isInteger(shard) || shard < 0 || shard >= shardsMax) {
    throw new RangeError(`${shard} is no shard`);
  }
  return String(shard).padStart(2, "0");
}

export function streamName(kind: StreamKind, shard: number): string {
  return `${kind === "evt" ? "EVT" : "PAY"}_${twoDigits(shard)}`;
}

export function subjectOf(kind: StreamKind, shard: number): string {
  return `pantun.${kind}.${twoDigits(shard)}`;
}

/** Where a shard's owner says how far it is. */
export function tailSubject(shard: number): string {
  return `pantun.tail.${twoDigits(shard)}`;
}

/** Where a node takes requests. */
export function nodeSubject(node: string): string {
  return `pantun.node.${node}`;
}

/** Where a node hears answers to payments that others took from it. */
export function answersSubject(node: string): string {
  return `${nodeSubject(node)}.answers`;
}

export function shardKey(shard: number): string {
  return `shard.${twoDigits(shard)}`;
}

const nodeName = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;

/** A node's name is part of a subject and of a key. */
export function isNodeName(name: string): boolean {
  return nodeName.test(name);
}
