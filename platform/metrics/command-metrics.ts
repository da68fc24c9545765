// Rows of the metric table about commands and the notices that follow from them.
import type { MetricRow } from "./metric-row.ts";

export const commandMetrics = {
  commandsPlace: {
    name: "pantun_commands_place",
    kind: "gauge",
    unit: "info",
    merge: "max",
    help: "1 where commands go now: to this process, to another of the machine, or nowhere.",
    labels: { place: ["here", "elsewhere", "nowhere"] },
  },
  outboxDepth: {
    name: "pantun_outbox_depth",
    kind: "gauge",
    unit: "events",
    merge: "sum",
    help: "Notices that are read from the log and not delivered yet, by subscriber.",
    openLabels: ["subscriber"],
    seriesMax: 256,
  },
  outboxAge: {
    name: "pantun_outbox_age_seconds",
    kind: "gauge",
    unit: "seconds",
    merge: "max",
    help: "Age of the oldest notice that waits, by subscriber.",
    openLabels: ["subscriber"],
    seriesMax: 256,
  },
  outboxDeliveries: {
    name: "pantun_outbox_deliveries_total",
    kind: "counter",
    unit: "events",
    help: "Webhook calls by subscriber and by what came of them; dead: given up after three days.",
    openLabels: ["subscriber", "outcome"],
    seriesMax: 768,
  },
  outboxDisabled: {
    name: "pantun_outbox_disabled",
    kind: "gauge",
    unit: "info",
    merge: "max",
    help: "1 where a subscriber said that it wants no more webhooks (410).",
    openLabels: ["subscriber"],
    seriesMax: 256,
  },
} as const satisfies Record<string, MetricRow>;
