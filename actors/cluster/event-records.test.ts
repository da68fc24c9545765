// Defends: a node reads each record that it has applied, from its tail or from the stream, and none
// that it has not; it finds out where the stream now begins.
import { expect, it } from "vitest";
import { prepareLogMeta } from "../log/log-meta.ts";
import { MemoryLog } from "../log/memory.ts";
import { CursorRows } from "../runtime/cursor.ts";
import { TailRows } from "../runtime/tail-rows.ts";
import { countingRandom } from "../runtime/test-rig.ts";
import { MemoryStore } from "../store/memory.ts";
import { ClusterRecords } from "./event-records.ts";

const shard = 1;
const nowMs = 1_767_225_600_000;

it("reads what was applied, wherever it is", async () => {
  const store = new MemoryStore();
  const meta = prepareLogMeta(store, countingRandom("one"), 2);
  const log = new MemoryLog(2);
  const stream = log.stream("evt", shard);
  for (const seq of [1, 2, 3, 4, 5]) {
    await stream.append(Buffer.from(`stream ${seq}`), seq - 1, () => {});
  }
  const cursors = new CursorRows(store);
  const tail = new TailRows(store);
  store.write(() => {
    cursors.put("evt", shard, { ...cursors.get("evt", shard, meta), seq: 4 });
    // Told apart from the stream's for this test alone.
    tail.put("evt", shard, 4, Buffer.from("tail 4"), nowMs);
  });
  const records = await ClusterRecords.open({ store, meta, log });
  const read = async (seq: number) => (await records.read(shard, seq))?.toString();
  expect(records.ends(shard)).toEqual({ firstSeq: 1, lastSeq: 4 });
  expect(records.ends(0)).toEqual({ firstSeq: 1, lastSeq: 0 });
  const texts = await Promise.all([0, 1, 2, 3, 4, 5].map(read));
  expect(texts).toEqual([undefined, "stream 1", "stream 2", "stream 3", "tail 4", undefined]);
  await stream.trim(3);
  expect(await read(2)).toBeUndefined();
  expect(records.ends(shard)).toEqual({ firstSeq: 3, lastSeq: 4 });
});
