// The log in the vault's own LMDB environment: no server, and a record, its fold and the cursor are
// one transaction. Appends of all shards that arrive in one turn of the event loop share it, and so
// share its flush.
import { isAppError } from "../../platform/mod.ts";
import type { Store } from "../store/port.ts";
import { StreamRows } from "./embedded-rows.ts";
import type { LogMeta } from "./log-meta.ts";
import type {
  AppendOutcome,
  Follower,
  Log,
  LogEnd,
  LogSink,
  ShardLog,
  StreamKind,
} from "./port.ts";

/** What a follower gets at a time: about two milliseconds of folding. */
const followRecords = 512;
const followBytes = 2 ** 20;

/** Records that one transaction forgets: some milliseconds, so that commands get between. */
const trimRows = 512;

export interface EmbeddedOptions {
  readonly store: Store;
  readonly meta: LogMeta;
  /** Inside every transaction: throws where this process is not the owner any more. */
  readonly checkOwner: () => void;
  /** Runs `work` once what arrives in this turn has arrived. */
  readonly defer?: (work: () => void) => void;
  /**
   * Looks for records that another process stored: calls `work` now and then until the returned
   * function is called. For readers beside the owner, which nobody wakes.
   */
  readonly poll?: (work: () => void) => () => void;
}

interface Waiting {
  readonly stream: EmbeddedStream;
  readonly bytes: Buffer;
  readonly expectedLast: number;
  readonly apply: (seq: number) => void;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class EmbeddedLog implements Log {
  readonly name = "embedded";
  readonly shards: number;
  readonly #options: Required<Pick<EmbeddedOptions, "defer">> & EmbeddedOptions;
  readonly #streams = new Map<string, EmbeddedStream>();
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(options: EmbeddedOptions) {
    this.#options = { defer: (work) => void setImmediate(work), ...options };
    this.shards = options.meta.shards;
  }

  stream(kind: StreamKind, shard: number): ShardLog {
    if (!Number.isInteger(shard) || shard < 0 || shard >= this.shards) {
      throw new RangeError(`a log of ${this.shards} shards has no shard ${shard}`);
    }
    const name = `${kind} ${shard}`;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      const identity = this.#options.meta.identity.toString("hex");
      stream = new EmbeddedStream(this.#options, kind, shard, identity, (one) => this.#add(one));
      this.#streams.set(name, stream);
    }
    return stream;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.close();
    for (const one of this.#waiting.splice(0)) one.reject(new Error("the log is closed"));
  }

  #add(one: Waiting): void {
    if (this.#closed) {
      one.reject(new Error("the log is closed"));
      return;
    }
    this.#waiting.push(one);
    if (this.#waiting.length === 1) this.#options.defer(() => this.#run());
  }

  /** Stores what waits in one transaction; where that fails, each append in one of its own. */
  #run(): void {
    const all = this.#waiting;
    this.#waiting = [];
    if (all.length === 0) return;
    if (this.#store(all) || all.length === 1) return;
    for (const one of all) this.#store([one]);
  }

  /** False where the caller is to try them one by one: one of them may spoil all. */
  #store(all: readonly Waiting[]): boolean {
    const bytes = all.reduce((sum, one) => sum + one.bytes.length, 0);
    let applyFault: unknown;
    let outcomes: AppendOutcome[];
    try {
      outcomes = this.#options.store.write(() => {
        this.#options.checkOwner();
        const ends = new Map<EmbeddedStream, number>();
        return all.map((one) => {
          const lastSeq = ends.get(one.stream) ?? one.stream.lastSeq();
          if (lastSeq !== one.expectedLast) return { kind: "refused", lastSeq };
          const seq = one.expectedLast + 1;
          ends.set(one.stream, seq);
          one.stream.rows.put(seq, one.bytes);
          try {
            one.apply(seq);
          } catch (error) {
            applyFault = error ?? new Error("apply failed");
            throw error;
          }
          return { kind: "stored", seq };
        });
      }, bytes);
    } catch (cause) {
      if (all.length > 1) return false;
      // Where the fold ran out of room it is the disk's fault, and nothing is stored.
      const ofFold = applyFault !== undefined && !isNoRoom(cause);
      if (ofFold) all[0]!.reject(applyFault);
      else all[0]!.resolve(failure(all[0]!, cause as Error));
      return false;
    }
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind === "stored") all[i]!.stream.stored(outcome.seq);
      all[i]!.resolve(outcome);
    }
    return true;
  }
}

