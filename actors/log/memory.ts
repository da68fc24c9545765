// A log in memory. It does everything that the port promises and, on demand, what a server over a
// network does too: it loses answers, stores late, refuses without reason, has no room. Tests and
// the simulator decide which, when anything happens, and what a crash leaves.
import type {
  AppendOutcome,
  Follower,
  Log,
  LogEnd,
  LogSink,
  ShardLog,
  StoredRecord,
  StreamKind,
} from "./port.ts";

/**
 * What becomes of an append. `lost`: neither stored nor answered. `unanswered`: stored, the answer
 * is lost. `late`: answered as unknown now, stored afterwards if its expectation still holds then.
 * `spurious`: refused although the expectation was right.
 */
export type Fate = "stored" | "lost" | "unanswered" | "late" | "spurious" | "full";

export interface MemoryPorts {
  /** A request reaches the place later: a network is never answered within the same turn. */
  readonly later: (work: () => void) => void;
  /** An answer reaches who asked, unless that has ended meanwhile. */
  readonly answer: (work: () => void) => void;
  readonly fate: (kind: StreamKind, shard: number) => Fate;
}

interface Stream {
  readonly identity: string;
  firstSeq: number;
  readonly records: Buffer[];
  readonly watchers: Set<() => void>;
}

/** Where the records are, whoever has them open: outlives a crash of its users. */
export class MemoryPlace {
  readonly #streams = new Map<string, Stream>();
  #made = 0;

  stream(kind: StreamKind, shard: number): Stream {
    const name = `${kind} ${shard}`;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      this.#made++;
      stream = { identity: `${this.#made}`, firstSeq: 1, records: [], watchers: new Set() };
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Throws everything away; what is made afterwards is another stream. */
  remake(): void {
    this.#streams.clear();
  }

  /** The same with one stream, whose next one begins at `firstSeq`. */
  remakeOne(kind: StreamKind, shard: number, firstSeq: number): void {
    this.#streams.delete(`${kind} ${shard}`);
    this.stream(kind, shard).firstSeq = firstSeq;
  }
}

const plain: MemoryPorts = {
  later: (work) => void setImmediate(work),
  answer: (work) => work(),
  fate: () => "stored",
};

export class MemoryLog implements Log {
  readonly name = "simulated";
  readonly shards: number;
  readonly #place: MemoryPlace;
  readonly #ports: MemoryPorts;
  #closed = false;

  constructor(shards: number, place = new MemoryPlace(), ports: Partial<MemoryPorts> = {}) {
    this.shards = shards;
    this.#place = place;
    this.#ports = { ...plain, ...ports };
  }

  stream(kind: StreamKind, shard: number): ShardLog {
    if (!Number.isInteger(shard) || shard < 0 || shard >= this.shards) {
      throw new RangeError(`a log of ${this.shards} shards has no shard ${shard}`);
    }
    const place = this.#place;
    const open = () => !this.#closed;
    return new MemoryStream(kind, shard, () => place.stream(kind, shard), this.#ports, open);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

class MemoryStream implements ShardLog {
  readonly kind: StreamKind;
  readonly shard: number;
  readonly #stream: () => Stream;
  readonly #ports: MemoryPorts;
  readonly #open: () => boolean;

  constructor(
    kind: StreamKind,
    shard: number,
    stream: () => Stream,
    ports: MemoryPorts,
    open: () => boolean,
  ) {
    this.kind = kind;
    this.shard = shard;
    this.#stream = stream;
    this.#ports = ports;
    this.#open = open;
  }

  end(): Promise<LogEnd> {
    return this.#later(() => {
      const { firstSeq, identity } = this.#stream();
      return { firstSeq, lastSeq: lastOf(this.#stream()), identity };
    });
  }

  read(seq: number): Promise<Buffer | undefined> {
    return this.#later(() => {
      const bytes = this.#stream().records[seq - this.#stream().firstSeq];
      return bytes === undefined ? undefined : Buffer.from(bytes);
    });
  }

  append(
    bytes: Buffer,
    expectedLast: number,
    apply: (seq: number) => void,
  ): Promise<AppendOutcome> {
    const copy = Buffer.from(bytes);
    const fate = this.#ports.fate(this.kind, this.shard);
    const unknown = { kind: "unknown", cause: new Error("no answer") } as const;
    if (fate === "late")
      this.#ports.later(() => this.#ports.later(() => this.#store(copy, expectedLast)));
    const serve = (): AppendOutcome => {
      if (fate === "lost" || fate === "late") return unknown;
      if (fate === "full") return { kind: "full", cause: new Error("no room") };
      const refused = fate === "spurious" || !this.#store(copy, expectedLast);
      if (refused) return { kind: "refused", lastSeq: lastOf(this.#stream()) };
      return fate === "unanswered" ? unknown : { kind: "stored", seq: expectedLast + 1 };
    };
    return this.#later(serve, (outcome) => {
      if (outcome.kind === "stored") apply(outcome.seq);
    });
  }

  follow(fromSeq: number, sink: LogSink): Follower {
    const stream = this.#stream();
    let next = fromSeq;
    let live = true;
    let due = false;
    const stop = (cause?: Error) => {
      if (!live) return;
      live = false;
      stream.watchers.delete(wake);
      if (cause !== undefined) sink.broken(cause);
    };
    const hand = () => {
      due = false;
      if (!live || !this.#open()) return;
      if (this.#stream() !== stream) return stop(new Error("the stream was made anew"));
      if (next < stream.firstSeq || next > lastOf(stream) + 1) {
        return stop(new Error(`sequence ${next} is not in the stream`));
      }
      const found: StoredRecord[] = stream.records
        .slice(next - stream.firstSeq)
        .map((bytes, i) => ({ seq: next + i, bytes: Buffer.from(bytes) }));
      if (found.length === 0) return;
      next += found.length;
      try {
        sink.records(found);
      } catch (cause) {
        stop(cause as Error);
      }
    };
    const wake = () => {
      if (due) return;
      due = true;
      this.#ports.later(() => this.#ports.answer(hand));
    };
    stream.watchers.add(wake);
    wake();
    return { stop: async () => stop() };
  }

  trim(seq: number): Promise<void> {
    return this.#later(() => {
      const stream = this.#stream();
      const upTo = Math.min(seq, lastOf(stream) + 1);
      if (upTo <= stream.firstSeq) return;
      stream.records.splice(0, upTo - stream.firstSeq);
      stream.firstSeq = upTo;
    });
  }

  /** Whoever follows looks for the stream of now. */
  adopt(): void {}

  #store(bytes: Buffer, expectedLast: number): boolean {
    const stream = this.#stream();
    if (lastOf(stream) !== expectedLast) return false;
    stream.records.push(bytes);
    for (const wake of stream.watchers) wake();
    return true;
  }

  #later<T>(serve: () => T, received: (result: T) => void = () => {}): Promise<T> {
    const { later, answer } = this.#ports;
    return new Promise((resolve, reject) => {
      later(() => {
        if (!this.#open()) {
          answer(() => reject(new Error("the log is closed")));
          return;
        }
        const result = serve();
        answer(() => {
          try {
            received(result);
            resolve(result);
          } catch (error) {
            reject(error);
          }
        });
      });
    });
  }
}

function lastOf(stream: Stream): number {
  return stream.firstSeq + stream.records.length - 1;
}
