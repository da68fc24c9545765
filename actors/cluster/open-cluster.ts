// A node of a cluster on real parts: NATS, JetStream, a vault.
import { randomBytes } from "node:crypto";
import type { KeyRing } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { connectNats, type NatsSettings } from "../log/jetstream/connection.ts";
import { type JetStreamLog, openJetStreamLog } from "../log/jetstream/jetstream-log.ts";
import { openNodeParts } from "../log/jetstream/open-ownership.ts";
import type { OwnershipNotice } from "../log/jetstream/ownership-port.ts";
import type { LogSettings } from "../log/jetstream/stream-settings.ts";
import { systemRandom, systemTimers } from "../log/jetstream/timers.ts";
import type { LogMeta } from "../log/log-meta.ts";
import { nonceBytes } from "../log/record.ts";
import type { KindTable } from "../runtime/kinds.ts";
import { systemTurns } from "../runtime/ports.ts";
import type { ShardEvents } from "../runtime/shard.ts";
import { TailRows } from "../runtime/tail-rows.ts";
import type { Store } from "../store/port.ts";
import { ClusterNode } from "./cluster-node.ts";
import type { PaymentParts } from "./node-payments.ts";
import { checkLogKind, IdentityRows } from "./stream-identity.ts";

/** Plain data: it goes to the thread of the actors as it is. */
export interface ClusterSettings extends Omit<NatsSettings, "name"> {
  /** Lower-case letters, digits and hyphens; unique among the nodes that run. */
  readonly node: string;
  readonly replicas: LogSettings["replicas"];
  /** Room of one shard's events and of its payments. */
  readonly evtBytesMax: number;
  readonly payBytesMax: number;
  readonly payAgeMs: number;
  readonly placementTags?: readonly string[];
}

export interface OpenClusterOptions {
  readonly settings: ClusterSettings;
  readonly store: Store;
  readonly meta: LogMeta;
  readonly kinds: KindTable;
  readonly ring: KeyRing;
  readonly notice: (notice: OwnershipNotice) => void;
  readonly events: ShardEvents;
  /** Another process runs under this node's name. */
  readonly twin: (nonce: string) => void;
  /** Undefined where no payments are taken. */
  readonly taking?: PaymentParts;
}

export interface OpenedCluster {
  readonly node: ClusterNode;
  /** Hands over what others can take, finishes what was decided, then ends. */
  close(limitMs: number): Promise<void>;
}

export function logSettings(settings: ClusterSettings, meta: LogMeta): LogSettings {
  const { replicas, evtBytesMax, payBytesMax, payAgeMs, placementTags } = settings;
  const { shards, incarnation } = meta;
  const tags = placementTags === undefined ? {} : { placementTags };
  return { shards, incarnation, replicas, evtBytesMax, payBytesMax, payAgeMs, ...tags };
}

/**
 * Opens the log, making its streams for the first node of a new cluster, and begins to follow and
 * to own. Errors: LOG_UNFIT where server, streams or vault do not fit, SERVICE_UNAVAILABLE where
 * nobody answers.
 */
export async function openCluster(options: OpenClusterOptions): Promise<OpenedCluster> {
  const { settings, store, meta, kinds, ring, notice, events, twin, taking } = options;
  checkLogKind(store, "jetstream", meta.shards);
  const known = new IdentityRows(store).get("evt", 0) !== undefined;
  const connection = await connectNats({ ...settings, name: settings.node });
  let log: JetStreamLog | undefined;
  try {
    // A vault that has followed the streams must not get empty ones in their place.
    const create = !known;
    log = await openJetStreamLog({ connection, settings: logSettings(settings, meta), create });
    const nonce = randomBytes(nonceBytes);
    const { node: name, replicas } = settings;
    const parts = await openNodeParts({ connection, replicas, node: name, nonce, twin });
    const node = new ClusterNode({
      ...{ store, meta, kinds, ring, log, notice, events, nonce, node: name, ...parts },
      ...{ clock: systemClock, turns: systemTurns, random: randomBytes },
      ...(taking === undefined ? {} : { taking }),
      ...{ timers: systemTimers, chance: systemRandom, tail: new TailRows(store) },
    });
    await node.start();
    const opened = log;
    const close = async (limitMs: number): Promise<void> => {
      await node.stop(limitMs);
      await parts.registry.stop();
      await opened.close();
      await connection.close();
    };
    return { node, close };
  } catch (error) {
    await log?.close();
    await connection.close();
    throw error;
  }
}
