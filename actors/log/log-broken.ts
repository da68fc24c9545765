// What a follower's `broken` carries when it is the log that is broken, and not the way to it. None
// of these heals by waiting: the shard parks and wants an operator.

export type LogFault =
  /** The log ends before what was applied from it: acknowledged records were lost. */
  | "log-behind-projection"
  /** The stream was deleted or made anew, or belongs to another incarnation. */
  | "log-recreated"
  /** Records are missing that are wanted. */
  | "gap";

export class LogBroken extends Error {
  override readonly name = "LogBroken";
  readonly reason: LogFault;

  constructor(reason: LogFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
