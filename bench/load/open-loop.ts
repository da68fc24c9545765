// Sends payments when they are due, whatever became of earlier ones, and counts every answer from
// the moment at which its payment was due. A stall of the service therefore shows in full: in the
// payments that it held up and in all that were due meanwhile.
import { reason } from "../../platform/mod.ts";
import { Latency, type Percentiles } from "./latency.ts";
import type { Schedule } from "./schedule.ts";
import type { WireBlock } from "./wire.ts";

/** Whoever carries payments to the service: one connection. */
export interface Lane {
  /** Sends items `first` to `end` of a block as one burst; false: full, nothing was taken. */
  send(block: WireBlock, first: number, end: number, numberOfFirst: number): boolean;
}

/** What a lane tells, by the number that the payment has in the run. */
export interface LaneListener {
  answered(message: number, reasonCode: number): void;
  /** No answer, or one that cannot be right: why, without any of its content. */
  failed(message: number, why: string): void;
  /** The lane cannot go on. */
  broken(error: Error): void;
}

export interface Source {
  block(second: number): WireBlock | null;
  release(second: number): void;
}

/** Time, so that a test can pass it by hand. */
export interface Turns {
  nowMs(): number;
  /** Calls back at or shortly before `ms` from now, after what has arrived was read. */
  after(ms: number, work: () => void): void;
}

/** Timers are exact to a millisecond: the last one before a burst is spent polling. */
const pollMs = 1.5;

export const realTurns: Turns = {
  nowMs: () => performance.now(),
  after(ms, work) {
    if (ms < pollMs) setImmediate(work);
    else setTimeout(work, ms - pollMs);
  },
};

/** One run at one rate. */
export interface LoadPoint {
  /** Messages a second: wanted, and answered over the measured part. */
  readonly offered: number;
  readonly achieved: number;
  readonly seconds: number;
  readonly batch: number;
  readonly connections: number;
  readonly answered: number;
  /** Answered by an overload answer. */
  readonly refused: number;
  /** Neither sent nor answered when the time was over. */
  readonly unanswered: number;
  readonly wrong: number;
  readonly firstWrong: string | null;
  /** Answers with a decline that was expected. */
  readonly declined: number;
  /** Milliseconds from the moment at which a payment was due to its answer. */
  readonly latency: Percentiles;
  /** Milliseconds by which payments left late: the generator's own part of the latency. */
  readonly late: Percentiles;
  /** Payments that were due before they were made: the generator was too slow, not the service. */
  readonly starved: number;
  /** The whole latency histogram (HDR, compressed, base64, microseconds). */
  readonly histogram: string;
}

export interface OpenLoopOptions {
  readonly schedule: Schedule;
  readonly source: Source;
  readonly lanes: readonly Lane[];
  readonly turns: Turns;
  /** How long answers may take after the last payment was due. */
  readonly graceMs: number;
}

/** An answer this long after the last payment was due still belongs to the rate. */
const settleMs = 10;

export class OpenLoop implements LaneListener {
  readonly latency = new Latency();
  /** The same since somebody reset it. */
  readonly interval = new Latency();
  readonly late = new Latency();
  readonly tally = { sent: 0, right: 0, declined: 0, refused: 0, wrong: 0 };
  #starvedFrom = -1;
  #starved = 0;
  firstWrong: string | null = null;
  #options: OpenLoopOptions | null = null;
  #beganMs = 0;
  #next = 0;
  #turn = 0;
  /** Measured payments that were answered before the schedule was over. */
  #inTime = 0;
  /** All that were answered in that time: a service that is far behind still answers older ones. */
  #inWindow = 0;
  /** Answers that are due, by second. */
  #open = new Uint32Array(0);
  #end: (error: Error | null) => void = () => {};

  /** Runs to the end of the schedule and until all is answered or the grace is over. */
  async run(options: OpenLoopOptions): Promise<LoadPoint> {
    const { schedule, turns } = options;
    this.#options = options;
    const seconds = Math.ceil(schedule.count / schedule.perSecond);
    this.#open = new Uint32Array(seconds).fill(schedule.perSecond);
    this.#beganMs = turns.nowMs();
    await new Promise<void>((resolve, reject) => {
      this.#end = (error) => (error === null ? resolve() : reject(error));
      this.#step();
    });
    this.#end = () => {};
    return this.#point(options);
  }

