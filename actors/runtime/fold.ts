// The fold: a record of the log becomes rows of the projection. The one way by which anything there
// changes, on the owner as on every follower. It reads no clock and no randomness.
import { isAppError } from "../../platform/mod.ts";
import type { LogMeta } from "../log/log-meta.ts";
import type { StreamKind } from "../log/port.ts";
import {
  type LogEvent,
  type LogRecord,
  ownTypes,
  RecordError,
  type RecordHead,
  type RecordSeal,
  recordHash,
} from "../log/record.ts";
import type { Store } from "../store/port.ts";
import { type Cursor, CursorRows, nextCursor } from "./cursor.ts";
import { fencesOf, readClosed, readNoted, unframePayload } from "./event-frame.ts";
import { FoldedActors } from "./folded-actors.ts";
import { IdemRows } from "./idem-rows.ts";
import type { KindTable } from "./kinds.ts";
import { ParkError } from "./park.ts";
import { StateMarks } from "./state-marks.ts";
import type { TailRows } from "./tail-rows.ts";
import { TimerRows } from "./timer-rows.ts";

export interface FoldOptions {
  readonly store: Store;
  readonly meta: LogMeta;
  readonly kinds: KindTable;
  readonly seal: RecordSeal;
  /** Keeps records on this node; undefined where the log lies beside the projection anyway. */
  readonly tail?: TailRows;
  /** Takes accepted payments; undefined where payments are in no log. */
  readonly payments?: PaymentSink;
}

/** Takes a record of accepted payments. Commits before the projection does. */
export interface PaymentSink {
  fold(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void;
  /** Nothing at or below these Unix seconds is claimed any more; raising it twice is once. */
  fence(ptav: number, de7: number): void;
}

/** An epoch that a record opened, or a hand-over by which its owner closed one. */
export type Barrier =
  | { readonly kind: "opened"; readonly epoch: number; readonly nonce: Buffer }
  | { readonly kind: "closed"; readonly epoch: number; readonly to: string };

export interface Folded {
  readonly cursor: Cursor;
  readonly barriers: readonly Barrier[];
  /** Events of types that this version does not know and may skip. */
  readonly skipped: number;
}

interface Place {
  readonly kind: StreamKind;
  readonly cursor: Cursor;
  readonly shard: number;
  readonly seq: number;
  readonly bytes: Buffer;
  readonly record: LogRecord;
}

export class Fold {
  readonly store: Store;
  readonly meta: LogMeta;
  readonly kinds: KindTable;
  readonly seal: RecordSeal;
  readonly idem: IdemRows;
  readonly timers: TimerRows;
  readonly cursors: CursorRows;
  readonly marks: StateMarks;
  readonly #tail: TailRows | undefined;
  readonly #payments: PaymentSink | undefined;

  constructor(options: FoldOptions) {
    this.store = options.store;
    this.meta = options.meta;
    this.kinds = options.kinds;
    this.seal = options.seal;
    this.#tail = options.tail;
    this.#payments = options.payments;
    this.idem = new IdemRows(options.store);
    this.timers = new TimerRows(options.store);
    this.cursors = new CursorRows(options.store);
    this.marks = new StateMarks(options.store);
  }

  cursor(shard: number, kind: StreamKind = "evt"): Cursor {
    return this.cursors.get(kind, shard, this.meta);
  }

  /**
   * Inside a transaction: folds record `seq` of one of the shard's streams. What the cursor covers
   * is left alone. `opened`: the record's content where the caller has it already. Throws a
   * ParkError where the record does not belong here or cannot be applied, and a RecordError `key`
   * where it waits for a key; the transaction is then to be rolled back.
   */
  apply(
    shard: number,
    seq: number,
    bytes: Buffer,
    opened?: LogRecord,
    kind: StreamKind = "evt",
  ): Folded {
    const cursor = this.cursor(shard, kind);
    if (seq <= cursor.seq) return { cursor, barriers: [], skipped: 0 };
    try {
      const record = opened ?? this.#open(shard, seq, bytes);
      checkPlace(cursor, this.meta.incarnation, shard, seq, record);
      return this.#fold({ kind, cursor, shard, seq, bytes, record });
    } catch (cause) {
      throw foldFault(cause, shard, seq, "around its events");
    }
  }

  #fold({ kind, cursor, shard, seq, bytes, record }: Place): Folded {
    if (kind === "pay") this.#foldPayments(shard, seq, record);
    const actors = new FoldedActors(this, shard, record.head, seq);
    const { noted, skipped } = this.#applyEvents(actors, kind, shard, seq, record);
    actors.finish();
    // By the time of one stream only: the two reach each node in an order of their own.
    if (kind === "evt") this.idem.expire(shard, record.head.atMs, noted);
    this.#tail?.put(kind, shard, seq, bytes, record.head.atMs);
    const digest = actors.digest(cursor.digest);
    const next = nextCursor(cursor, record.head, recordHash(bytes), digest);
    this.cursors.put(kind, shard, next);
    return { cursor: next, barriers: barriersOf(record), skipped };
  }

