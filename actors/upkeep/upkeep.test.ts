// Defends: a log proves itself record by record; folded into an empty projection, or onto a copy of
// an earlier state, it gives the very same projection, over several lives of the log; what is
// damaged, missing or of another log is said to be so.
import { describe, expect, test } from "vitest";
import { EmbeddedLog } from "../log/embedded.ts";
import { StreamRows } from "../log/embedded-rows.ts";
import { prepareLogMeta, readLogMeta } from "../log/log-meta.ts";
import { Ownership, readOwner } from "../log/owner.ts";
import { RecordSeal } from "../log/record.ts";
import { CursorRows } from "../runtime/cursor.ts";
import { KindTable } from "../runtime/kinds.ts";
import { accountKind } from "../runtime/test-account.ts";
import { envelope, logRing, makeNode } from "../runtime/test-rig.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import { beginLogLife, lostSpans, shardPoints } from "./log-life.ts";
import { replayLog } from "./replay-log.ts";
import { verifyLog } from "./verify-log.ts";

const shards = 3;
const seal = new RecordSeal(logRing());
const tables = ["accounts", "idem", "idemTime", "timer"];

const open = (store: Store) => {
  const meta = prepareLogMeta(store, () => Buffer.alloc(16, 7), shards);
  return new EmbeddedLog({ store, meta, checkOwner: () => {} });
};

/** Runs a node on the store for some commands. */
async function work(store: MemoryStore, commands: number): Promise<void> {
  const node = makeNode({ log: open, shards, node: `n${commands}` }, store);
  await node.runtime.ownAll();
  for (let n = 0; n < commands; n++) {
    await node.runtime.submit(envelope(n % shards, n % 7, { do: "deposit", amount: n + 1 }));
  }
  await node.runtime.submit(envelope(0, 1, { do: "lock", ms: 99_999 }));
  await node.runtime.stop(1_000);
}

function replay(from: Store, to: Store) {
  return replayLog({ from, to, kinds: new KindTable([accountKind(to)]), seal });
}

describe("a log", () => {
  test("over two lives proves itself and gives the same projection again", async () => {
    const store = new MemoryStore();
    await work(store, 40);
    expect(beginLogLife(store)).toMatchObject({ incarnation: 2, born: 1 });
    await work(store, 20);
    const meta = readLogMeta(store)!;
    const verified = await verifyLog(store, meta, seal);
    expect(verified.problems).toEqual([]);
    const written = shardPoints(store, meta).reduce((sum, { seq }) => sum + seq, 0);
    expect(verified.records).toBe(written);
    expect(written).toBeGreaterThan(60);
    const empty = new MemoryStore();
    const rebuilt = await replay(store, empty);
    expect(rebuilt).toMatchObject({ records: verified.records, differing: [] });
    expect(empty.dump(tables)).toBe(store.dump(tables));
    expect(shardPoints(empty, meta)).toEqual(shardPoints(store, meta));
    // A state from the middle goes on from where it stands.
    await work(store, 5);
    expect((await replay(store, empty)).differing).toEqual([]);
    expect(empty.dump(tables)).toBe(store.dump(tables));
  });

  test("that differs from its projection is told by the digest", async () => {
    const store = new MemoryStore();
    await work(store, 10);
    const meta = readLogMeta(store)!;
    const other = new MemoryStore();
    const kind = accountKind(other);
    const wrong = {
      ...kind,
      evolve: (...args: Parameters<typeof kind.evolve>) => {
        const [before, event, atMs] = args;
        const state = kind.evolve(before, event, atMs);
        const changed = event.is === "moved" && event.by === 5;
        return changed ? { ...state, balance: state.balance + 1 } : state;
      },
    };
    // The record itself says in which state its owner left the account.
    const rebuild = replayLog({ from: store, to: other, kinds: new KindTable([wrong]), seal });
    await expect(rebuild).rejects.toThrow(/shard 1 stands at .*state-mismatch: account/);
    // A projection in use that has gone another way is told by the shard's digest.
    const cursors = new CursorRows(store);
    const cursor = cursors.get("evt", 2, meta);
    store.write(() => cursors.put("evt", 2, { ...cursor, digest: Buffer.alloc(16, 1) }));
    expect((await replay(store, new MemoryStore())).differing).toEqual([2]);
  });

  test("shows damage, gaps and records that were exchanged", async () => {
    const damage: [string, (rows: StreamRows) => void][] = [
      ["the record's seal does not open", (rows) => rows.put(3, flipped(rows.get(3)!))],
      ["does not follow the record before it", (rows) => rows.put(3, rows.get(4)!)],
      ["is missing; the stream ends at", (rows) => rows.put(99, rows.get(2)!)],
    ];
    for (const [what, change] of damage) {
      const store = new MemoryStore();
      await work(store, 20);
      store.write(() => change(new StreamRows(store, "evt", 1)));
      const { problems } = await verifyLog(store, readLogMeta(store)!, seal);
      expect(problems.length, what).toBeGreaterThan(0);
      expect(problems.every(({ shard }) => shard === 1)).toBe(true);
      expect(problems.map((problem) => problem.what).join("; ")).toContain(what);
    }
  });

  test("that was trimmed needs a state that holds what is gone", async () => {
    const store = new MemoryStore();
    await work(store, 20);
    const copy = new MemoryStore();
    await replay(store, copy);
    await work(store, 9);
    const log = open(store);
    for (const { shard, seq } of shardPoints(copy, readLogMeta(copy)!)) {
      await log.stream("evt", shard).trim(seq);
    }
    expect((await verifyLog(store, readLogMeta(store)!, seal)).problems).toEqual([]);
    await expect(replay(store, new MemoryStore())).rejects.toThrow("begin with a snapshot");
    expect((await replay(store, copy)).differing).toEqual([]);
  });

  test("does not take a state of another log", async () => {
    const store = new MemoryStore();
    await work(store, 3);
    const other = new MemoryStore();
    prepareLogMeta(other, () => Buffer.alloc(16, 9), shards);
    await expect(replay(store, other)).rejects.toThrow("of another log");
  });
});

test("a new life forgets the owner, and says which records are lost", async () => {
  const store = new MemoryStore();
  await work(store, 6);
  const copy = new MemoryStore();
  await replay(store, copy);
  copy.write(() => Ownership.take(copy, Buffer.alloc(8)));
  await work(store, 6);
  const meta = readLogMeta(store)!;
  const spans = lostSpans(shardPoints(copy, meta), shardPoints(store, meta));
  expect(spans).toEqual([
    { shard: 0, from: 5, to: 8 },
    { shard: 1, from: 4, to: 6 },
    { shard: 2, from: 4, to: 6 },
  ]);
  beginLogLife(copy);
  expect(readOwner(copy)).toBeUndefined();
  expect(beginLogLife(new MemoryStore())).toBeUndefined();
});

function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length - 1]! ^= 1;
  return bytes;
}
