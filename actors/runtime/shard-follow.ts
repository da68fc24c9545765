// Keeps the projection at the end of one stream of a shard: what comes from the log is folded, a batch a
// transaction, and a follower that ends is begun again where the cursor stands.
import { LogBroken } from "../log/log-broken.ts";
import type { Follower, LogSink, ShardLog, StoredRecord } from "../log/port.ts";
import { waitsForKey } from "../log/record.ts";
import type { Cursor } from "./cursor.ts";
import type { Barrier, Fold } from "./fold.ts";
import { ParkError } from "./park.ts";
import type { RuntimePorts } from "./ports.ts";

/** A follower that ends is begun again after this. */
const againMs = 1_000;

/** Beginnings without a record between them after which a gap is believed. */
const beginningsMax = 3;

export interface FollowOptions extends Pick<RuntimePorts, "turns"> {
  readonly log: ShardLog;
  readonly fold: Fold;
  /** After a batch is folded. */
  readonly applied: (cursor: Cursor, barriers: readonly Barrier[]) => void;
  readonly park: (error: ParkError) => void;
  /** Something is wrong that may pass, such as a key that is not here yet. */
  readonly alarm: (error: Error) => void;
}

export class ShardFollow {
  readonly #options: FollowOptions;
  #follower: Follower | undefined;
  #cancel: (() => void) | undefined;
  #beginnings = 0;
  #live = true;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#live = false;
    this.#cancel?.();
    await this.#follower?.stop();
  }

  #begin(): void {
    const { log } = this.#options;
    this.#beginnings++;
    const sink: LogSink = {
      records: (records) => this.#fold(records),
      broken: (cause) => this.#broken(cause),
    };
    this.#follower = log.follow(this.#cursor.seq + 1, sink);
  }

  #fold(records: readonly StoredRecord[]): void {
    if (!this.#live) return;
    const { fold, log } = this.#options;
    const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0);
    let barriers: Barrier[] = [];
    const cursor = fold.store.write(() => {
      barriers = [];
      let last = this.#cursor;
      for (const record of records) {
        const folded = fold.apply(log.shard, record.seq, record.bytes, undefined, log.kind);
        last = folded.cursor;
        barriers.push(...folded.barriers);
      }
      return last;
    }, bytes);
    this.#beginnings = 0;
    this.#options.applied(cursor, barriers);
  }

  get #cursor(): Cursor {
    const { fold, log } = this.#options;
    return fold.cursor(log.shard, log.kind);
  }

  #broken(cause: Error): void {
    if (!this.#live) return;
    const { log, park, alarm, turns } = this.#options;
    const { seq } = this.#cursor;
    if (cause instanceof ParkError && cause.reason !== "gap") {
      park(cause);
    } else if (cause instanceof LogBroken && cause.reason !== "gap") {
      park(new ParkError(cause.reason, log.shard, seq, cause.message, cause));
    } else if (!waitsForKey(cause) && this.#beginnings >= beginningsMax) {
      park(new ParkError("gap", log.shard, seq + 1, cause.message, cause));
    } else {
      alarm(cause);
      this.#cancel = turns.after(againMs, () => this.#begin());
    }
  }
}
