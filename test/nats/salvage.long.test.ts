// Defends, on a real server and with real damage: a log whose server came up with an older state,
// whose stream was deleted, or whose files were damaged is mended out of what the nodes kept; the
// nodes that run go on with it, nothing that was acknowledged is lost, and no payment is accepted
// twice.
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { ClusterNode } from "../../actors/cluster/cluster-node.ts";
import { CommandSeal } from "../../actors/cluster/command-seal.ts";
import {
  type ClusterSettings,
  logSettings,
  openCluster,
} from "../../actors/cluster/open-cluster.ts";
import { Operator } from "../../actors/cluster/operate.ts";
import { salvageShard } from "../../actors/cluster/salvage.ts";
import { connectNats } from "../../actors/log/jetstream/connection.ts";
import { NatsBus } from "../../actors/log/jetstream/nats-bus.ts";
import { openBrokenStreams } from "../../actors/log/jetstream/stream-repair.ts";
import { prepareLogMeta } from "../../actors/log/log-meta.ts";
import { RecordSeal } from "../../actors/log/record.ts";
import { MemoryLedger, testPayment } from "../../actors/pay/test-payments.ts";
import type { Reply } from "../../actors/runtime/actor-kind.ts";
import { KindTable } from "../../actors/runtime/kinds.ts";
import { accountKind } from "../../actors/runtime/test-account.ts";
import { envelope, logRing } from "../../actors/runtime/test-rig.ts";
import { MemoryStore } from "../../actors/store/memory.ts";
import {
  type NatsSite,
  natsBinary,
  obtainTimeoutMs,
  startSite,
} from "../../deploy/tools/nats-site.ts";
import { systemClock } from "../../platform/mod.ts";
import { verdict } from "../../vault/mod.ts";

interface Running {
  readonly name: string;
  readonly node: ClusterNode;
  readonly store: MemoryStore;
  readonly ledger: MemoryLedger;
  close(limitMs: number): Promise<void>;
}

const ring = logRing();
let site: NatsSite;
let keep: string;
let nodes: Running[] = [];
let commands = 0;

beforeAll(() => {
  natsBinary();
}, obtainTimeoutMs);

beforeEach(async () => {
  site = await startSite(1);
  keep = mkdtempSync(join(tmpdir(), "pantun-salvage-"));
  nodes = [await start("a"), await start("b")];
  for (let i = 0; i < 4; i++) await deposit();
  for (let key = 1; key <= 3; key++) expect(await pay(key, key)).toBe(verdict.NEW);
});

afterEach(async () => {
  await Promise.all(nodes.map((one) => one.close(100)));
  await site.stop();
  rmSync(keep, { recursive: true });
});

function settings(node: string): ClusterSettings {
  const bytes = 64 * 2 ** 20;
  return {
    ...{ servers: site.urls, node, replicas: 1, payAgeMs: 86_400_000 },
    ...{ evtBytesMax: bytes, payBytesMax: bytes },
  };
}

const meta = (store: MemoryStore) => prepareLogMeta(store, () => Buffer.alloc(16, 7), 1);

async function start(name: string): Promise<Running> {
  const store = new MemoryStore();
  const ledger = new MemoryLedger();
  const door = { arrived: () => {}, answered: () => {}, returned: () => {} };
  const { node, close } = await openCluster({
    ...{ settings: settings(name), store, meta: meta(store), ring },
    kinds: new KindTable([accountKind(store)]),
    ...{ notice: () => {}, events: {}, twin: () => {} },
    taking: { ledger, keepMs: 86_400_000, door },
  });
  return { name, node, store, ledger, close };
}

