// What ownership stands on. Everything it does to the world goes through here, so that a whole
// cluster of it runs in one thread under a simulator.
import type { Clock } from "../../../platform/mod.ts";
import type { Log, StreamKind } from "../port.ts";
import type { Random, Timers } from "./timers.ts";

/** Where a projection, or a log, stands in one stream. */
export interface StreamTail {
  readonly seq: number;
  /** Of the record at `seq`: first half of its SHA-256. */
  readonly hash: Buffer;
}

export interface ShardTail {
  readonly evt: StreamTail;
  readonly pay: StreamTail;
}

export interface AppliedTail extends ShardTail {
  /** Highest epoch that was applied, of both streams. */
  readonly epoch: number;
  /** What the streams were when they were first followed; kept with the cursors. */
  readonly identity: { readonly evt: string; readonly pay: string };
}

export type OwnEvent =
  | { readonly kind: "opened" }
  /** The owner has finished; the named node need not wait. */
  | { readonly kind: "closed"; readonly to: string };

export type ParkReason =
  | "log-behind-projection"
  | "log-recreated"
  | "gap"
  | "alien-append"
  | "chain-mismatch"
  | "operator";

export type ReleaseReason = "fenced" | "lease-lost" | "lease-lapsed" | "moved" | "stopped";

/**
 * The runtime as ownership sees it: it follows and folds both streams of every shard, always, and
 * decides and appends only between `own` and `release`. It asks `admits` before each command and
 * each append, and reports epochs, hand-overs and its own parking to `ShardWatcher`.
 */
export interface ShardHost {
  /** How far the projection is. */
  tail(shard: number): AppliedTail;
  /** An operator has said that the log goes on without what the projection holds. */
  hasLeft(shard: number): boolean;
  /** Resolves true when the projection has reached `seq`, false where the shard parked first. */
  reached(kind: StreamKind, shard: number, seq: number): Promise<boolean>;
  /** The record that goes behind the projection's tail, sealed, and where that tail is. */
  seal(
    kind: StreamKind,
    shard: number,
    epoch: number,
    event: OwnEvent,
  ): { readonly bytes: Buffer; readonly after: number };
  /** The node owns the shard; the projection has reached the barriers at `tail`. */
  own(shard: number, epoch: number, tail: { readonly evt: number; readonly pay: number }): void;
  /** Refuses new commands as moved and resolves when nothing is in flight. */
  drain(shard: number): Promise<void>;
  /** Not the owner any more: what is in flight is settled by reading the log, never by hope. */
  release(shard: number, reason: ReleaseReason): void;
  /** Stops deciding and applying until an operator has looked. */
  park(shard: number, reason: ParkReason, detail: string): void;
  /** An operator has looked: applies again from where it stands. */
  unpark(shard: number): void;
}

/** What the runtime tells ownership, from the fold. */
export interface ShardWatcher {
  /** A barrier was applied. */
  opened(shard: number, epoch: number, nonce: Buffer): void;
  /** A hand-over was applied. */
  closed(shard: number, epoch: number, to: string): void;
  /** The runtime parked the shard by itself. */
  parked(shard: number): void;
}

export interface LeaseValue extends StreamTail {
  readonly node: string;
  /** Drawn at every start of a process: two of one name are two. */
  readonly nonce: string;
}

/** Says who tries. The log decides. Every method may reject: then nothing is known. */
export interface Lease {
  /** The revision, or undefined where somebody holds it. */
  create(shard: number, value: LeaseValue): Promise<number | undefined>;
  /** The new revision, or undefined where `revision` is not the last one. */
  update(shard: number, value: LeaseValue, revision: number): Promise<number | undefined>;
  /** Takes it whoever holds it; for whoever has written the barrier. */
  overwrite(shard: number, value: LeaseValue): Promise<number>;
  /** A hint: may be old. */
  read(shard: number): Promise<{ value: LeaseValue; revision: number } | undefined>;
  /** Gives it back if `revision` is the last one. */
  remove(shard: number, revision: number): Promise<void>;
}

export type BusAnswer =
  | { readonly kind: "answer"; readonly bytes: Buffer }
  /** Nobody listens there: certain, as far as the server that was asked knows. */
  | { readonly kind: "no-responders" }
  | { readonly kind: "timeout" };

/** Messages between nodes; any may be lost. */
export interface Bus {
  publish(subject: string, bytes: Buffer): void;
  request(subject: string, bytes: Buffer, timeoutMs: number): Promise<BusAnswer>;
  /** Answers requests; undefined leaves one unanswered. */
  serve(subject: string, handle: (bytes: Buffer) => Promise<Buffer | undefined>): () => void;
  listen(subject: string, hear: (subject: string, bytes: Buffer) => void): () => void;
}

/** Which nodes there are: heartbeats in the topology bucket. */
export interface NodeRegistry {
  beat(): Promise<void>;
  /** Names of the nodes whose heartbeat was seen lately, this one among them. */
  live(): readonly string[];
  /** Leaves at once, for a planned stop. */
  leave(): Promise<void>;
}

export type OwnershipState = "FOLLOW" | "ACQUIRE" | "BARRIER" | "OWN" | "DRAIN" | "PARKED";

export interface OwnershipNotice {
  readonly shard: number;
  readonly state: OwnershipState;
  /** Why it changed, in a word or two, for logs and counters. */
  readonly why: string;
}

export interface OwnershipPorts {
  readonly node: string;
  /** Eight bytes, drawn at the start of this process. */
  readonly nonce: Buffer;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly lease: Lease;
  readonly bus: Bus;
  readonly registry: NodeRegistry;
  readonly host: ShardHost;
  readonly notice: (notice: OwnershipNotice) => void;
}

/** Every time in milliseconds, with what it must be longer than. */
export const ownershipTimes = {
  /** Three renewals fail before a lease is let go. */
  renewMs: 2_000,
  /** After a renewal that nobody answered. */
  renewAgainMs: 250,
  /** Commands are admitted for so long after the last good renewal was sent; below the TTL. */
  admitMs: 15_000,
  /** Above an election of the lease's leader (9 s): losing a NATS server moves no shard. */
  leaseTtlMs: 20_000,
  /** An expired lease notifies nobody, so followers try. */
  tryMs: 5_000,
  /** What each rank waits for the one before it. */
  rankMs: 300,
  /** How long other nodes have to say how far they are. */
  collectMs: 300,
  /** The second look at a log that seems to have lost something; above an election. */
  confirmMs: 10_000,
  /** Looks in between: one that finds nothing amiss ends the doubt. */
  lookAgainMs: 500,
  /** The owner says how far it is. */
  tailMs: 250,
  /** An owner that was not heard for so long, two of its words, is asked whether it is there. */
  silentMs: 600,
  /** Above it a replica is not ready. */
  freshMs: 1_000,
  /** Bound on the wait after wrong guesses that an owner is gone. */
  penaltyMsMax: 60_000,
  /** Least time between two moves that only balance. */
  balanceMs: 10_000,
} as const;

/** Moves under way at once: storms of hand-overs are how such systems fail. */
export const movesMax = 2;
