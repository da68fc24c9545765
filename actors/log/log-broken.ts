// Why a shard cannot go on by itself. Each reason wants an operator; none heals by waiting.

export const parkReasons = [
  /** The log ends before what some node has applied: acknowledged records were lost. */
  "log-behind-projection",
  /** The stream was deleted and made anew, or belongs to another incarnation. */
  "log-recreated",
  /** A record stands where this owner's record should, and no newer owner explains it. */
  "alien-append",
  /** A record does not carry the hash of the one before it. */
  "chain-mismatch",
  /** Records are missing that were never trimmed past, or were trimmed before they were read. */
  "gap",
  /** An epoch is lower than one before it. */
  "epoch-regression",
  /** A record cannot be applied. */
  "fold-failed",
  /** A critical event of a type that this program does not know. */
  "unknown-event",
  /** An operator asked for it. */
  "operator",
] as const;

export type ParkReason = (typeof parkReasons)[number];

/** A stream cannot be followed any more: what a follower's `broken` carries. */
export class LogBroken extends Error {
  override readonly name = "LogBroken";
  readonly reason: ParkReason;

  constructor(reason: ParkReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
