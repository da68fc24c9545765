// The doors of a migration: SFTP for files, JSON for batches and single cards.
import { accessSync, constants } from "node:fs";
import { type HttpDoor, loadClients, loadServerKeys, type ServerKeys } from "../../api/http/mod.ts";
import { loadRequestorKey, type RequestorKey } from "../../api/migration/mod.ts";
import {
  createSftpServer,
  type LoginKey,
  loadHostKey,
  loadLoginKeys,
  type SftpServer,
} from "../../api/sftp/mod.ts";
import { createUatDoor } from "../../api/uat/mod.ts";
import { appError, type Logger, type Metrics, systemClock } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import { httpMetrics } from "./http-door.ts";
import type { Desks } from "./migration-desks.ts";
import type { MigrationParty } from "./migration-parties.ts";
import type { Parties } from "./parties.ts";

interface DoorOptions {
  readonly settings: Settings;
  readonly parties: Parties;
  readonly log: Logger;
}

interface DoorParts {
  readonly root: string;
  readonly metrics: Metrics;
  readonly vault: Vault;
}

interface SftpAccess {
  readonly logins: readonly LoginKey[];
  readonly results: RequestorKey;
}

/** By TRID. */
export type SftpParties = ReadonlyMap<string, SftpAccess>;

/** None where there is no SFTP server. */
export async function loadSftpParties(
  { migrate }: Settings,
  parties: readonly MigrationParty[],
): Promise<SftpParties> {
  const all = new Map<string, SftpAccess>();
  for (const { trids, sftp } of migrate.hostKeyFile === "" ? [] : parties) {
    if (sftp === undefined) continue;
    const logins = loadLoginKeys(sftp.keysFile);
    const results = await loadRequestorKey(sftp.pgpKeyFile);
    for (const trid of trids) all.set(trid, { logins, results });
  }
  return all;
}

/** Null where it has no host key. */
export async function openSftp(
  { settings, log }: DoorOptions,
  { root, metrics }: DoorParts,
  parties: SftpParties,
): Promise<SftpServer | null> {
  const { host, port, hostKeyFile } = settings.migrate;
  if (hostKeyFile === "") return null;
  return createSftpServer({
    listen: { host, port },
    hostKey: loadHostKey(hostKeyFile),
    root,
    keysOf: (trid) => parties.get(trid)?.logins ?? [],
    onLogin: (ok) => {
      metrics.counter("migrationLogins", { result: ok ? "taken" : "refused" }).add(1);
    },
    log: log.child({ door: "sftp" }),
  });
}

/** Null where it has no keys. */
export async function openUat(
  { settings, parties, log }: DoorOptions,
  { vault, metrics }: DoorParts,
  { batches, ledger }: Desks,
): Promise<HttpDoor | null> {
  const { host, port, keysFile, insecure, cardLimitMs, ...api } = settings.migrate.api;
  if (keysFile === "") return null;
  const { certificateFile, privateKeyFile, clientCaFile } = api;
  const clients = parties.migrations.flatMap((party) => party.api ?? []);
  return createUatDoor({
    listen: { host, port },
    tls: certificateFile === "" ? null : { certificateFile, privateKeyFile, clientCaFile },
    insecure,
    keys: loadServerKeys(keysFile),
    clients: loadClients(clients),
    limits: api,
    ...{ vault, batches, ledger, cardLimitMs },
    metrics: httpMetrics(metrics, "migration"),
    log: log.child({ door: "migration" }),
    clock: systemClock,
  });
}

/**
 * CONFIG_INVALID where the migrations' door would have a key of the requestors' API. Where this
 * process may not read the other file, as it should be, there is nothing to compare.
 */
export function checkKeys({ http, migrate }: Settings): void {
  if (migrate.api.keysFile === "" || http.keysFile === "" || !isReadable(http.keysFile)) return;
  const theirs = new Set(fingerprints(loadServerKeys(http.keysFile)));
  if (!fingerprints(loadServerKeys(migrate.api.keysFile)).some((one) => theirs.has(one))) return;
  const message = "migrate.api.keysFile holds a key of http.keysFile; it needs keys of its own.";
  throw appError("CONFIG_INVALID", message);
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Of the public keys: the modulus or the point tells one from another. */
function fingerprints({ signingSet, cardSet }: ServerKeys): string[] {
  return [...signingSet, ...cardSet].map(({ n, x, y }) => JSON.stringify([n, x, y]));
}
