// Defends: a worker that dies is replaced and its batch answered, with its own claims recognised; a
// token that is suspended between two batches of a busy pool declines in the second.

import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
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
import { type Fate, fateVariable, writeFate } from "./mortal-worker.ts";

let rig: Rig;
let pool: WorkerPool;
let opened: OpenedPipeline;
let dispatcher: Dispatcher;
let fateFile: string;
const faults: unknown[] = [];
const mortal = fileURLToPath(new URL("./mortal-worker.ts", import.meta.url));

function decide(fate: Partial<Fate>): void {
  const immortal: Fate = { atStart: 0, afterWrites: 0, written: false };
  writeFate(fateFile, { ...immortal, ...fate });
}

function deaths(): number {
  return statSync(`${fateFile}.deaths`, { throwIfNoEntry: false })?.size ?? 0;
}

beforeEach(() => {
  rig = new Rig({ startMs: Date.now() });
  fateFile = join(rig.settings.dir, "fate");
  process.env[fateVariable] = fateFile;
  decide({});
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
    preload: mortal,
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

it("answers every message of a pool whose workers die under load", async () => {
  const sink = new Collect();
  let sent = 0;
  while (sent < 1_500 || deaths() < 4) {
    // Before their rows are written and after: the claims stand, nobody has seen an answer.
    decide({ afterWrites: 2, written: sent % 50 === 0 });
    const more = dispatcher.stats.queuedRows < 500 ? 25 : 0;
    for (let i = 0; i < more; i++) submit(sink, sent++, rig.payment());
    await setTimeout(5);
  }
  await dispatcher.drain();
  decide({});
  expect(sink.reasons.size).toBe(sent);
  expect([...sink.reasons.values()].every((code) => code === 0)).toBe(true);
  // None is marked as a repetition: nobody had seen the answer that died with its worker.
  expect([...sink.answers.values()].filter((answer) => answer.includes("20001R"))).toEqual([]);
  // And the pool still works.
  const after = new Collect();
  submit(after, 1, rig.payment());
  await dispatcher.drain();
  expect(after.reasons.get(1)).toBe(0);
});

it("answers without workers that die while they start, and has workers again later", async () => {
  const sink = new Collect();
  let sent = 0;
  // The first two had started, those that take their place had not.
  decide({ afterWrites: 1, atStart: 3 });
  while (deaths() < 5) {
    submit(sink, sent++, rig.payment());
    await setTimeout(2);
  }
  decide({});
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
