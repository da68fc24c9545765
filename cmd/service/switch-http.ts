// The JSON API of switches and directory servers, where the settings open it.
import {
  createSwitchDoor,
  loadEncryptionKey,
  type SwitchClient,
  type SwitchDoor,
} from "../../api/switch/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import type { GrpcDoorParts } from "./grpc-doors.ts";
import type { Parties } from "./parties.ts";

/** Errors: FILE_UNREADABLE, CONFIG_INVALID. */
export function switchClientsOf({ httpSwitches }: Parties): SwitchClient[] {
  return httpSwitches.map(({ caller, keysFile }) => {
    if (keysFile === "" && caller.roles.includes("switch")) {
      throw appError("CONFIG_INVALID", `The switch ${caller.name} has http and no keysFile.`);
    }
    return { caller, key: keysFile === "" ? null : loadEncryptionKey(keysFile) };
  });
}

/** Null where it stays shut. Errors: those of `createSwitchDoor` and of the files. */
export async function openSwitchDoor(parts: GrpcDoorParts): Promise<SwitchDoor | null> {
  const { settings, parties, dispatcher, resolver, metrics, log } = parts;
  const { enabled, host, port, certificateFile, ...files } = settings.switchHttp;
  if (!enabled) return null;
  return createSwitchDoor({
    listen: { host, port },
    tls: certificateFile === "" ? null : { certificateFile, ...files },
    clients: switchClientsOf(parties),
    plain: parties.plainSwitch,
    dispatcher,
    resolver,
    metrics: {
      answered(operation, code, seconds) {
        metrics.counter("httpRequests", { operation, code }).add(1);
        metrics.histogram("httpSeconds", { operation }).observe(seconds);
      },
      certificateExpiry(unixSeconds) {
        metrics.gauge("certificateExpiry", { door: "http" }).set(unixSeconds);
      },
    },
    log: log.child({ door: "switch-http" }),
    clock: systemClock,
  });
}
