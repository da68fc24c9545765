// Follows one stream with an ordered consumer. The consumer keeps order and heals connections; what
// it cannot see is watched here: one that was started beyond the log's end is silent and sends good
// heartbeats, and one whose stream was made anew goes on with records of another history.
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
}

/** One call of the sink is one transaction of its fold. */
const recordsOfCall = 512;
/** On the way from the server at once: 64 MiB of the largest records. */
const messagesOnTheWay = 128;
const heartbeatMs = 1_000;
const retryMs = 500;

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
  readonly #running: Promise<void>;

  constructor(stream: FollowedStream, fromSeq: number, sink: LogSink) {
    this.#stream = stream;
    this.#sink = sink;
    this.#next = fromSeq;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#running;
  }

  #end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#cancelCheck();
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
    const { js, name } = this.#stream;
    const consumer = await js.consumers.get(name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#next,
    });
    if (this.#ended) return;
    const messages = await consumer.consume({
      max_messages: messagesOnTheWay,
      idle_heartbeat: heartbeatMs,
      callback: (message) => this.#take(message),
    });
    this.#messages = messages;
    if (this.#ended) messages.stop();
    this.#planCheck();
    const ended = await messages.closed();
    this.#cancelCheck();
    await consumer.delete().catch(() => false);
    if (ended instanceof LogBroken) throw ended;
  }

  #take(message: JsMsg): void {
    if (this.#ended) return;
    if (message.seq < this.#next) return;
    if (message.seq > this.#next) {
      this.#gap(message.seq);
      return;
    }
    this.#waiting.push({ seq: message.seq, bytes: Buffer.from(message.data) });
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

  /** Looks at the log's end, twice where it is not as it must be. */
  async #look(starting: boolean): Promise<LogEnd> {
    let end = await this.#stream.end();
    if (this.#doubt(end, starting) === undefined || this.#ended) return end;
    await sleep(this.#stream.timers, this.#stream.times.confirmMs);
    end = await this.#stream.end();
    const doubt = this.#doubt(end, starting);
    if (doubt !== undefined) throw doubt;
    return end;
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
