// RESYNC: what to do about a record whose append was not plainly acknowledged. Until its fate was
// read from the log the record never changes: a late copy is then the same record, or refused.
import type { AppendOutcome, LogEnd } from "./port.ts";
import { readHead } from "./record.ts";

export interface Sent {
  readonly bytes: Buffer;
  /** Sequence that the log had to end at. */
  readonly after: number;
  /** What the stream was when its end was last known to be right. */
  readonly identity: string;
  readonly epoch: number;
  /**
   * An owner is alone in its epoch. A candidate opens one: the old owner and other candidates may
   * still append, and finding them is no alarm.
   */
  readonly role: "owner" | "candidate";
}

export type Verdict =
  /** The record is in the log. */
  | { readonly kind: "stored" }
  /** It is not, and nothing else is: send the same bytes with the same expectation. */
  | { readonly kind: "again" }
  /** A newer owner has begun; the record will never be stored. */
  | { readonly kind: "fenced"; readonly epoch: number }
  /** Only for a candidate: somebody of no higher epoch was faster. Apply, then think again. */
  | { readonly kind: "overtaken"; readonly epoch: number }
  /** Certainly not stored: no room. */
  | { readonly kind: "full"; readonly cause: Error }
  | {
      readonly kind: "park";
      readonly reason: "alien-append" | "log-behind-projection" | "log-recreated" | "gap";
    };

/**
 * What an answer decides by itself; undefined: the log has to be read. `doubt` says that an earlier
 * copy of the record may still be on its way: no room now does not speak for that one.
 */
export function judgeAnswer(outcome: AppendOutcome, doubt: boolean): Verdict | undefined {
  if (outcome.kind === "stored") return { kind: "stored" };
  if (outcome.kind === "full" && !doubt) return { kind: "full", cause: outcome.cause };
  return undefined;
}

/** What the record behind the expected end decides, where there is one. */
export function judgeFound(found: Buffer, sent: Sent): Verdict {
  if (found.equals(sent.bytes)) return { kind: "stored" };
  const epoch = epochOf(found);
  if (epoch !== undefined && epoch > sent.epoch) return { kind: "fenced", epoch };
  if (epoch !== undefined && sent.role === "candidate") return { kind: "overtaken", epoch };
  return { kind: "park", reason: "alien-append" };
}

/**
 * What the log's end decides where nothing stands behind the expected end. A `park` of this table
 * is believed only when a second look, later than any election takes, finds the same.
 */
export function judgeEnd(end: LogEnd, sent: Sent): Verdict {
  if (end.identity !== sent.identity) return { kind: "park", reason: "log-recreated" };
  if (end.lastSeq < sent.after) return { kind: "park", reason: "log-behind-projection" };
  // Something was stored there, and was trimmed before it could be read.
  if (end.firstSeq > sent.after + 1) return { kind: "park", reason: "gap" };
  return { kind: "again" };
}

function epochOf(bytes: Buffer): number | undefined {
  try {
    return readHead(bytes).epoch;
  } catch {
    return undefined;
  }
}
