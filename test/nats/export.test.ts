// Defends: a vault's own log goes to JetStream byte for byte under its numbers, also where the export
// is run again or its beginning was trimmed; the vault follows that log from then on and refuses
// its own; a stream with other records is not written over.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { exportLog } from "../../actors/cluster/export-log.ts";
import { checkLogKind } from "../../actors/cluster/stream-identity.ts";
import { type ClusterSettings, EmbeddedLog, prepareLogMeta, type Store } from "../../actors/mod.ts";
import { envelope, makeNode } from "../../actors/runtime/test-rig.ts";
import { MemoryStore } from "../../actors/store/memory.ts";
import { type NatsSite, obtainTimeoutMs, startSite } from "../../deploy/tools/nats-site.ts";
import { openTestLog, removeStreams } from "./rig.ts";

const shards = 2;
let site: NatsSite;

beforeAll(async () => {
  site = await startSite(1);
}, obtainTimeoutMs);

afterAll(() => site.stop());

beforeEach(() => removeStreams(site));

function settings(): ClusterSettings {
  const bytes = 64 * 2 ** 20;
  return {
    ...{ servers: site.urls, node: "n", replicas: 1 },
    ...{ evtBytesMax: bytes, payBytesMax: bytes, payAgeMs: 86_400_000 },
  };
}

/** A store with an embedded log of some records, and that log. */
async function embedded(): Promise<{ store: Store; from: EmbeddedLog }> {
  const store = new MemoryStore();
  const meta = prepareLogMeta(store, randomBytes, shards);
  const from = new EmbeddedLog({ store, meta, checkOwner: () => {} });
  const { runtime } = makeNode({ log: () => from, shards }, store);
  await runtime.ownAll();
  for (let i = 0; i < 12; i++) {
    const reply = await runtime.submit(envelope(i % 2, 1, { do: "deposit", amount: 1 }));
    expect(reply.ok).toBe(true);
  }
  await runtime.stop(1_000);
  return { store, from };
}

const run = ({ store, from }: { store: Store; from: EmbeddedLog }) => {
  const meta = prepareLogMeta(store, randomBytes, shards);
  return exportLog({ store, meta, from, settings: settings() });
};

async function same(from: EmbeddedLog): Promise<void> {
  await using opened = await openTestLog(site, { shards, incarnation: 1 });
  for (let shard = 0; shard < shards; shard++) {
    const here = from.stream("evt", shard);
    const there = opened.log.stream("evt", shard);
    const { firstSeq, lastSeq } = await here.end();
    expect(await there.end()).toMatchObject({ firstSeq, lastSeq });
    for (let seq = firstSeq; seq <= lastSeq; seq++) {
      expect(await there.read(seq)).toEqual(await here.read(seq));
    }
  }
}

it("keeps bytes and numbers, also when it is run again", async () => {
  const vault = await embedded();
  expect(await run(vault)).toEqual({ shards, records: 14 });
  await same(vault.from);
  expect(await run(vault)).toEqual({ shards, records: 14 });
  await same(vault.from);
  expect(() => checkLogKind(vault.store, "jetstream", shards)).not.toThrow();
  expect(() => checkLogKind(vault.store, "embedded", shards)).toThrow(/JetStream/);
});

it("begins where the log begins", async () => {
  const vault = await embedded();
  await vault.from.stream("evt", 1).trim(4);
  expect(await run(vault)).toEqual({ shards, records: 11 });
  await same(vault.from);
});

it("writes over nothing", async () => {
  const vault = await embedded();
  expect(() => checkLogKind(vault.store, "jetstream", shards)).toThrow(/log export/);
  await run(await embedded());
  await expect(run(vault)).rejects.toMatchObject({ code: "LOG_UNFIT" });
  expect(() => checkLogKind(vault.store, "embedded", shards)).not.toThrow();
});
