// Defends: a projection that is not what the log makes of it is noticed before anything is decided
// on it, applied to it or answered from it: where its own rows were changed, and where the same
// events make another state than at the owner. The shard stands; the others go on.
import { describe, expect, test } from "vitest";
import { EmbeddedLog } from "../log/embedded.ts";
import { StreamRows } from "../log/embedded-rows.ts";
import { prepareLogMeta } from "../log/log-meta.ts";
import { ownTypes, RecordSeal } from "../log/record.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import { verifyStates } from "../upkeep/verify-states.ts";
import { Fold } from "./fold.ts";
import { KindTable } from "./kinds.ts";
import { type AccountKind, accountKind, accountRows } from "./test-account.ts";
import { envelope, logRing, makeNode, type Node } from "./test-rig.ts";

const seal = new RecordSeal(logRing());
const shards = 2;

const metaOf = (store: Store) => prepareLogMeta(store, () => Buffer.alloc(16, 7), shards);

function start(store: MemoryStore): Node {
  const log = (of: Store) => new EmbeddedLog({ store: of, meta: metaOf(of), checkOwner: () => {} });
  return makeNode({ log, shards }, store);
}

async function deposit(node: Node, shard: number, account: number, pad = ""): Promise<string> {
  const one = envelope(shard, account, { do: "deposit", amount: 1, ...(pad ? { pad } : {}) });
  const reply = await node.runtime.submit(one);
  return reply.ok ? "ok" : reply.error.code;
}

/** A store that a node has worked on and left. */
async function worked(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const node = start(store);
  await node.runtime.ownAll();
  for (let n = 0; n < 8; n++) expect(await deposit(node, n % shards, n)).toBe("ok");
  await node.runtime.stop(1_000);
  return store;
}

const keyOf = (shard: number, account: number) => envelope(shard, account, { do: "look" }).actor;

/** Changes a row behind the fold's back. */
function plant(store: Store, shard: number, account: number): void {
  const rows = accountRows(store);
  const row = JSON.parse(rows.get(keyOf(shard, account))!.toString());
  store.write(() =>
    rows.put(keyOf(shard, account), Buffer.from(JSON.stringify({ ...row, balance: 9 }))),
  );
}

describe("rows that something else than the fold has changed", () => {
  test("stop the owner's shard before it decides on them", async () => {
    const store = await worked();
    plant(store, 1, 3);
    const node = start(store);
    expect(await node.runtime.ownAll()).toBe(shards);
    expect(await deposit(node, 1, 5)).toBe("ok");
    const { seq } = node.runtime.shards[1]!.cursor;
    expect(await deposit(node, 1, 3)).toBe("SHARD_PARKED");
    expect(node.runtime.shards[1]!.parked).toMatchObject({ reason: "damaged-state" });
    expect(node.runtime.shards[1]!.parked?.message).toContain(keyOf(1, 3).toString("hex"));
    expect(await deposit(node, 1, 5)).toBe("SHARD_PARKED");
    expect(node.runtime.shards[1]!.cursor.seq).toBe(seq);
    expect(await deposit(node, 0, 4)).toBe("ok");
    await node.runtime.stop(1_000);
  });

  test("stop it also where the actor was in memory, before anything is written", async () => {
    const store = await worked();
    const node = start(store);
    await node.runtime.ownAll();
    expect(await deposit(node, 1, 3)).toBe("ok");
    plant(store, 1, 3);
    const { seq } = node.runtime.shards[1]!.cursor;
    expect(await deposit(node, 1, 3)).not.toBe("ok");
    expect(node.runtime.shards[1]!.parked).toMatchObject({ reason: "damaged-state" });
    expect(node.runtime.shards[1]!.cursor.seq).toBe(seq);
    await node.runtime.stop(1_000);
  });

  test("are found where they are gone, and by a walk over all", async () => {
    const store = await worked();
    const kinds = new KindTable([accountKind(store)]);
    expect(await verifyStates(store, kinds)).toEqual({ states: 8, unknown: 0, differing: [] });
    plant(store, 0, 2);
    store.write(() => accountRows(store).remove(keyOf(1, 7)));
    const { differing } = await verifyStates(store, kinds);
    const names = [keyOf(0, 2), keyOf(1, 7)].map((key) => `account ${key.toString("hex")}`);
    expect([...differing].sort()).toEqual(names.sort());
    const node = start(store);
    await node.runtime.ownAll();
    expect(await deposit(node, 1, 7)).toBe("SHARD_PARKED");
    await node.runtime.stop(1_000);
  });
});

