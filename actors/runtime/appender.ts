// Takes one record to the log and finds out what became of it. Once a record was handed over its
// bytes never change until its fate is read from the log: a late copy of it is then either the same
// record or refused. (RESYNC)
import type { ShardLog } from "../log/port.ts";
import { type LogRecord, ownTypes, readHead } from "../log/record.ts";
import type { Cursor } from "./cursor.ts";
import type { Fold } from "./fold.ts";
import { ParkError, type ParkReason } from "./park.ts";
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

/** Between two attempts: lets an election or a reconnection pass without a storm. */
const retryMsMin = 50;
const retryMsMax = 500;
/** A deposed leader answers too: what looks like a lost tail is read again after this. */
const secondLookMs = 10_000;

export interface AppenderOptions extends RuntimePorts {
  readonly log: ShardLog;
  readonly fold: Fold;
  /** Whether this node may append now; asked before every attempt. */
  readonly admit: () => boolean;
}

export class Appender {
  readonly #options: AppenderOptions;
  /** Whatever the last look at the log's end said of it. */
  #identity: string | undefined;
  #stopped = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** What is under way is answered with `unknown` at its next step. */
  stop(): void {
    this.#stopped = true;
  }

  /** Takes the record to the log behind `tail` and stays with it until its fate is known. */
  async settle(bytes: Buffer, record: LogRecord, tail: number): Promise<AppendFate> {
    // Whoever opens an epoch is not the owner yet: others may append, and that is no alarm.
    const rivals = record.events[0]?.type === ownTypes.epochOpened;
    let doubtful = false;
    for (let attempt = 0; !this.#stopped; attempt++) {
      if (attempt > 0) await sleep(this.#options.turns, this.#pauseMs(attempt));
      try {
        const tried = await this.#attempt(bytes, record, tail);
        if (tried === "refused" || tried === "doubt") doubtful ||= tried === "doubt";
        // A copy that nobody answered for may yet be stored: no room now does not speak for it.
        else if (tried.kind !== "full" || !doubtful) return tried;
        const found = await this.#resync(bytes, record, tail, rivals);
        if (found !== undefined) return found;
      } catch (error) {
        if (error instanceof ParkError) return { kind: "parked", error };
        // The log cannot be asked now: the fate stays open.
        doubtful = true;
      }
    }
    return { kind: "unknown" };
  }

  async #attempt(
    bytes: Buffer,
    record: LogRecord,
    tail: number,
  ): Promise<AppendFate | "refused" | "doubt"> {
    const { log, admit } = this.#options;
    if (!admit()) return "doubt";
    const { shard } = record.head;
    // Where the log stores in the projection's own transaction this is a part of that one.
    const outcome = await log.append(bytes, tail, (seq) => this.#apply(seq, bytes, record));
    if (outcome.kind === "stored") return this.#applied(shard, outcome.seq);
    if (outcome.kind === "full") return outcome;
    return outcome.kind === "refused" ? "refused" : "doubt";
  }

  /** Reads what stands behind the tail; undefined where nothing does: the same bytes go again. */
  async #resync(
    bytes: Buffer,
    record: LogRecord,
    tail: number,
    rivals: boolean,
  ): Promise<AppendFate | undefined> {
    const { log } = this.#options;
    const { shard, epoch } = record.head;
    const found = await log.read(tail + 1);
    if (found === undefined) return this.#checkEnd(shard, tail);
    if (found.equals(bytes)) {
      this.#apply(tail + 1, bytes, record);
      return this.#applied(shard, tail + 1);
    }
    const other = headOf(found, shard, tail + 1);
    if (other > epoch || rivals) return { kind: "fenced", epoch: other };
    return parked("alien-append", shard, tail + 1, `a record of epoch ${other} that is not ours`);
  }

  /** Nothing behind the tail: usual, unless the log ends before it or is another one. */
  async #checkEnd(shard: number, tail: number): Promise<AppendFate | undefined> {
    const first = await this.#options.log.end();
    this.#identity ??= first.identity;
    if (first.lastSeq >= tail && first.identity === this.#identity) return undefined;
    await sleep(this.#options.turns, secondLookMs);
    const end = await this.#options.log.end();
    if (end.identity !== this.#identity) {
      return parked("log-recreated", shard, tail, "the stream was made anew");
    }
    if (end.lastSeq >= tail) return undefined;
    return parked("log-behind-projection", shard, tail, `the log ends at ${end.lastSeq}`);
  }

  #apply(seq: number, bytes: Buffer, record: LogRecord): void {
    const { fold } = this.#options;
    fold.store.write(() => fold.apply(record.head.shard, seq, bytes, record), bytes.length);
  }

  #applied(shard: number, seq: number): AppendFate {
    return { kind: "applied", seq, cursor: this.#options.fold.cursor(shard) };
  }

  #pauseMs(attempt: number): number {
    const most = Math.min(retryMsMax, retryMsMin * 2 ** attempt);
    const share = this.#options.random(1)[0]! / 256;
    return Math.round(retryMsMin + (most - retryMsMin) * share);
  }
}

function headOf(bytes: Buffer, shard: number, seq: number): number {
  try {
    return readHead(bytes).epoch;
  } catch (cause) {
    throw new ParkError("damaged-record", shard, seq, (cause as Error).message, cause);
  }
}

function parked(reason: ParkReason, shard: number, seq: number, detail: string): AppendFate {
  return { kind: "parked", error: new ParkError(reason, shard, seq, detail) };
}
