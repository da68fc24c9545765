// Stage: the answers, each built from its request's own bytes into the batch's output. Eight zero
// bytes stand where the MAC goes.

import { mydebit, ReplyPatch } from "../../codec/iso8583/mod.ts";
import { bcdToDigits, panBcdBytes } from "../../codec/pan/mod.ts";
import { reason } from "../../platform/mod.ts";
import { AnswerTags } from "../answer-tags.ts";
import type { Batch } from "../batch.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";
import { responseOf } from "../verification-table.ts";
import type { MacStage } from "./mac.ts";

// Places within the patch's scratch buffer.
const responseAt = 0;
const cardAt = 2;
const expiryAt = cardAt + 20;
const tagsAt = 32;

const zero = 0x30;
export class EncodeStage {
  private readonly tags: AnswerTags;
  private readonly patch = new ReplyPatch();
  private readonly mac: MacStage;

  constructor(mac: MacStage, metrics: HotMetrics) {
    this.mac = mac;
    this.tags = new AnswerTags(this.patch.buf, tagsAt, metrics.droppedTags);
  }

  run(batch: Batch, rows: Rows): void {
    let at = 0;
    for (let row = 0; row < rows.count; row++) {
      const code = rows.reason[row] as number;
      if (rows.answerable[row] === 0) {
        batch.setAnswer(row, at, 0, code, rows.status[row] as number);
        continue;
      }
      const end = this.answer(batch, rows, row, at);
      batch.setAnswer(row, at, end - at, code, rows.status[row] as number);
      if (releases(rows, row)) batch.release(row);
      at = end;
    }
  }

  private answer(batch: Batch, rows: Rows, row: number, at: number): number {
    const { patch } = this;
    const kind = rows.work[row];
    patch.clear();
    patch.withMac = this.mac.answers(rows, row);
    patch.errorOnly = rows.status[row] !== 0 || isForeign(rows, row);
    const response = responseOf(rows, row);
    patch.buf[responseAt] = response >> 8;
    patch.buf[responseAt + 1] = response & 0xff;
    patch.set(39, responseAt, 2);
    if (!patch.errorOnly && kind !== work.ADVICE) {
      if (releases(rows, row)) this.putCard(rows, row);
      patch.set(120, tagsAt, this.tags.write(rows, row, batch.ids));
    }
    const end = mydebit.reply(rows.views[row]!, batch.output, at, patch);
    if (end < 0) throw new Error("an answer does not fit its batch: the output size is wrong");
    return end;
  }

  private putCard(rows: Rows, row: number): void {
    const { buf } = this.patch;
    const digits = bcdToDigits(rows.card, row * 16, panBcdBytes, buf, cardAt);
    this.patch.set(2, cardAt, digits);
    for (let i = 0; i < 2; i++) {
      const byte = rows.card[row * 16 + panBcdBytes + i] as number;
      buf[expiryAt + 2 * i] = zero + (byte >> 4);
      buf[expiryAt + 2 * i + 1] = zero + (byte & 15);
    }
    this.patch.set(14, expiryAt, 4);
  }
}

/** True where the answer carries a card number. */
function releases(rows: Rows, row: number): boolean {
  const kind = rows.work[row];
  return rows.reason[row] === reason.VERIFIED && kind !== work.NONE && kind !== work.ADVICE;
}

/** A message that scanned but is no work of this pipeline. */
function isForeign(rows: Rows, row: number): boolean {
  return rows.work[row] === work.NONE && rows.reason[row] === reason.FORMAT_ERROR;
}
