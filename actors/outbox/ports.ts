// What the outbox needs of the world: notices out of the log, a place for its progress, a way to
// send, and time. All of it can be simulated.

/** What one subscriber is told about one event. Holds no PAN and no TPAN. */
export interface Notice {
  /** Where the event stands in its shard (`placeOf`). */
  readonly place: number;
  /** UUIDv8, the same at every attempt. */
  readonly eventId: string;
  readonly type: string;
  /** Notices of one lane leave one after the other; 0 to 31, by token. */
  readonly lane: number;
  /** The exact bytes that are signed and sent. */
  readonly body: Buffer;
}

export const lanes = 32;

export interface NoticePage {
  readonly notices: readonly Notice[];
  /** Everything up to this place was looked at. */
  readonly reached: number;
  /** True where the reading stopped before the log's end for another reason than `limit`. */
  readonly more?: boolean;
}

/** The records of a log's events, as far as this node has applied them. */
export interface EventRecords {
  /** Numbers of a shard's oldest and newest record. */
  ends(shard: number): { readonly firstSeq: number; readonly lastSeq: number };
  /** Undefined where there is none. Rejects where the log cannot be asked now. */
  read(shard: number, seq: number): Buffer | undefined | Promise<Buffer | undefined>;
}

/** Reads the event log of one incarnation and says what a subscriber is told. */
export interface NoticeSource {
  /** The first `limit` notices above `after`, in the order of their places. */
  next(subscriber: string, shard: number, after: number, limit: number): Promise<NoticePage>;
  /** The notice at a place; undefined where the log no longer has it. */
  at(subscriber: string, shard: number, place: number): Promise<Notice | undefined>;
  /** What a subscriber is told about notices that it will never get: those of [from, to]. */
  gap(subscriber: string, shard: number, from: number, to: number): Notice;
}

/**
 * A notice that has to wait longer than memory should: it failed, or stands behind one that did.
 */
export interface WaitingRow {
  readonly place: number;
  readonly lane: number;
  readonly attempts: number;
  /** Unix milliseconds of the first attempt, or of the reading; giving up counts from here. */
  readonly firstMs: number;
  readonly dueMs: number;
  /** Above 0: this row stands for the gap from there to `place`. */
  readonly gapFrom: number;
}

/** Why a notice was given up. */
export type DeadReason = "expired" | "trimmed";

export interface DeadLetter {
  readonly place: number;
  readonly eventId: string;
  readonly type: string;
  readonly reason: DeadReason;
  /** Of the last answer, 0 where there was none. */
  readonly status: number;
  readonly attempts: number;
  readonly atMs: number;
}

/** Progress of one subscriber in one shard. */
export interface Progress {
  /** Every notice up to here is delivered, dead, or a waiting row. */
  readonly cursor: number;
  readonly waiting: readonly WaitingRow[];
}

export interface ProgressChange {
  readonly subscriber: string;
  readonly shard: number;
  readonly cursor: number;
  readonly put: readonly WaitingRow[];
  readonly drop: readonly number[];
  readonly dead: readonly DeadLetter[];
}

export interface ProgressStore {
  /** Undefined for a subscriber that has none yet. */
  load(subscriber: string, shard: number): Progress | undefined;
  /** Stores all changes or none; durable when it resolves. */
  save(changes: readonly ProgressChange[]): Promise<void>;
  dead(subscriber: string, shard: number): readonly DeadLetter[];
  /** Forgets dead letters, after they were queued again or seen to. */
  bury(subscriber: string, shard: number, places: readonly number[]): Promise<void>;
}

export type SendOutcome =
  | { readonly kind: "delivered"; readonly status: number }
  /** The receiver wants no more of it (410). */
  | { readonly kind: "gone" }
  | {
      readonly kind: "failed";
      /** 0 where there was no answer. */
      readonly status: number;
      /** One word or two for logs: "timeout", "refused address", "status 500". */
      readonly cause: string;
      readonly retryAfterMs: number;
      /** It asked for fewer at once (429, 502, 504). */
      readonly throttle: boolean;
    };

export interface Sender {
  send(notice: Notice): Promise<SendOutcome>;
}

export interface OutboxTimers {
  nowMs(): number;
  /** Runs `work` once, not before `ms` have passed; the result cancels it. */
  after(ms: number, work: () => void): () => void;
  /** 0 up to 1. */
  random(): number;
}
