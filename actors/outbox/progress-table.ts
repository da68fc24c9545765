// Progress and dead letters in the vault's environment. Keys begin with the subscriber's digest, so
// that a name of any length makes a key of fixed length:
//   digest 16, shard 2                 cursor 8
//   digest 16, shard 2, "w", place 8   lane 1, attempts 2, first 8, due 8, gap from 8
//   digest 16, shard 2, "x", place 8   JSON of a dead letter
import { createHash } from "node:crypto";
import type { DeadLetter, Progress, ProgressChange, ProgressStore, WaitingRow } from "./ports.ts";

/** As much of an LMDB table as is needed here. */
export interface ProgressRows {
  getBinary(key: Buffer): Buffer | undefined;
  putSync(key: Buffer, value: Buffer): unknown;
  removeSync(key: Buffer): unknown;
  getRange(range: { start: Buffer; end: Buffer }): Iterable<{ key: Buffer; value: Buffer }>;
}

const headBytes = 18;
const waitingMark = 0x77;
const deadMark = 0x78;
const waitingBytes = 27;

/** Dead letters that are kept for one subscriber and shard; the oldest places go first. */
export const deadMax = 10_000;

/** Progress and dead letters of one subscriber in one shard. */
export interface KnownProgress extends Progress {
  readonly dead: readonly DeadLetter[];
}

export class ProgressTable implements ProgressStore {
  readonly #rows: ProgressRows;
  /** Runs its work as one durable transaction. */
  readonly #write: (work: () => void) => void;

  constructor(rows: ProgressRows, write: (work: () => void) => void) {
    this.#rows = rows;
    this.#write = write;
  }

  load(subscriber: string, shard: number): Progress | undefined {
    const head = headOf(subscriber, shard);
    const cursor = this.#rows.getBinary(head);
    if (cursor === undefined) return undefined;
    const waiting: WaitingRow[] = [];
    for (const { key, value } of this.#rows.getRange(rangeOf(head, waitingMark))) {
      waiting.push(readWaiting(key, value));
    }
    return { cursor: Number(cursor.readBigUInt64BE(0)), waiting };
  }

  async save(changes: readonly ProgressChange[]): Promise<void> {
    this.#write(() => {
      for (const change of changes) this.#saveOne(change);
    });
  }

  #saveOne(change: ProgressChange): void {
    const head = headOf(change.subscriber, change.shard);
    const cursor = Buffer.alloc(8);
    cursor.writeBigUInt64BE(BigInt(change.cursor));
    this.#rows.putSync(head, cursor);
    for (const place of change.drop) this.#rows.removeSync(rowKey(head, waitingMark, place));
    for (const row of change.put) {
      this.#rows.putSync(rowKey(head, waitingMark, row.place), writeWaiting(row));
    }
    for (const letter of change.dead) {
      this.#rows.putSync(rowKey(head, deadMark, letter.place), Buffer.from(JSON.stringify(letter)));
    }
    if (change.dead.length > 0) this.#forgetOldDead(head);
  }

  #forgetOldDead(head: Buffer): void {
    const keys = [...this.#rows.getRange(rangeOf(head, deadMark))].map((row) => row.key);
    for (const key of keys.slice(0, Math.max(0, keys.length - deadMax))) this.#rows.removeSync(key);
  }

  /** Forgets everything of a subscriber in a shard. */
  forget(subscriber: string, shard: number): void {
    const head = headOf(subscriber, shard);
    this.#write(() => {
      for (const mark of [waitingMark, deadMark]) {
        const keys = [...this.#rows.getRange(rangeOf(head, mark))].map((row) => row.key);
        for (const key of keys) this.#rows.removeSync(key);
      }
      this.#rows.removeSync(head);
    });
  }

  /** Takes what another node knows in place of what is here. */
  replace(subscriber: string, shard: number, known: KnownProgress): void {
    const { cursor, waiting, dead } = known;
    this.#write(() => {
      this.forget(subscriber, shard);
      this.#saveOne({ subscriber, shard, cursor, put: waiting, drop: [], dead });
    });
  }

  dead(subscriber: string, shard: number): DeadLetter[] {
    const rows = this.#rows.getRange(rangeOf(headOf(subscriber, shard), deadMark));
    return [...rows].map((row) => JSON.parse(row.value.toString()) as DeadLetter);
  }

  async bury(subscriber: string, shard: number, places: readonly number[]): Promise<void> {
    const head = headOf(subscriber, shard);
    this.#write(() => {
      for (const place of places) this.#rows.removeSync(rowKey(head, deadMark, place));
    });
  }
}

function headOf(subscriber: string, shard: number): Buffer {
  const head = Buffer.alloc(headBytes);
  createHash("sha256").update(subscriber, "utf8").digest().copy(head, 0, 0, 16);
  head.writeUInt16BE(shard, 16);
  return head;
}

function rowKey(head: Buffer, mark: number, place: number): Buffer {
  const key = Buffer.alloc(headBytes + 9);
  head.copy(key);
  key[headBytes] = mark;
  key.writeBigUInt64BE(BigInt(place), headBytes + 1);
  return key;
}

function rangeOf(head: Buffer, mark: number): { start: Buffer; end: Buffer } {
  return { start: rowKey(head, mark, 0), end: Buffer.concat([head, Buffer.from([mark + 1])]) };
}

function writeWaiting(row: WaitingRow): Buffer {
  const bytes = Buffer.alloc(waitingBytes);
  bytes[0] = row.lane;
  bytes.writeUInt16BE(Math.min(row.attempts, 0xffff), 1);
  bytes.writeBigUInt64BE(BigInt(Math.round(row.firstMs)), 3);
  bytes.writeBigUInt64BE(BigInt(Math.round(row.dueMs)), 11);
  bytes.writeBigUInt64BE(BigInt(row.gapFrom), 19);
  return bytes;
}

function readWaiting(key: Buffer, value: Buffer): WaitingRow {
  return {
    place: Number(key.readBigUInt64BE(headBytes + 1)),
    lane: value[0]!,
    attempts: value.readUInt16BE(1),
    firstMs: Number(value.readBigUInt64BE(3)),
    dueMs: Number(value.readBigUInt64BE(11)),
    gapFrom: Number(value.readBigUInt64BE(19)),
  };
}
