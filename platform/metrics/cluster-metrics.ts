// Rows of the metric table about a node of a cluster.
import type { MetricRow } from "./metric-row.ts";

/** Shards of a log on JetStream. */
const shardsMax = 100;

export const clusterMetrics = {
  clusterApplyLag: {
    name: "pantun_cluster_apply_lag_seconds",
    kind: "gauge",
    unit: "seconds",
    merge: "max",
    help: "Age of the newest word of a shard's owner that this vault has applied; 0 at the owner.",
    openLabels: ["shard"],
    seriesMax: shardsMax,
  },
  clusterRecordsBehind: {
    name: "pantun_cluster_records_behind",
    kind: "gauge",
    unit: "rows",
    merge: "max",
    help: "Records of a shard's log that its owner has and this vault has not applied.",
    openLabels: ["shard"],
    seriesMax: shardsMax,
  },
  clusterEpoch: {
    name: "pantun_cluster_epoch",
    kind: "gauge",
    unit: "info",
    merge: "max",
    help: "Epoch of a shard: rises with every change of its owner.",
    openLabels: ["shard"],
    seriesMax: shardsMax,
  },
  clusterShards: {
    name: "pantun_cluster_shards",
    kind: "gauge",
    unit: "items",
    merge: "max",
    help: "Shards by how they stand on this node.",
    labels: { state: ["FOLLOW", "ACQUIRE", "BARRIER", "OWN", "DRAIN", "PARKED"] },
  },
  clusterResyncs: {
    name: "pantun_cluster_resyncs_total",
    kind: "counter",
    unit: "events",
    help: "Appends whose fate had to be read from the log, by what was known before.",
    labels: { cause: ["refused", "unknown", "full", "held", "failed"] },
  },
  clusterPayments: {
    name: "pantun_cluster_payments_total",
    kind: "counter",
    unit: "messages",
    help: "Messages handed to other nodes, taken from them, come back undone, or come too late.",
    labels: { way: ["forwarded", "arrived", "returned", "late"] },
  },
  clusterUnavailable: {
    name: "pantun_cluster_unavailable_total",
    kind: "counter",
    unit: "messages",
    help: "Messages answered 91 (9092) because nobody answered for their shard in time.",
    openLabels: ["shard"],
    seriesMax: shardsMax,
  },
  clusterPaymentsWaiting: {
    name: "pantun_cluster_payments_waiting",
    kind: "gauge",
    unit: "messages",
    merge: "sum",
    help: "Messages at this node's doors that have no answer yet.",
    labels: {},
  },
  clusterPending: {
    name: "pantun_cluster_pending_payments",
    kind: "gauge",
    unit: "messages",
    merge: "sum",
    help: "Payments that this node has judged as an owner and its log has not stored yet.",
    labels: {},
  },
} as const satisfies Record<string, MetricRow>;
