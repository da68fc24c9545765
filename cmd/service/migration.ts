// `pantun migrate serve`: the SFTP door, the line to the issuers and the desk between them, in a
// process of their own. Cards are changed by whoever runs the vault's actors: commands go to that
// process over its socket, or are run here where nobody does.
import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CardDesk } from "../../actors/mod.ts";
import { defaultStartBytes } from "../../api/iso/mod.ts";
import {
  IssuerLine,
  loadRequestorKey,
  loadServiceKey,
  MigrationCards,
  MigrationDesk,
  Pace,
  type RequestorKey,
  type RunStep,
} from "../../api/migration/mod.ts";
import {
  createSftpServer,
  type LoginKey,
  loadHostKey,
  loadLoginKeys,
  type SftpServer,
} from "../../api/sftp/mod.ts";
import { framings, raw2 } from "../../codec/iso8583/mod.ts";
import { KeyPage, type KeyRing } from "../../crypto/mod.ts";
import {
  appError,
  createHealth,
  createMetrics,
  type Health,
  type Logger,
  type Metrics,
  startAdminServer,
  systemClock,
} from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { hostOf } from "../pantun/iso-endpoint.ts";
import type { Settings } from "../pantun/settings.ts";
import { Commands } from "./commands.ts";
import { watchKeys } from "./key-watch.ts";
import { openKeyStore } from "./open-keys.ts";
import type { MigrationParty, Parties } from "./parties.ts";
import { holdAlone } from "./sole-writer.ts";
import { hostSecurity, sealKeyOf } from "./upstream.ts";

export interface Migration {
  readonly addresses: { readonly sftp: string; readonly admin: string };
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

const dayMs = 24 * 3_600_000;
const stanMax = 999_999;

type Closing = () => Promise<unknown> | unknown;

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
  const root = migrationFolder(settings);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const reversals = join(root, "reversals.log");
  const held = await holdAlone(reversals);
  opened.unshift(() => held.release());
  const metrics = createMetrics();
  const insides = await openInsides(options, opened);
  const keysOf = await loadParties(parties.migrations);
  const line = openLine(options, insides.keys, reversals);
  opened.unshift(() => line.stop());
  const desk = await openDesk(options, insides, { line, root, metrics, keysOf });
  desk.start();
  opened.unshift(() => {
    const stopped = desk.stop();
    line.release();
    return stopped;
  });
  const sftp = await openSftp(options, root, keysOf, metrics);
  opened.unshift(() => sftp.stop());
  collect(metrics, line);
  const server = await startAdminServer({
    host: admin.host,
    port: migrate.adminPort,
    health,
    metrics,
  });
  opened.unshift(() => server.close());
  health.setState("ready");
  log.info({ event: "migrate.parties", trids: [...keysOf.keys()] }, "who may migrate cards");
  return { addresses: { sftp: sftp.address, admin: server.url }, metrics };
}

function checkSettings({ migrate, log }: Settings): void {
  for (const name of ["hostKeyFile", "pgpKeyFile", "to"] as const) {
    if (migrate[name] === "") throw appError("CONFIG_INVALID", `migrate.${name} is not set.`);
  }
  if (log.kind === "embedded") return;
  const message =
    "Migrations reach the actors over the socket of their machine: log.kind embedded.";
  throw appError("CONFIG_INVALID", message);
}

interface Inside {
  readonly vault: Vault;
  readonly keys: KeyPage;
  readonly commands: Commands;
}

/** Keys, vault, and the way to the actors. */
async function openInsides({ settings, log }: MigrationOptions, opened: Closing[]) {
  const { dir, passphraseFile, mapBytes } = settings.vault;
  const store = await openKeyStore(dir, passphraseFile, settings.hsm);
  opened.unshift(() => store.close());
  const keys = new KeyPage();
  const ring: KeyRing = await store.load();
  keys.publish(ring);
  const commands = await Commands.open(
    {
      dir,
      vaultMapBytes: mapBytes,
      keys: keys.shared,
      kindModules: [],
      cluster: null,
      payments: null,
    },
    {
      alarm: (err) => log.error({ event: "commands.alarm", err }, "the command path met a fault"),
      place: (place) => log.info({ event: "commands.place", place }, "where commands go"),
    },
  );
  opened.unshift(() => commands.stop());
  const clock = systemClock;
  const vault = Vault.open({ dir, ring, clock, random: randomBytes, mapSizeBytes: mapBytes });
  opened.unshift(() => vault.close());
  const stopWatch = watchKeys({
    store,
    onChange: (next) => {
      keys.publish(next);
      vault.useKeys(next);
    },
    onError: (err) => log.error({ event: "keys.failed", err }, "keys cannot be read again"),
  });
  opened.unshift(stopWatch);
  return { vault, keys, commands };
}

