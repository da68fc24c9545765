// The actors of a vault over the log that the settings name: in the vault itself, or on JetStream as
// one node of a cluster. Whoever hands commands over need not know which.
import { randomBytes } from "node:crypto";
import {
  type ClusterSettings,
  type Envelope,
  lmdbStore,
  type MakeKind,
  Ownership,
  openCluster,
  openKinds,
  prepareLogMeta,
  type Reply,
  type ShardEvents,
  type ShardStanding,
} from "../../actors/mod.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import type { Vault } from "../../vault/mod.ts";
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
  close(): Promise<void>;
}

export interface ActorsOpening {
  readonly vault: Vault;
  readonly kinds: readonly MakeKind[];
  readonly events: ShardEvents;
  /** Null for the log in the vault. */
  readonly cluster: ClusterSettings | null;
}

/** A stop waits for so long for what was decided. */
const stopMs = 5_000;

/** Errors: VAULT_IN_USE, VAULT_TOO_NEW, VAULT_CORRUPT, LOG_UNFIT, SERVICE_UNAVAILABLE. */
export async function openActors(opening: ActorsOpening): Promise<OpenedActors> {
  const { cluster, vault, kinds, events } = opening;
  if (cluster !== null) return openNode(opening, cluster);
  const { runtime, seal, shards, owned, close } = await openRuntime({ vault, kinds, events });
  return {
    shards,
    owned,
    send: (envelope, answer) => runtime.send(envelope, answer),
    useKeys: (ring) => seal.useKeys(ring),
    state: () => undefined,
    close,
  };
}

async function openNode(
  { vault, kinds, events }: ActorsOpening,
  settings: ClusterSettings,
): Promise<OpenedActors> {
  const store = lmdbStore(vault.env);
  const owner = Ownership.take(store, randomBytes(8));
  const resyncs: Record<string, number> = {};
  try {
    const meta = prepareLogMeta(store, randomBytes, vault.shards);
    const { node, close } = await openCluster({
      ...{ settings, store, meta, kinds: openKinds(vault, store, kinds) },
      ring: vault.sealing.ring,
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
      async close() {
        await close(stopMs);
        owner.release();
      },
    };
  } catch (error) {
    owner.release();
    throw error;
  }
}
