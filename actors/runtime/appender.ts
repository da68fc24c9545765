// Takes one record of this node's to the log and folds it where it was stored. What becomes of it is
// decided by the table of RESYNC (actors/log/resync.ts); once handed over its bytes never change.
import type { ShardLog } from "../log/port.ts";
import { type LogRecord, ownTypes } from "../log/record.ts";
import { type Fate, type ResyncCause, settle } from "../log/settle.ts";
import type { Cursor } from "./cursor.ts";
import type { Fold } from "./fold.ts";
import { ParkError } from "./park.ts";
import { type RuntimePorts, sleep } from "./ports.ts";

export type AppendFate =
  /** Stored as `seq` and applied; the cursor may be further already, where others append too. */
  | { readonly kind: "applied"; readonly seq: number; readonly cursor: Cursor }
  /** Certainly not stored: there is no room. */
  | { readonly kind: "full"; readonly cause: Error }
  /** Certainly not stored: another owner's record stands there. */
  | { readonly kind: "fenced"; readonly epoch: number }
  | { readonly kind: "parked"; readonly error: ParkError }
  /** Given up on while nobody knows: this process stops. */
  | { readonly kind: "unknown" };

export interface AppenderOptions extends RuntimePorts {
  readonly log: ShardLog;
  readonly fold: Fold;
  /** Whether this node may append now; asked before every attempt. */
  readonly admit: () => boolean;
  readonly resync: (cause: ResyncCause) => void;
}

export class Appender {
  readonly #options: AppenderOptions;
  #stopped = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** What is under way is answered with `unknown` at its next step. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Takes the record to the log behind `tail` and stays with it until its fate is known.
   * `identity`: what the stream was when `tail` was known to be its end.
   */
  async settle(
    bytes: Buffer,
    record: LogRecord,
    tail: number,
    identity: string,
  ): Promise<AppendFate> {
    const { log, fold, admit, turns, random, resync } = this.#options;
    const { shard, epoch } = record.head;
    let parked: ParkError | undefined;
    // Where the log stores in the projection's own transaction this is a part of that one. The
    // follower may have brought the record already: then the cursor covers it.
    const apply = (seq: number): void => {
      try {
        fold.store.write(() => fold.apply(shard, seq, bytes, record), bytes.length);
      } catch (error) {
        if (error instanceof ParkError) parked = error;
        throw error;
      }
    };
    // Whoever opens an epoch is not the owner yet: others may append, and that is no alarm.
    const opens = record.events[0]?.type === ownTypes.epochOpened;
    const role = opens ? "candidate" : "owner";
    const fate = await settle(log, { bytes, after: tail, identity, epoch, role }, apply, {
      sleep: (ms) => sleep(turns, ms),
      below: (limit) => random(4).readUInt32BE(0) % limit,
      maySend: admit,
      givenUp: () => this.#stopped || parked !== undefined,
      resync,
    });
    if (parked !== undefined) return { kind: "parked", error: parked };
    return this.#fateOf(fate, shard, tail);
  }

  #fateOf(fate: Fate, shard: number, tail: number): AppendFate {
    if (fate.kind === "stored") {
      return { kind: "applied", seq: tail + 1, cursor: this.#options.fold.cursor(shard) };
    }
    if (fate.kind === "full") return fate;
    if (fate.kind === "given-up") return { kind: "unknown" };
    if (fate.kind !== "park") return { kind: "fenced", epoch: fate.epoch };
    const detail = "behind what this node has applied";
    const seq = fate.reason === "log-behind-projection" ? tail : tail + 1;
    return { kind: "parked", error: new ParkError(fate.reason, shard, seq, detail) };
  }
}
