// Defends: every message that was handed over is answered exactly once, to its own sink and ticket,
// whichever thread judged it and whatever died; a full queue refuses at once; a late message is not
// worked on; small loads run inline and large ones on the pool.
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Batch, rowsMax } from "./batch.ts";
import type { AnswerSink, Peer } from "./dispatch-types.ts";
import { type BatchRunner, Dispatcher } from "./dispatcher.ts";

const peer: Peer = { id: 3, tag: 7, name: "net", macRequired: false, macLabel: null };

/** Answers each message with its own bytes; an expired row gets the single byte "L". */
function echo(batch: Batch): void {
  let at = 0;
  for (let row = 0; row < batch.count; row++) {
    const bytes = batch.expired(row)
      ? Buffer.from("L")
      : batch.input.subarray(batch.offset(row), batch.offset(row) + batch.length(row));
    bytes.copy(batch.output, at);
    batch.setAnswer(row, at, bytes.length, 0, 0);
    at += bytes.length;
  }
}

class Sink implements AnswerSink {
  readonly answers = new Map<number, string>();
  flushes = 0;
  answer(ticket: number, bytes: Buffer, offset: number, length: number): void {
    if (this.answers.has(ticket)) throw new Error("answered twice");
    this.answers.set(ticket, bytes.toString("latin1", offset, offset + length));
  }
  flush(): void {
    this.flushes++;
  }
}

/** A pool whose batches finish when the test says so. */
class ManualPool implements BatchRunner {
  readonly waiting: { slot: number; settle: (fault?: Error) => void }[] = [];
  readonly capacity: number;
  constructor(capacity: number) {
    this.capacity = capacity;
  }
  run(slot: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (fault?: Error) => (fault === undefined ? resolve() : reject(fault));
      this.waiting.push({ slot, settle });
    });
  }
}

function setup(options: { capacity?: number; slots?: number; inlineRowsMax?: number } = {}) {
  const batches = Array.from({ length: options.slots ?? 4 }, () => new Batch());
  const pool = new ManualPool(options.capacity ?? 0);
  const faults: unknown[] = [];
  const clock = { ms: 1_000 };
  const dispatcher = new Dispatcher({
    batches,
    runner: pool,
    inline: echo,
    refuse: echo,
    inlineRowsMax: options.inlineRowsMax ?? 2,
    nowMs: () => clock.ms,
    onRunnerFault: (error) => faults.push(error),
  });
  const send = (sink: AnswerSink, ticket: number, text: string, deadlineMs = 9_999) =>
    dispatcher.submit(peer, Buffer.from(text), 0, text.length, ticket, sink, deadlineMs);
  return { dispatcher, pool, faults, clock, send, batches };
}

