// When each message is due, decided before the first one leaves: latency counts from here, not from
// the moment at which a slow service let the generator go on. Messages come in bursts of `batch`,
// evenly spaced; all of one burst are due together.

export interface ScheduleOptions {
  /** Messages a second that are wanted. */
  readonly rate: number;
  readonly batch: number;
  /** Length of the measured part, seconds. */
  readonly seconds: number;
  /** Before it, at the same rate: sent and checked, not counted. */
  readonly warmUpSeconds: number;
}

export class Schedule {
  /** Whole bursts a second, so that a second's messages are made as one block. */
  readonly perSecond: number;
  readonly batch: number;
  /** Messages in all. */
  readonly count: number;
  /** The first one that counts. */
  readonly measuredFrom: number;

  constructor({ rate, batch, seconds, warmUpSeconds }: ScheduleOptions) {
    if (!(rate > 0) || !(seconds > 0) || warmUpSeconds < 0) throw new RangeError("no such load");
    this.batch = batch;
    this.perSecond = Math.max(1, Math.round(rate / batch)) * batch;
    this.measuredFrom = this.perSecond * warmUpSeconds;
    this.count = this.measuredFrom + this.perSecond * seconds;
  }

  /** Milliseconds from the start at which a message is due. */
  dueMs(message: number): number {
    const burst = Math.floor(message / this.batch);
    return (burst * this.batch * 1_000) / this.perSecond;
  }

  /** The burst of a message ends before this one. */
  burstEnd(message: number): number {
    return Math.min(this.count, (Math.floor(message / this.batch) + 1) * this.batch);
  }
}
