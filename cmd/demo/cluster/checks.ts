// What must be true when all is quiet again: every acknowledged command stands in the log where its
// answer said, all vaults have applied all of it, and all vaults are equal.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CursorRows,
  connectNats,
  isPayment,
  lmdbStore,
  openJetStreamLog,
  ownTypes,
  prepareLogMeta,
  RecordSeal,
  type StoredRecord,
  type StreamKind,
} from "../../../actors/mod.ts";
import { systemClock, within } from "../../../platform/mod.ts";
import { paymentAt, paymentKind, type Vault } from "../../../vault/mod.ts";
import type { Acked } from "./workload.ts";
import type { ClusterWorld } from "./world.ts";

export interface Checked {
  readonly records: number;
  readonly commands: number;
  /** Acknowledged commands that the log does not have where their answers said. */
  readonly lostInLog: number;
  /** Commands that the log has more than once. */
  readonly twice: number;
  /** Nodes whose vaults have not applied all of the log, or lack a command. */
  readonly lostInVaults: readonly string[];
  /** One a node; all must be equal. */
  readonly digests: readonly { readonly node: string; readonly digest: string }[];
}

const caughtUpMs = 30_000;
const pollMs = 100;
/** Tables in which cards and tokens are. */
const tables = ["cards", "tokens", "refs", "agreements", "cardSides"] as const;

export async function checkCluster(world: ClusterWorld, acked: readonly Acked[]): Promise<Checked> {
  const logs = await readLogs(world, "evt");
  const seal = new RecordSeal(world.ring);
  const places = new Map<string, string>();
  let twice = 0;
  for (const [shard, records] of logs.entries()) {
    for (const { seq, bytes } of records) {
      for (const [ord, event] of seal.open(bytes).events.entries()) {
        if (event.type !== ownTypes.commandNoted) continue;
        const id = event.commandId.toString("hex");
        if (places.has(id)) twice++;
        places.set(id, `${shard} ${seq} ${ord}`);
      }
    }
  }
  const lostInLog = acked.filter(({ id, shard, seq, ord }) => {
    return places.get(id.toString("hex")) !== `${shard} ${seq} ${ord}`;
  }).length;
  const lostInVaults: string[] = [];
  const digests: { node: string; digest: string }[] = [];
  for (const { name, dir } of world.nodes) {
    const vault = world.openVault(dir);
    try {
      const ends = logs.map((records) => records.at(-1)?.seq ?? 0);
      if (!(await caughtUp(vault, ends, "evt"))) lostInVaults.push(name);
      digests.push({ node: name, digest: digestOf(vault) });
    } finally {
      await vault.close();
    }
  }
  const records = logs.reduce((sum, one) => sum + one.length, 0);
  return { records, commands: places.size, lostInLog, twice, lostInVaults, digests };
}

export interface CheckedPayments {
  /** Claims in the log, and those that it has more than once. */
  readonly claims: number;
  readonly twice: number;
  /** Approvals that the log does not have under the id that was answered. */
  readonly lost: number;
  /** Nodes whose vaults have not taken all payments in. */
  readonly behind: readonly string[];
}

/** `approved`: verification ids as they were answered. */
export async function checkPayments(
  world: ClusterWorld,
  approved: Iterable<string>,
): Promise<CheckedPayments> {
  const logs = await readLogs(world, "pay");
  const seal = new RecordSeal(world.ring);
  const claims = new Set<string>();
  const ids = new Set<string>();
  let twice = 0;
  for (const { bytes } of logs.flat()) {
    for (const { payload, commandId } of seal.open(bytes).events.filter(isPayment)) {
      ids.add(commandId.toString("hex"));
      if (payload[paymentAt.kind] === paymentKind.ROW) continue;
      const claim = payload.toString("hex", paymentAt.key, paymentAt.original);
      if (claims.has(claim)) twice++;
      claims.add(claim);
    }
  }
  const lost = [...approved].filter((id) => !ids.has(id.replaceAll("-", ""))).length;
  const behind: string[] = [];
  for (const { name, dir } of world.nodes) {
    const vault = world.openVault(dir);
    try {
      const ends = logs.map((records) => records.at(-1)?.seq ?? 0);
      if (!(await caughtUp(vault, ends, "pay"))) behind.push(name);
    } finally {
      await vault.close();
    }
  }
  return { claims: claims.size, twice, lost, behind };
}

/** All records of one stream of all shards. */
async function readLogs(world: ClusterWorld, kind: StreamKind): Promise<StoredRecord[][]> {
  const connection = await connectNats({ servers: world.site.urls, name: "demo checks" });
  const { shards } = world;
  const settings = {
    ...{ shards, incarnation: 1, replicas: 3 as const },
    ...{ evtBytesMax: 2 ** 20, payBytesMax: 2 ** 20, payAgeMs: 1_000 },
  };
  try {
    const log = await openJetStreamLog({ connection, settings, create: false });
    const reads = Array.from({ length: shards }, async (_, shard) => {
      const stream = log.stream(kind, shard);
      const { lastSeq } = await stream.end();
      const got: StoredRecord[] = [];
      const read = new Promise<void>((resolve, reject) => {
        const records = (more: readonly StoredRecord[]): void => {
          got.push(...more);
          if (got.length >= lastSeq) resolve();
        };
        stream.follow(1, { records, broken: reject });
        if (lastSeq === 0) resolve();
      });
      await within(caughtUpMs, `${kind} of shard ${shard} cannot be read to its end`, read);
      return got;
    });
    const all = await Promise.all(reads);
    await log.close();
    return all;
  } finally {
    await connection.close();
  }
}

async function caughtUp(vault: Vault, ends: readonly number[], kind: StreamKind): Promise<boolean> {
  const store = lmdbStore(vault.env);
  const cursors = new CursorRows(store);
  const meta = prepareLogMeta(store, vault.random, vault.shards);
  const untilMs = systemClock.monotonicMs() + caughtUpMs;
  const behind = () => ends.some((seq, shard) => cursors.get(kind, shard, meta).seq < seq);
  while (systemClock.monotonicMs() < untilMs) {
    vault.freshRead();
    if (!behind()) return true;
    await sleep(pollMs);
  }
  return false;
}

/** Over every byte of cards and tokens, and the shards' own digests. */
function digestOf(vault: Vault): string {
  const hash = createHash("sha256");
  vault.freshRead();
  for (const name of tables) {
    for (const { key, value } of vault.tables[name].getRange({})) hash.update(key).update(value);
  }
  const store = lmdbStore(vault.env);
  const meta = prepareLogMeta(store, vault.random, vault.shards);
  const cursors = new CursorRows(store);
  for (let shard = 0; shard < vault.shards; shard++) {
    hash.update(cursors.get("evt", shard, meta).digest);
  }
  return hash.digest("hex").slice(0, 16);
}
