// Store and forward: reversals and advices that must arrive, however long the other side is away.
// Ordered per key, repeated with the repeat MTI and a growing pause, kept over a restart, and put
// aside for a person after six attempts.
import { sivOpen, sivSeal } from "../../../crypto/mod.ts";
import { appError, type Clock } from "../../../platform/mod.ts";
import { BackOff } from "../hosts.ts";
import { ForwardLog, type LogRow, rowKind } from "./forward-log.ts";

export interface ForwardLimits {
  /** Messages that may wait; a longer outage than this covers needs a person anyway. */
  readonly depthMax: number;
  /** A public host asks for manual action after six attempts. */
  readonly attemptsMax: number;
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
  /** The file is written anew when it is this large and mostly dead. */
  readonly compactBytes: number;
}

export const forwardLimits: ForwardLimits = {
  depthMax: 100_000,
  attemptsMax: 6,
  firstPauseMs: 1_000,
  maxPauseMs: 300_000,
  compactBytes: 4 * 2 ** 20,
};

export interface StoreForwardOptions {
  readonly path: string;
  /** 64 bytes, AES-SIV: messages hold card numbers, and the file holds none in clear. */
  readonly sealKey: Buffer;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits?: Partial<ForwardLimits>;
}

/** A message that waits. */
export interface Forwarded {
  readonly id: number;
  /** Messages of one key leave one after the other, the next when the one before was answered. */
  readonly key: string;
  /** As it was added; whoever sends it makes a repeat of it where `attempts` is above 0. */
  readonly message: Buffer;
  readonly addedMs: number;
  /** How often it was sent before. */
  attempts: number;
  parked: boolean;
  dueMs: number;
  underWay: boolean;
  readonly backOff: BackOff;
}

export interface ForwardStats {
  readonly depth: number;
  /** Given up after `attemptsMax`; they hold up the later ones of their key. */
  readonly parked: number;
  /** Of the oldest one that waits. */
  readonly ageSeconds: number;
}

export class StoreForward {
  readonly #options: StoreForwardOptions;
  readonly #limits: ForwardLimits;
  readonly #log: ForwardLog;
  /** All that wait, by id, in the order of adding. */
  readonly #waiting = new Map<number, Forwarded>();
  readonly #queues = new Map<string, Forwarded[]>();
  #nextId = 1;

  private constructor(options: StoreForwardOptions, log: ForwardLog, rows: readonly LogRow[]) {
    this.#options = options;
    this.#limits = { ...forwardLimits, ...options.limits };
    this.#log = log;
    for (const row of rows) this.#replay(row);
  }

  /** Opens the file and takes up what waits in it. Throws where a message does not unseal. */
  static open(options: StoreForwardOptions): StoreForward {
    const { log, rows } = ForwardLog.open(options.path);
    return new StoreForward(options, log, rows);
  }

  /** Keeps a message; it is on the disk when this returns. Errors: as of `addAll`. */
  add(key: string, message: Buffer): number {
    const [id = 0] = this.addAll([{ key, message }]);
    return id;
  }

