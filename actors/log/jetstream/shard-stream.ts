// One stream of one shard on JetStream. The stream's leader decides about appends by the expected
// last sequence; this file never repeats one by itself and never guesses what became of it.
import type { JetStreamClient, JetStreamManager, PubAck } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { LogBroken } from "../log-broken.ts";
import type { AppendOutcome, Follower, LogEnd, LogSink, ShardLog, StreamKind } from "../port.ts";
import { recordBytesMax } from "../record.ts";
import { isStreamMissing, outcomeOfError } from "./append-outcome.ts";
import { askAgain } from "./ask-again.ts";
import { unlessLost } from "./disconnects.ts";
import { streamName, subjectOf } from "./names.ts";
import { type FollowTimes, StreamFollower } from "./stream-follower.ts";
import { identityOf } from "./stream-settings.ts";
import type { Timers } from "./timers.ts";

/** Longer than an acknowledgement ever takes outside of an election. */
const appendTimeoutMs = 2_000;

/** A stream without a leader answers nothing; it may have one long before the timeout. */
const askAgainMs = 500;

const lost = Symbol("lost");

export interface StreamAccess {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly timers: Timers;
  readonly followTimes: FollowTimes;
  /** What the stream was when the log was opened. */
  readonly identity: string;
}

export class ShardStream implements ShardLog {
  readonly kind: StreamKind;
  readonly shard: number;
  readonly #name: string;
  readonly #subject: string;
  readonly #access: StreamAccess;
  readonly #followers = new Set<StreamFollower>();
  #identity: string;
  #appending = false;

  constructor(kind: StreamKind, shard: number, access: StreamAccess) {
    this.kind = kind;
    this.shard = shard;
    this.#name = streamName(kind, shard);
    this.#subject = subjectOf(kind, shard);
    this.#access = access;
    this.#identity = access.identity;
  }

  /**
   * Answered by the stream's leader. Rejects with `LogBroken` where the stream is gone or lacks
   * records in its middle, with the client's error where nobody answers.
   */
  async end(): Promise<LogEnd> {
    const info = await this.#info();
    const { messages, first_seq, last_seq, num_deleted } = info.state;
    if ((num_deleted ?? 0) > 0) {
      throw new LogBroken("gap", `${this.#name} lacks ${num_deleted} records in its middle`);
    }
    return {
      firstSeq: messages === 0 ? last_seq + 1 : first_seq,
      lastSeq: last_seq,
      identity: identityOf(info),
    };
  }

  async #info() {
    try {
      return await this.#asked(() => this.#access.jsm.streams.info(this.#name));
    } catch (error) {
      if (!isStreamMissing(error)) throw error;
      throw new LogBroken("log-recreated", `${this.#name} is gone`, { cause: error });
    }
  }

  async read(seq: number): Promise<Buffer | undefined> {
    if (seq < 1) return undefined;
    // Not a direct get: a lagging follower may answer those.
    const { jsm } = this.#access;
    const message = await this.#asked(() => jsm.streams.getMessage(this.#name, { seq }));
    return message === null ? undefined : Buffer.from(message.data);
  }

  /** What a question that changes nothing is answered; asked again while nobody answers. */
  #asked<T>(ask: () => Promise<T>): Promise<T> {
    return this.#unlessLost(askAgain(this.#access.timers, askAgainMs, ask));
  }

  /** The answer; rejects at once where the connection was lost meanwhile. */
  async #unlessLost<T>(question: Promise<T>): Promise<T> {
    const answer = await unlessLost(this.#access.connection, question, lost);
    if (answer === lost) throw new Error("the connection was lost before an answer came");
    return answer as T;
  }

  async append(
    bytes: Buffer,
    expectedLast: number,
    apply: (seq: number) => void,
  ): Promise<AppendOutcome> {
    if (bytes.length > recordBytesMax) {
      throw new RangeError(`a record has ${bytes.length} bytes, at most ${recordBytesMax}`);
    }
    if (this.#appending) throw new Error(`an append to ${this.#name} is under way already`);
    this.#appending = true;
    try {
      const ack = await this.#publish(bytes, expectedLast);
      const problem = this.#problemOf(ack, expectedLast);
      if (problem !== undefined) return { kind: "unknown", cause: new Error(problem) };
      apply(ack.seq);
      return { kind: "stored", seq: ack.seq };
    } catch (error) {
      if (error instanceof Refused) return error.outcome;
      throw error;
    } finally {
      this.#appending = false;
    }
  }

  async #publish(bytes: Buffer, expectedLast: number): Promise<PubAck> {
    try {
      const published = this.#access.js.publish(this.#subject, bytes, {
        expect: { streamName: this.#name, lastSequence: expectedLast },
        timeout: appendTimeoutMs,
      });
      return await this.#unlessLost(published);
    } catch (error) {
      throw new Refused(outcomeOfError(error, expectedLast));
    }
  }

  #problemOf(ack: PubAck, expectedLast: number): string | undefined {
    // No record of ours has a message id, so a duplicate is somebody else's doing.
    if (ack.duplicate) return `${this.#name} took the record for a duplicate`;
    if (ack.stream !== this.#name) return `stream ${ack.stream} answered for ${this.#name}`;
    if (ack.seq !== expectedLast + 1) return `stored as ${ack.seq}, not ${expectedLast + 1}`;
    return undefined;
  }

  follow(fromSeq: number, sink: LogSink): Follower {
    const { js, timers, followTimes } = this.#access;
    const identity = this.#identity;
    const end = () => this.end();
    const read = (seq: number) => this.read(seq);
    const stream = { name: this.#name, js, timers, times: followTimes, identity, end, read };
    const follower = new StreamFollower(stream, fromSeq, sink);
    this.#followers.add(follower);
    const stop = async (): Promise<void> => {
      await follower.stop();
      this.#followers.delete(follower);
    };
    return { stop };
  }

  async trim(seq: number): Promise<void> {
    await this.#access.jsm.streams.purge(this.#name, { seq });
  }

  adopt(identity: string): void {
    this.#identity = identity;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#followers].map((follower) => follower.stop()));
    this.#followers.clear();
  }
}

/** Keeps an outcome apart from what `apply` may throw. */
class Refused extends Error {
  readonly outcome: AppendOutcome;

  constructor(outcome: AppendOutcome) {
    super("the append was not acknowledged");
    this.outcome = outcome;
  }
}
