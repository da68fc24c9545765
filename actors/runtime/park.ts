// Why a shard stops. Going on would make a vault that differs from its log, or from its replicas,
// without anybody noticing; so the shard stands until somebody looks.

export type ParkReason =
  /** A sequence is missing that no second reading brings. */
  | "gap"
  /** A record does not follow the one before it, or is not of this stream. */
  | "chain-mismatch"
  /** A record of an owner who had been replaced, or a barrier that does not rise. */
  | "epoch-regression"
  | "incarnation-changed"
  /** Somebody appended who is not the owner, in the owner's epoch. */
  | "alien-append"
  /** The projection has seen more than the log holds: the log lost its tail. */
  | "log-behind-projection"
  | "log-recreated"
  /** An event that this version does not know and must not skip. */
  | "unknown-event"
  /** A record that cannot be read. */
  | "damaged-record"
  /** An event could not be applied. */
  | "fold-error"
  /** An actor's rows are not those that the fold wrote. */
  | "damaged-state"
  /** The same events made another state of an actor here than at the owner. */
  | "state-mismatch"
  /** Somebody wanted it so. */
  | "operator";

export class ParkError extends Error {
  override readonly name = "ParkError";
  readonly reason: ParkReason;
  readonly shard: number;
  /** The record at which the shard stands. */
  readonly seq: number;

  constructor(reason: ParkReason, shard: number, seq: number, detail: string, cause?: unknown) {
    super(`shard ${shard} stands at ${seq}: ${reason}: ${detail}`, { cause });
    this.reason = reason;
    this.shard = shard;
    this.seq = seq;
  }
}