  answered(message: number, reasonCode: number): void {
    const source = this.#options?.source;
    if (source === undefined) return;
    const { perSecond } = (this.#options as OpenLoopOptions).schedule;
    const second = Math.floor(message / perSecond);
    const expected = source.block(second)?.expected[message % perSecond];
    if (expected === undefined) this.#isWrong("an answer to nothing that is under way");
    else if (reasonCode === expected) this.#isRight(message, reasonCode);
    else if (reasonCode === reason.OVERLOADED) this.tally.refused++;
    else this.#isWrong(`answered ${reasonCode} where ${expected} was due`);
    this.#close(second);
  }

  failed(message: number, why: string): void {
    const { perSecond } = (this.#options as OpenLoopOptions).schedule;
    this.#isWrong(why);
    this.#close(Math.floor(message / perSecond));
  }

  broken(error: Error): void {
    this.#end(error);
  }

  #isRight(message: number, reasonCode: number): void {
    const { schedule, turns } = this.#options as OpenLoopOptions;
    this.tally.right++;
    if (reasonCode !== 0) this.tally.declined++;
    const now = turns.nowMs() - this.#beganMs;
    const inTime = now <= schedule.dueMs(schedule.count) + settleMs;
    if (inTime && now > schedule.dueMs(schedule.measuredFrom) + settleMs) this.#inWindow++;
    if (message < schedule.measuredFrom) return;
    if (inTime) this.#inTime++;
    const took = now - schedule.dueMs(message);
    this.latency.record(took);
    this.interval.record(took);
  }

  #isWrong(why: string): void {
    this.tally.wrong++;
    this.firstWrong ??= why;
  }

  #close(second: number): void {
    const { source, schedule } = this.#options as OpenLoopOptions;
    const left = (this.#open[second] ?? 0) - 1;
    if (left < 0) return;
    this.#open[second] = left;
    if (left > 0) return;
    source.release(second);
    const { right, refused, wrong } = this.tally;
    if (right + refused + wrong >= schedule.count) this.#end(null);
  }

  /** Sends all that is due, then comes back when the next burst is. */
  #step(): void {
    const { schedule, turns, graceMs } = this.#options as OpenLoopOptions;
    const { right, refused, wrong } = this.tally;
    if (right + refused + wrong >= schedule.count) return;
    let wait = 0;
    try {
      wait = this.#sendDue();
    } catch (error) {
      this.#end(error as Error);
      return;
    }
    const over = turns.nowMs() - this.#beganMs - schedule.dueMs(schedule.count);
    if (over > graceMs) this.#end(null);
    else turns.after(wait, () => this.#step());
  }

  /** Milliseconds until there is something to do. */
  #sendDue(): number {
    const { schedule, turns } = this.#options as OpenLoopOptions;
    while (this.#next < schedule.count) {
      const now = turns.nowMs() - this.#beganMs;
      const due = schedule.dueMs(this.#next);
      if (due > now) return due - now;
      const end = schedule.burstEnd(this.#next);
      // Full, or not made yet: what is read next may change that.
      if (!this.#sendBurst(this.#next, end)) return 0;
      if (this.#next >= schedule.measuredFrom) this.late.record(now - due);
      this.tally.sent += end - this.#next;
      this.#next = end;
    }
    return 1;
  }

  #sendBurst(first: number, end: number): boolean {
    const { schedule, source, lanes } = this.#options as OpenLoopOptions;
    const second = Math.floor(first / schedule.perSecond);
    const block = source.block(second);
    if (block === null) {
      if (this.#starvedFrom !== first) this.#starved += end - first;
      this.#starvedFrom = first;
      return false;
    }
    const base = second * schedule.perSecond;
    for (let tried = 0; tried < lanes.length; tried++) {
      const lane = lanes[this.#turn] as Lane;
      this.#turn = (this.#turn + 1) % lanes.length;
      if (lane.send(block, first - base, end - base, first)) return true;
    }
    return false;
  }

  #point({ schedule, lanes }: OpenLoopOptions): LoadPoint {
    const seconds = (schedule.count - schedule.measuredFrom) / schedule.perSecond;
    const { right, refused, wrong, declined } = this.tally;
    return {
      offered: schedule.perSecond,
      achieved: Math.min(schedule.perSecond, Math.max(this.#inTime, this.#inWindow) / seconds),
      seconds,
      batch: schedule.batch,
      connections: lanes.length,
      answered: right,
      refused,
      unanswered: Math.max(0, schedule.count - right - refused - wrong),
      wrong,
      firstWrong: this.firstWrong,
      declined,
      latency: this.latency.percentiles(),
      late: this.late.percentiles(),
      starved: this.#starved,
      histogram: this.latency.text(),
    };
  }
}
