// The gRPC doors of a service: what each serves, on which address, behind which certificates.
import {
  type CardRate,
  checkGrpcListener,
  createGrpcServer,
  type GrpcSecurity,
  type GrpcServer,
  type GrpcServices,
  type HealthBoard,
  type Resolver,
} from "../../api/grpc/mod.ts";
import type { PaymentDispatcher } from "../../hotpath/mod.ts";
import { appError, type Logger, type Metrics, systemClock } from "../../platform/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import { grpcMetrics } from "./collect-metrics.ts";
import type { CommandPath } from "./command-path.ts";
import type { Engine } from "./engine.ts";
import type { Parties } from "./parties.ts";

export type DoorKind = "switch" | "requestor" | "issuer";

export interface GrpcDoorParts {
  readonly settings: Settings;
  readonly parties: Parties;
  readonly engine: Engine;
  readonly dispatcher: PaymentDispatcher;
  readonly resolver: Resolver;
  readonly provisions: CardRate;
  /** Null where this service takes no commands. */
  readonly commandPath: CommandPath | null;
  readonly metrics: Metrics;
  readonly health: HealthBoard;
  readonly log: Logger;
}

/** Issuers can only give commands; where there are neither the door stays shut. */
export function hasIssuerDoor({ settings, parties, commandPath }: GrpcDoorParts): boolean {
  if (commandPath === null) return false;
  return parties.issuers.length > 0 || settings.issuer.certificateFile !== "";
}

/** Certificates and addresses of the doors that are always open, before anything else is. */
export function checkGrpcDoors(parts: Pick<GrpcDoorParts, "settings" | "parties">): void {
  for (const kind of ["switch", "requestor"] as const) checkGrpcListener(listenerOf(parts, kind));
}

function listenerOf(
  { settings, parties }: Pick<GrpcDoorParts, "settings" | "parties">,
  kind: DoorKind,
) {
  const { plainSwitch, plainRequestor, plainIssuer } = parties;
  const door = settings[kind];
  const caller = { switch: plainSwitch, requestor: plainRequestor, issuer: plainIssuer }[kind];
  return {
    listen: { host: door.host, port: door.port },
    security: securityOf(door, caller, kind),
  };
}

/** Errors: those of `createGrpcServer`. */
export async function openGrpcDoor(parts: GrpcDoorParts, kind: DoorKind): Promise<GrpcServer> {
  return createGrpcServer({
    ...listenerOf(parts, kind),
    services: servicesOf(parts, kind),
    health: parts.health,
    metrics: grpcMetrics(parts.metrics, kind),
    log: parts.log.child({ door: kind }),
    clock: systemClock,
  });
}

function servicesOf(parts: GrpcDoorParts, kind: DoorKind): GrpcServices {
  const { parties, settings, engine, dispatcher, commandPath } = parts;
  const { vault, history } = engine.opened;
  if (kind === "switch") {
    return { kind, dispatcher, callers: parties.switches, resolver: parts.resolver };
  }
  if (kind === "issuer") {
    const { commands } = commandPath as CommandPath;
    return { kind, vault, commands, history, callers: parties.issuers };
  }
  const callers = parties.requestors;
  if (commandPath === null) return { kind, issuer: engine.tokenData, callers };
  const { commands, events } = commandPath;
  const { loopbackWebhooks } = settings.outbox;
  const lifecycle = { vault, commands, events, loopbackWebhooks, provisions: parts.provisions };
  return { kind, issuer: engine.tokenData, callers, lifecycle };
}

export function openAdminDoor(
  parts: Pick<GrpcDoorParts, "settings" | "metrics" | "health" | "log">,
): Promise<GrpcServer> {
  const { admin } = parts.settings;
  return createGrpcServer({
    listen: { host: admin.host, port: admin.grpcPort },
    security: { kind: "insecure", caller: "", outsideLoopback: "refused" },
    services: { kind: "admin" },
    health: parts.health,
    metrics: grpcMetrics(parts.metrics, "admin"),
    log: parts.log.child({ door: "admin" }),
    clock: systemClock,
  });
}

function securityOf(door: Settings["switch"], caller: string | null, kind: string): GrpcSecurity {
  if (door.certificateFile !== "") {
    return {
      kind: "mtls",
      files: {
        certificateFile: door.certificateFile,
        privateKeyFile: door.privateKeyFile,
        clientCAFile: door.clientCaFile,
      },
    };
  }
  if (caller === null) {
    throw appError(
      "CONFIG_INVALID",
      `The ${kind} door has no certificate, and the parties file names no plain.${kind} caller.`,
    );
  }
  const outsideLoopback = door.insecure ? "allowed" : "refused";
  return { kind: "insecure", caller, outsideLoopback };
}
