// Rows of the metric table about migrations of stored cards.
import type { MetricRow } from "./metric-row.ts";

export const migrationMetrics = {
  migrationRecords: {
    name: "pantun_migration_records_total",
    kind: "counter",
    unit: "rows",
    help: "Records of migrations by what came of them.",
    labels: {
      status: ["TOKENISED", "DUPLICATE", "NOT_ELIGIBLE", "DECLINED", "INVALID", "ERROR"],
    },
  },
  migrationFiles: {
    name: "pantun_migration_files_total",
    kind: "counter",
    unit: "items",
    help: "Files of migrations that ended; again: the same rows were uploaded before.",
    labels: { outcome: ["done", "again", "refused"] },
  },
  migrationReversals: {
    name: "pantun_migration_reversals",
    kind: "gauge",
    unit: "messages",
    merge: "sum",
    help: "Reversals of pre-authorisations that wait to be confirmed; parked: after six attempts.",
    labels: { state: ["waiting", "parked"] },
  },
  migrationSessions: {
    name: "pantun_migration_sessions",
    kind: "gauge",
    unit: "items",
    merge: "sum",
    help: "Sessions with the issuers' host that messages may be sent on.",
    labels: {},
  },
  migrationLogins: {
    name: "pantun_migration_logins_total",
    kind: "counter",
    unit: "events",
    help: "Logins to the SFTP server that were taken or refused.",
    labels: { result: ["taken", "refused"] },
  },
} as const satisfies Record<string, MetricRow>;
