// What subscribers still need of the log, from their stored progress alone: for those who shorten
// the log while no outbox runs.
import { ordinals } from "./event-id.ts";
import type { ProgressStore } from "./ports.ts";

export interface StoredNeedOptions {
  readonly progress: Pick<ProgressStore, "load">;
  readonly shard: number;
  readonly subscribers: readonly {
    readonly name: string;
    /** The place before what it is told first, where it has no progress yet. */
    readonly begin: (shard: number) => Promise<number>;
  }[];
}

/**
 * Number of the first record of a shard that some subscriber still needs; beyond any record where
 * nobody needs one. Dead letters hold nothing back: they were given up.
 */
export async function storedNeed({
  progress,
  shard,
  subscribers,
}: StoredNeedOptions): Promise<number> {
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const { name, begin } of subscribers) {
    const stored = progress.load(name, shard);
    const cursor = stored?.cursor ?? (await begin(shard));
    lowest = Math.min(lowest, cursor + 1, ...(stored?.waiting ?? []).map(({ place }) => place));
  }
  return Math.floor(lowest / ordinals);
}
