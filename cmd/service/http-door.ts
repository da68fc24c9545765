// The requestors' JSON API of a service: opens where there are keys for it.
import {
  createHttpDoor,
  type HttpClient,
  type HttpDoor,
  type HttpMetrics,
  loadClients,
  loadServerKeys,
} from "../../api/http/mod.ts";
import { appError, type Metrics, systemClock } from "../../platform/mod.ts";
import type { GrpcDoorParts } from "./grpc-doors.ts";
import type { Parties } from "./parties.ts";

/** Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export function httpClientsOf({ httpClients }: Parties): HttpClient[] {
  return loadClients(httpClients);
}

/** Null where it has no keys. Errors: those of `createHttpDoor` and of the files. */
export async function openHttpDoor(parts: GrpcDoorParts): Promise<HttpDoor | null> {
  const { settings, parties, engine, commandPath, metrics, log } = parts;
  const { host, port, keysFile, insecure, ...http } = settings.http;
  if (keysFile === "") return null;
  if (commandPath === null) {
    throw appError("CONFIG_INVALID", "http.keysFile is set, and commands.enabled is false.");
  }
  const { certificateFile, privateKeyFile, clientCaFile } = http;
  return createHttpDoor({
    listen: { host, port },
    tls: certificateFile === "" ? null : { certificateFile, privateKeyFile, clientCaFile },
    insecure,
    keys: loadServerKeys(keysFile),
    clients: httpClientsOf(parties),
    limits: http,
    provisions: parts.provisions,
    vault: engine.opened.vault,
    history: engine.opened.history,
    commands: commandPath.commands,
    events: commandPath.events,
    tokenData: engine.tokenData,
    loopbackWebhooks: settings.outbox.loopbackWebhooks,
    metrics: httpMetrics(metrics, "http"),
    log: log.child({ door: "http" }),
    clock: systemClock,
  });
}

export function httpMetrics(metrics: Metrics, door: "http" | "migration"): HttpMetrics {
  return {
    answered(operation, code, seconds) {
      metrics.counter("httpRequests", { operation, code }).add(1);
      metrics.histogram("httpSeconds", { operation }).observe(seconds);
    },
    certificateExpiry(unixSeconds) {
      metrics.gauge("certificateExpiry", { door }).set(unixSeconds);
    },
  };
}
