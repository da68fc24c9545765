// The administration API of a service: opens where users can prove who they are.

import { lmdbStore, OfficeRows } from "../../actors/mod.ts";
import { type AdminDoor, type AdminMetrics, createAdminDoor } from "../../api/admin/mod.ts";
import { loadServerKeys } from "../../api/http/mod.ts";
import type { KeyStore } from "../../crypto/mod.ts";
import { appError, type Metrics, systemClock } from "../../platform/mod.ts";
import type { GrpcDoorParts } from "./grpc-doors.ts";
import { KeyOffice } from "./key-office.ts";

export interface AdminApi {
  readonly address: string;
  stop(options: { readonly limitMs: number }): Promise<void>;
}

/**
 * Null where neither keys for access tokens nor an authority of certificates is named. Errors:
 * those of the door and of the files.
 */
export async function openAdminApi(
  { settings, engine, commandPath, metrics, log }: GrpcDoorParts,
  keyStore: KeyStore,
): Promise<AdminApi | null> {
  const { host, port, keysFile, insecure, ...rest } = settings.administration;
  const { certificateFile, privateKeyFile, clientCaFile, ...limits } = rest;
  if (keysFile === "" && clientCaFile === "") return null;
  if (commandPath === null) {
    const message = "The administration API is set up, and commands.enabled is false.";
    throw appError("CONFIG_INVALID", message);
  }
  const { vault } = engine.opened;
  const { commands } = commandPath;
  const keysAreHere = settings.log.kind === "embedded";
  const door: AdminDoor = await createAdminDoor({
    listen: { host, port },
    tls: certificateFile === "" ? null : { certificateFile, privateKeyFile, clientCaFile },
    insecure,
    serverKeys: keysFile === "" ? null : loadServerKeys(keysFile),
    limits,
    vault,
    rows: new OfficeRows(lmdbStore(vault.env)),
    commands,
    clock: systemClock,
    keys: () => keyStore.list(),
    keysAreHere,
    metrics: adminMetrics(metrics),
    log: log.child({ door: "administration" }),
  });
  const office = new KeyOffice({
    vault,
    commands,
    keyStore,
    publish: (ring) => {
      engine.keys.publish(ring);
      vault.useKeys(ring);
    },
    ptavTtlSeconds: settings.ptav.ttlSeconds,
    clock: systemClock,
    log: log.child({ door: "administration" }),
  });
  if (keysAreHere) office.start();
  return {
    address: door.address,
    async stop(options) {
      await door.stop(options);
      await office.stop();
    },
  };
}

function adminMetrics(metrics: Metrics): AdminMetrics {
  return {
    answered(operation, code) {
      metrics.counter("adminRequests", { operation, code }).add(1);
    },
    certificateExpiry(unixSeconds) {
      metrics.gauge("certificateExpiry", { door: "administration" }).set(unixSeconds);
    },
  };
}
