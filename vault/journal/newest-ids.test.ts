// Defends: the newest rows of the named writers are found, over several files, and nobody else's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createManualClock } from "../../platform/mod.ts";
import { JournalWriter } from "./journal-writer.ts";
import { newestIds } from "./newest-ids.ts";
import { beginRow, rowAt, rowBytes, rowKind } from "./row.ts";

const dir = mkdtempSync(join(tmpdir(), "pantun-ids-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, clockMs: number, ids: readonly number[]): void {
  const writer = JournalWriter.open({ dir, name, clock: createManualClock(clockMs) });
  for (const [i, id] of ids.entries()) {
    beginRow(writer.rows, i * rowBytes, rowKind.verification);
    writer.rows.writeUInt32BE(id, i * rowBytes + rowAt.verificationId);
  }
  writer.append(ids.length);
  writer.close();
}

it("finds them", () => {
  expect(newestIds(dir, "pay-", 10).size).toBe(0);
  write("pay-1", 1_000_000, [1, 2, 3]);
  write("pay-2", 2_000_000, [4, 5]);
  write("main-1", 3_000_000, [6]);
  const numbers = (rows: number): number[] =>
    [...newestIds(dir, "pay-", rows)].map((id) => Number.parseInt(id.slice(0, 8), 16)).sort();
  expect(numbers(10)).toEqual([1, 2, 3, 4, 5]);
  expect(numbers(3)).toEqual([3, 4, 5]);
});
