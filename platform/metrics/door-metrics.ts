// Metrics of the doors that answer single calls: gRPC under its well-known names, and HTTP.
import { exponential, type MetricRow } from "./metric-row.ts";

/** From 31.25 µs to 0.512 s; the service level of a verification, 2 ms, is an edge. */
export const answerBuckets = exponential(31.25e-6, 2, 15);

/** From 1 ms to 1.02 s: a change waits for a flush. */
const callBuckets = exponential(1e-3, 4, 6);

export const doorMetrics = {
  grpcHandled: {
    name: "grpc_server_handled_total",
    kind: "counter",
    unit: "messages",
    help: "RPCs completed, by status.",
    openLabels: ["grpc_type", "grpc_service", "grpc_method", "grpc_code"],
    seriesMax: 384,
  },
  grpcHandlingSeconds: {
    name: "grpc_server_handling_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "RPC duration on the server.",
    openLabels: ["grpc_type", "grpc_service", "grpc_method"],
    seriesMax: 40,
    buckets: answerBuckets,
  },
  httpRequests: {
    name: "pantun_http_requests_total",
    kind: "counter",
    unit: "messages",
    help: "Requests to the JSON API, by operation and code: OK or one of the errors.",
    openLabels: ["operation", "code"],
    seriesMax: 192,
  },
  httpSeconds: {
    name: "pantun_http_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "From the head of a request to its answer being written.",
    openLabels: ["operation"],
    seriesMax: 20,
    buckets: callBuckets,
  },
  adminRequests: {
    name: "pantun_admin_requests_total",
    kind: "counter",
    unit: "messages",
    help: "Requests to the administration API, by operation and code: OK or one of the errors.",
    openLabels: ["operation", "code"],
    seriesMax: 128,
  },
} as const satisfies Record<string, MetricRow>;
