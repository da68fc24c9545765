// `pantun migrate serve`: the SFTP door and the JSON API, the line to the issuers and the desks
// between them, in a process of their own. Cards are changed by whoever runs the vault's actors:
// commands go to that process over its socket, or are run here where nobody does.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { IssuerLine, RunStep } from "../../api/migration/mod.ts";
import {
  appError,
  createHealth,
  createMetrics,
  type Health,
  type Logger,
  type Metrics,
  startAdminServer,
} from "../../platform/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import { openDesks } from "./migration-desks.ts";
import { checkKeys, loadSftpParties, openSftp, openUat } from "./migration-doors.ts";
import { type Closing, openInsides, openLine } from "./migration-insides.ts";
import type { Parties } from "./parties.ts";
import { holdAlone } from "./sole-writer.ts";

export interface Migration {
  /** "" where a door is not open. */
  readonly addresses: { readonly sftp: string; readonly api: string; readonly admin: string };
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

export interface MigrationOptions {
  readonly settings: Settings;
  readonly parties: Parties;
  readonly log: Logger;
  /** Called behind each step of a run; tests end the process there. */
  readonly reached?: (step: RunStep) => void;
}

/** Where uploads and results are. */
export function migrationFolder(settings: {
  readonly migrate: { readonly folder: string };
  readonly vault: { readonly dir: string };
}): string {
  const { migrate, vault } = settings;
  return migrate.folder === "" ? join(vault.dir, "migration") : migrate.folder;
}

/** Calls that are under way when we end have so long. */
const doorLimitMs = 5_000;

/** Errors: CONFIG_INVALID for what is not set, and those of whatever is opened. */
export async function startMigration(options: MigrationOptions): Promise<Migration> {
  checkSettings(options.settings);
  const health = createHealth();
  const opened: Closing[] = [];
  const stop = async (): Promise<void> => {
    health.setState("draining");
    for (const close of opened.splice(0)) await close();
  };
  try {
    return { ...(await open(options, health, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  options: MigrationOptions,
  health: Health,
  opened: Closing[],
): Promise<Omit<Migration, "stop">> {
  const { settings, log, parties } = options;
  const { migrate, admin } = settings;
  checkKeys(settings);
  const root = migrationFolder(settings);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const reversals = join(root, "reversals.log");
  const held = await holdAlone(reversals);
  opened.unshift(() => held.release());
  const metrics = createMetrics();
  const insides = await openInsides(options, opened);
  const line = openLine(options, insides.keys, reversals);
  opened.unshift(() => line.stop());
  const sftpParties = await loadSftpParties(settings, parties.migrations);
  const desks = await openDesks(options, insides, { line, root, metrics, sftpParties });
  opened.unshift(() => {
    const stopped = desks.stop();
    line.release();
    return stopped;
  });
  const doors = { root, metrics, vault: insides.vault };
  const sftp = await openSftp(options, doors, sftpParties);
  if (sftp !== null) opened.unshift(() => sftp.stop());
  const api = await openUat(options, doors, desks);
  if (api !== null) opened.unshift(() => api.stop({ limitMs: doorLimitMs }));
  collect(metrics, line);
  const server = await startAdminServer({
    host: admin.host,
    port: migrate.adminPort,
    health,
    metrics,
  });
  opened.unshift(() => server.close());
  health.setState("ready");
  const trids = parties.migrations.flatMap((party) => party.trids);
  log.info({ event: "migrate.parties", trids }, "who may migrate cards");
  const addresses = { sftp: sftp?.address ?? "", api: api?.address ?? "", admin: server.url };
  return { addresses, metrics };
}

function checkSettings({ migrate, log }: Settings): void {
  const isSet = (name: "hostKeyFile" | "pgpKeyFile" | "to") => {
    if (migrate[name] === "") throw appError("CONFIG_INVALID", `migrate.${name} is not set.`);
  };
  if (migrate.hostKeyFile !== "" || migrate.api.keysFile === "") {
    isSet("hostKeyFile");
    isSet("pgpKeyFile");
  }
  isSet("to");
  if (log.kind === "embedded") return;
  const message =
    "Migrations reach the actors over the socket of their machine: log.kind embedded.";
  throw appError("CONFIG_INVALID", message);
}

function collect(metrics: Metrics, line: IssuerLine): void {
  metrics.onCollect(() => {
    const { depth, parked, ready } = line.stats();
    metrics.gauge("migrationReversals", { state: "waiting" }).set(depth - parked);
    metrics.gauge("migrationReversals", { state: "parked" }).set(parked);
    metrics.gauge("migrationSessions", {}).set(ready);
  });
}
