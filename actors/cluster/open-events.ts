// What telling subscribers needs of a cluster, for a thread that has a connection of its own: the
// records of events, and the place of the checkpoints.
import { openOutboxBucket, ReopenedBucket } from "../log/jetstream/buckets.ts";
import { CheckpointBucket } from "../log/jetstream/checkpoint-bucket.ts";
import { connectNats } from "../log/jetstream/connection.ts";
import { openJetStreamLog } from "../log/jetstream/jetstream-log.ts";
import type { LogMeta } from "../log/log-meta.ts";
import type { Checkpoints } from "../outbox/shared-progress.ts";
import type { Store } from "../store/port.ts";
import { ClusterRecords } from "./event-records.ts";
import { type ClusterSettings, logSettings } from "./open-cluster.ts";

export interface ClusterEvents {
  readonly records: ClusterRecords;
  readonly checkpoints: Checkpoints;
  close(): Promise<void>;
}

export interface ClusterEventsOptions {
  readonly settings: ClusterSettings;
  readonly store: Store;
  readonly meta: LogMeta;
}

/** The cluster has its log already. Errors: LOG_UNFIT, SERVICE_UNAVAILABLE. */
export async function openClusterEvents(options: ClusterEventsOptions): Promise<ClusterEvents> {
  const { settings, store, meta } = options;
  const { node, replicas } = settings;
  const connection = await connectNats({ ...settings, name: `${node} events` });
  try {
    const wanted = logSettings(settings, meta);
    const log = await openJetStreamLog({ connection, settings: wanted, create: false });
    const records = await ClusterRecords.open({ store, meta, log });
    const bucket = await ReopenedBucket.open(() => openOutboxBucket(connection, replicas));
    const close = () => connection.close();
    return { records, checkpoints: new CheckpointBucket(bucket), close };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