  #foldPayments(shard: number, seq: number, { head, events }: LogRecord): void {
    for (const { ptav, de7 } of fencesOf(events)) this.#payments?.fence(ptav, de7);
    const payments = events.filter(isPayment).map(({ payload }) => payload);
    this.#payments?.fold(shard, seq, head.atMs, payments);
  }

  #open(shard: number, seq: number, bytes: Buffer): LogRecord {
    try {
      return this.seal.open(bytes);
    } catch (error) {
      if (!(error instanceof RecordError) || error.fault === "key") throw error;
      throw new ParkError("damaged-record", shard, seq, error.message, error);
    }
  }

  #applyEvents(
    actors: FoldedActors,
    kind: StreamKind,
    shard: number,
    seq: number,
    { head, events }: LogRecord,
  ): { noted: number; skipped: number } {
    let noted = 0;
    let skipped = 0;
    for (const [ord, event] of events.entries()) {
      try {
        if (kind === "pay") {
          // Lifecycle events have no place among payments, whatever their type.
          if (isBarrier(event) || isPayment(event) || isFence(event)) continue;
          if (event.critical) throw unknownEvent(shard, seq, ord, event);
          skipped++;
        } else if (event.type === ownTypes.commandNoted && event.version === 1) {
          noted++;
          const { bodyDigest, answerText } = readNoted(event.payload);
          const { incarnation } = head;
          const row = { incarnation, seq, ord, bodyDigest, answer: answerText };
          this.idem.put(shard, event.commandId, head.atMs, row);
        } else if (event.type === ownTypes.statesNoted && event.version === 1) {
          actors.check(event.payload);
        } else if (!isBarrier(event) && !this.#applyKnown(actors, event, ord)) {
          if (event.critical) throw unknownEvent(shard, seq, ord, event);
          skipped++;
        }
      } catch (cause) {
        throw foldFault(cause, shard, seq, `event ${ord} of type ${event.type}`);
      }
    }
    return { noted, skipped };
  }

  #applyKnown(actors: FoldedActors, event: LogEvent, ord: number): boolean {
    const known = this.kinds.event(event.type, event.version);
    if (known === undefined) return false;
    const { actor, body } = unframePayload(event.payload);
    actors.apply(known.kind, actor, known.eventType.decode(body), ord);
    return true;
  }
}

/**
 * What a throw inside the fold means. The store's own faults (no room, damage) are not the event's:
 * AppErrors, and LMDB's, which carry a number, go on as they are; so does the wait for a key.
 */
function foldFault(cause: unknown, shard: number, seq: number, where: string): unknown {
  const ofStore = isAppError(cause) || typeof (cause as { code?: unknown }).code === "number";
  if (ofStore || cause instanceof ParkError || cause instanceof RecordError) return cause;
  const detail = `${where}: ${(cause as Error).message}`;
  return new ParkError("fold-error", shard, seq, detail, cause);
}

function isBarrier(event: LogEvent): boolean {
  const own = event.type === ownTypes.epochOpened || event.type === ownTypes.epochClosed;
  return own && event.version === 1;
}

function isFence({ type, version }: LogEvent): boolean {
  return type === ownTypes.paymentsFenced && version === 1;
}

/** A payment that this version can read. */
export function isPayment({ type, version }: LogEvent): boolean {
  return type === ownTypes.paymentAccepted && version === 1;
}

function barriersOf({ head, events }: LogRecord): readonly Barrier[] {
  const { epoch, nonce } = head;
  return events.filter(isBarrier).map((event): Barrier => {
    if (event.type === ownTypes.epochOpened) return { kind: "opened", epoch, nonce };
    return { kind: "closed", epoch, to: readClosed(event.payload) };
  });
}

function unknownEvent(shard: number, seq: number, ord: number, event: LogEvent): ParkError {
  const detail = `event ${ord} has type ${event.type} version ${event.version}`;
  return new ParkError("unknown-event", shard, seq, detail);
}

/** Everything that makes a record the next one of this shard and its owner's. */
function checkPlace(
  cursor: Cursor,
  newest: number,
  shard: number,
  seq: number,
  { head, events }: LogRecord,
): void {
  const park = (reason: ParkError["reason"], detail: string) =>
    new ParkError(reason, shard, seq, detail);
  if (seq !== cursor.seq + 1) throw park("gap", `the cursor is at ${cursor.seq}`);
  const opens = events[0]?.type === ownTypes.epochOpened;
  // A restore began another life of the log: its first owner says so.
  const another = opens && head.incarnation > cursor.incarnation && head.incarnation <= newest;
  if (head.incarnation !== cursor.incarnation && !another) {
    throw park("incarnation-changed", `${head.incarnation}, not ${cursor.incarnation}`);
  }
  if (head.shard !== shard) throw park("chain-mismatch", `a record of shard ${head.shard}`);
  if (!head.prev.equals(cursor.hash)) throw park("chain-mismatch", "another record came before it");
  if (opens ? head.epoch <= cursor.epoch : head.epoch < cursor.epoch) {
    throw park("epoch-regression", `epoch ${head.epoch} after ${cursor.epoch}`);
  }
  if (!opens && !isSameOwner(cursor, head)) {
    throw park("alien-append", `epoch ${head.epoch} was not opened by who wrote this`);
  }
  if (head.atMs < cursor.atMs) throw park("chain-mismatch", "its time lies before the last one");
}

function isSameOwner(cursor: Cursor, head: RecordHead): boolean {
  return head.epoch === cursor.epoch && head.nonce.equals(cursor.nonce);
}