  /**
   * Keeps messages, all or none, with one wait for the disk. Errors: OVERLOADED where there is no
   * room in the queue; that of the system where they cannot be written.
   */
  addAll(messages: readonly { readonly key: string; readonly message: Buffer }[]): number[] {
    if (this.#waiting.size + messages.length > this.#limits.depthMax) {
      throw appError("OVERLOADED", `Store and forward is full: ${this.#waiting.size} messages.`);
    }
    const addedMs = this.#options.clock.nowMs();
    const first = this.#nextId;
    const rows = messages.map(({ key, message }, i) => {
      const id = first + i;
      return { kind: rowKind.ADD, id, payload: this.#seal(id, key, addedMs, message) };
    });
    this.#log.append(rows, true);
    for (const [i, { key, message }] of messages.entries()) {
      this.#enter(first + i, key, addedMs, Buffer.from(message));
    }
    return rows.map(({ id }) => id);
  }

  /** Everything that waits, in the order of adding. */
  messages(): Iterable<Forwarded> {
    return this.#waiting.values();
  }

  /**
   * What may leave now: due, first of its key, and not under way. The attempt is written down
   * before it is made, so that whatever may have left goes as a repeat after a crash.
   */
  take(): Forwarded | null {
    const nowMs = this.#options.clock.monotonicMs();
    for (const queue of this.#queues.values()) {
      const first = queue[0];
      if (first === undefined || first.underWay || first.parked || first.dueMs > nowMs) continue;
      this.#log.append([{ kind: rowKind.TRIED, id: first.id, payload: empty }], false);
      first.underWay = true;
      return first;
    }
    return null;
  }

  /** It arrived. Throws where that cannot be written down. */
  done(id: number): void {
    const message = this.#waiting.get(id);
    if (message === undefined) return;
    // Where the disk takes no row any more, it has left all the same: after a restart it goes once
    // more, as a repeat.
    this.#leave(message);
    this.#log.append([{ kind: rowKind.DONE, id, payload: empty }], false);
    this.#compact();
  }

  /** No answer, or one that says "later": it stays, for another attempt or for a person. */
  failed(id: number): void {
    const message = this.#waiting.get(id);
    if (message === undefined) return;
    message.underWay = false;
    message.attempts += 1;
    if (message.attempts >= this.#limits.attemptsMax) {
      message.parked = true;
      this.#log.append([{ kind: rowKind.PARKED, id, payload: empty }], true);
      return;
    }
    message.dueMs = this.#options.clock.monotonicMs() + message.backOff.nextMs();
  }

  /** A person decides: all that were put aside get six more attempts. Returns how many. */
  retryParked(): number {
    let count = 0;
    for (const message of this.#waiting.values()) {
      if (!message.parked) continue;
      this.#log.append([{ kind: rowKind.UNPARKED, id: message.id, payload: empty }], true);
      this.#unpark(message);
      count += 1;
    }
    return count;
  }

  stats(): ForwardStats {
    const [oldest] = this.#waiting.values();
    let parked = 0;
    for (const message of this.#waiting.values()) if (message.parked) parked += 1;
    const ageMs = oldest === undefined ? 0 : this.#options.clock.nowMs() - oldest.addedMs;
    return { depth: this.#waiting.size, parked, ageSeconds: Math.max(0, ageMs / 1_000) };
  }

  close(): void {
    this.#log.close();
  }

  #replay(row: LogRow): void {
    this.#nextId = Math.max(this.#nextId, row.id + 1);
    if (row.kind === rowKind.ADD) {
      const { key, addedMs, message } = this.#open(row);
      this.#enter(row.id, key, addedMs, message);
      return;
    }
    const message = this.#waiting.get(row.id);
    if (message === undefined) return;
    if (row.kind === rowKind.DONE) this.#leave(message);
    else if (row.kind === rowKind.TRIED) message.attempts += 1;
    else if (row.kind === rowKind.PARKED) message.parked = true;
    else if (row.kind === rowKind.UNPARKED) this.#unpark(message);
  }

  #enter(id: number, key: string, addedMs: number, message: Buffer): void {
    const { firstPauseMs, maxPauseMs } = this.#limits;
    const entry: Forwarded = {
      id,
      key,
      message,
      addedMs,
      attempts: 0,
      parked: false,
      dueMs: Number.NEGATIVE_INFINITY,
      underWay: false,
      backOff: new BackOff({
        firstMs: firstPauseMs,
        maxMs: maxPauseMs,
        random: this.#options.random,
      }),
    };
    this.#nextId = id + 1;
    this.#waiting.set(id, entry);
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, [entry]);
    else queue.push(entry);
  }

  #leave(message: Forwarded): void {
    this.#waiting.delete(message.id);
    const queue = this.#queues.get(message.key) ?? [];
    const at = queue.indexOf(message);
    if (at >= 0) queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(message.key);
  }

  #unpark(message: Forwarded): void {
    message.parked = false;
    message.attempts = 1;
    message.dueMs = Number.NEGATIVE_INFINITY;
    message.backOff.reset();
  }

  #compact(): void {
    const { compactBytes } = this.#limits;
    let live = 0;
    if (this.#log.bytes < compactBytes) return;
    for (const { message } of this.#waiting.values()) live += message.length;
    if (live * 4 > this.#log.bytes) return;
    const rows: LogRow[] = [];
    for (const entry of this.#waiting.values()) {
      const { id, key, addedMs, message, attempts, parked } = entry;
      rows.push({ kind: rowKind.ADD, id, payload: this.#seal(id, key, addedMs, message) });
      const tries = attempts + (entry.underWay ? 1 : 0);
      for (let i = 0; i < tries; i++) rows.push({ kind: rowKind.TRIED, id, payload: empty });
      if (parked) rows.push({ kind: rowKind.PARKED, id, payload: empty });
    }
    this.#log.rewrite(rows);
  }

  #seal(id: number, key: string, addedMs: number, message: Buffer): Buffer {
    const head = Buffer.alloc(9);
    head.writeDoubleLE(addedMs, 0);
    head[8] = key.length;
    const plain = Buffer.concat([head, Buffer.from(key, "latin1"), message]);
    const sealed = sivSeal(this.#options.sealKey, [idBytes(id)], plain);
    plain.fill(0);
    return sealed;
  }

  #open(row: LogRow): { key: string; addedMs: number; message: Buffer } {
    const plain = sivOpen(this.#options.sealKey, [idBytes(row.id)], row.payload);
    if (plain === undefined) {
      throw appError("FILE_UNREADABLE", `${this.#log.path} was sealed under another key.`);
    }
    const from = 9 + plain[8]!;
    const key = plain.toString("latin1", 9, from);
    return { key, addedMs: plain.readDoubleLE(0), message: Buffer.from(plain.subarray(from)) };
  }
}

const empty = Buffer.alloc(0);

function idBytes(id: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUIntLE(id, 0, 6);
  return bytes;
}
