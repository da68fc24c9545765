// Gathers messages into batches and decides where each batch runs. What arrives in one turn of the
// event loop goes together; while all workers are busy the open batch grows, so an idle system adds
// no waiting and a loaded one amortises. Every queue has a bound: beyond it the door answers
// overload.
import { reason } from "../platform/mod.ts";
import { type Batch, rowsMax } from "./batch.ts";
import type { AnswerSink, PaymentDispatcher, Peer } from "./dispatch-types.ts";

/** Runs one batch somewhere; resolves when its answers stand in it. */
export interface BatchRunner {
  /** Batches that may be under way at once; 0: there is nobody but the calling thread. */
  readonly capacity: number;
  run(slot: number): Promise<void>;
}

export interface DispatcherOptions {
  readonly batches: readonly Batch[];
  readonly runner: BatchRunner;
  /** The pipeline of the calling thread. */
  readonly inline: (batch: Batch) => void;
  /** Answers every message of a batch 9096, where judging it failed. */
  readonly refuse: (batch: Batch) => void;
  /** Up to this many rows a batch runs inline while no worker is busy: a hop would cost more. */
  readonly inlineRowsMax: number;
  readonly nowMs: () => number;
  readonly onRunnerFault: (error: unknown) => void;
}

export interface DispatcherStats {
  inlineBatches: number;
  pooledBatches: number;
  /** Batches run again inline because their worker died. */
  rescuedBatches: number;
  /** Messages refused because every batch was full. */
  shed: number;
  /** Messages whose deadline had passed when their batch began. */
  expired: number;
  queuedRows: number;
  /** Answers that carried a card number, by peer id. */
  readonly released: number[];
  busyBatches: number;
}

/** What this thread keeps of a batch besides its shared memory. */
class Slot {
  readonly number: number;
  readonly batch: Batch;
  readonly tickets = new Float64Array(rowsMax);
  readonly deadlines = new Float64Array(rowsMax);
  readonly sinks: (AnswerSink | null)[] = new Array(rowsMax).fill(null);

  constructor(number: number, batch: Batch) {
    this.number = number;
    this.batch = batch;
  }
}

