// What one subscriber still has to be told from one shard: lanes of notices, what of it is stored,
// and up to where the log needs no second reading.
//
// A notice is read once. It is *settled* (delivered or dead), or *stored* (a waiting row), or only
// in memory. The cursor is the last place below which nothing is only in memory: after a crash
// reading begins there, and what was delivered beyond it is sent again under the same id.
import {
  type DeadLetter,
  lanes,
  type Notice,
  type Progress,
  type ProgressChange,
  type WaitingRow,
} from "./ports.ts";

/** Notices that are in memory only; reading stops there. */
export const readAheadMax = 1_024;

/** Waiting rows of one subscriber and shard; reading stops there too. */
export const waitingMax = 100_000;

export interface Entry {
  readonly place: number;
  readonly lane: number;
  /** Dropped from memory once the entry is stored; read again when it is its turn. */
  notice: Notice | undefined;
  attempts: number;
  firstMs: number;
  dueMs: number;
  readonly gapFrom: number;
  stored: boolean;
  settled: boolean;
}

export class ShardQueue {
  readonly subscriber: string;
  readonly shard: number;
  readonly #lanes: Entry[][] = Array.from({ length: lanes }, () => []);
  readonly #busy = new Uint8Array(lanes);
  /** Entries that were read and are neither stored nor settled, or lie before one that is not. */
  #reading: Entry[] = [];
  #readTo: number;
  #savedCursor: number;
  #waiting = 0;
  /** Rows beyond the cursor that a life before stored: they are met again when the log is read. */
  readonly #metAgain = new Set<number>();
  #put = new Map<number, Entry>();
  #drop = new Set<number>();
  #dead: DeadLetter[] = [];

  constructor(subscriber: string, shard: number, progress: Progress) {
    this.subscriber = subscriber;
    this.shard = shard;
    this.#readTo = progress.cursor;
    this.#savedCursor = progress.cursor;
    for (const row of [...progress.waiting].sort((a, b) => a.place - b.place)) {
      this.#lanes[row.lane]!.push({ ...row, notice: undefined, stored: true, settled: false });
      this.#waiting += 1;
      if (row.place > progress.cursor) this.#metAgain.add(row.place);
    }
  }

  /** Where reading goes on. */
  get readTo(): number {
    return this.#readTo;
  }

  /** Everything up to here is settled or stored. */
  get cursor(): number {
    const first = this.#reading[0];
    return first === undefined ? this.#readTo : first.place - 1;
  }

  /** How many more may be read now. */
  get room(): number {
    return this.#waiting >= waitingMax ? 0 : Math.max(0, readAheadMax - this.#reading.length);
  }

