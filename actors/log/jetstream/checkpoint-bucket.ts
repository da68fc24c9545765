// How far subscribers have been told, as keys of a bucket: one of each shard, JSON.
import type { Checkpoint, Checkpoints } from "../../outbox/shared-progress.ts";
import type { ReopenedBucket } from "./buckets.ts";
import { shardKey } from "./names.ts";

export class CheckpointBucket implements Checkpoints {
  readonly #bucket: ReopenedBucket;

  constructor(bucket: ReopenedBucket) {
    this.#bucket = bucket;
  }

  async read(shard: number): Promise<Checkpoint | undefined> {
    const entry = await this.#bucket.use((kv) => kv.get(shardKey(shard)));
    if (entry === null || entry.operation !== "PUT") return undefined;
    return JSON.parse(entry.string()) as Checkpoint;
  }

  async write(shard: number, checkpoint: Checkpoint): Promise<void> {
    await this.#bucket.use((kv) => kv.put(shardKey(shard), JSON.stringify(checkpoint)));
  }
}
