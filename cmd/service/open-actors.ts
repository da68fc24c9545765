// The actors of a vault over the log that the settings name: in the vault itself, or on JetStream
// as one node of a cluster. Whoever hands commands over need not know which.
import { randomBytes } from "node:crypto";
import {
  type CardPolicy,
  type ClusterNode,
  type ClusterSettings,
  type Envelope,
  lmdbStore,
  type MakeKind,
  Ownership,
  openCluster,
  openKinds,
  type PaymentDoor,
  prepareLogMeta,
  type Reply,
  type ShardEvents,
  type ShardStanding,
  VaultLedger,
} from "../../actors/mod.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import type { PaymentOwner } from "../../hotpath/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import {
  JournalWriter,
  newestIds,
  type PaymentItem,
  ReplayStore,
  slotWidth,
  type Vault,
  vaultHorizons,
} from "../../vault/mod.ts";
import { openRuntime } from "./open-runtime.ts";

/** How a node of a cluster stands; what readiness and metrics are made of. */
export interface ClusterState {
  readonly shards: readonly ShardStanding[];
  /** Appends whose fate had to be read from the log, by cause, since the start. */
  readonly resyncs: Readonly<Record<string, number>>;
}

export interface OpenedActors {
  readonly shards: number;
  /** Shards that are decided for here, at the start. */
  readonly owned: number;
  /** Hands a command to whoever owns its shard; `answer` is called once. */
  send(envelope: Envelope, answer: (reply: Reply) => void): void;
  useKeys(ring: KeyRing): void;
  /** Undefined where there is no cluster. */
  state(): ClusterState | undefined;
  /** Undefined where payments need no other node. */
  readonly payments: ActorPayments | undefined;
  close(): Promise<void>;
}

/** Payments of a node of a cluster, as the thread of the actors has them. */
export interface ActorPayments {
  decide(item: PaymentItem, told: (code: number, id: Buffer) => void): void;
  forward(node: string, items: readonly PaymentItem[]): void;
  answer(node: string, nonce: Buffer, items: readonly PaymentItem[]): void;
  /** By shard; undefined where no owner is known. */
  owners(): (PaymentOwner | undefined)[];
}

/** What a node of a cluster needs to take payments. */
export interface PaymentSetup {
  readonly bootId: string;
  readonly ptavTtlSeconds: number;
  readonly replayMapBytes: number;
}

export interface ActorsOpening {
  readonly vault: Vault;
  readonly kinds: readonly MakeKind[];
  readonly policy?: Partial<CardPolicy>;
  readonly events: ShardEvents;
  /** Null for the log in the vault. */
  readonly cluster: ClusterSettings | null;
  /** Null where no payments are taken. */
  readonly payments: (PaymentSetup & { readonly door: PaymentDoor }) | null;
}

/** A stop waits for so long for what was decided. */
const stopMs = 5_000;

/** Errors: VAULT_IN_USE, VAULT_TOO_NEW, VAULT_CORRUPT, LOG_UNFIT, SERVICE_UNAVAILABLE. */
export async function openActors(opening: ActorsOpening): Promise<OpenedActors> {
  const { cluster, vault, kinds, policy = {}, events } = opening;
  if (cluster !== null) return openNode(opening, cluster);
  const { runtime, seal, shards, owned, close } = await openRuntime({
    vault,
    kinds,
    policy,
    events,
  });
  return {
    shards,
    owned,
    send: (envelope, answer) => runtime.send(envelope, answer),
    useKeys: (ring) => seal.useKeys(ring),
    state: () => undefined,
    payments: undefined,
    close,
  };
}

interface OpenedLedger {
  readonly ledger: VaultLedger;
  /** How long a claim can be repeated. */
  readonly keepMs: number;
  close(): Promise<void>;
}

const journalPrefix = "pay-";
/** Payments of the largest record. */
const journalRows = 4_096;

function openLedger(vault: Vault, setup: PaymentSetup): OpenedLedger {
  const { bootId, ptavTtlSeconds: ttlSeconds, replayMapBytes: mapSizeBytes } = setup;
  const { dir, incarnation } = vault;
  const clock = systemClock;
  const horizon = vaultHorizons(vault);
  const made = { dir, bootId, incarnation, ttlSeconds, clock, horizon, mapSizeBytes };
  const replay = ReplayStore.open(made);
  const name = `${journalPrefix}${process.pid}-${randomBytes(3).toString("hex")}`;
  // Before the new file is there: what the life before has written.
  const written = newestIds(dir, journalPrefix, 2 * journalRows);
  const journal = JournalWriter.open({ dir, name, clock, rowsMax: journalRows });
  return {
    ledger: new VaultLedger(replay.logged, journal, written),
    keepMs: 2 * slotWidth(ttlSeconds) * 1_000,
    async close() {
      journal.close();
      await replay.close();
    },
  };
}

async function openNode(
  { vault, kinds, policy = {}, events, payments }: ActorsOpening,
  settings: ClusterSettings,
): Promise<OpenedActors> {
  const store = lmdbStore(vault.env);
  const owner = Ownership.take(store, randomBytes(8));
  const resyncs: Record<string, number> = {};
  const opened = payments === null ? undefined : openLedger(vault, payments);
  try {
    const meta = prepareLogMeta(store, randomBytes, vault.shards);
    const { node, close } = await openCluster({
      ...{ settings, store, meta },
      kinds: openKinds(vault, store, { more: kinds, policy }),
      ring: vault.sealing.ring,
      ...takingOf(opened, payments?.door),
      events: {
        ...events,
        resync: (_, cause) => {
          resyncs[cause] = (resyncs[cause] ?? 0) + 1;
        },
      },
      // The runtime's own states are told; ownership's differ from them for moments only.
      notice: () => {},
      twin: (nonce) => {
        const text = `another process (${nonce}) runs as node ${settings.node}`;
        events.alarm?.(0, new Error(text));
      },
    });
    return {
      shards: meta.shards,
      owned: 0,
      send: (envelope, answer) => node.send(envelope, answer),
      useKeys: (ring) => node.useKeys(ring),
      state: () => ({ shards: node.standing(), resyncs }),
      payments: paymentsOf(node, settings.node, meta.shards),
      async close() {
        await close(stopMs);
        await opened?.close();
        owner.release();
      },
    };
  } catch (error) {
    await opened?.close();
    owner.release();
    throw error;
  }
}

function takingOf(opened: OpenedLedger | undefined, door: PaymentDoor | undefined) {
  if (opened === undefined || door === undefined) return {};
  const { ledger, keepMs } = opened;
  return { taking: { ledger, keepMs, door } };
}

function paymentsOf(node: ClusterNode, name: string, shards: number): ActorPayments | undefined {
  const { payments, ownership } = node;
  if (payments === undefined) return undefined;
  return {
    decide: (item, told) => payments.submit(item, told),
    forward: (to, items) => payments.router.send(to, items),
    answer: (to, nonce, items) => payments.router.answer(to, nonce, items),
    owners: () =>
      Array.from({ length: shards }, (_, shard) => {
        const owner = ownership.ownerOf(shard);
        return owner === undefined ? undefined : { ...owner, here: owner.node === name };
      }),
  };
}