export class Dispatcher implements PaymentDispatcher {
  readonly stats: DispatcherStats = {
    inlineBatches: 0,
    pooledBatches: 0,
    rescuedBatches: 0,
    shed: 0,
    expired: 0,
    queuedRows: 0,
    released: [],
    busyBatches: 0,
  };
  private readonly options: DispatcherOptions;
  private readonly free: Slot[];
  /** Full batches that wait for a worker; bounded by the number of slots. */
  private readonly full: Slot[] = [];
  private openSlot: Slot | null;
  private scheduled = false;
  private readonly touched = new Set<AnswerSink>();
  private readonly drained: (() => void)[] = [];
  private readonly onTurn = () => this.turn();

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.free = options.batches.map((batch, number) => new Slot(number, batch));
    this.openSlot = this.takeFree();
  }

  submit(
    peer: Peer,
    bytes: Buffer,
    offset: number,
    length: number,
    ticket: number,
    sink: AnswerSink,
    deadlineMs: number,
  ): boolean {
    let slot = this.openSlot;
    if (slot === null || !slot.batch.add(peer.id, bytes, offset, length)) {
      slot = this.nextSlot();
      if (slot === null || !slot.batch.add(peer.id, bytes, offset, length)) {
        this.stats.shed++;
        return false;
      }
    }
    const row = slot.batch.count - 1;
    slot.tickets[row] = ticket;
    slot.deadlines[row] = deadlineMs;
    slot.sinks[row] = sink;
    this.stats.queuedRows++;
    this.schedule();
    return true;
  }

  /** The same for a message with an id, and with what its shard's owner has said (`verdict`). */
  submitGiven(
    peer: Peer,
    message: Buffer,
    ticket: number,
    sink: AnswerSink,
    given: { readonly deadlineMs: number; readonly verdict: number; readonly id: Buffer },
  ): boolean {
    if (!this.submit(peer, message, 0, message.length, ticket, sink, given.deadlineMs))
      return false;
    (this.openSlot as Slot).batch.give(given.verdict, given.id);
    return true;
  }

  drain(): Promise<void> {
    if (this.idle()) return Promise.resolve();
    return new Promise((resolve) => this.drained.push(resolve));
  }

  private idle(): boolean {
    return this.stats.queuedRows === 0 && this.stats.busyBatches === 0;
  }

  private takeFree(): Slot | null {
    const slot = this.free.pop() ?? null;
    slot?.batch.clear();
    return slot;
  }

  /** Puts the full open batch in line and opens another; null where there is none. */
  private nextSlot(): Slot | null {
    if (this.openSlot !== null) {
      if (this.free.length === 0) return null;
      this.full.push(this.openSlot);
    }
    this.openSlot = this.takeFree();
    return this.openSlot;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(this.onTurn);
  }

  /** Once a turn of the event loop: hands over what has gathered. */
  private turn(): void {
    this.scheduled = false;
    const { runner, inlineRowsMax } = this.options;
    if (runner.capacity === 0) {
      this.runNextInline();
      return;
    }
    while (this.full.length > 0 && this.stats.busyBatches < runner.capacity) {
      this.runPooled(this.full.shift() as Slot);
    }
    const rows = this.openSlot?.batch.count ?? 0;
    if (rows === 0 || this.full.length > 0) return;
    if (this.stats.busyBatches === 0 && rows <= inlineRowsMax) this.runOpenInline();
    else if (this.stats.busyBatches < runner.capacity) this.runPooled(this.takeOpen());
  }

  private takeOpen(): Slot {
    const slot = this.openSlot as Slot;
    this.openSlot = this.takeFree();
    return slot;
  }

  /**
   * One batch a turn: its answers are on their way, and the peers work on them, while the next one
   * is judged. A loop over all of them would write every answer at its end.
   */
  private runNextInline(): void {
    const slot = this.full.shift();
    if (slot === undefined) this.runOpenInline();
    else this.runInline(slot);
    if (this.full.length > 0 || (this.openSlot?.batch.count ?? 0) > 0) this.schedule();
  }

  private runOpenInline(): void {
    if ((this.openSlot?.batch.count ?? 0) > 0) this.runInline(this.takeOpen());
  }

  private runInline(slot: Slot): void {
    this.expireLate(slot);
    this.stats.inlineBatches++;
    this.runHere(slot);
    this.deliver(slot);
  }

  private runHere(slot: Slot): void {
    try {
      this.options.inline(slot.batch);
    } catch (error) {
      this.options.onRunnerFault(error);
      this.refuse(slot.batch);
    }
  }

  private refuse(batch: Batch): void {
    try {
      this.options.refuse(batch);
    } catch (error) {
      this.options.onRunnerFault(error);
      failBatch(batch);
    }
  }

  private runPooled(slot: Slot): void {
    this.expireLate(slot);
    this.stats.pooledBatches++;
    this.stats.busyBatches++;
    this.options.runner.run(slot.number).then(
      () => this.finishPooled(slot),
      (error: unknown) => {
        // The worker died or threw. The verification ids stand in the batch, so running it again
        // recognises the claims that the worker had already made as its own.
        this.options.onRunnerFault(error);
        this.stats.rescuedBatches++;
        this.runHere(slot);
        this.finishPooled(slot);
      },
    );
  }

  private finishPooled(slot: Slot): void {
    this.stats.busyBatches--;
    this.deliver(slot);
    if (this.full.length > 0 || (this.openSlot?.batch.count ?? 0) > 0) this.turn();
  }

  /** A request past its deadline is answered, not started. */
  private expireLate(slot: Slot): void {
    const now = this.options.nowMs();
    const { batch, deadlines } = slot;
    for (let row = 0; row < batch.count; row++) {
      if ((deadlines[row] as number) >= now) continue;
      batch.expire(row);
      this.stats.expired++;
    }
  }

  private countRelease(peer: number): void {
    const { released } = this.stats;
    released[peer] = (released[peer] ?? 0) + 1;
  }

  /** A door that fails must not cost the others their answers. */
  private answer(sink: AnswerSink, ticket: number, batch: Batch, row: number): void {
    const at = batch.answerOffset(row);
    const length = batch.answerLength(row);
    try {
      sink.answer(ticket, batch.output, at, length, batch.reason(row), batch.status(row));
    } catch (error) {
      this.options.onRunnerFault(error);
    }
  }

  private flush(sink: AnswerSink): void {
    try {
      sink.flush();
    } catch (error) {
      this.options.onRunnerFault(error);
    }
  }

  private deliver(slot: Slot): void {
    const { batch, sinks, tickets } = slot;
    const { touched } = this;
    const count = batch.count;
    let last: AnswerSink | null = null;
    for (let row = 0; row < count; row++) {
      const sink = sinks[row] as AnswerSink;
      sinks[row] = null;
      if (sink !== last) {
        touched.add(sink);
        last = sink;
      }
      this.answer(sink, tickets[row] as number, batch, row);
      if (batch.released(row)) this.countRelease(batch.peer(row));
    }
    for (const sink of touched) this.flush(sink);
    touched.clear();
    wipe(batch);
    this.stats.queuedRows -= count;
    this.free.push(slot);
    if (this.openSlot === null) this.openSlot = this.takeFree();
    if (this.idle()) for (const resolve of this.drained.splice(0)) resolve();
  }
}

/**
 * The last resort: every row gets an answer of length 0: nothing is known of the messages any more.
 */
function failBatch(batch: Batch): void {
  for (let row = 0; row < batch.count; row++) batch.setAnswer(row, 0, 0, reason.SYSTEM_ERROR, 0);
}

/** Answers hold clear PANs; they do not stay in memory longer than the batch. */
function wipe(batch: Batch): void {
  const last = batch.count - 1;
  if (last < 0) return;
  batch.output.fill(0, 0, batch.answerOffset(last) + batch.answerLength(last));
}
