// Leases as keys of a bucket. Only what create and update say counts; a read is a hint.
import { JetStreamApiError } from "@nats-io/jetstream";
import { apiCode } from "./append-outcome.ts";
import type { ReopenedBucket } from "./buckets.ts";
import { shardKey } from "./names.ts";
import type { Lease, LeaseValue } from "./ownership-port.ts";

function encode({ node, nonce, seq, hash }: LeaseValue): string {
  return JSON.stringify({ node, nonce, seq, hash: hash.toString("hex") });
}

/** Undefined where somebody else's program wrote it. */
function decode(text: string): LeaseValue | undefined {
  try {
    const { node, nonce, seq, hash } = JSON.parse(text) as Record<string, unknown>;
    if (typeof node !== "string" || typeof nonce !== "string") return undefined;
    if (!Number.isSafeInteger(seq) || typeof hash !== "string") return undefined;
    return { node, nonce, seq: seq as number, hash: Buffer.from(hash, "hex") };
  } catch {
    return undefined;
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof JetStreamApiError)) return false;
  const { WRONG_LAST_SEQUENCE, WRONG_LAST_SEQUENCE_UNKNOWN } = apiCode;
  return error.code === WRONG_LAST_SEQUENCE || error.code === WRONG_LAST_SEQUENCE_UNKNOWN;
}

async function unlessConflict(answer: Promise<number>): Promise<number | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

export class LeaseBucket implements Lease {
  readonly #bucket: ReopenedBucket;

  constructor(bucket: ReopenedBucket) {
    this.#bucket = bucket;
  }

  create(shard: number, value: LeaseValue): Promise<number | undefined> {
    return unlessConflict(this.#bucket.use((kv) => kv.create(shardKey(shard), encode(value))));
  }

  update(shard: number, value: LeaseValue, revision: number): Promise<number | undefined> {
    return unlessConflict(
      this.#bucket.use((kv) => kv.update(shardKey(shard), encode(value), revision)),
    );
  }

  overwrite(shard: number, value: LeaseValue): Promise<number> {
    return this.#bucket.use((kv) => kv.put(shardKey(shard), encode(value)));
  }

  async read(shard: number): Promise<{ value: LeaseValue; revision: number } | undefined> {
    const entry = await this.#bucket.use((kv) => kv.get(shardKey(shard)));
    if (entry === null || entry.operation !== "PUT") return undefined;
    const value = decode(entry.string());
    return value === undefined ? undefined : { value, revision: entry.revision };
  }

  async remove(shard: number, revision: number): Promise<void> {
    try {
      await this.#bucket.use((kv) => kv.delete(shardKey(shard), { previousSeq: revision }));
    } catch (error) {
      // Somebody else's already.
      if (!isConflict(error)) throw error;
    }
  }
}
