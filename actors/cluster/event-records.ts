// The records of events on a node of a cluster: the newest from the tail that its vault keeps,
// older ones from their stream. Never one that this node has not applied: the fold has looked at
// its chain and its owner, and whoever is told finds in the vault what he is told of.
import type { LogMeta } from "../log/log-meta.ts";
import type { Log } from "../log/port.ts";
import type { EventRecords } from "../outbox/ports.ts";
import { CursorRows } from "../runtime/cursor.ts";
import { TailRows } from "../runtime/tail-rows.ts";
import type { Store } from "../store/port.ts";

export interface ClusterRecordsOptions {
  readonly store: Store;
  readonly meta: LogMeta;
  readonly log: Log;
}

export class ClusterRecords implements EventRecords {
  readonly #options: ClusterRecordsOptions;
  readonly #cursors: CursorRows;
  readonly #tail: TailRows;
  /** By shard, the oldest record that its stream had when it was asked last. */
  readonly #firsts: number[];

  private constructor(options: ClusterRecordsOptions, firsts: number[]) {
    this.#options = options;
    this.#cursors = new CursorRows(options.store);
    this.#tail = new TailRows(options.store);
    this.#firsts = firsts;
  }

  /** Rejects where a stream does not answer. */
  static async open(options: ClusterRecordsOptions): Promise<ClusterRecords> {
    const { log, meta } = options;
    const shards = Array.from({ length: meta.shards }, (_, shard) => shard);
    const ends = await Promise.all(shards.map((shard) => log.stream("evt", shard).end()));
    return new ClusterRecords(
      options,
      ends.map(({ firstSeq }) => firstSeq),
    );
  }

  ends(shard: number): { firstSeq: number; lastSeq: number } {
    const { seq } = this.#cursors.get("evt", shard, this.#options.meta);
    return { firstSeq: this.#firsts[shard] as number, lastSeq: seq };
  }

  async read(shard: number, seq: number): Promise<Buffer | undefined> {
    const { firstSeq, lastSeq } = this.ends(shard);
    if (seq < firstSeq || seq > lastSeq) return undefined;
    const [kept] = this.#tail.from("evt", shard, seq, 1);
    if (kept?.seq === seq) return kept.bytes;
    const stream = this.#options.log.stream("evt", shard);
    const found = await stream.read(seq);
    // The stream has been trimmed meanwhile.
    if (found === undefined) this.#firsts[shard] = (await stream.end()).firstSeq;
    return found;
  }
}
