// Follows one stream with an ordered consumer, which keeps order. What the consumer cannot see is
// watched here: one that was started beyond the log's end is silent and sends good heartbeats, and
// one whose stream was made anew goes on with records of another history. Nor is it waited for: it
// lives in one server's memory, only the leader of the whole cluster can make another, and the
// client rests for half a minute after a question that an election left unanswered. Where it is
// silent, records are read one by one from the stream's leader, and it is made anew.
import { DeliverPolicy, type JetStreamClient, type JsMsg } from "@nats-io/jetstream";
import { LogBroken } from "../log-broken.ts";
import type { Follower, LogEnd, LogSink, StoredRecord } from "../port.ts";
import { sleep, type Timers } from "./timers.ts";

export interface FollowTimes {
  /** How often the log's end is looked at. */
  readonly checkMs: number;
  /** A bad look is repeated after this long: a leader that was deposed answers too. */
  readonly confirmMs: number;
}

/** The second look comes later than any election takes. */
export const followTimes: FollowTimes = { checkMs: 5_000, confirmMs: 10_000 };

export interface FollowedStream {
  readonly name: string;
  readonly js: JetStreamClient;
  readonly timers: Timers;
  readonly times: FollowTimes;
  /** What the stream was when the log was opened. */
  readonly identity: string;
  end(): Promise<LogEnd>;
  read(seq: number): Promise<Buffer | undefined>;
}

/** One call of the sink is one transaction of its fold. */
const recordsOfCall = 512;
/** On the way from the server at once: 64 MiB of the largest records. */
const messagesOnTheWay = 128;
const heartbeatMs = 1_000;
const retryMs = 500;
/** How often it is looked whether the consumer gives signs of life. */
const watchMs = 250;
/** Looks without one after which records are read by hand: a heartbeat was missed. */
const silentLooks = 6;
/** And after which the consumer is given up for a new one. */
const deadLooks = 12;
/** Read by hand in one go; a consumer is faster where there are many. */
const byHandMax = 256;
/** A look that finds the log amiss is repeated this often until it is believed. */
const lookAgainMs = 500;
/** What a stop waits for the server to forget a consumer; it forgets one by itself, too. */
const deleteMs = 500;

type Messages = Awaited<
  ReturnType<Awaited<ReturnType<JetStreamClient["consumers"]["get"]>>["consume"]>
>;

export class StreamFollower implements Follower {
  readonly #stream: FollowedStream;
  readonly #sink: LogSink;
  #next: number;
  #waiting: StoredRecord[] = [];
  #flushPlanned = false;
  #messages: Messages | undefined;
  #ended = false;
  #gapsAt = 0;
  #lastLook = -1;
  #cancelCheck: () => void = () => {};
  #cancelWatch: () => void = () => {};
  /** Looks since the consumer's last sign of life. */
  #silent = 0;
  #byHand = false;
  readonly #running: Promise<void>;

  constructor(stream: FollowedStream, fromSeq: number, sink: LogSink) {
    this.#stream = stream;
    this.#sink = sink;
    this.#next = fromSeq;
    this.#running = this.#run();
    this.#watch();
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#running;
  }

