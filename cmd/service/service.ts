// The bare server: an engine and its doors, started in order and stopped in the reverse one.
import { randomBytes } from "node:crypto";
import {
  createGrpcServer,
  type GrpcSecurity,
  type GrpcServer,
  type GrpcServices,
  HealthBoard,
} from "../../api/grpc/mod.ts";
import {
  createIsoServer,
  createIsoStats,
  type IsoServer,
  type IsoStats,
} from "../../api/iso/mod.ts";
import { framings, raw2 } from "../../codec/iso8583/mod.ts";
import type { KeyStore } from "../../crypto/mod.ts";
import {
  type AdminServer,
  appError,
  createHealth,
  createMetrics,
  type Health,
  type Logger,
  type Metrics,
  startAdminServer,
  systemClock,
} from "../../platform/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import { collectMetrics, grpcMetrics } from "./collect-metrics.ts";
import { type CommandPath, openCommandPath } from "./command-path.ts";
import { checkPeerKeys, Engine } from "./engine.ts";
import { openKeyExchange } from "./key-changes.ts";
import { openKeyStore } from "./open-keys.ts";
import { linesOf, type Parties } from "./parties.ts";
import { watchParties } from "./parties-watch.ts";

export interface Service {
  readonly engine: Engine;
  /** Null where this service takes no commands. */
  readonly commandPath: CommandPath | null;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly addresses: {
    /** host:port of the ISO 8583 listener, of the switch's and of the requestors' gRPC. */
    readonly iso: { readonly host: string; readonly port: number };
    readonly switch: string;
    readonly requestor: string;
    /** Null where the parties file names no issuer, or no commands are taken. */
    readonly issuer: string | null;
    readonly adminGrpc: string;
    /** "http://127.0.0.1:9464" */
    readonly admin: string;
  };
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly settings: Settings;
  readonly parties: Parties;
  readonly log: Logger;
  readonly bootId?: string;
}

/** How long a stop waits for the calls that are under way. */
const stopLimitMs = 10_000;

type Door = Settings["switch"];

export async function startService(options: ServiceOptions): Promise<Service> {
  const { settings, log, parties } = options;
  const { dir, passphraseFile } = settings.vault;
  const keyStore = await openKeyStore(dir, passphraseFile);
  const metrics = createMetrics();
  const health = createHealth();
  const opened: (() => Promise<void>)[] = [() => keyStore.close()];
  try {
    const engine = await Engine.open({
      settings,
      peers: parties.peers,
      keyStore,
      log,
      metrics,
      health,
      ...(options.bootId === undefined ? {} : { bootId: options.bootId }),
    });
    opened.unshift(() => engine.close());
    checkPeerKeys(engine, parties.peers);
    const commandPath = await openCommands(options, engine);
    opened.unshift(async () => commandPath?.stop());
    const insides = { engine, commandPath, keyStore, metrics, health, opened };
    const doors = await openDoors(options, insides);
    health.setState("ready");
    const stop = () => closeAll(health, opened);
    return { engine, commandPath, metrics, health, ...doors, stop };
  } catch (error) {
    await closeAll(health, opened);
    throw error;
  }
}

async function openCommands(
  { settings, log }: ServiceOptions,
  engine: Engine,
): Promise<CommandPath | null> {
  if (!settings.commands.enabled) return null;
  return openCommandPath({
    dir: settings.vault.dir,
    vaultMapBytes: settings.vault.mapBytes,
    keys: engine.keys.shared,
    loopbackWebhooks: settings.outbox.loopbackWebhooks,
    log,
  });
}

async function closeAll(health: Health, opened: (() => Promise<void>)[]): Promise<void> {
  health.setState("draining");
  for (const close of opened.splice(0)) await close();
}

interface Insides {
  readonly engine: Engine;
  readonly commandPath: CommandPath | null;
  readonly keyStore: KeyStore;
  readonly metrics: Metrics;
  readonly health: Health;
  /** How to close what was opened, the last one first. */
  readonly opened: (() => Promise<void>)[];
}

