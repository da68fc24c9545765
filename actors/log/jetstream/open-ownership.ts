// Ownership on real parts: leases and heartbeats in two buckets, messages over core NATS.
import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, systemClock } from "../../../platform/mod.ts";
import { openLeaseBucket, openTopologyBucket, ReopenedBucket } from "./buckets.ts";
import type { JetStreamLog } from "./jetstream-log.ts";
import { LeaseBucket } from "./lease-bucket.ts";
import { isNodeName } from "./names.ts";
import { NatsBus } from "./nats-bus.ts";
import { type BlockHandler, Ownership } from "./ownership.ts";
import type { Bus, Lease, OwnershipNotice, ShardHost } from "./ownership-port.ts";
import { systemRandom, systemTimers, type Timers } from "./timers.ts";
import { TopologyRegistry } from "./topology-registry.ts";

export interface NodePartsOptions {
  /** From `connectNats`; whoever opened it closes it. */
  readonly connection: NatsConnection;
  /** Of both buckets: as many as the log's streams. */
  readonly replicas: number;
  /** Lower-case letters, digits and hyphens; unique among the nodes that run. */
  readonly node: string;
  readonly nonce: Buffer;
  /** Another process runs under this node's name. */
  readonly twin: (nonce: string) => void;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

export interface NodeParts {
  readonly lease: Lease;
  readonly bus: Bus;
  readonly registry: TopologyRegistry;
}

/** Opens the buckets. Errors: LOG_UNFIT; a RangeError where the node's name is none. */
export async function openNodeParts(options: NodePartsOptions): Promise<NodeParts> {
  const { connection, replicas, node, nonce, twin } = options;
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
  return { lease: new LeaseBucket(leases), bus: new NatsBus(connection), registry };
}

export interface OpenOwnershipOptions extends NodePartsOptions {
  readonly log: JetStreamLog;
  readonly host: ShardHost;
  readonly onMessage: BlockHandler;
  readonly notice: (notice: OwnershipNotice) => void;
}

export interface OpenedOwnership {
  readonly ownership: Ownership;
  /** Hands over what others can take, then ends. */
  stop(): Promise<void>;
}

/** Ownership over the parts; `start` of what it returns begins to own. Errors: LOG_UNFIT. */
export async function openOwnership(options: OpenOwnershipOptions): Promise<OpenedOwnership> {
  const { log, node, nonce, host, onMessage, notice } = options;
  const { clock = systemClock, timers = systemTimers } = options;
  const parts = await openNodeParts(options);
  const ownership = new Ownership({
    ...{ node, nonce, clock, timers, log, host, notice, onMessage, ...parts },
    random: systemRandom,
  });
  const stop = async (): Promise<void> => {
    await ownership.stop();
    await parts.registry.stop();
  };
  return { ownership, stop };
}
