// Defends: a vault's own log whose records were damaged or lost has them back byte for byte where a
// snapshot holds them; where none does, nothing is done without the word, and then the log goes on
// behind the hole with everything else kept; the shard that stood for it takes commands again.
import { mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EmbeddedLog } from "../log/embedded.ts";
import { StreamRows } from "../log/embedded-rows.ts";
import { prepareLogMeta, readLogMeta } from "../log/log-meta.ts";
import { RecordSeal } from "../log/record.ts";
import { envelope, logRing, makeNode } from "../runtime/test-rig.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import { RecordFile } from "./record-file.ts";
import { copiedRecords, type SalvagedShard, salvageEmbedded } from "./salvage-embedded.ts";
import { verifyLog } from "./verify-log.ts";

const shards = 2;
const seal = new RecordSeal(logRing());
let keep: string;

beforeEach(() => {
  keep = mkdtempSync(join(tmpdir(), "pantun-salvage-"));
});
afterEach(() => rmSync(keep, { recursive: true }));

const open = (store: Store) => {
  const meta = prepareLogMeta(store, () => Buffer.alloc(16, 7), shards);
  return new EmbeddedLog({ store, meta, checkOwner: () => {} });
};

/** How many shards take commands, and that they do. */
async function work(store: MemoryStore, commands: number): Promise<number> {
  const node = makeNode({ log: open, shards, node: `n${commands}` }, store);
  const owned = await node.runtime.ownAll();
  for (let n = 0; n < commands; n++) {
    const reply = await node.runtime.submit(envelope(n % shards, n, { do: "deposit", amount: 1 }));
    if (owned === shards) expect(reply.ok).toBe(true);
  }
  await node.runtime.stop(1_000);
  return owned;
}

const rows = (store: Store) => new StreamRows(store, "evt", 1);

function bytesOf(store: Store): (Buffer | undefined)[] {
  const { firstSeq, lastSeq } = rows(store).ends();
  return Array.from({ length: lastSeq - firstSeq + 1 }, (_, i) => rows(store).get(firstSeq + i));
}

function salvage(store: Store, copy?: Store, acceptLoss = false): Promise<SalvagedShard[]> {
  const copies = copy === undefined ? [] : [copiedRecords(copy, "copy")];
  const meta = readLogMeta(store)!;
  return salvageEmbedded({ store, meta, seal, shards: [0, 1], copies, keep, acceptLoss });
}

const faults = async (store: Store) =>
  (await verifyLog(store, readLogMeta(store)!, seal)).problems.length;

const damages: [string, (rows: StreamRows) => void][] = [
  ["a flipped bit", (of) => of.put(3, flipped(of.get(3)!))],
  ["bytes of something else", (of) => of.put(4, Buffer.alloc(30, 1))],
  ["another record in its place", (of) => of.put(3, of.get(5)!)],
  ["a lost tail", (of) => of.cut(5)],
];

describe("a log with", () => {
  test.each(damages)("%s is mended out of a snapshot", async (_, damage) => {
    const store = new MemoryStore();
    await work(store, 12);
    const copy = new MemoryStore();
    copy.write(() => {
      for (const [i, bytes] of bytesOf(store).entries()) rows(copy).put(i + 1, bytes!);
    });
    const before = bytesOf(store);
    store.write(() => damage(rows(store)));
    expect(await faults(store)).toBeGreaterThan(0);
    const done = await salvage(store, copy);
    expect(done[1]).toMatchObject({ lost: null, kept: 0, firstSeq: 1 });
    expect(done[1]!.restored).toBeGreaterThan(0);
    expect(done[0]).toMatchObject({ restored: 0 });
    expect(bytesOf(store)).toEqual(before);
    expect(await faults(store)).toBe(0);
    expect(await work(store, 4)).toBe(shards);
  });

  test.each(damages)("%s and no snapshot goes on behind it, when told", async (_, damage) => {
    const store = new MemoryStore();
    await work(store, 12);
    const { lastSeq: end } = rows(store).ends();
    store.write(() => damage(rows(store)));
    const damaged = bytesOf(store);
    await expect(salvage(store)).rejects.toMatchObject({ code: "USAGE" });
    expect(bytesOf(store)).toEqual(damaged);
    const [, done] = await salvage(store, undefined, true);
    const lost = done!.lost!;
    expect(done).toMatchObject({ restored: 0, firstSeq: lost + 1 });
    expect(await faults(store)).toBe(0);
    expect(rows(store).ends()).toMatchObject({ firstSeq: lost + 1, lastSeq: end });
    const file = new RecordFile(join(keep, "evt-01.kept"), "evt", 1);
    expect(file.size).toBe(done!.kept);
    expect(await file.read(2)).toEqual(damaged[1]);
    file.close();
    expect(await work(store, 4)).toBe(shards);
    expect(await faults(store)).toBe(0);
  });
});

test("a log that lost its tail stands until it is mended", async () => {
  const store = new MemoryStore();
  await work(store, 12);
  store.write(() => rows(store).cut(5));
  expect(await work(store, 2)).toBe(1);
  await salvage(store, undefined, true);
  expect(await work(store, 2)).toBe(shards);
});

test("records behind the projection that lead nowhere are taken out", async () => {
  const store = new MemoryStore();
  await work(store, 6);
  const { lastSeq } = rows(store).ends();
  store.write(() => rows(store).put(lastSeq + 1, Buffer.alloc(200, 1)));
  await expect(salvage(store)).rejects.toMatchObject({ code: "USAGE" });
  const [, done] = await salvage(store, undefined, true);
  expect(done).toMatchObject({ lost: null, kept: 1, firstSeq: 1 });
  expect(rows(store).ends()).toMatchObject({ lastSeq });
  expect(await work(store, 2)).toBe(shards);
});

test("a log that is whole is left as it is", async () => {
  const store = new MemoryStore();
  await work(store, 6);
  const before = bytesOf(store);
  for (const one of await salvage(store)) expect(one).toMatchObject({ restored: 0, lost: null });
  expect(bytesOf(store)).toEqual(before);
});

test("a file of records that was broken off has those that were whole", async () => {
  const path = join(keep, "evt-01.wanted");
  const file = new RecordFile(path, "evt", 1);
  file.put(7, Buffer.alloc(90, 7));
  file.put(8, Buffer.alloc(90, 8));
  file.close();
  truncateSync(path, statSync(path).size - 10);
  const again = new RecordFile(path, "evt", 1);
  expect(again.size).toBe(1);
  again.put(8, Buffer.alloc(20, 9));
  expect(await again.read(7)).toEqual(Buffer.alloc(90, 7));
  expect(await again.read(8)).toEqual(Buffer.alloc(20, 9));
  again.close();
  expect(() => new RecordFile(path, "pay", 1)).toThrow(/no records of this stream/);
});

function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length - 1]! ^= 1;
  return bytes;
}
