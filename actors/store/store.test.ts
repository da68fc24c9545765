// Defends: LMDB and the store in memory behave alike for any transactions: what is read, ranges in
// both directions, what a transaction sees of itself, and that a throw rolls all of it back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Environment, openEnvironment } from "../../vault/mod.ts";
import { lmdbStore } from "./lmdb.ts";
import { MemoryStore } from "./memory.ts";
import { afterPrefix, type Store } from "./port.ts";

let dir: string;
let env: Environment;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-store-"));
  env = openEnvironment({ path: dir, mapSizeBytes: 2 ** 24, readOnly: false, create: true });
});
afterAll(async () => {
  await env.close();
  rmSync(dir, { recursive: true });
});

const key = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes));
const step = fc.oneof(
  fc.record({ op: fc.constant("put" as const), key, value: fc.uint8Array({ maxLength: 9 }) }),
  fc.record({ op: fc.constant("remove" as const), key }),
  fc.record({ op: fc.constant("get" as const), key }),
  fc.record({
    op: fc.constant("range" as const),
    key,
    end: key,
    limit: fc.integer({ min: 1, max: 5 }),
    reverse: fc.boolean(),
  }),
);
const transaction = fc.record({ steps: fc.array(step, { maxLength: 12 }), fail: fc.boolean() });
type Transaction = typeof transaction extends fc.Arbitrary<infer T> ? T : never;

function run(store: Store, name: string, { steps, fail }: Transaction): unknown[] {
  const rows = store.rows(name);
  const seen: unknown[] = [];
  const act = () => {
    for (const one of steps) {
      if (one.op === "put") rows.put(one.key, Buffer.from(one.value));
      else if (one.op === "remove") rows.remove(one.key);
      else if (one.op === "get") seen.push(rows.get(one.key));
      else if (Buffer.compare(one.key, one.end) < 0) {
        const { end, limit, reverse } = one;
        seen.push(rows.range({ start: one.key, end, limit, reverse }));
      }
    }
    if (fail) throw new Error("as asked");
  };
  try {
    store.write(act);
  } catch (error) {
    seen.push((error as Error).message);
  }
  const all = { start: Buffer.of(0), end: Buffer.of(255, 255, 255, 255), limit: 1_000 };
  return [...seen, rows.range(all), rows.range({ ...all, reverse: true })];
}

describe("two stores", () => {
  test("see the same after any transactions", () => {
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 5 }), (many) => {
        const lmdb = lmdbStore(env);
        const memory = new MemoryStore();
        // One table for all runs, emptied: an environment has few of them.
        const name = "one";
        const rows = lmdb.rows(name);
        const end = Buffer.of(255, 255, 255, 255);
        const old = rows.range({ start: Buffer.of(0), end, limit: 10_000 });
        lmdb.write(() => {
          for (const { key } of old) rows.remove(key);
        });
        for (const one of many) expect(run(lmdb, name, one)).toEqual(run(memory, name, one));
      }),
      { numRuns: 60 },
    );
  });

  test("refuse to write outside a transaction, in memory at least", () => {
    expect(() => new MemoryStore().rows("a").put(Buffer.of(1), Buffer.of(1))).toThrow("outside");
  });
});

test("a prefix's end lies behind all its keys", () => {
  expect(afterPrefix(Buffer.of(1, 2))).toEqual(Buffer.of(1, 3));
  expect(afterPrefix(Buffer.of(1, 255))).toEqual(Buffer.of(2));
  expect(() => afterPrefix(Buffer.of(255))).toThrow(RangeError);
});