interface Access {
  readonly logins: readonly LoginKey[];
  readonly results: RequestorKey;
}

/** By TRID. */
async function loadParties(parties: readonly MigrationParty[]): Promise<Map<string, Access>> {
  const all = new Map<string, Access>();
  for (const { trids, migration } of parties) {
    const logins = loadLoginKeys(migration.keysFile);
    const results = await loadRequestorKey(migration.pgpKeyFile);
    for (const trid of trids) all.set(trid, { logins, results });
  }
  return all;
}

function openLine({ settings, log }: MigrationOptions, keys: KeyPage, path: string): IssuerLine {
  const { to, name, mac, framing, connections, timeoutMs, acquirerId, merchantId } =
    settings.migrate;
  if (mac && keys.read().findActive("mac", name) === undefined) {
    const message = `${name} has no MAC key; 'pantun keys add mac --label ${name}' makes one.`;
    throw appError("KEY_NOT_FOUND", message);
  }
  const hosts = to.split(",").map(hostOf);
  return new IssuerLine({
    ...{ name, hosts, connections, timeoutMs, acquirerId, merchantId, path, keys },
    withMac: mac,
    startBytes: defaultStartBytes,
    framing: framings[framing] ?? raw2,
    socket: hostSecurity(settings, hosts, "migrate"),
    sealKey: sealKeyOf(keys.read(), "pantun migration reversals"),
    clock: systemClock,
    random: randomBytes,
    log: log.child({ peer: name }),
  });
}

interface DeskParts {
  readonly line: IssuerLine;
  readonly root: string;
  readonly metrics: Metrics;
  readonly keysOf: ReadonlyMap<string, Access>;
}

async function openDesk(
  { settings, log, reached = () => {} }: MigrationOptions,
  { vault, keys, commands }: Inside,
  { line, root, metrics, keysOf }: DeskParts,
): Promise<MigrationDesk> {
  const { migrate } = settings;
  const clock = systemClock;
  const desk = new CardDesk({ vault, commands, clock });
  let stan = randomInt(stanMax);
  return new MigrationDesk({
    ...{ root, line, clock, log, reached },
    cards: new MigrationCards({ vault, desk, clock }),
    pace: new Pace(migrate.perIssuerPerSecond, clock),
    nextStan: () => {
      stan = (stan % stanMax) + 1;
      return stan;
    },
    key: await loadServiceKey(migrate.pgpKeyFile),
    sealKey: sealKeyOf(keys.read(), "pantun migration results"),
    trids: () => [...keysOf.keys()],
    requestorKey: (trid) => keysOf.get(trid)?.results,
    onRecord: (status) => metrics.counter("migrationRecords", { status }).add(1),
    onFile: (outcome) => metrics.counter("migrationFiles", { outcome }).add(1),
    keepMs: migrate.keepDays * dayMs,
  });
}

function openSftp(
  { settings, log }: MigrationOptions,
  root: string,
  keysOf: ReadonlyMap<string, Access>,
  metrics: Metrics,
): Promise<SftpServer> {
  const { host, port, hostKeyFile } = settings.migrate;
  return createSftpServer({
    listen: { host, port },
    hostKey: loadHostKey(hostKeyFile),
    root,
    keysOf: (trid) => keysOf.get(trid)?.logins ?? [],
    onLogin: (ok) => {
      metrics.counter("migrationLogins", { result: ok ? "taken" : "refused" }).add(1);
    },
    log: log.child({ door: "sftp" }),
  });
}

function collect(metrics: Metrics, line: IssuerLine): void {
  metrics.onCollect(() => {
    const { depth, parked, ready } = line.stats();
    metrics.gauge("migrationReversals", { state: "waiting" }).set(depth - parked);
    metrics.gauge("migrationReversals", { state: "parked" }).set(parked);
    metrics.gauge("migrationSessions", {}).set(ready);
  });
}
