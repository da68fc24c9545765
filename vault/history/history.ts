// The history of tokens, folded from the verification journals.
import { unlinkSync } from "node:fs";
import { TransactionFlags } from "lmdb";
import { appError, type Clock } from "../../platform/mod.ts";
import { AuditChain } from "../audit/chain.ts";
import type { Mark } from "../audit/mark.ts";
import { type AuditSource, AuditTrail } from "../audit/trail.ts";
import { rowBytes } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { listSegments, type Segment } from "../journal/segment.ts";
import { storeError } from "../store/store-error.ts";
import { Findings } from "./agreements.ts";
import { applyRow } from "./apply-row.ts";
import { eventPositionBytes, type TokenEvent } from "./event-record.ts";
import { isClosed, isFolded, readCursor, rowsAhead, SegmentReader, touchCursor } from "./fold.ts";
import { foldRowsMax, Ledger } from "./ledger.ts";
import type { Original } from "./original-record.ts";
import {
  lookUpOriginal,
  type OriginalQuery,
  type RefundRequest,
  storedOriginal,
  takeRefund,
} from "./originals.ts";
import type { HistorySinks } from "./ports.ts";
import { mergeRuns } from "./run-merge.ts";
import type { ScanWatch } from "./scan-watch.ts";
import { Sweeper } from "./sweep.ts";
import { type HistoryTables, openHistoryTables, reserveRows } from "./tables.ts";
import { type Ahead, Tail, type TailOriginal } from "./tail.ts";
import { findEvents } from "./token-events.ts";

export interface HistoryOptions {
  /** The vault's folder. */
  readonly dir: string;
  readonly clock: Clock;
  readonly sinks: HistorySinks;
  /** Keys and acts for the audit chain, which a fold extends; without it nothing can be folded. */
  readonly audit?: AuditSource;
  /** Sees every row of a fold; again where a fold failed. */
  readonly watch?: Pick<ScanWatch, "row">;
  readonly mapSizeBytes?: number;
  /** For tools that only look: they cannot fold. */
  readonly readOnly?: boolean;
}

/** 64 GiB of address space: some 150 million verifications. */
const mapSizeBytesDefault = 64 * 1024 ** 3;

/**
 * Abortable, committed on return, flushed by LMDB in the background. The cursor lies in the same
 * transaction as what was read, so a power loss sets back both and the rows are read again.
 */
const withoutWaiting: TransactionFlags =
  TransactionFlags.ABORTABLE | TransactionFlags.SYNCHRONOUS_COMMIT | TransactionFlags.NO_SYNC_FLUSH;

const eventsMax = 1_000;

export class History {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #sinks: HistorySinks;
  readonly #auditSource: AuditSource | undefined;
  readonly #tables: HistoryTables;
  readonly #reader = new SegmentReader();
  readonly #sweeper = new Sweeper();
  // Half a megabyte each, which a process that never folds, or never asks, does without.
  #ledger: Ledger | undefined;
  #tail: Tail | undefined;
  readonly #trail: AuditTrail | undefined;
  readonly #watch: Pick<ScanWatch, "row"> | undefined;
  #rowsDropped = 0;

  /** Errors: VAULT_CORRUPT, VAULT_NOT_FOUND (read-only and absent), VAULT_IN_USE, DISK_FULL. */
  static open(options: HistoryOptions): History {
    return new History(options);
  }