async function deposit(): Promise<void> {
  const one = envelope(0, commands++ % 4, { do: "deposit", amount: 1 }, { timeoutMs: 10_000 });
  const [{ node }] = nodes as [Running];
  let reply: Reply | undefined;
  while (reply?.ok !== true) {
    reply = await new Promise<Reply>((resolve) => node.send(one, resolve));
    if (!reply.ok) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the owner says to a payment. */
async function pay(key: number, id: number): Promise<number> {
  for (;;) {
    const owner = nodes.find(({ node }) => node.ownership.admits(0));
    const time = Math.floor(systemClock.nowMs() / 1_000);
    const fresh = key > 99 ? time + 100_000 : 1_000;
    const body = testPayment({ key, id, transaction: id, time: fresh });
    const code = await new Promise<number>((resolve) => {
      const head = { ticket: 1, shard: 0, epoch: 0, peer: 0, leftMs: 0, status: 0, code: 0 };
      const item = { ...head, id: Buffer.alloc(16), body };
      if (owner?.node.payments === undefined) resolve(verdict.MOVED);
      else owner.node.payments.submit(item, resolve);
    });
    if (code !== verdict.MOVED) return code;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The server is up, and the nodes have noticed. */
async function isBack(): Promise<void> {
  const server = site.servers[0]!;
  await server.launch();
  await server.ready();
  const connection = await connectNats({ servers: site.urls, name: "asks" });
  const operator = new Operator(new NatsBus(connection), new CommandSeal(ring), systemClock);
  for (const { name } of nodes) {
    const answers = () =>
      operator.ask(name, { do: "list" }).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 20_000 }).toBe(true);
  }
  await connection.close();
}

async function salvage(flags: { acceptLoss?: boolean; remake?: boolean } = {}) {
  const [{ store }] = nodes as [Running];
  const connection = await connectNats({ servers: site.urls, name: "salvage" });
  try {
    return await salvageShard({
      ...{ shard: 0, meta: meta(store), seal: new RecordSeal(ring), clock: systemClock, keep },
      ...{ nodes: ["a", "b"], without: [], more: [], nonce: randomBytes(8) },
      ...{ acceptLoss: flags.acceptLoss === true, remake: flags.remake === true },
      stream: await openBrokenStreams(connection, logSettings(settings("x"), meta(store))),
      operator: new Operator(new NatsBus(connection), new CommandSeal(ring), systemClock),
    });
  } finally {
    await connection.close();
  }
}

/** Every record that the stream has, by number. */
async function records(name: "EVT_00" | "PAY_00"): Promise<Map<number, string>> {
  const connection = await connect({ servers: site.urls });
  const jsm = await jetstreamManager(connection);
  const found = new Map<number, string>();
  const { state } = await jsm.streams.info(name);
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await jsm.streams.getMessage(name, { seq }).catch(() => null);
    if (message !== null) found.set(seq, Buffer.from(message.data).toString("hex"));
  }
  await connection.close();
  return found;
}

/** What was there before is there again, the shard takes both, and both vaults are equal. */
async function whole(before: readonly Map<number, string>[]): Promise<void> {
  const names = ["EVT_00", "PAY_00"] as const;
  for (const [i, name] of names.entries()) {
    const after = await records(name);
    for (const [seq, bytes] of before[i]!) expect(after.get(seq), `${name} ${seq}`).toBe(bytes);
  }
  await deposit();
  expect(await pay(2, 90)).toBe(verdict.USED);
  expect(await pay(100, 91)).toBe(verdict.NEW);
  const digests = () =>
    new Set(nodes.map(({ node }) => node.runtime.fold.cursor(0).digest.toString("hex")));
  await expect.poll(() => digests().size, { timeout: 10_000 }).toBe(1);
}

it("gets back what a server lost that came up with an older state", async () => {
  const server = site.servers[0]!;
  const old = join(keep, "old");
  await server.kill();
  cpSync(server.storeDir, old, { recursive: true });
  await isBack();
  for (let i = 0; i < 3; i++) await deposit();
  expect(await pay(4, 4)).toBe(verdict.NEW);
  const before = [await records("EVT_00"), await records("PAY_00")];
  await server.kill();
  rmSync(server.storeDir, { recursive: true });
  cpSync(old, server.storeDir, { recursive: true });
  await isBack();
  expect((await records("PAY_00")).size).toBeLessThan(before[1]!.size);
  const done = await salvage();
  expect(done).toMatchObject({ fence: null, resumed: ["a", "b"], strays: [] });
  expect(done.streams[0]!.written).toBeGreaterThanOrEqual(3);
  expect(done.streams[1]!.written).toBeGreaterThanOrEqual(1);
  await whole(before);
  expect(await pay(4, 92)).toBe(verdict.USED);
});

it("makes streams anew that were deleted", async () => {
  const before = [await records("EVT_00"), await records("PAY_00")];
  const connection = await connect({ servers: site.urls });
  const jsm = await jetstreamManager(connection);
  await jsm.streams.delete("EVT_00");
  await jsm.streams.delete("PAY_00");
  await connection.close();
  await expect(salvage()).rejects.toThrow(/--remake/);
  const done = await salvage({ remake: true });
  expect(done).toMatchObject({ fence: null, resumed: ["a", "b"], strays: [], behind: [] });
  expect(done.streams.map(({ act, firstSeq }) => [act, firstSeq])).toEqual([
    ["remake", 1],
    ["remake", 1],
  ]);
  await whole(before);
});

it("mends a stream whose file was damaged in its middle", async () => {
  const server = site.servers[0]!;
  const before = [await records("EVT_00"), await records("PAY_00")];
  await server.kill();
  const folder = join(server.storeDir, "jetstream", "$G", "streams", "EVT_00", "msgs");
  const blocks = readdirSync(folder).filter((name) => name.endsWith(".blk"));
  const path = join(folder, blocks[0]!);
  const file = readFileSync(path);
  // A bit of record 3, as a disk would flip it.
  const at = file.indexOf(Buffer.from(before[0]!.get(3)!, "hex"));
  expect(at).toBeGreaterThan(0);
  file[at + 70]! ^= 8;
  writeFileSync(path, file);
  rmSync(join(folder, "index.db"), { force: true });
  await isBack();
  const damaged = await records("EVT_00");
  expect(damaged.get(3)).not.toBe(before[0]!.get(3));
  // This server takes what lies behind the record for lost, too.
  const done = await salvage();
  expect(done).toMatchObject({ fence: null, resumed: ["a", "b"], strays: [] });
  expect(done.streams[0]).toMatchObject({ act: "append", lost: [], cut: 0 });
  const after = await records("EVT_00");
  for (const [seq, bytes] of before[0]!) expect(after.get(seq), `EVT ${seq}`).toBe(bytes);
  await deposit();
});
