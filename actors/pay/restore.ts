// Before a node follows a stream of payments: its replay store gets back what the stream still
// holds and a later message could repeat. A reboot leaves an empty one, and needs no fence: the log
// of the claims is there. Where it is not, what was lost is fenced.
import type { Clock } from "../../platform/mod.ts";
import type { ShardLog } from "../log/port.ts";
import { ownTypes, readHead } from "../log/record.ts";
import { type Cursor, firstCursor } from "../runtime/cursor.ts";
import { fencesOf } from "../runtime/event-frame.ts";
import { type Fold, isPayment } from "../runtime/fold.ts";
import type { PaymentLedger } from "./ledger.ts";

export interface RestoreParts {
  readonly log: ShardLog;
  readonly fold: Fold;
  readonly ledger: PaymentLedger;
  readonly clock: Clock;
  /** Records older than this hold no claim that a message of now could repeat. */
  readonly keepMs: number;
}

/** Records that are asked for at once. */
const together = 32;

/**
 * Rejects where the log cannot be asked now; then it is to be tried again before anything else.
 * True where the stream no longer holds what this vault has not seen, and that was fenced.
 */
export async function restorePayments(parts: RestoreParts): Promise<boolean> {
  const { log, fold } = parts;
  const { firstSeq, lastSeq } = await log.end();
  const { seq } = fold.cursor(log.shard, "pay");
  const missed = firstSeq > seq + 1 && firstSeq <= lastSeq;
  if (missed) await beginAt(parts, firstSeq);
  else await replayInto(parts, firstSeq, Math.min(seq, lastSeq));
  return missed;
}

/**
 * The records before `first` are gone: the chain is taken up there, and what was claimed fenced.
 */
async function beginAt({ log, fold, ledger }: RestoreParts, first: number): Promise<void> {
  const { shard } = log;
  const { head, events } = fold.seal.open(await recordAt(log, first));
  ledger.fence(head.horizonPtav, head.horizonDe7);
  const opens = events[0]?.type === ownTypes.epochOpened;
  const { incarnation, nonce, prev: hash, atMs, horizonPtav, horizonDe7 } = head;
  const { digest } = firstCursor("pay", shard, fold.meta.born);
  const epoch = opens ? head.epoch - 1 : head.epoch;
  const place = { incarnation, seq: first - 1, epoch, nonce, hash };
  const cursor: Cursor = { ...place, atMs, horizonPtav, horizonDe7, digest };
  fold.store.write(() => fold.cursors.put("pay", shard, cursor));
}

/** Claims of the records that the vault has folded and its replay store has not. */
async function replayInto(parts: RestoreParts, first: number, last: number): Promise<void> {
  const { log, fold, ledger, clock, keepMs } = parts;
  const { shard } = log;
  const known = ledger.seq(shard);
  const from = Math.max(first, known + 1);
  const sinceMs = clock.nowMs() - keepMs;
  const start = await firstSince(log, from, last, sinceMs);
  if (start > known + 1 && start <= last) {
    const { horizonPtav, horizonDe7 } = readHead(await recordAt(log, start));
    ledger.fence(horizonPtav, horizonDe7);
  }
  for (let seq = start; seq <= last; seq += together) {
    const seqs = Array.from({ length: Math.min(together, last - seq + 1) }, (_, i) => seq + i);
    const bodies = await Promise.all(seqs.map((one) => recordAt(log, one)));
    for (const [i, body] of bodies.entries()) {
      const { head, events } = fold.seal.open(body);
      for (const { ptav, de7 } of fencesOf(events)) ledger.fence(ptav, de7);
      const payments = events.filter(isPayment).map(({ payload }) => payload);
      ledger.restore(shard, seq + i, head.atMs, payments);
    }
  }
}

/** The first of these records whose time is `sinceMs` or later; one above `last` for none. */
async function firstSince(
  log: ShardLog,
  first: number,
  last: number,
  sinceMs: number,
): Promise<number> {
  let low = first;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (readHead(await recordAt(log, middle)).atMs < sinceMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function recordAt(log: ShardLog, seq: number): Promise<Buffer> {
  const found = await log.read(seq);
  if (found === undefined) throw new Error(`record ${seq} of pay ${log.shard} cannot be read`);
  return found;
}