/** A transaction that did not end well: nothing is stored, unless the log shows otherwise. */
function failure({ stream, expectedLast }: Waiting, cause: Error): AppendOutcome {
  if (stream.rows.get(expectedLast + 1) !== undefined) return { kind: "unknown", cause };
  if (isAppError(cause, "VAULT_IN_USE")) return { kind: "refused", lastSeq: undefined };
  return { kind: isNoRoom(cause) ? "full" : "unknown", cause };
}

function isNoRoom(error: unknown): boolean {
  return isAppError(error, "DISK_FULL") || isAppError(error, "MAP_FULL");
}

class EmbeddedStream implements ShardLog {
  readonly kind: StreamKind;
  readonly shard: number;
  readonly rows: StreamRows;
  readonly #options: Required<Pick<EmbeddedOptions, "defer">> & EmbeddedOptions;
  readonly #identity: string;
  readonly #add: (one: Waiting) => void;
  readonly #followers = new Set<EmbeddedFollower>();
  /** Sequence of the newest committed record, known once it was looked up. */
  #lastSeq: number | undefined;

  constructor(
    options: Required<Pick<EmbeddedOptions, "defer">> & EmbeddedOptions,
    kind: StreamKind,
    shard: number,
    identity: string,
    add: (one: Waiting) => void,
  ) {
    this.kind = kind;
    this.shard = shard;
    this.rows = new StreamRows(options.store, kind, shard);
    this.#options = options;
    this.#identity = identity;
    this.#add = add;
  }

  async end(): Promise<LogEnd> {
    return { ...this.rows.ends(), identity: this.#identity };
  }

  async read(seq: number): Promise<Buffer | undefined> {
    return this.rows.get(seq);
  }

  append(
    bytes: Buffer,
    expectedLast: number,
    apply: (seq: number) => void,
  ): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      this.#add({ stream: this, bytes, expectedLast, apply, resolve, reject });
    });
  }

  follow(fromSeq: number, sink: LogSink): Follower {
    const follower = new EmbeddedFollower(this.rows, fromSeq, sink, this.#options.defer, () =>
      this.#followers.delete(follower),
    );
    this.#followers.add(follower);
    follower.wake();
    const unpoll = this.#options.poll?.(() => follower.wake());
    return {
      stop: async () => {
        unpoll?.();
        follower.stop();
      },
    };
  }

  async trim(seq: number): Promise<void> {
    const slice = () =>
      this.#options.store.write(() => {
        this.#options.checkOwner();
        return this.rows.trim(seq, trimRows);
      });
    while (!slice()) await new Promise<void>((resolve) => this.#options.defer(resolve));
  }

  /** It is a part of its vault: there is no other. */
  adopt(): void {}

  /** Sequence of the newest committed record. */
  lastSeq(): number {
    this.#lastSeq ??= this.rows.ends().lastSeq;
    return this.#lastSeq;
  }

  stored(seq: number): void {
    this.#lastSeq = seq;
    for (const follower of this.#followers) follower.wake();
  }

  close(): void {
    for (const follower of this.#followers) follower.stop();
  }
}

class EmbeddedFollower {
  readonly #rows: StreamRows;
  readonly #sink: LogSink;
  readonly #defer: (work: () => void) => void;
  readonly #ended: () => void;
  #next: number;
  #due = false;
  #live = true;

  constructor(
    rows: StreamRows,
    next: number,
    sink: LogSink,
    defer: (work: () => void) => void,
    ended: () => void,
  ) {
    this.#rows = rows;
    this.#next = next;
    this.#sink = sink;
    this.#defer = defer;
    this.#ended = ended;
  }

  wake(): void {
    if (this.#due || !this.#live) return;
    this.#due = true;
    this.#defer(() => this.#hand());
  }

  stop(cause?: Error): void {
    if (!this.#live) return;
    this.#live = false;
    this.#ended();
    if (cause !== undefined) this.#sink.broken(cause);
  }

  #hand(): void {
    this.#due = false;
    if (!this.#live) return;
    try {
      const records = this.#rows.from(this.#next, followRecords, followBytes);
      if (records.length === 0) {
        this.#checkPlace();
        return;
      }
      this.#next += records.length;
      this.#sink.records(records);
      this.wake();
    } catch (cause) {
      this.stop(cause as Error);
    }
  }

  /** Nothing there: at the end that is usual, anywhere else the stream is not what it was. */
  #checkPlace(): void {
    const { firstSeq, lastSeq } = this.#rows.ends();
    if (this.#next >= firstSeq && this.#next <= lastSeq + 1) return;
    throw new Error(`sequence ${this.#next} is not in the stream (${firstSeq} to ${lastSeq})`);
  }
}