/** Folds what `from` has of shard 1 into `to`, with such a kind; the fold's throw comes through. */
function follow(from: Store, to: Store, kind: AccountKind): void {
  const fold = new Fold({ store: to, meta: metaOf(to), kinds: new KindTable([kind]), seal });
  const rows = new StreamRows(from, "evt", 1);
  const { lastSeq } = rows.ends();
  for (let seq = fold.cursor(1).seq + 1; seq <= lastSeq; seq++) {
    to.write(() => fold.apply(1, seq, rows.get(seq)!));
  }
}

/** A fold that gets one account wrong. */
function wrong(store: Store): AccountKind {
  const kind = accountKind(store);
  const evolve: AccountKind["evolve"] = (before, event, atMs) => {
    const after = kind.evolve(before, event, atMs);
    return event.is === "moved" && event.pad === "odd" ? { ...after, balance: 77 } : after;
  };
  return { ...kind, evolve };
}

describe("a replica that makes another state of the same events", () => {
  test("stands at the record, and has applied nothing of it", async () => {
    const store = new MemoryStore();
    const node = start(store);
    await node.runtime.ownAll();
    expect(await deposit(node, 1, 1)).toBe("ok");
    expect(await deposit(node, 1, 2, "odd")).toBe("ok");
    expect(await deposit(node, 1, 1)).toBe("ok");
    await node.runtime.stop(1_000);
    const replica = new MemoryStore();
    expect(() => follow(store, replica, wrong(replica))).toThrow(/stands at 3: state-mismatch/);
    expect(new Fold({ ...foldOf(replica) }).cursor(1).seq).toBe(2);
    expect(accountRows(replica).get(keyOf(1, 2))).toBeUndefined();
    const good = new MemoryStore();
    expect(() => follow(store, good, accountKind(good))).not.toThrow();
  });

  test("is not compared by another layout of the fingerprint", async () => {
    const store = await worked();
    const replica = new MemoryStore();
    const other = accountKind(replica);
    const kind = { ...other, fingerprintLayout: 2, fingerprint: () => Buffer.of(1) };
    expect(() => follow(store, replica, kind)).not.toThrow();
    // What it folded under the one layout is not damaged under the next.
    expect((await verifyStates(replica, new KindTable([accountKind(replica)]))).differing).toEqual(
      [],
    );
  });
});

function foldOf(store: Store) {
  return { store, meta: metaOf(store), kinds: new KindTable([accountKind(store)]), seal };
}

test("a state from before there were marks is taken as it is, and gets one", async () => {
  const store = await worked();
  store.write(() => {
    const rows = store.rows("state");
    for (const { key } of rows.range({
      start: Buffer.alloc(1),
      end: Buffer.alloc(18, 255),
      limit: 99,
    })) {
      rows.remove(key);
    }
  });
  const node = start(store);
  await node.runtime.ownAll();
  expect(await deposit(node, 1, 3)).toBe("ok");
  await node.runtime.stop(1_000);
  const { states } = await verifyStates(store, new KindTable([accountKind(store)]));
  expect(states).toBe(1);
});

test("a command whose events fill a record has room for its mark", async () => {
  const store = new MemoryStore();
  const node = start(store);
  await node.runtime.ownAll();
  let size = 512 * 1024;
  // The largest that is taken at all.
  while ((await deposit(node, 1, 1, "x".repeat(size))) === "PAYLOAD_TOO_LARGE") size -= 1;
  const rows = new StreamRows(store, "evt", 1);
  const bytes = rows.get(rows.ends().lastSeq)!;
  expect(bytes.length).toBeLessThanOrEqual(512 * 1024);
  expect(bytes.length).toBeGreaterThan(512 * 1024 - 100);
  expect(seal.open(bytes).events.at(-1)?.type).toBe(ownTypes.statesNoted);
  await node.runtime.stop(1_000);
});
