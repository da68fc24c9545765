// Defends: a worker that dies is replaced and its batch answered, with its own claims recognised; a
// token that is suspended between two batches of a busy pool declines in the second.

import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { resumeToken, suspendToken } from "../../actors/card/test-rig.ts";
import { KeyPage, KeyRing } from "../../crypto/mod.ts";
import {
  type AnswerSink,
  Batch,
  Dispatcher,
  type OpenedPipeline,
  openPipeline,
  WorkerPool,
} from "../../hotpath/mod.ts";
import { baseKeys, plainPeer, Rig } from "../../hotpath/test-rig.ts";
import { createMetrics, reason, systemClock } from "../../platform/mod.ts";

let rig: Rig;
let pool: WorkerPool;
let opened: OpenedPipeline;
let dispatcher: Dispatcher;
const faults: unknown[] = [];

beforeEach(() => {
  rig = new Rig({ startMs: Date.now() });
  const keys = new KeyPage();
  keys.publish(new KeyRing(baseKeys));
  const metrics = createMetrics({ runtime: false });
  const batches = Array.from({ length: 8 }, () => new Batch());
  pool = new WorkerPool({
    workers: 2,
    settings: rig.settings,
    batches,
    cells: [metrics.addBlock(), metrics.addBlock()],
    keys: keys.shared,
    onFault: (error) => faults.push(error),
  });
  opened = openPipeline(rig.settings, {
    keys: keys.shared,
    cells: metrics.addBlock(),
    place: "inline",
    journalName: "pool-test",
  });
  dispatcher = new Dispatcher({
    batches,
    runner: pool,
    inline: (batch) => opened.pipeline.processBatch(batch),
    refuse: (batch) => opened.pipeline.refuseBatch(batch, reason.SYSTEM_ERROR),
    inlineRowsMax: 0,
    nowMs: () => systemClock.monotonicMs(),
    onRunnerFault: (error) => faults.push(error),
  });
  faults.length = 0;
});

afterEach(async () => {
  await dispatcher.drain();
  await pool.close();
  await opened.close();
  await rig.remove();
});

class Collect implements AnswerSink {
  readonly reasons = new Map<number, number>();
  readonly answers = new Map<number, string>();
  answer(ticket: number, bytes: Buffer, offset: number, length: number, code: number): void {
    if (this.reasons.has(ticket)) throw new Error("answered twice");
    this.reasons.set(ticket, code);
    this.answers.set(ticket, bytes.toString("latin1", offset, offset + length));
  }
  flush(): void {}
}

function submit(sink: AnswerSink, ticket: number, message: Buffer): void {
  const deadlineMs = systemClock.monotonicMs() + 30_000;
  if (!dispatcher.submit(plainPeer, message, 0, message.length, ticket, sink, deadlineMs)) {
    throw new Error("the queue is full");
  }
}

it("answers every message of a pool whose workers are killed under load", async () => {
  const messages = Array.from({ length: 1_500 }, () => rig.payment());
  const sink = new Collect();
  let killed = 0;
  for (let at = 0; at < messages.length; at += 25) {
    for (const [i, message] of messages.slice(at, at + 25).entries()) submit(sink, at + i, message);
    await new Promise((resolve) => setImmediate(resolve));
    if (at % 250 === 0 && pool.threads.length > 0) {
      killed++;
      void pool.threads[killed % pool.threads.length]?.terminate();
    }
  }
  await dispatcher.drain();
  expect(sink.reasons.size).toBe(messages.length);
  expect([...sink.reasons.values()].every((code) => code === 0)).toBe(true);
  // None is marked as a repetition: nobody had seen the answer that died with its worker.
  expect([...sink.answers.values()].filter((answer) => answer.includes("20001R"))).toEqual([]);
  expect(killed).toBeGreaterThan(3);
  // And the pool still works.
  const after = new Collect();
  submit(after, 1, rig.payment());
  await dispatcher.drain();
  expect(after.reasons.get(1)).toBe(0);
});

it("answers without workers that die while they start, and has workers again later", async () => {
  const sink = new Collect();
  const killed = new Set<number>();
  let sent = 0;
  // The first two had started, those that take their place had not.
  while (killed.size < 5) {
    submit(sink, sent++, rig.payment());
    for (const thread of pool.threads) {
      if (killed.has(thread.threadId)) continue;
      killed.add(thread.threadId);
      void thread.terminate();
    }
    await setTimeout(2);
  }
  await dispatcher.drain();
  expect(sink.reasons.size).toBe(sent);
  expect([...sink.reasons.values()].every((code) => code === 0)).toBe(true);
  await vi.waitFor(() => expect(pool.capacity).toBe(2), { timeout: 20_000, interval: 50 });
  const before = dispatcher.stats.pooledBatches;
  const after = new Collect();
  submit(after, 1, rig.payment());
  await dispatcher.drain();
  expect([after.reasons.get(1), dispatcher.stats.pooledBatches]).toEqual([0, before + 1]);
});

it("declines in the second batch of a busy pool what was suspended after the first", async () => {
  const ref = rig.token.ref;
  for (let round = 0; round < 50; round++) {
    const [before, after] = [new Collect(), new Collect()];
    const first = rig.payment();
    const second = rig.payment();
    submit(before, 1, first);
    await dispatcher.drain();
    suspendToken(rig.vault, ref, "ADMIN");
    submit(after, 1, second);
    await dispatcher.drain();
    expect([before.reasons.get(1), after.reasons.get(1)]).toEqual([0, reason.TOKEN_SUSPENDED]);
    resumeToken(rig.vault, ref, "ADMIN");
  }
  expect(dispatcher.stats.pooledBatches).toBe(100);
});
