// The next record of a stream: sealed so that it follows what the projection has folded.
import type { StreamKind } from "../log/port.ts";
import type { HeadFields, LogEvent, LogRecord } from "../log/record.ts";
import type { Fold } from "./fold.ts";

export interface SealFields {
  readonly kind: StreamKind;
  readonly shard: number;
  readonly epoch: number;
  readonly nonce: Buffer;
  /** Wall clock; the record's time is this or the last record's, whichever is later. */
  readonly atMs: number;
  /** Highest times claimed in this shard, Unix seconds. */
  readonly claimed: { readonly ptav: number; readonly de7: number };
}

export interface SealedBehind {
  readonly bytes: Buffer;
  readonly record: LogRecord;
  /** Sequence that the log has to end at. */
  readonly after: number;
}

/** Throws where the keys are not there, or a RangeError where a record holds less. */
export function sealBehind(
  fold: Fold,
  { kind, shard, epoch, nonce, atMs, claimed }: SealFields,
  events: readonly LogEvent[],
): SealedBehind {
  const { seq, hash: prev, ...cursor } = fold.cursor(shard, kind);
  const fields: HeadFields = {
    shard,
    incarnation: fold.meta.incarnation,
    epoch,
    nonce,
    prev,
    atMs: Math.max(atMs, cursor.atMs),
    horizonPtav: Math.max(claimed.ptav, cursor.horizonPtav),
    horizonDe7: Math.max(claimed.de7, cursor.horizonDe7),
  };
  return { ...fold.seal.sealRecord(fields, events), after: seq };
}
