// Progress that outlives its node: in the node's own vault, and of each shard a checkpoint that
// the shard's next owner begins with.
//
// Nothing fences a checkpoint. It says of every notice up to its cursor that it was delivered, is a
// dead letter, or waits; that stays true whoever wrote it and however late. A checkpoint that is
// old, or lost, makes the next owner tell again what was told, and leaves nothing out.
import type { DeadLetter, ProgressChange, ProgressStore, WaitingRow } from "./ports.ts";
import type { KnownProgress, ProgressTable } from "./progress-table.ts";

/** By subscriber. */
export type Checkpoint = Readonly<Record<string, KnownProgress>>;

/** Where the nodes of a cluster keep checkpoints; rejects where it cannot be asked now. */
export interface Checkpoints {
  read(shard: number): Promise<Checkpoint | undefined>;
  write(shard: number, checkpoint: Checkpoint): Promise<void>;
}

/** Of all subscribers of a shard: a checkpoint stays below half a megabyte. */
const waitingMax = 2_048;
const deadMax = 1_024;

export interface SharedProgressOptions {
  readonly own: ProgressTable;
  readonly checkpoints: Checkpoints;
  /** The names of those who are told. */
  readonly subscribers: () => readonly string[];
}

export class SharedProgress implements ProgressStore {
  readonly #options: SharedProgressOptions;

  constructor(options: SharedProgressOptions) {
    this.#options = options;
  }

  /** Goes on where the shard's owner before this one stood. */
  async take(shard: number): Promise<void> {
    const { own, checkpoints } = this.#options;
    const found = (await checkpoints.read(shard)) ?? {};
    for (const [name, known] of Object.entries(found)) own.replace(name, shard, known);
  }

  load(subscriber: string, shard: number) {
    return this.#options.own.load(subscriber, shard);
  }

  dead(subscriber: string, shard: number): readonly DeadLetter[] {
    return this.#options.own.dead(subscriber, shard);
  }

  async save(changes: readonly ProgressChange[]): Promise<void> {
    await this.#options.own.save(changes);
    const shards = new Set(changes.map(({ shard }) => shard));
    await Promise.all([...shards].map((shard) => this.#write(shard)));
  }

  async bury(subscriber: string, shard: number, places: readonly number[]): Promise<void> {
    await this.#options.own.bury(subscriber, shard, places);
    await this.#write(shard);
  }

  async forget(subscriber: string, shard: number): Promise<void> {
    this.#options.own.forget(subscriber, shard);
    await this.#write(shard);
  }

  #write(shard: number): Promise<void> {
    const { own, checkpoints, subscribers } = this.#options;
    const names = subscribers();
    const share = (most: number) => Math.ceil(most / names.length);
    const checkpoint: Record<string, KnownProgress> = {};
    for (const name of names) {
      const progress = own.load(name, shard);
      if (progress === undefined) continue;
      const dead = own.dead(name, shard).slice(-share(deadMax));
      checkpoint[name] = {
        ...shortened(progress.cursor, progress.waiting, share(waitingMax)),
        dead,
      };
    }
    return checkpoints.write(shard, checkpoint);
  }
}

/** With at most so many rows: the cursor goes back to before those that find no room. */
export function shortened(cursor: number, waiting: readonly WaitingRow[], most: number) {
  const rows = [...waiting].sort((a, b) => a.place - b.place);
  const left = rows[most];
  if (left === undefined) return { cursor, waiting: rows };
  return { cursor: Math.min(cursor, left.place - 1), waiting: rows.slice(0, most) };
}
