// A process of its own with a pipeline on a given vault. It takes its orders over IPC, and writes
// each batch's answers to standard output before it goes on, as a door would: what was written has
// left.
import { writeSync } from "node:fs";
import { KeyPage, KeyRing } from "../../crypto/mod.ts";
import { Batch, openPipeline, type PipelineSettings } from "../../hotpath/mod.ts";
import { baseKeys, plainPeer } from "../../hotpath/test-rig.ts";
import { MetricCells } from "../../platform/mod.ts";
import { readMessages } from "./message-file.ts";

export interface ChildOrder {
  readonly settings: PipelineSettings;
  readonly bootId: string;
  /** Messages one after the other, each behind four bytes of length. */
  readonly file: string;
  readonly from: number;
  readonly batch: number;
  /** Unix milliseconds at which the first batch begins. */
  readonly startAtMs: number;
  /** Milliseconds between the beginnings of two batches; 0: as fast as it goes. */
  readonly paceMs: number;
}

function run(order: ChildOrder): void {
  const keys = new KeyPage();
  keys.publish(new KeyRing(baseKeys));
  const opened = openPipeline(order.settings, {
    keys: keys.shared,
    cells: new MetricCells().shared,
    place: "inline",
    journalName: `child-${process.pid}`,
    bootId: order.bootId,
  });
  const messages = readMessages(order.file);
  const batch = new Batch();
  const text = { id: "" };
  for (let at = order.from, turn = 0; at < messages.length; at += order.batch, turn++) {
    const due = order.startAtMs + turn * order.paceMs;
    while (Date.now() < due) {
      // Busy, so that two processes begin in the same microseconds.
    }
    batch.clear();
    const part = messages.slice(at, at + order.batch);
    for (const message of part) batch.add(plainPeer.id, message, 0, message.length);
    opened.pipeline.processBatch(batch);
    let lines = "";
    for (let row = 0; row < batch.count; row++) {
      text.id = batch.ids.toString("hex", row * 16, row * 16 + 16);
      lines += `${at + row} ${batch.reason(row)} ${text.id}\n`;
    }
    writeSync(1, lines);
  }
  process.exit(0);
}

process.once("message", (order) => run(order as ChildOrder));
