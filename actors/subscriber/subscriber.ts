// Who is told of a requestor's tokens: where webhooks go and what signs them. One subscriber a
// TRID.
import { createHash } from "node:crypto";

export interface WebhookKey {
  /** `whsk_…` or `whsec_…`; never leaves the vault but to sign. */
  readonly text: string;
  /** Unix milliseconds until which it signs beside a newer one; 0 while it is the newest. */
  readonly untilMs: number;
}

export interface Subscriber {
  readonly trid: string;
  /** "" after webhooks were ended. */
  readonly url: string;
  /** The newest first. */
  readonly keys: readonly WebhookKey[];
  /** When webhooks began, Unix milliseconds: what happened before is not told. */
  readonly sinceMs: number;
  readonly version: number;
}

export interface PutSubscriber {
  readonly command: "put";
  readonly trid: string;
  readonly url: string;
  readonly rotateKey: boolean;
  /** A shared secret that the requestor brought; "" for a key pair of ours. */
  readonly secret: string;
}

export interface EndSubscriber {
  readonly command: "end";
  readonly trid: string;
}

export type SubscriberCommand = PutSubscriber | EndSubscriber;

/** The subscriber after the command, whole: no other event is needed to understand it. */
export interface SubscriberChanged {
  readonly after: Subscriber;
}

/** The actor's key of a TRID, 16 bytes. */
export function subscriberKey(trid: string): Buffer {
  return createHash("sha256").update(`subscriber\0${trid}`).digest().subarray(0, 16);
}

/** The shard of a subscriber: no card depends on it, so any spread will do. */
export function subscriberShard(key: Buffer, shards: number): number {
  return key.readUInt16BE(0) % shards;
}
