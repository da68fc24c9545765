// The thread that reads the event log for those who are told of it: webhooks to subscribers, and
// the events that requestors ask for. Opening records costs time that commands and payments do not
// have.
import { randomBytes } from "node:crypto";
import { setPriority } from "node:os";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import {
  type ClusterSettings,
  CursorRows,
  embeddedRecords,
  type LogMeta,
  LogNotices,
  lmdbStore,
  Outbox,
  OutboxOrders,
  type OutboxTimers,
  openClusterEvents,
  openKinds,
  ProgressTable,
  pull,
  RecordSeal,
  readLogMeta,
  SharedProgress,
  type Store,
  SubscriberRows,
} from "../../actors/mod.ts";
import { KeyPage } from "../../crypto/mod.ts";
import { isAppError, systemClock } from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { type HeldProgress, Subscriptions } from "./subscriptions.ts";

export interface EventsWorkerSetup {
  readonly dir: string;
  readonly vaultMapBytes: number;
  readonly keys: SharedArrayBuffer;
  /** Null for the log in the vault. */
  readonly cluster: ClusterSettings | null;
  /** Webhooks to this machine are sent: for tests and demonstrations only. */
  readonly loopbackWebhooks: boolean;
}

export interface SubscriberStats {
  readonly trid: string;
  readonly depth: number;
  readonly ageMs: number;
  /** Since the thread began. */
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
  readonly disabled: boolean;
}

/** What the thread tells its parent. */
export type EventsMessage =
  | { readonly say: "pulled"; readonly id: number; readonly pulled: PulledText }
  | {
      readonly say: "refused";
      readonly id: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly say: "stats"; readonly stats: readonly SubscriberStats[] }
  | { readonly say: "alarm"; readonly message: string };

export interface PulledText {
  readonly events: readonly { readonly eventId: string; readonly type: string; body: string }[];
  readonly cursor: string;
  readonly more: boolean;
  readonly gap: boolean;
}

export type DeliveredShards = "all" | readonly number[];

/** What its parent tells the thread. */
export type EventsOrder =
  | {
      readonly say: "pull";
      readonly id: number;
      readonly trid: string;
      readonly cursor: string | undefined;
      readonly limit: number;
    }
  /** The shards of which this process tells subscribers; nobody else tells of them. */
  | { readonly say: "deliver"; readonly shards: DeliveredShards }
  | { readonly say: "stop" };

/** How often it looks whether the log grew: what a notice waits at most beside its delivery. */
const growthMs = 50;
/** How often subscribers, orders and keys are looked at. */
const upkeepMs = 500;
/** In a cluster: an owner that hands a shard over ends its deliveries within that time. */
const settleMs = 1_000;
/** Commands and payments go first. */
const niceness = 10;
setPriority(0, niceness);

const port = parentPort as MessagePort;
const setup = workerData as EventsWorkerSetup;
const tell = (message: EventsMessage) => port.postMessage(message);
const alarm = (error: unknown) => tell({ say: "alarm", message: (error as Error).message });

const keys = new KeyPage(setup.keys);
const vault = Vault.open({
  dir: setup.dir,
  ring: keys.read(),
  clock: systemClock,
  random: randomBytes,
  mapSizeBytes: setup.vaultMapBytes,
});
const store = lmdbStore(vault.env);
const meta = metaOf(store);
const seal = new RecordSeal(vault.sealing.ring);
const cluster =
  setup.cluster === null
    ? undefined
    : await openClusterEvents({ settings: setup.cluster, store, meta });
const records = cluster?.records ?? embeddedRecords(store, meta.shards);
const notices = new LogNotices({ vault, records, meta, kinds: openKinds(vault, store), seal });
const orders = new OutboxOrders(store);
const cursors = new CursorRows(store);
const rows = new SubscriberRows(store, () => vault.sealing.ring);
const progress = openProgress();
let epoch = vault.sealing.ring.epoch;
let subscriptions: Subscriptions | undefined;
let told: readonly number[] = [];
let grown = 0;

/** The thread begins after the runtime has made its log. */
function metaOf(made: Store): LogMeta {
  const found = readLogMeta(made);
  if (found === undefined) throw new Error("the vault has no log");
  return found;
}

function openProgress(): HeldProgress {
  const own = new ProgressTable(vault.env.table("outbox"), (work) => store.write(work));
  const subscribers = () => rows.all().flatMap(({ trid, url }) => (url === "" ? [] : [trid]));
  if (cluster !== undefined) {
    return new SharedProgress({ own, checkpoints: cluster.checkpoints, subscribers });
  }
  return Object.assign(own, { take: async () => {} });
}

const timers: OutboxTimers = {
  nowMs: () => systemClock.nowMs(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  random: () => randomBytes(4).readUInt32BE(0) / 2 ** 32,
};

function begin(): Subscriptions {
  return new Subscriptions({
    openOutbox: (report) => new Outbox({ source: notices, store: progress, timers, report }),
    rows,
    notices,
    progress,
    orders,
    settleMs: cluster === undefined ? 0 : settleMs,
    clock: systemClock,
    loopbackWebhooks: setup.loopbackWebhooks,
    alarm,
  });
}

async function deliver(shards: DeliveredShards): Promise<void> {
  told = shards === "all" ? Array.from({ length: meta.shards }, (_, shard) => shard) : shards;
  if (told.length > 0) {
    vault.freshRead();
    subscriptions ??= begin();
    await subscriptions.upkeep(told);
  } else {
    const ending = subscriptions;
    subscriptions = undefined;
    await ending?.stop();
  }
}

function watchLog(): void {
  vault.freshRead();
  let sum = 0;
  for (let shard = 0; shard < meta.shards; shard++) sum += cursors.get("evt", shard, meta).seq;
  if (sum === grown) return;
  grown = sum;
  subscriptions?.wake();
}

function watchKeys(): void {
  if (keys.epoch() === epoch) return;
  const ring = keys.read();
  epoch = ring.epoch;
  vault.useKeys(ring);
  seal.useKeys(ring);
}

async function answer(order: Extract<EventsOrder, { say: "pull" }>): Promise<void> {
  const { id, trid, cursor, limit } = order;
  try {
    const { shards, incarnation } = meta;
    const oldest = (shard: number) => notices.oldest(shard);
    const options = { source: notices, incarnation, shards, oldest };
    const { events, ...rest } = await pull(options, trid, cursor, limit);
    const texts = events.map((one) => {
      return { eventId: one.eventId, type: one.type, body: one.body.toString() };
    });
    tell({ say: "pulled", id, pulled: { events: texts, ...rest } });
  } catch (error) {
    const code = isAppError(error) ? error.code : "INTERNAL_ERROR";
    tell({ say: "refused", id, code, message: (error as Error).message });
  }
}

let keepingUp = false;

async function keepUp(): Promise<void> {
  watchKeys();
  const running = subscriptions;
  if (running === undefined || keepingUp) return;
  keepingUp = true;
  try {
    await running.upkeep(told);
    if (running === subscriptions) tell({ say: "stats", stats: running.stats() });
  } catch (error) {
    alarm(error);
  } finally {
    keepingUp = false;
  }
}

const growth = setInterval(watchLog, growthMs);
const upkeep = setInterval(() => void keepUp(), upkeepMs);

async function stop(): Promise<void> {
  clearInterval(growth);
  clearInterval(upkeep);
  await deliver([]);
  await cluster?.close();
  await vault.close();
  port.close();
}

port.on("message", (order: EventsOrder) => {
  if (order.say === "pull") void answer(order);
  else if (order.say === "deliver") deliver(order.shards).catch(alarm);
  else void stop();
});
