// Defends: the embedded log keeps the contract; a record, what its fold wrote and the cursor are
// one transaction, for all shards of a turn together; a full disk refuses and leaves no half; one
// process owns it, a second is told so, and an owner that was replaced stores nothing more.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appError, isAppError } from "../../platform/mod.ts";
import { type Environment, openEnvironment } from "../../vault/mod.ts";
import { lmdbStore } from "../store/lmdb.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import { logContract } from "./contract.ts";
import { EmbeddedLog } from "./embedded.ts";
import { prepareLogMeta, readLogMeta } from "./log-meta.ts";
import { Ownership, readOwner } from "./owner.ts";

const shards = 4;
let draws = 0;
const random = (bytes: number) => Buffer.alloc(bytes, ++draws);

function openLog(store: Store): EmbeddedLog {
  const meta = prepareLogMeta(store, random, shards);
  const owner = Ownership.take(store, random(8));
  return new EmbeddedLog({ store, meta, checkOwner: () => owner.check() });
}

logContract(
  "embedded",
  async () => {
    let dir = mkdtempSync(join(tmpdir(), "pantun-log-"));
    let env: Environment | undefined;
    let full = false;
    const make = async () => {
      await env?.close();
      env = openEnvironment({ path: dir, mapSizeBytes: 2 ** 26, readOnly: false, create: true });
      const store = lmdbStore(env);
      const write: Store["write"] = (work, bytes) =>
        store.write(() => {
          const result = work();
          if (full) throw appError("DISK_FULL", "full");
          return result;
        }, bytes);
      return openLog({ ...store, write });
    };
    const remove = async () => {
      await env?.close();
      env = undefined;
      rmSync(dir, { recursive: true });
    };
    return {
      open: make,
      reopen: make,
      remake: async () => {
        await remove();
        dir = mkdtempSync(join(tmpdir(), "pantun-log-"));
        return make();
      },
      remove,
      full: async (on) => {
        full = on;
      },
    };
  },
  { rival: false, full: true, loseNext: false },
);

describe("one transaction", () => {
  const body = Buffer.alloc(80, 7);
  let store: MemoryStore;
  let log: EmbeddedLog;
  let writes: number;
  beforeEach(() => {
    store = new MemoryStore();
    log = openLog(store);
    writes = 0;
    store.beforeCommit = () => writes++;
  });
  afterEach(() => log.close());

  test("takes the appends of all shards of a turn, with what their folds write", async () => {
    const rows = store.rows("projection");
    const key = (shard: number) => Buffer.of(shard);
    const appends = [0, 1, 2, 3].map((shard) =>
      log.stream("evt", shard).append(body, 0, () => rows.put(key(shard), body)),
    );
    expect((await Promise.all(appends)).map(({ kind }) => kind)).toEqual(Array(4).fill("stored"));
    expect(writes).toBe(1);
    for (const shard of [0, 1, 2, 3]) expect(rows.get(key(shard))).toEqual(body);
  });

  test("that fails leaves neither record nor fold, and the stream goes on", async () => {
    const rows = store.rows("projection");
    store.beforeCommit = () => {
      throw appError("DISK_FULL", "full");
    };
    const before = store.dump();
    const append = () => log.stream("evt", 0).append(body, 0, () => rows.put(body, body));
    expect((await append()).kind).toBe("full");
    expect(store.dump()).toBe(before);
    store.beforeCommit = () => {};
    expect(await append()).toEqual({ kind: "stored", seq: 1 });
    expect(rows.get(body)).toEqual(body);
  });

  test("takes one of two appends to the same end", async () => {
    const stream = log.stream("evt", 0);
    const both = await Promise.all([0, 0].map((end) => stream.append(body, end, () => {})));
    expect(both).toEqual([
      { kind: "stored", seq: 1 },
      { kind: "refused", lastSeq: 1 },
    ]);
  });
});

describe("the owner", () => {
  const body = Buffer.alloc(80, 7);

  test("is one process; the next one is told which", () => {
    const store = new MemoryStore();
    prepareLogMeta(store, random);
    store.write(() => {
      const other = { pid: process.ppid, started: "another start", nonce: "00" };
      store.rows("runtime").put(Buffer.from("owner"), Buffer.from(JSON.stringify(other)));
    });
    let fault: unknown;
    try {
      Ownership.take(store, random(8), () => true);
    } catch (error) {
      fault = error;
    }
    expect(isAppError(fault, "VAULT_IN_USE")).toBe(true);
    expect(String(fault)).toContain(`Process ${process.ppid} runs`);
    const owner = Ownership.take(store, random(8));
    expect(readOwner(store)?.pid).toBe(process.pid);
    owner.release();
    expect(readOwner(store)).toBeUndefined();
  });

  test("that was replaced stores nothing more, and does not release the new one", async () => {
    const store = new MemoryStore();
    const old = openLog(store);
    const replaced = Ownership.take(store, random(8));
    const outcome = await old.stream("evt", 0).append(body, 0, () => {});
    expect(outcome.kind).toBe("refused");
    expect((await old.stream("evt", 0).end()).lastSeq).toBe(0);
    await old.close();
    expect(() => replaced.check()).not.toThrow();
  });
});

describe("what a vault knows of its log", () => {
  test("is written once: later shard counts change nothing", () => {
    const store = new MemoryStore();
    expect(readLogMeta(store)).toBeUndefined();
    const made = prepareLogMeta(store, random, 8);
    expect(made).toMatchObject({ shards: 8, incarnation: 1 });
    expect(prepareLogMeta(store, random, 16)).toEqual(made);
    expect(() => prepareLogMeta(store, random, 0)).toThrow("1 to 1024 shards");
  });
});
