// Defends: a token's events come in the order of time and page by page, however many folds they
// came in, in whatever order those read them, and however often their runs were merged.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RowFields } from "../journal/test-rows.ts";
import { testIndex } from "../journal/test-rows.ts";
import type { History } from "./history.ts";
import { openHistoryTables } from "./tables.ts";
import { HistoryRig } from "./test-rig.ts";
import { encodeRun, listRuns, positionsIn, putRun, readRun } from "./token-runs.ts";

let rig: HistoryRig;
let history: History;

beforeEach(() => {
  rig = new HistoryRig();
  history = rig.history();
});
afterEach(() => rig.close());

const row = (id: number, changes: Partial<RowFields> = {}): RowFields => ({
  id,
  timeMs: rig.nowMs + id,
  stan: String(id).padStart(6, "0"),
  ...changes,
});

/** The stored runs, as another reader sees them. */
async function runSizes(): Promise<number[]> {
  const options = { dir: rig.dir, mapSizeBytes: 64 * 1024 ** 2, readOnly: true };
  const tables = openHistoryTables(options);
  const sizes = [...listRuns(tables)].map((run) => run.entries);
  await tables.env.close();
  return sizes;
}

/** Walks all pages. */
function pages(token: number, limit: number): number[] {
  const times: number[] = [];
  for (let before: string | undefined; ; ) {
    const page = history.eventsOf(
      testIndex(token),
      before === undefined ? { limit } : { limit, before },
    );
    times.push(...page.map((event) => event.timeMs - rig.nowMs));
    if (page.length < limit) return times;
    before = page.at(-1)!.position;
  }
}

it("merges small runs and keeps every event", async () => {
  for (let id = 1; id <= 300; id++) {
    rig.append("w0", row(id, { token: id % 3 }));
    history.fold();
  }
  const sizes = await runSizes();
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(300);
  expect(sizes.length).toBeLessThan(40);
  const expected = Array.from({ length: 100 }, (_, i) => 300 - 3 * i);
  expect(pages(0, 7)).toEqual(expected);
  expect(pages(0, 100)).toEqual(expected);
});

it("gives the order of time where a backlog of older rows was read last", () => {
  const newest = Array.from({ length: 20 }, (_, i) => row(100 + i));
  const middle = Array.from({ length: 20 }, (_, i) => row(50 + 3 * i));
  const oldest = Array.from({ length: 20 }, (_, i) => row(51 + 3 * i));
  for (const rows of [newest, middle, oldest]) {
    rig.append("w0", ...rows.map((fields) => ({ ...fields, id: fields.id + 1_000 * rows.length })));
    history.fold();
  }
  const expected = [...newest, ...middle, ...oldest]
    .map(({ timeMs }) => timeMs - rig.nowMs)
    .sort((a, b) => b - a);
  const times = pages(1, 9);
  expect(times).toHaveLength(60);
  expect(times).toEqual(expected);
});

it("shares a run among more events of a token than a chunk holds", () => {
  for (let from = 1; from <= 1_280; from += 64) {
    rig.append("w0", ...Array.from({ length: 64 }, (_, i) => row(from + i)));
  }
  rig.append("w0", row(1_281, { token: 2 }));
  history.foldAll();
  expect(pages(1, 100)).toEqual(Array.from({ length: 1_280 }, (_, i) => 1_280 - i));
  expect(pages(2, 100)).toEqual([1_281]);
});

it("finds every word of a run, and none that is not there", async () => {
  const tables = openHistoryTables({ dir: rig.dir, mapSizeBytes: 2 ** 26, readOnly: false });
  const entries = 3_000;
  // Words 10, 10, 10, 20, 20, 20 and so on; offsets as they come.
  const words = Uint32Array.from({ length: 2 * entries }, (_, i) =>
    i % 2 === 0 ? 10 + 10 * Math.floor(i / 6) : Math.floor(i / 2),
  );
  const head = { run: 1_600, keepUntil: 2 ** 32 - 1, entries, minMs: 0, maxMs: 1 };
  tables.env.write(() => putRun(tables, encodeRun(head, words)));
  for (let i = 0; i < 1_000; i++) {
    const from = 1_600 + 3 * i;
    expect(positionsIn(tables, 1_600, 10 + 10 * i)).toEqual([from + 2, from + 1, from]);
  }
  for (const word of [0, 9, 15, 10_001, 2 ** 32 - 1]) {
    expect(positionsIn(tables, 1_600, word)).toEqual([]);
  }
  expect(readRun(tables, head)).toEqual(words);
  await tables.env.close();
});