  constructor(options: HistoryOptions) {
    this.#dir = options.dir;
    this.#clock = options.clock;
    this.#sinks = options.sinks;
    this.#auditSource = options.audit;
    this.#watch = options.watch;
    this.#tables = openHistoryTables({
      dir: options.dir,
      mapSizeBytes: options.mapSizeBytes ?? mapSizeBytesDefault,
      readOnly: options.readOnly ?? false,
    });
    const { audit: blocks, meta } = this.#tables;
    if (options.audit !== undefined) this.#trail = new AuditTrail({ blocks, meta }, options.audit);
  }

  /**
   * Reads what the journals have gained, at most `rowsMax` (2,048), in one write transaction with
   * the cursors in it. Any process or thread may call it at any time. Returns the rows that it
   * read; a full fold means that there may be more. Measured with
   * a million tokens: 2 us of CPU a row, 4 us where 3 % are reversals, repetitions and failed
   * PTAVs, or in folds of 256. Errors: DISK_FULL.
   */
  fold(rowsMax = foldRowsMax): number {
    const rows = this.#foldOnce(Math.min(rowsMax, foldRowsMax));
    if (rows > 0) mergeRuns(this.#tables, (work) => this.#write(work));
    return rows;
  }

  #foldOnce(rowsMax: number): number {
    const segments = listSegments(this.#dir);
    this.#fresh();
    const news = segments.filter((segment) => rowsAhead(this.#tables, segment) > 0);
    if (news.length === 0 && this.#trail?.actsWait() !== true) return 0;
    return this.#write(() => this.#foldSegments(news, segments, rowsMax));
  }

  #write<T>(work: () => T): T {
    try {
      return this.#tables.env.root.transactionSync(work, withoutWaiting);
    } catch (error) {
      throw storeError(error, this.#tables.env.path);
    }
  }

  /**
   * Folds until nothing new is left, or no longer than `timeMsMax` and one more fold: what is left
   * then, the next process that folds will read. Returns the rows read.
   */
  foldAll(timeMsMax = Number.POSITIVE_INFINITY): number {
    const endMs = this.#clock.monotonicMs() + timeMsMax;
    let rows = 0;
    for (;;) {
      const read = this.fold();
      rows += read;
      if (read < foldRowsMax || this.#clock.monotonicMs() >= endMs) return rows;
    }
  }

  /** The approved original that DE90 names, of the same TPAN, TRID and merchant. */
  findOriginal(query: OriginalQuery): Original | undefined {
    this.#fresh();
    const find = (key: Buffer) => storedOriginal(this.#tables, key);
    return lookUpOriginal(this.#tables, query, this.#nowSeconds(), find);
  }

  /**
   * The same, but a miss looks into what is not folded yet: the original may be a moment old. It
   * folds nothing: some 0.1 ms, and 7 ms at most where a backlog is long and was not looked at yet.
   */
  findOriginalFresh(query: OriginalQuery): Original | undefined {
    const found = this.findOriginal(query);
    const ahead = found === undefined ? this.#ahead() : [];
    if (ahead.length === 0) return found;
    let reversed = false;
    const original = lookUpOriginal(this.#tables, query, this.#nowSeconds(), (key) => {
      const unread = this.#lookAhead(ahead, key);
      reversed = unread.reversed;
      return unread.row;
    });
    return original === undefined || !reversed ? original : { ...original, reversed };
  }

  /**
   * Takes a refund out of its original, atomically over all processes: true once it is taken, also
   * when the same verification id took it before; false when it would exceed the original. Call it
   * after the claim, so that a repetition brings the first verification id. Errors: DISK_FULL.
   */
  reserveRefund(request: Omit<RefundRequest, "nowSeconds">): boolean {
    const nowSeconds = this.#nowSeconds();
    this.#fresh();
    // Looked for without the write lock: what is folded meanwhile is found below.
    const unread = this.#lookAhead(this.#ahead(), request.key);
    return this.#write(() => {
      reserveRows(this.#tables, 1);
      const find = (key: Buffer) => storedOriginal(this.#tables, key) ?? unread.row;
      return takeRefund(this.#tables, { ...request, nowSeconds }, find, unread.reversed);
    });
  }

  /**
   * A token's events, newest first. `limit` at most 1,000; `before`, the position of the last event
   * of a page, gives the next one.
   */
  eventsOf(
    index: Buffer,
    options: { readonly limit?: number; readonly before?: string } = {},
  ): TokenEvent[] {
    this.#fresh();
    const limit = Math.min(options.limit ?? 100, eventsMax);
    const before = options.before === undefined ? undefined : Buffer.from(options.before, "hex");
    if (before !== undefined && before.length !== eventPositionBytes) return [];
    return findEvents(this.#tables, index, { limit, before }, this.#nowSeconds());
  }

  /** One step of the sweep over what has been kept long enough; returns the values removed. */
  sweep(rowsMax?: number): number {
    this.#fresh();
    return this.#sweeper.sweep(this.#tables, this.#nowSeconds(), rowsMax);
  }

  /**
   * Removes journal segments that are read to their end, that nobody writes any more and that are
   * older than `ageMsMin` (at least two days). Returns the names of the removed files.
   */
  removeFolded(ageMsMin: number): string[] {
    const nowMs = this.#clock.nowMs();
    const segments = listSegments(this.#dir);
    this.#fresh();
    const done = segments.filter(
      (segment) =>
        nowMs - segment.startMs > Math.max(ageMsMin, removeAgeMsMin) &&
        isClosed(segment, segments, nowMs) &&
        isFolded(this.#tables, segment),
    );
    const files = new Set(segments.map(({ file }) => file));
    const gone = [...this.#tables.cursors.getKeys()].filter((key) => !files.has(key.toString()));
    if (done.length + gone.length === 0) return [];
    // A flushed transaction: what was read has to be on the disk before its source goes.
    this.#tables.env.write(() => {
      reserveRows(this.#tables, done.length + gone.length);
      for (const key of gone) this.#tables.cursors.removeSync(Buffer.from(key));
      // LMDB skips the flush of a transaction that changes nothing.
      for (const { file } of done) touchCursor(this.#tables, file);
    });
    for (const segment of done) unlinkSync(segment.path);
    return done.map(({ file }) => file);
  }

  /** Where the audit chain ends, once that is on the disk. */
  flushAudit(): Mark {
    const chain = this.auditChain();
    return this.#tables.env.write(() => {
      chain.touch();
      return chain.head();
    });
  }

  /** Removes blocks of the audit chain that were kept long enough; returns how many. */
  trimAudit(ageMs: number): number {
    const { ring } = this.#auditSource ?? {};
    if (ring === undefined) throw appError("KEY_NOT_FOUND", "The audit chain has no keys here.");
    const beforeMs = this.#clock.nowMs() - ageMs;
    return this.#tables.env.write(() => this.auditChain().trim(ring(), beforeMs, trimBlocksMax));
  }

  /** The chain as of now, to be read. */
  auditChain(): AuditChain {
    this.#fresh();
    const { audit: blocks, meta } = this.#tables;
    return new AuditChain({ blocks, meta });
  }

  /** How far each journal file was read, by the snapshot that the chain is read from. */
  cursors(): Map<string, number> {
    const files = [...this.#tables.cursors.getKeys()].map((key) => key.toString("latin1"));
    return new Map(files.map((file) => [file, readCursor(this.#tables, file).bytes]));
  }

  /** What is still to be read, and what was passed over. */
  stats(): { rowsBehind: number; rowsDamaged: number; rowsDropped: number; segments: number } {
    this.#fresh();
    const segments = listSegments(this.#dir);
    let rowsBehind = 0;
    let rowsDamaged = 0;
    for (const segment of segments) {
      const cursor = readCursor(this.#tables, segment.file);
      rowsBehind += rowsAhead(this.#tables, segment);
      rowsDamaged += cursor.damaged;
    }
    return {
      rowsBehind,
      rowsDamaged,
      rowsDropped: this.#rowsDropped,
      segments: segments.length,
    };
  }

  close(): Promise<void> {
    this.#tables.room?.close();
    return this.#tables.env.close();
  }

  /** Ends the read snapshot: a worker's event loop stands still, and its snapshot with it. */
  #fresh(): void {
    this.#tables.env.root.resetReadTxn();
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.nowMs() / 1_000);
  }

  /** Segments with rows that the snapshot does not have. */
  #ahead(): Ahead[] {
    const ahead: Ahead[] = [];
    for (const segment of listSegments(this.#dir)) {
      if (rowsAhead(this.#tables, segment) === 0) continue;
      const { bytes } = readCursor(this.#tables, segment.file);
      ahead.push({ segment, fromRow: bytes / rowBytes });
    }
    return ahead;
  }

  #lookAhead(ahead: readonly Ahead[], key: Buffer): TailOriginal {
    if (ahead.length === 0) return { row: undefined, reversed: false };
    this.#tail ??= new Tail();
    return this.#tail.find(ahead, key);
  }

  #foldSegments(news: readonly Segment[], all: readonly Segment[], limit: number): number {
    const ahead = news.reduce((rows, segment) => rows + rowsAhead(this.#tables, segment), 0);
    reserveRows(this.#tables, Math.min(ahead, limit));
    const trail = this.#trail;
    const watch = this.#watch;
    if (trail === undefined) throw new Error("a fold needs the audit chain's keys");
    trail.begin();
    this.#ledger ??= new Ledger(this.#tables);
    const ledger = this.#ledger;
    ledger.begin();
    const findings = new Findings();
    const nowMs = this.#clock.nowMs();
    let rows = 0;
    let dropped = 0;
    for (const segment of news) {
      const rowsMax = limit - rows;
      if (rowsMax <= 0) break;
      const closed = isClosed(segment, all, nowMs);
      const apply = (row: RowView): void => {
        trail.row(row);
        watch?.row(row);
        if (!applyRow(ledger, row, findings)) dropped++;
      };
      const options = { rowsMax, closed };
      rows += this.#reader.read(this.#tables, segment, options, apply, (s) => trail.took(s));
    }
    ledger.write();
    trail.write(nowMs);
    // Before the commit: a sink that fails sets the cursors back, and the rows come again.
    findings.deliver(this.#sinks, Math.floor(nowMs / 1_000));
    this.#rowsDropped += dropped;
    return rows;
  }
}

/** Blocks that one call removes: some milliseconds. */
const trimBlocksMax = 1_024;

/** A writer leaves its segment after one day; another day is for one that was asleep. */
const removeAgeMsMin = 2 * 24 * 3_600_000;