describe("without a pool", () => {
  it("answers all messages of a turn in one batch, with one flush a sink", async () => {
    const { send, dispatcher } = setup();
    const [one, two] = [new Sink(), new Sink()];
    send(one, 1, "a");
    send(two, 1, "b");
    send(one, 2, "c");
    await nextTurn();
    expect([...one.answers]).toEqual([
      [1, "a"],
      [2, "c"],
    ]);
    expect([...two.answers]).toEqual([[1, "b"]]);
    expect([one.flushes, two.flushes, dispatcher.stats.inlineBatches]).toEqual([1, 1, 1]);
  });

  it("answers any mix of sinks and sizes exactly once", async () => {
    const message = fc.record({
      sink: fc.nat(3),
      text: fc.string({ unit: fc.constantFrom("a", "b", "7"), maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 600 }), async (messages) => {
        const { send, dispatcher } = setup({ slots: 6 });
        const sinks = [new Sink(), new Sink(), new Sink(), new Sink()];
        messages.forEach(({ sink, text }, ticket) => {
          expect(send(sinks[sink] as Sink, ticket, text)).toBe(true);
        });
        await dispatcher.drain();
        messages.forEach(({ sink, text }, ticket) => {
          expect(sinks[sink]?.answers.get(ticket)).toBe(text);
        });
        expect(sinks.reduce((sum, sink) => sum + sink.answers.size, 0)).toBe(messages.length);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses at once when every batch is full, and takes messages again afterwards", async () => {
    const { send, dispatcher } = setup({ slots: 2 });
    const sink = new Sink();
    for (let i = 0; i < 2 * rowsMax; i++) expect(send(sink, i, "x")).toBe(true);
    expect(send(sink, -1, "x")).toBe(false);
    expect(dispatcher.stats.shed).toBe(1);
    await dispatcher.drain();
    expect(sink.answers.size).toBe(2 * rowsMax);
    expect(send(sink, -2, "x")).toBe(true);
    await dispatcher.drain();
    expect(sink.answers.get(-2)).toBe("x");
  });

  it("does not work on a message whose deadline has passed", async () => {
    const { send, clock, dispatcher } = setup();
    const sink = new Sink();
    send(sink, 1, "late", 1_500);
    send(sink, 2, "good", 3_000);
    clock.ms = 2_000;
    await dispatcher.drain();
    expect([sink.answers.get(1), sink.answers.get(2)]).toEqual(["L", "good"]);
    expect(dispatcher.stats.expired).toBe(1);
  });

  it("keeps the other sinks' answers when one sink throws", async () => {
    const { send, faults, dispatcher } = setup();
    const bad: AnswerSink = {
      answer() {
        throw new Error("broken door");
      },
      flush() {
        throw new Error("broken door");
      },
    };
    const good = new Sink();
    send(bad, 1, "a");
    send(good, 1, "b");
    await dispatcher.drain();
    expect([good.answers.get(1), good.flushes, faults.length]).toEqual(["b", 1, 2]);
  });
});

describe("with a pool", () => {
  it("runs a small batch inline while no worker is busy, and a large one on the pool", async () => {
    const { send, pool, dispatcher } = setup({ capacity: 1, inlineRowsMax: 2 });
    const sink = new Sink();
    send(sink, 1, "a");
    await nextTurn();
    expect([sink.answers.size, pool.waiting.length]).toEqual([1, 0]);
    for (let i = 2; i < 6; i++) send(sink, i, "b");
    await nextTurn();
    expect([pool.waiting.length, dispatcher.stats.pooledBatches]).toEqual([1, 1]);
  });

  it("lets the open batch grow while all workers are busy", async () => {
    const { send, pool, batches, dispatcher } = setup({ capacity: 1, inlineRowsMax: 0 });
    const sink = new Sink();
    send(sink, 0, "first");
    await nextTurn();
    for (let turn = 1; turn <= 3; turn++) {
      send(sink, turn, `turn ${turn}`);
      await nextTurn();
    }
    expect(pool.waiting.length).toBe(1);
    const first = pool.waiting.shift();
    echo(batches[first?.slot ?? 0] as Batch);
    first?.settle();
    await nextTurn();
    expect([sink.answers.get(0), pool.waiting.length]).toEqual(["first", 1]);
    const second = pool.waiting.shift();
    expect(batches[second?.slot ?? 0]?.count).toBe(3);
    echo(batches[second?.slot ?? 0] as Batch);
    second?.settle();
    await dispatcher.drain();
    expect(sink.answers.size).toBe(4);
  });

  it("runs a batch again inline when its worker dies", async () => {
    const { send, pool, faults, dispatcher } = setup({ capacity: 1, inlineRowsMax: 0 });
    const sink = new Sink();
    send(sink, 1, "a");
    send(sink, 2, "b");
    await nextTurn();
    pool.waiting.shift()?.settle(new Error("worker died"));
    await dispatcher.drain();
    expect([...sink.answers.values()]).toEqual(["a", "b"]);
    expect([faults.length, dispatcher.stats.rescuedBatches]).toEqual([1, 1]);
  });

  it("wipes the answers of a finished batch", async () => {
    const { send, batches, dispatcher } = setup();
    send(new Sink(), 1, "secret");
    await dispatcher.drain();
    for (const batch of batches) expect(batch.output.includes("secret")).toBe(false);
  });
});
