// The one table of metrics: what is not here is not exported. Dashboards, alerts and the reference
// page are made from it. Labels never hold a PAN, a token, an address or free text.
import { reasonTable, reasonText } from "../errors/reason-table.ts";
import { exponential, type MetricRow } from "./metric-row.ts";

/** From 31.25 µs to 0.512 s; the service level of a verification, 2 ms, is an edge. */
const answerBuckets = exponential(31.25e-6, 2, 15);
/** From 1 µs to 16.4 ms: one stage over one batch. */
const stageBuckets = exponential(1e-6, 2, 15);
/** 1 to 256 messages, the largest batch. */
const batchBuckets = exponential(1, 2, 9);

const stages = [
  "decode",
  "mac",
  "index",
  "lookup",
  "rules",
  "verify",
  "claim",
  "open",
  "journal",
  "encode",
  "whole",
] as const;
const reasons = [...reasonTable.values()]
  .filter((row) => !row.historyOnly)
  .map((row) => reasonText(row.code));
const doors = ["iso", "session", "unary"] as const;

export const metricTable = {
  buildInfo: {
    name: "pantun_build_info",
    kind: "gauge",
    unit: "info",
    merge: "max",
    help: "1, with the version of the program and of Node.",
    openLabels: ["version", "node"],
    seriesMax: 1,
  },
  ready: {
    name: "pantun_ready",
    kind: "gauge",
    unit: "info",
    merge: "max",
    help: "1 while the service takes payments, 0 while it starts or drains.",
    labels: {},
  },
  verifySeconds: {
    name: "pantun_verify_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "From the arrival of a message at a door to its answer being written.",
    labels: { door: doors },
    buckets: answerBuckets,
  },
  stageSeconds: {
    name: "pantun_stage_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "One stage of the hot path over one whole batch.",
    labels: { stage: stages },
    buckets: stageBuckets,
  },
  batchMessages: {
    name: "pantun_batch_messages",
    kind: "histogram",
    unit: "messages",
    help: "Messages in a batch, by where it ran.",
    labels: { place: ["inline", "pool"] },
    buckets: batchBuckets,
  },
  outcomes: {
    name: "pantun_outcomes_total",
    kind: "counter",
    unit: "messages",
    help: "Payments answered, by the 4-digit reason; 0000 is verified.",
    labels: { reason: reasons },
  },
  repetitions: {
    name: "pantun_repetitions_total",
    kind: "counter",
    unit: "messages",
    help: "Retransmissions that were answered again.",
    labels: {},
  },
  mitPtavIgnored: {
    name: "pantun_mit_ptav_ignored_total",
    kind: "counter",
    unit: "messages",
    help: "Merchant-initiated payments that brought a PTAV, which was ignored (3003).",
    labels: {},
  },
  answerTagsDropped: {
    name: "pantun_answer_tags_dropped_total",
    kind: "counter",
    unit: "items",
    help: "DE120 tags left out of an answer because they did not fit.",
    labels: {},
  },
  claims: {
    name: "pantun_claims_total",
    kind: "counter",
    unit: "rows",
    help: "Claims of one-time values, by result.",
    labels: { result: ["new", "repetition", "used", "expired", "failed", "reversed"] },
  },
  failedTags: {
    name: "pantun_failed_tags_total",
    kind: "counter",
    unit: "events",
    help: "Sealed records that did not open: corruption or tampering. Never expected.",
    labels: {},
  },
  panReleased: {
    name: "pantun_pan_released_total",
    kind: "counter",
    unit: "messages",
    help: "Answers that carried a card number, by caller.",
    openLabels: ["caller"],
    seriesMax: 64,
  },
  ptavIssued: {
    name: "pantun_ptav_issued_total",
    kind: "counter",
    unit: "items",
    help: "PTAVs handed out to requestors.",
    labels: {},
  },
  queueMessages: {
    name: "pantun_queue_messages",
    kind: "gauge",
    unit: "messages",
    merge: "sum",
    help: "Messages that wait for a batch.",
    labels: {},
  },
  queueMessagesMax: {
    name: "pantun_queue_messages_max",
    kind: "gauge",
    unit: "messages",
    merge: "max",
    help: "Messages the queue can hold before it sheds.",
    labels: {},
  },
  shed: {
    name: "pantun_shed_total",
    kind: "counter",
    unit: "messages",
    help: "Messages answered with overload without being worked on.",
    labels: { reason: ["queue-full", "deadline", "draining", "rate"] },
  },
  workersBusy: {
    name: "pantun_workers_busy",
    kind: "gauge",
    unit: "items",
    merge: "sum",
    help: "Workers of the pool that run a batch.",
    labels: {},
  },
  workersReplaced: {
    name: "pantun_workers_replaced_total",
    kind: "counter",
    unit: "events",
    help: "Workers that died or hung and were replaced.",
    labels: {},
  },
  journalFailures: {
    name: "pantun_journal_failures_total",
    kind: "counter",
    unit: "events",
    help: "Journal appends that failed; their batches were answered 9096.",
    labels: {},
  },
  historyRowsBehind: {
    name: "pantun_history_behind_rows",
    kind: "gauge",
    unit: "rows",
    merge: "max",
    help: "Journal rows that are not folded into the history yet.",
    labels: {},
  },
  replayBytes: {
    name: "pantun_replay_bytes",
    kind: "gauge",
    unit: "bytes",
    merge: "max",
    help: "Pages of the replay store in use.",
    labels: {},
  },
  replayBytesMax: {
    name: "pantun_replay_bytes_max",
    kind: "gauge",
    unit: "bytes",
    merge: "max",
    help: "Size of the replay store's map; a full one refuses claims.",
    labels: {},
  },
  vaultTokens: {
    name: "pantun_vault_tokens",
    kind: "gauge",
    unit: "rows",
    merge: "max",
    help: "Token records in the vault.",
    labels: {},
  },
  vaultBytes: {
    name: "pantun_vault_bytes",
    kind: "gauge",
    unit: "bytes",
    merge: "max",
    help: "Bytes on the disk by store.",
    labels: { store: ["vault", "history", "journal"] },
  },
  vaultBytesMax: {
    name: "pantun_vault_bytes_max",
    kind: "gauge",
    unit: "bytes",
    merge: "max",
    help: "Configured map size by store.",
    labels: { store: ["vault"] },
  },
  rangeFillRatio: {
    name: "pantun_range_fill_ratio",
    kind: "gauge",
    unit: "ratio",
    merge: "max",
    help: "Share of the token numbers of a sub-range that were ever given out, 0 to 1.",
    openLabels: ["range"],
    seriesMax: 128,
  },
  clockSteps: {
    name: "pantun_clock_steps_total",
    kind: "counter",
    unit: "events",
    help: "Steps of the wall clock above 60 s that were not followed.",
    labels: {},
  },
  connections: {
    name: "pantun_connections",
    kind: "gauge",
    unit: "items",
    merge: "sum",
    help: "Open connections by door.",
    labels: { door: ["iso", "switch", "requestor", "admin"] },
  },
  isoMessages: {
    name: "pantun_iso_messages_total",
    kind: "counter",
    unit: "messages",
    help: "ISO 8583 messages by request MTI and by DE39 of the answer; none: not answered.",
    openLabels: ["mti", "response"],
    seriesMax: 256,
  },
  isoUnanswerable: {
    name: "pantun_iso_unanswerable_total",
    kind: "counter",
    unit: "messages",
    help: "Frames that could not be answered, by error code.",
    openLabels: ["code"],
    seriesMax: 48,
  },
  isoSignedOn: {
    name: "pantun_iso_signed_on",
    kind: "gauge",
    unit: "items",
    merge: "sum",
    help: "Connections that have signed on, by peer.",
    openLabels: ["peer"],
    seriesMax: 64,
  },
  keyVersion: {
    name: "pantun_key_version",
    kind: "gauge",
    unit: "info",
    merge: "max",
    help: "Active key version by usage.",
    labels: { usage: ["index", "seal", "ptav", "fingerprint", "route"] },
  },
  certificateExpiry: {
    name: "pantun_certificate_expiry_seconds",
    kind: "gauge",
    unit: "seconds",
    merge: "max",
    help: "Unix time at which the certificate of a door expires.",
    labels: { door: ["iso", "switch", "requestor"] },
  },
  grpcHandled: {
    name: "grpc_server_handled_total",
    kind: "counter",
    unit: "messages",
    help: "RPCs completed, by status.",
    openLabels: ["grpc_type", "grpc_service", "grpc_method", "grpc_code"],
    seriesMax: 256,
  },
  grpcHandlingSeconds: {
    name: "grpc_server_handling_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "RPC duration on the server.",
    openLabels: ["grpc_type", "grpc_service", "grpc_method"],
    seriesMax: 32,
    buckets: answerBuckets,
  },
} as const satisfies Record<string, MetricRow>;

export type MetricTable = typeof metricTable;
export type MetricKey = keyof MetricTable;

/** Names that the metrics library itself exports and that dashboards use. */
export const runtimeMetrics = [
  "process_cpu_seconds_total",
  "process_resident_memory_bytes",
  "process_open_fds",
  "process_start_time_seconds",
  "nodejs_eventloop_lag_p99_seconds",
  "nodejs_gc_duration_seconds",
  "nodejs_heap_size_used_bytes",
] as const;
