// Opens the key-value buckets of a cluster and looks at what they really are: opening one that
// exists with other settings keeps the old ones silently.
import { setTimeout as pause } from "node:timers/promises";
import { jetstream } from "@nats-io/jetstream";
import { type KV, Kvm, type KvOptions } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { appError } from "../../../platform/mod.ts";
import { isStreamMissing, isUnanswered } from "./append-outcome.ts";
import { leaseBucket, outboxBucket, topologyBucket } from "./names.ts";
import { ownershipTimes } from "./ownership-port.ts";

/** Between two renewals nothing may wait longer. */
const requestTimeoutMs = 1_500;
/** A server that answers at all has made a bucket by then. */
const openingWaitMs = 250;
/** Longer than an election, when a bucket is opened for the first time. */
const openTries = 10;
const openAgainMs = 500;

async function open(
  connection: NatsConnection,
  bucket: string,
  want: Partial<KvOptions> & { readonly ttl: number; readonly replicas: number },
): Promise<KV> {
  // A read from a follower could be old: nothing is decided by one, and none is asked for.
  const options = { ...want, history: 1, allow_direct: false, timeout: requestTimeoutMs };
  // What asks the bucket takes its time-out from here, not from the options.
  const js = jetstream(connection, { timeout: requestTimeoutMs });
  const kv = await new Kvm(js).create(bucket, options);
  const { ttl, history, replicas, streamInfo } = await kv.status();
  const problems: string[] = [];
  const check = (name: string, is: unknown, wanted: unknown): void => {
    if (is !== wanted) problems.push(`${name} is ${is}, set it to ${wanted}`);
  };
  check("ttl (ms)", ttl, want.ttl);
  check("history", history, 1);
  check("replicas", replicas, want.replicas);
  check("allow_direct", streamInfo.config.allow_direct, false);
  if (problems.length === 0) return kv;
  const text = `Bucket ${bucket} cannot be used: ${problems.join("; ")}, or remove the bucket.`;
  throw appError("LOG_UNFIT", text);
}

/** Leases end by age: every renewal makes a key young again. */
export function openLeaseBucket(connection: NatsConnection, replicas: number): Promise<KV> {
  return open(connection, leaseBucket, { ttl: ownershipTimes.leaseTtlMs, replicas });
}

export function openTopologyBucket(connection: NatsConnection, replicas: number): Promise<KV> {
  return open(connection, topologyBucket, { ttl: 0, replicas });
}

/** How far subscribers have been told. */
export function openOutboxBucket(connection: NatsConnection, replicas: number): Promise<KV> {
  return open(connection, outboxBucket, { ttl: 0, replicas });
}

/**
 * A bucket that is made again where somebody has deleted it. Its keys are gone then; nothing was in
 * them that the log does not make up for: it allocates the epochs and has every event.
 */
export class ReopenedBucket {
  readonly #open: () => Promise<KV>;
  #kv: KV;
  #opening: Promise<void> | undefined;

  private constructor(open: () => Promise<KV>, kv: KV) {
    this.#open = open;
    this.#kv = kv;
  }

  /**
   * Rejects where nobody answers, after some tries: a new bucket has no leader for a moment, and
   * not every server knows one yet that another node has just made.
   */
  static async open(open: () => Promise<KV>): Promise<ReopenedBucket> {
    for (let tries = 1; ; tries++) {
      try {
        return new ReopenedBucket(open, await open());
      } catch (error) {
        const silent = isUnanswered(error) || (error as Error).name === "TimeoutError";
        if (tries === openTries || !(silent || isStreamMissing(error))) throw error;
        await pause(openAgainMs);
      }
    }
  }

  /** Rejects as `work` does; a call soon after that finds the bucket again. */
  async use<T>(work: (kv: KV) => Promise<T>): Promise<T> {
    const opening = this.#opening;
    if (opening !== undefined) await Promise.race([opening, pause(openingWaitMs)]);
    try {
      return await work(this.#kv);
    } catch (error) {
      // An election says the same; making what exists already changes nothing. It asks the
      // cluster's leader, which may be in an election too: nobody waits for that to end.
      if (isUnanswered(error) || isStreamMissing(error)) this.#reopen();
      throw error;
    }
  }

  #reopen(): void {
    this.#opening ??= this.#open().then(
      (kv) => {
        this.#kv = kv;
        this.#opening = undefined;
      },
      () => {
        this.#opening = undefined;
      },
    );
  }
}
