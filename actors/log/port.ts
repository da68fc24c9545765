// The log as a port: per shard one stream of events and one of payments, each a chain of records
// that a single writer extends. Two adapters, embedded and JetStream, pass one contract suite.

/** Which of a shard's two streams: lifecycle events, or accepted claims with their journal rows. */
export type StreamKind = "evt" | "pay";

export interface LogEnd {
  /** Sequence of the oldest record that is kept; one above `lastSeq` where there is none. */
  readonly firstSeq: number;
  /** Sequence of the newest record, 0 in a new log. Sequences are contiguous. */
  readonly lastSeq: number;
  /** Changes when the stream was made anew under the same name. */
  readonly identity: string;
}

/**
 * What became of an append. `stored`: durable under `seq`. `refused`: certainly not stored, and the
 * log's end is no longer what the caller expected. `full`: certainly not stored, there is no room.
 * `unknown`: nobody knows until the log is read (RESYNC).
 */
export type AppendOutcome =
  | { readonly kind: "stored"; readonly seq: number }
  | { readonly kind: "refused"; readonly lastSeq: number | undefined }
  | { readonly kind: "full"; readonly cause: Error }
  | { readonly kind: "unknown"; readonly cause: Error };

export interface StoredRecord {
  readonly seq: number;
  /** The whole body: clear head, then the sealed group. */
  readonly bytes: Buffer;
}

export interface LogSink {
  /** Records in order without a gap; called again only after it returned. */
  records(records: readonly StoredRecord[]): void;
  /** The stream is not what it was, or cannot be followed; the follower has ended. */
  broken(cause: Error): void;
}

export interface Follower {
  stop(): Promise<void>;
}

/** One stream of one shard. */
export interface ShardLog {
  readonly kind: StreamKind;
  readonly shard: number;
  /** The end as the place sees it that decides about appends (JetStream: the stream's leader). */
  end(): Promise<LogEnd>;
  /** One record, read from where appends are decided; undefined where there is none. */
  read(seq: number): Promise<Buffer | undefined>;
  /**
   * Stores `bytes` as record `expectedLast + 1` if the log ends at `expectedLast`. When it is
   * stored, `apply(seq)` has run exactly once before the promise resolves: in the same transaction
   * (embedded), or after the acknowledgement (JetStream). One append at a time.
   */
  append(bytes: Buffer, expectedLast: number, apply: (seq: number) => void): Promise<AppendOutcome>;
  /** Hands over everything from `fromSeq` on, stored and to come. */
  follow(fromSeq: number, sink: LogSink): Follower;
  /** Forgets records below `seq`. */
  trim(seq: number): Promise<void>;
  /**
   * The stream was made anew on purpose and holds what was applied: who follows from now on expects
   * the one of this identity.
   */
  adopt(identity: string): void;
}

export interface Log {
  readonly name: "embedded" | "jetstream" | "simulated";
  readonly shards: number;
  stream(kind: StreamKind, shard: number): ShardLog;
  close(): Promise<void>;
}
