// Ownership on real parts: leases and heartbeats in two buckets, messages over core NATS.
import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, systemClock } from "../../../platform/mod.ts";
import { openLeaseBucket, openTopologyBucket, ReopenedBucket } from "./buckets.ts";
import type { JetStreamLog } from "./jetstream-log.ts";
import { LeaseBucket } from "./lease-bucket.ts";
import { isNodeName } from "./names.ts";
import { NatsBus } from "./nats-bus.ts";
import { type BlockHandler, Ownership } from "./ownership.ts";
import type { OwnershipNotice, ShardHost } from "./ownership-port.ts";
import { systemRandom, systemTimers, type Timers } from "./timers.ts";
import { TopologyRegistry } from "./topology-registry.ts";

export interface OpenOwnershipOptions {
  /** From `connectNats`; whoever opened it closes it. */
  readonly connection: NatsConnection;
  readonly log: JetStreamLog;
  /** Of both buckets: as many as the log's streams. */
  readonly replicas: number;
  /** Lower-case letters, digits and hyphens; unique among the nodes that run. */
  readonly node: string;
  readonly nonce: Buffer;
  readonly host: ShardHost;
  readonly onMessage: BlockHandler;
  readonly notice: (notice: OwnershipNotice) => void;
  /** Another process runs under this node's name. */
  readonly twin: (nonce: string) => void;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

export interface OpenedOwnership {
  readonly ownership: Ownership;
  /** Hands over what others can take, then ends. */
  stop(): Promise<void>;
}

/** Opens the buckets; `start` of what it returns begins to own. Errors: LOG_UNFIT. */
export async function openOwnership(options: OpenOwnershipOptions): Promise<OpenedOwnership> {
  const { connection, log, replicas, node, nonce, host, onMessage, notice, twin } = options;
  const { clock = systemClock, timers = systemTimers } = options;
  if (!isNodeName(node)) throw new RangeError(`"${node}" is no name of a node`);
  const leases = await ReopenedBucket.open(() => openLeaseBucket(connection, replicas));
  const topology = await ReopenedBucket.open(() => openTopologyBucket(connection, replicas));
  const registry = new TopologyRegistry({
    bucket: topology,
    clock,
    timers,
    node,
    nonce: nonce.toString("hex"),
    twin,
  });
  const ownership = new Ownership({
    node,
    nonce,
    clock,
    timers,
    random: systemRandom,
    log,
    lease: new LeaseBucket(leases),
    bus: new NatsBus(connection),
    registry,
    host,
    notice,
    onMessage,
  });
  const stop = async (): Promise<void> => {
    await ownership.stop();
    await registry.stop();
  };
  return { ownership, stop };
}