  get depth(): number {
    let depth = 0;
    for (const lane of this.#lanes) depth += lane.length;
    return depth;
  }

  /** Unix milliseconds at which the oldest notice was read or first tried; undefined for none. */
  get oldestMs(): number | undefined {
    let oldest: number | undefined;
    for (const lane of this.#lanes) {
      const head = lane[0];
      if (head !== undefined && (oldest === undefined || head.firstMs < oldest))
        oldest = head.firstMs;
    }
    return oldest;
  }

  /** The lowest place that the log must keep for this queue. */
  get needsFrom(): number {
    let lowest = this.cursor + 1;
    for (const lane of this.#lanes) {
      for (const entry of lane) if (entry.stored) lowest = Math.min(lowest, entry.place);
    }
    return lowest;
  }

  /** Takes what was read: `notices` in order, everything up to `reached` looked at. */
  add(notices: readonly Notice[], reached: number, nowMs: number): void {
    for (const notice of notices) {
      if (notice.place <= this.#readTo) throw new Error("the log was read twice");
      this.#readTo = notice.place;
      if (this.#metAgain.delete(notice.place)) continue;
      const entry = entryOf(notice, nowMs);
      const lane = this.#lanes[notice.lane]!;
      lane.push(entry);
      this.#reading.push(entry);
      // Behind a stored notice it will wait as long as that one: keep it out of memory too.
      if (lane.length > 1 && lane[lane.length - 2]!.stored) this.#store(entry);
    }
    this.#readTo = Math.max(this.#readTo, reached);
    this.#shrink();
  }

  /** Puts rows at the end of their lanes: a replay, or a gap. */
  addRows(rows: readonly WaitingRow[]): void {
    for (const row of rows) {
      if (this.#has(row)) continue;
      const entry: Entry = { ...row, notice: undefined, stored: false, settled: false };
      this.#lanes[row.lane]!.push(entry);
      this.#store(entry);
    }
  }

  /** Moves on to `place` without telling what lies before it. */
  skipTo(place: number): void {
    if (place > this.#readTo) this.#readTo = place;
  }

  #has(row: WaitingRow): boolean {
    return this.#lanes[row.lane]!.some((one) => one.place === row.place);
  }

  /** The heads of lanes that may leave now. */
  due(nowMs: number): Entry[] {
    const heads: Entry[] = [];
    for (let lane = 0; lane < lanes; lane++) {
      const head = this.#lanes[lane]![0];
      if (head !== undefined && this.#busy[lane] === 0 && head.dueMs <= nowMs) heads.push(head);
    }
    return heads;
  }

  /** When the next head of an idle lane is due; undefined where none waits. */
  nextDueMs(): number | undefined {
    let next: number | undefined;
    for (let lane = 0; lane < lanes; lane++) {
      const head = this.#lanes[lane]![0];
      if (head === undefined || this.#busy[lane] === 1) continue;
      if (next === undefined || head.dueMs < next) next = head.dueMs;
    }
    return next;
  }

  started(entry: Entry): void {
    this.#busy[entry.lane] = 1;
  }

  /** It will be tried again at `dueMs`. */
  postponed(entry: Entry, dueMs: number): void {
    this.#busy[entry.lane] = 0;
    entry.attempts += 1;
    entry.dueMs = dueMs;
    for (const one of this.#lanes[entry.lane]!) this.#store(one);
    this.#put.set(entry.place, entry);
    this.#shrink();
  }

  /** It did not count as an attempt: something else than the receiver was in the way. */
  returned(entry: Entry, dueMs: number): void {
    this.#busy[entry.lane] = 0;
    entry.dueMs = dueMs;
  }

  /** It is delivered, or given up as `dead`. */
  settled(entry: Entry, dead?: DeadLetter): void {
    this.#busy[entry.lane] = 0;
    entry.settled = true;
    this.#lanes[entry.lane]!.shift();
    if (entry.stored) {
      this.#waiting -= 1;
      this.#put.delete(entry.place);
      this.#drop.add(entry.place);
    }
    if (dead !== undefined) this.#dead.push(dead);
    this.#shrink();
  }

  #store(entry: Entry): void {
    if (entry.stored) return;
    entry.stored = true;
    entry.notice = undefined;
    this.#waiting += 1;
    this.#drop.delete(entry.place);
    this.#put.set(entry.place, entry);
  }

  #shrink(): void {
    let done = 0;
    while (done < this.#reading.length && isKept(this.#reading[done]!)) done += 1;
    if (done > 0) this.#reading = this.#reading.slice(done);
  }

  /** What has to be saved since the last call; undefined where nothing changed. */
  takeChange(): ProgressChange | undefined {
    const { cursor } = this;
    const nothing = this.#put.size === 0 && this.#drop.size === 0 && this.#dead.length === 0;
    if (nothing && cursor === this.#savedCursor) return undefined;
    const change = {
      subscriber: this.subscriber,
      shard: this.shard,
      cursor,
      put: [...this.#put.values()].map(rowOf),
      drop: [...this.#drop],
      dead: this.#dead,
    };
    this.#savedCursor = cursor;
    this.#put = new Map();
    this.#drop = new Set();
    this.#dead = [];
    return change;
  }
}

function isKept(entry: Entry): boolean {
  return entry.settled || entry.stored;
}

function entryOf(notice: Notice, nowMs: number): Entry {
  const { place, lane } = notice;
  const fresh = { attempts: 0, firstMs: nowMs, dueMs: 0, gapFrom: 0 };
  return { place, lane, notice, ...fresh, stored: false, settled: false };
}

function rowOf(entry: Entry): WaitingRow {
  const { place, lane, attempts, firstMs, dueMs, gapFrom } = entry;
  return { place, lane, attempts, firstMs, dueMs, gapFrom };
}
