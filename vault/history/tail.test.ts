// Defends: what is not folded yet counts for a reversal, completion or refund as if it were, and
// looking there folds nothing.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checksum } from "../journal/checksum.ts";
import { rowAt, rowBytes } from "../journal/row.ts";
import { de90Of, putRow, type RowFields, testId } from "../journal/test-rows.ts";
import type { History } from "./history.ts";
import { HistoryRig } from "./test-rig.ts";

let rig: HistoryRig;
let history: History;

beforeEach(() => {
  rig = new HistoryRig();
  history = rig.history();
});
afterEach(() => rig.close());

const purchase = (id: number, changes: Partial<RowFields> = {}): RowFields => ({
  id,
  timeMs: rig.nowMs,
  mti: 0x0200,
  stan: String(id).padStart(6, "0"),
  amount: "000000001000",
  ...changes,
});

const reversal = (of: RowFields, changes: Partial<RowFields> = {}): RowFields => ({
  kind: "originalBased",
  id: of.id + 5_000,
  timeMs: rig.nowMs,
  mti: 0x0400,
  stan: "000950",
  original: de90Of(of),
  ...changes,
});

const find = (of: RowFields) => history.findOriginalFresh(rig.queryOf(of));

function take(of: RowFields, amount: number, id = 9_000): boolean {
  const { key } = find(of)!;
  return history.reserveRefund({ key, amount, currency: "458", verificationId: testId(id) });
}

describe("an original that is not folded", () => {
  it("is found in any journal, and stays unfolded", () => {
    rig.append("w0", purchase(1));
    rig.append("w1", purchase(2, { token: 2 }), purchase(3));
    for (const id of [1, 3, 2, 1]) {
      const of = purchase(id, id === 2 ? { token: 2 } : {});
      expect(find(of)).toMatchObject({ verificationId: testId(id), amount: 1_000 });
    }
    expect(history.stats().rowsBehind).toBe(3);
    expect(find(purchase(4))).toBeUndefined();
    rig.append("w1", purchase(4));
    expect(find(purchase(4))).toBeDefined();
    history.fold();
    rig.append("w0", purchase(5));
    for (const id of [3, 4, 5]) expect(find(purchase(id))).toBeDefined();
  });

  it("is not found where it was declined, is damaged, or is another token's", () => {
    rig.append("w0", purchase(1, { reason: 1006 }), purchase(2), purchase(3));
    const { path } = rig.writer();
    const bytes = readFileSync(path);
    bytes[rowBytes + rowAt.amount]! ^= 1;
    writeFileSync(path, bytes);
    expect(find(purchase(1))).toBeUndefined();
    expect(find(purchase(2))).toBeUndefined();
    expect(find(purchase(3, { token: 2 }))).toBeUndefined();
    expect(find(purchase(3))).toBeDefined();
  });

  it("is found at the end and at the start of a backlog longer than one look", () => {
    const rows = 140_000;
    const all = Buffer.alloc(rows * rowBytes);
    // One row a millisecond; each second has STANs of its own.
    putRow(all, 0, purchase(1));
    for (let row = 1; row < rows; row++) all.copy(all, row * rowBytes, 0, rowBytes);
    const put = (row: number): RowFields => {
      const fields = purchase(row + 1, { timeMs: rig.nowMs + row });
      putRow(all, row, fields);
      return fields;
    };
    for (let row = 0; row < rows; row++) {
      all.writeDoubleLE(rig.nowMs + row, row * rowBytes + rowAt.timeMs);
    }
    const first = put(10);
    const last = put(rows - 10);
    for (let row = 0; row < rows; row++) {
      const at = row * rowBytes;
      const words = new Int32Array(Uint8Array.from(all.subarray(at, at + rowAt.checksum)).buffer);
      all.writeUInt32LE(checksum(words, 0, words.length), at + rowAt.checksum);
    }
    appendFileSync(rig.writer().path, all);
    rig.clock.advance(200_000);
    expect(find(last)).toMatchObject({ verificationId: testId(last.id) });
    expect(find(first)).toMatchObject({ verificationId: testId(first.id) });
    expect(history.stats().rowsBehind).toBe(rows);
  });

  it("can be refunded, never beyond its amount, and is counted once when it is folded", () => {
    rig.append("w0", purchase(1));
    expect(take(purchase(1), 600, 10)).toBe(true);
    expect(take(purchase(1), 401, 11)).toBe(false);
    const refund: RowFields = {
      ...reversal(purchase(1)),
      id: 10,
      mti: 0x0200,
      processingCode: "200000",
      stan: "000960",
      amount: "000000000600",
    };
    rig.append("w1", refund);
    history.foldAll();
    expect(rig.get(history, purchase(1)).refunded).toBe(600);
    expect(take(purchase(1), 400, 12)).toBe(true);
    expect(take(purchase(1), 1, 13)).toBe(false);
  });
});

describe("a reversal that is not folded", () => {
  it("forbids a refund of what it names, folded or not", () => {
    rig.append("w0", purchase(1), purchase(2), purchase(3));
    history.fold();
    rig.append("w0", purchase(4), reversal(purchase(1)));
    rig.append("w1", reversal(purchase(4)), reversal(purchase(2), { flags: ["partialReversal"] }));
    rig.append("w1", reversal(purchase(3), { reason: 3004 }));
    expect(find(purchase(4))!.reversed).toBe(true);
    expect(take(purchase(4), 1, 20)).toBe(false);
    expect(take(purchase(1), 1, 21)).toBe(false);
    expect(take(purchase(2), 1, 22)).toBe(true);
    expect(take(purchase(3), 1, 23)).toBe(true);
  });
});