async function openDoors(
  options: ServiceOptions,
  insides: Insides,
): Promise<Pick<Service, "addresses">> {
  const { settings } = options;
  const { engine, commandPath, keyStore, metrics, health, opened } = insides;
  const board = new HealthBoard();
  const admin: AdminServer = await startAdminServer({ ...settings.admin, health, metrics });
  opened.unshift(() => admin.close());
  const stats = createIsoStats();
  const seconds = metrics.histogram("verifySeconds", { door: "iso" });
  const iso = isoServer(options, { engine, keyStore }, stats, (took) => seconds.observe(took));
  const isoAddress = await iso.listen();
  opened.unshift(() => iso.stop());
  const stopWatch = watchParties({
    path: settings.parties.file,
    running: options.parties,
    framing: settings.iso.framing,
    apply: ({ peers, lines }) => iso.replacePeers(peers, lines),
    log: options.log,
  });
  opened.unshift(async () => stopWatch());
  const grpc = async (made: Promise<GrpcServer>): Promise<string> => {
    const server = await made;
    opened.unshift(() => server.stop({ limitMs: stopLimitMs }));
    return server.address;
  };
  const addresses = {
    iso: isoAddress,
    switch: await grpc(grpcServer(options, insides, board, "switch")),
    requestor: await grpc(grpcServer(options, insides, board, "requestor")),
    issuer: hasIssuerDoor(options, commandPath)
      ? await grpc(grpcServer(options, insides, board, "issuer"))
      : null,
    adminGrpc: await grpc(adminGrpcServer(options, metrics, board)),
    admin: admin.url,
  };
  const { parties } = options;
  collectMetrics({ engine, commandPath, metrics, health, stats, settings, parties });
  return { addresses };
}

function isoServer(
  options: ServiceOptions,
  { engine, keyStore }: Pick<Insides, "engine" | "keyStore">,
  stats: IsoStats,
  answered: (seconds: number) => void,
): IsoServer {
  const { iso } = options.settings;
  return createIsoServer({
    listen: { host: iso.host, port: iso.port },
    tls:
      iso.certificateFile === ""
        ? null
        : {
            certFile: iso.certificateFile,
            keyFile: iso.privateKeyFile,
            caFile: iso.clientCaFile,
          },
    insecure: iso.insecure,
    peers: options.parties.iso,
    dispatcher: engine.dispatcher,
    keys: engine.keys,
    log: options.log.child({ door: "iso" }),
    clock: systemClock,
    random: randomBytes,
    line: { framing: framings[iso.framing] ?? raw2 },
    lines: linesOf(options.parties, iso.framing),
    callOuts: options.parties.callOuts,
    keyExchange: openKeyExchange({
      keyStore,
      publish: (ring) => {
        engine.keys.publish(ring);
        engine.opened.vault.useKeys(ring);
      },
      zoneKeyFiles: options.parties.zoneKeyFiles,
      nowMs: () => systemClock.nowMs(),
      log: options.log,
    }),
    stats,
    answered,
  });
}

type DoorKind = "switch" | "requestor" | "issuer";

function hasIssuerDoor({ parties }: ServiceOptions, commandPath: CommandPath | null): boolean {
  return commandPath !== null && parties.issuers.length > 0;
}

async function grpcServer(
  options: ServiceOptions,
  insides: Insides,
  health: HealthBoard,
  kind: DoorKind,
): Promise<GrpcServer> {
  const { plainSwitch, plainRequestor, plainIssuer } = options.parties;
  const door = options.settings[kind];
  const caller = { switch: plainSwitch, requestor: plainRequestor, issuer: plainIssuer }[kind];
  return createGrpcServer({
    listen: { host: door.host, port: door.port },
    security: securityOf(door, caller, kind),
    services: servicesOf(options, insides, kind),
    health,
    metrics: grpcMetrics(insides.metrics, kind),
    log: options.log.child({ door: kind }),
    clock: systemClock,
  });
}

function servicesOf(
  { parties, settings }: ServiceOptions,
  { engine, commandPath }: Insides,
  kind: DoorKind,
): GrpcServices {
  const { dispatcher, directory, tokenData } = engine;
  const { vault, history } = engine.opened;
  if (kind === "switch") return { kind, dispatcher, callers: parties.switches, directory };
  if (kind === "issuer") {
    const { commands } = commandPath as CommandPath;
    return { kind, vault, commands, history, callers: parties.issuers };
  }
  const { loopbackWebhooks } = settings.outbox;
  const lifecycle = commandPath && { vault, loopbackWebhooks, ...commandPath };
  const more = lifecycle === null ? {} : { lifecycle };
  return { kind, issuer: tokenData, callers: parties.requestors, ...more };
}

function adminGrpcServer(
  options: ServiceOptions,
  metrics: Metrics,
  health: HealthBoard,
): Promise<GrpcServer> {
  const { admin } = options.settings;
  return createGrpcServer({
    listen: { host: admin.host, port: admin.grpcPort },
    security: { kind: "insecure", caller: "", outsideLoopback: "refused" },
    services: { kind: "admin" },
    health,
    metrics: grpcMetrics(metrics, "admin"),
    log: options.log.child({ door: "admin" }),
    clock: systemClock,
  });
}

function securityOf(door: Door, caller: string | null, kind: string): GrpcSecurity {
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