  #end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#cancelCheck();
    this.#cancelWatch();
    this.#messages?.stop();
  }

  #break(cause: Error): void {
    if (this.#ended) return;
    this.#end();
    this.#sink.broken(cause);
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      try {
        await this.#look(true);
        if (this.#ended) return;
        await this.#consume();
      } catch (error) {
        if (error instanceof LogBroken) this.#break(error);
        // Not reachable now, or in an election: the next round tries again.
      }
      if (!this.#ended) await sleep(this.#stream.timers, retryMs);
    }
  }

  async #consume(): Promise<void> {
    const { js, name, timers } = this.#stream;
    const consumer = await js.consumers.get(name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#next,
    });
    this.#silent = 0;
    if (this.#ended) return;
    const messages = await consumer.consume({
      max_messages: messagesOnTheWay,
      idle_heartbeat: heartbeatMs,
      callback: (message) => this.#take(message),
    });
    this.#messages = messages;
    void this.#hearSigns(messages);
    if (this.#ended) messages.stop();
    this.#planCheck();
    const ended = await messages.closed();
    this.#cancelCheck();
    this.#messages = undefined;
    const deleted = consumer.delete().catch(() => false);
    if (this.#ended) await Promise.race([deleted, sleep(timers, deleteMs)]);
    if (ended instanceof LogBroken) throw ended;
  }

  async #hearSigns(messages: Messages): Promise<void> {
    for await (const { type } of messages.status()) if (type === "heartbeat") this.#silent = 0;
  }

  #watch(): void {
    this.#cancelWatch = this.#stream.timers.after(watchMs, () => {
      this.#silent++;
      if (this.#silent >= silentLooks && !this.#byHand) void this.#readByHand();
      if (this.#silent % deadLooks === 0) this.#messages?.stop();
      this.#watch();
    });
  }

  async #readByHand(): Promise<void> {
    this.#byHand = true;
    try {
      const { identity, lastSeq } = await this.#stream.end();
      if (identity !== this.#stream.identity) return;
      const untilSeq = Math.min(lastSeq, this.#next + byHandMax - 1);
      while (this.#next <= untilSeq && !this.#ended) {
        const seq = this.#next;
        const bytes = await this.#stream.read(seq);
        if (bytes === undefined) return;
        if (seq === this.#next) this.#arrived(bytes);
      }
    } catch {
      // Not reachable now; what is wrong with the log itself is found by looking at its end.
    } finally {
      this.#byHand = false;
    }
  }

  #take(message: JsMsg): void {
    this.#silent = 0;
    if (this.#ended || message.seq < this.#next) return;
    if (message.seq > this.#next) {
      this.#gap(message.seq);
      return;
    }
    this.#arrived(Buffer.from(message.data));
  }

  /** The next record. */
  #arrived(bytes: Buffer): void {
    if (this.#ended) return;
    this.#waiting.push({ seq: this.#next, bytes });
    this.#next++;
    if (this.#flushPlanned) return;
    // What one read from the socket brought goes to the fold together.
    this.#flushPlanned = true;
    setImmediate(() => this.#flush());
  }

  /** A gap may be the consumer's own fault; a second one at the same place is the log's. */
  #gap(seq: number): void {
    if (this.#gapsAt === this.#next) {
      const text = `records ${this.#next} to ${seq - 1} of ${this.#stream.name} are missing`;
      this.#flush();
      this.#break(new LogBroken("gap", text));
      return;
    }
    this.#gapsAt = this.#next;
    this.#messages?.stop();
  }

  #flush(): void {
    this.#flushPlanned = false;
    while (this.#waiting.length > 0 && !this.#ended) {
      const records = this.#waiting.splice(0, recordsOfCall);
      try {
        this.#sink.records(records);
      } catch (error) {
        this.#break(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #planCheck(): void {
    this.#cancelCheck = this.#stream.timers.after(this.#stream.times.checkMs, () => {
      this.#check().then(
        () => {
          if (!this.#ended) this.#planCheck();
        },
        (error) => {
          if (error instanceof LogBroken) this.#break(error);
          else if (!this.#ended) this.#planCheck();
        },
      );
    });
  }

  async #check(): Promise<void> {
    const before = this.#next;
    const end = await this.#look(false);
    // There is more, and nothing has come since the last look: the consumer sleeps, wake it.
    const stalled = end.lastSeq >= this.#next && this.#next === before && before === this.#lastLook;
    this.#lastLook = this.#next;
    if (stalled) this.#messages?.stop();
  }

  /** Looks at the log's end, again and again where it is not as it must be. */
  async #look(starting: boolean): Promise<LogEnd> {
    const { timers, times } = this.#stream;
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const end = await this.#stream.end();
      const doubt = this.#doubt(end, starting);
      if (doubt === undefined || this.#ended) return end;
      if (waitedMs >= times.confirmMs) throw doubt;
      await sleep(timers, Math.min(lookAgainMs, times.confirmMs));
    }
  }

  #doubt(end: LogEnd, starting: boolean): LogBroken | undefined {
    const { name, identity } = this.#stream;
    if (end.identity !== identity) {
      return new LogBroken("log-recreated", `${name} is not the stream that it was`);
    }
    if (end.lastSeq < this.#next - 1) {
      const text = `${name} ends at ${end.lastSeq}, record ${this.#next - 1} was applied from it`;
      return new LogBroken("log-behind-projection", text);
    }
    if (starting && end.firstSeq > this.#next) {
      const text = `${name} begins at ${end.firstSeq}, record ${this.#next} is wanted`;
      return new LogBroken("gap", text);
    }
    return undefined;
  }
}
