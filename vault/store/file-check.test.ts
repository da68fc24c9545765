// Defends: a cut file is found whatever its size and wherever it was cut, and no file that LMDB
// itself left is called damaged, even where it counts pages that it never wrote.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import { seededRandom } from "../test-vault.ts";
import { type Environment, openEnvironment, type Table } from "./environment.ts";
import { checkDataFile } from "./file-check.ts";

let dir: string;
let env: Environment;
let table: Table;
const random = seededRandom("file-check");
const draw = (below: number) => random(4).readUInt32LE(0) % below;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-file-"));
  env = openEnvironment({ path: dir, mapSizeBytes: 2 ** 28, readOnly: false, create: true });
  table = env.table("rows");
});
afterEach(async () => {
  await env.close();
  rmSync(dir, { recursive: true });
});

/** LMDB's flags for a commit without a flush, which this test does without. */
const noFlush = 0x10002 as never;

/** A transaction that puts many rows, some of several pages, and takes some away again. */
function churn(): void {
  env.root.transactionSync(() => {
    const keys = Array.from({ length: 1 + draw(150) }, () => random(16));
    for (const key of keys)
      table.putSync(key, Buffer.alloc(draw(10) === 0 ? draw(20_000) : 160, 1));
    for (const key of keys.slice(draw(keys.length))) table.removeSync(key);
  }, noFlush);
}

const dataFile = () => join(dir, "data.mdb");
const statsOf = () => env.root.getStats() as { lastPageNumber: number };

describe("checkDataFile", () => {
  test("accepts every state that LMDB leaves, and short ones are among them", () => {
    let short = 0;
    for (let round = 0; round < 150; round++) {
      churn();
      const pages = statSync(dataFile()).size / 4096;
      if (pages <= statsOf().lastPageNumber) short++;
      checkDataFile(dataFile());
    }
    expect(short).toBeGreaterThan(0);
  });

  test("refuses the file cut after any page that matters", () => {
    for (let round = 0; round < 30; round++) churn();
    const whole = readFileSync(dataFile());
    const cut = join(dir, "cut.mdb");
    let refused = 0;
    for (let pages = 2; pages < whole.length / 4096; pages += 3) {
      writeFileSync(cut, whole.subarray(0, pages * 4096 + 100));
      try {
        checkDataFile(cut);
      } catch (error) {
        expect(isAppError(error, "VAULT_CORRUPT")).toBe(true);
        refused++;
      }
    }
    // Free pages at the very end may be missing without harm; no more than a few are.
    expect(refused).toBeGreaterThan(whole.length / 4096 / 3 - 15);
  });
});
