// The bare server: an engine and its doors, started in order and stopped in the reverse one.
import { randomBytes } from "node:crypto";
import {
  createGrpcServer,
  type GrpcSecurity,
  type GrpcServer,
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
import { checkPeerKeys, Engine } from "./engine.ts";
import { openKeyExchange } from "./key-changes.ts";
import { openKeyStore } from "./open-keys.ts";
import { linesOf, type Parties } from "./parties.ts";
import { watchParties } from "./parties-watch.ts";

export interface Service {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly addresses: {
    /** host:port of the ISO 8583 listener, of the switch's and of the requestors' gRPC. */
    readonly iso: { readonly host: string; readonly port: number };
    readonly switch: string;
    readonly requestor: string;
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
    const doors = await openDoors(options, { engine, keyStore, metrics, health, opened });
    health.setState("ready");
    return { engine, metrics, health, ...doors, stop: () => closeAll(health, opened) };
  } catch (error) {
    await closeAll(health, opened);
    throw error;
  }
}

async function closeAll(health: Health, opened: (() => Promise<void>)[]): Promise<void> {
  health.setState("draining");
  for (const close of opened.splice(0)) await close();
}

interface Insides {
  readonly engine: Engine;
  readonly keyStore: KeyStore;
  readonly metrics: Metrics;
  readonly health: Health;
  /** How to close what was opened, the last one first. */
  readonly opened: (() => Promise<void>)[];
}

async function openDoors(
  options: ServiceOptions,
  { engine, keyStore, metrics, health, opened }: Insides,
): Promise<Pick<Service, "addresses">> {
  const { settings } = options;
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
    switch: await grpc(grpcServer(options, engine, metrics, board, "switch")),
    requestor: await grpc(grpcServer(options, engine, metrics, board, "requestor")),
    adminGrpc: await grpc(adminGrpcServer(options, metrics, board)),
    admin: admin.url,
  };
  collectMetrics({ engine, metrics, health, stats, settings, parties: options.parties });
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

async function grpcServer(
  options: ServiceOptions,
  engine: Engine,
  metrics: Metrics,
  health: HealthBoard,
  kind: "switch" | "requestor",
): Promise<GrpcServer> {
  const { parties } = options;
  const door = options.settings[kind];
  const caller = kind === "switch" ? parties.plainSwitch : parties.plainRequestor;
  return createGrpcServer({
    listen: { host: door.host, port: door.port },
    security: securityOf(door, caller, kind),
    services:
      kind === "switch"
        ? {
            kind,
            dispatcher: engine.dispatcher,
            callers: parties.switches,
            directory: engine.directory,
          }
        : { kind, issuer: engine.tokenData, callers: parties.requestors },
    health,
    metrics: grpcMetrics(metrics, kind),
    log: options.log.child({ door: kind }),
    clock: systemClock,
  });
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
