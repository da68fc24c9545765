// The bare server: an engine and its doors, started in order and stopped in the reverse one.
import { randomBytes } from "node:crypto";
import { CardDesk } from "../../actors/mod.ts";
import {
  CardRate,
  checkCallers,
  type GrpcServer,
  HealthBoard,
  Resolver,
} from "../../api/grpc/mod.ts";
import type { HttpDoor } from "../../api/http/mod.ts";
import {
  checkIsoListener,
  createIsoServer,
  createIsoStats,
  type IsoListener,
  type IsoServer,
  type IsoStats,
  type KeyExchange,
} from "../../api/iso/mod.ts";
import { AcsKeys, type SwitchDoor } from "../../api/switch/mod.ts";
import { framings, raw2 } from "../../codec/iso8583/mod.ts";
import type { KeyStore } from "../../crypto/mod.ts";
import type { PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import {
  type AdminServer,
  createHealth,
  createMetrics,
  type Health,
  type Logger,
  type Metrics,
  startAdminServer,
  systemClock,
} from "../../platform/mod.ts";
import { localUser, readBootId, recordAct } from "../../vault/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import { openAdminApi } from "./admin-api.ts";
import { ClusterPayments } from "./cluster-payments.ts";
import { clusterOf } from "./cluster-settings.ts";
import { collectMetrics } from "./collect-metrics.ts";
import { type CommandPath, openCommandPath } from "./command-path.ts";
import { checkPeerKeys, Engine } from "./engine.ts";
import {
  checkGrpcDoors,
  type GrpcDoorParts,
  hasIssuerDoor,
  openAdminDoor,
  openGrpcDoor,
} from "./grpc-doors.ts";
import { httpClientsOf, openHttpDoor } from "./http-door.ts";
import { openKeyExchange } from "./key-changes.ts";
import { openKeyStore } from "./open-keys.ts";
import { linesOf, type Parties } from "./parties.ts";
import { watchParties } from "./parties-watch.ts";
import type { PaymentsAsked } from "./payment-window.ts";
import { openSwitchDoor, switchClientsOf } from "./switch-http.ts";
import { openUpstream } from "./upstream.ts";

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
    /** Null where no issuer may call, or no commands are taken. */
    readonly issuer: string | null;
    /** The requestors' JSON API; null where it has no keys. */
    readonly http: string | null;
    /** The switch's JSON API; null where it is shut. */
    readonly switchHttp: string | null;
    /** The administration API; null where nobody can prove who he is. */
    readonly administration: string | null;
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

export async function startService(options: ServiceOptions): Promise<Service> {
  const { settings, log, parties } = options;
  // Mistakes that can be seen without keys and vault are said before either is opened.
  checkIsoListener(isoListenerOf(settings));
  checkGrpcDoors(options);
  const { dir, passphraseFile } = settings.vault;
  const keyStore = await openKeyStore(dir, passphraseFile, settings.hsm);
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
    const { commandPath, payments } = await openCommands(options, engine, health);
    opened.unshift(async () => commandPath?.stop());
    recordPeers(engine, parties);
    if (payments !== null) opened.unshift(() => payments.dispatcher.drain());
    const insides = { engine, commandPath, payments, keyStore, metrics, health, opened };
    const doors = await openDoors(options, insides);
    health.setState("ready");
    const stop = () => closeAll(health, opened);
    return { engine, commandPath, metrics, health, ...doors, stop };
  } catch (error) {
    await closeAll(health, opened);
    throw error;
  }
}

/** Names of one act: it has to stay small. */
const peersPerAct = 128;

/** Who may get card numbers from now on, by the names whose tags the audit chain holds. */
function recordPeers(engine: Engine, { peers }: Parties): void {
  const payers = peers.filter(({ issuerId }) => issuerId === undefined);
  const names = [...new Set(payers.map(({ name }) => name))];
  for (let at = 0; at < names.length; at += peersPerAct) {
    const detail = { peers: names.slice(at, at + peersPerAct) };
    recordAct(engine.opened.vault, { act: "service.peers", by: localUser(), detail });
  }
}

async function openCommands(
  { settings, log, bootId = readBootId() }: ServiceOptions,
  engine: Engine,
  health: Health,
): Promise<Pick<Insides, "commandPath" | "payments">> {
  const cluster = clusterOf(settings);
  if (!settings.commands.enabled) return { commandPath: null, payments: null };
  let commandPath: CommandPath | null = null;
  const ask = (message: PaymentsAsked): void => commandPath?.commands.ask(message);
  const payments = cluster === null ? null : new ClusterPayments(engine, ask);
  const ptavTtlSeconds = settings.ptav.ttlSeconds;
  const replayMapBytes = settings.replay.mapBytes;
  commandPath = await openCommandPath({
    dir: settings.vault.dir,
    vaultMapBytes: settings.vault.mapBytes,
    keys: engine.keys.shared,
    loopbackWebhooks: settings.outbox.loopbackWebhooks,
    policy: { issuerResumeClearsAll: settings.commands.issuerResumeClearsAll },
    cluster,
    payments: payments === null ? null : { bootId, ptavTtlSeconds, replayMapBytes },
    paymentsSaid: (message) => payments?.hear(message),
    paymentsLost: () => payments?.lost(),
    health,
    log,
  });
  return { commandPath, payments };
}

async function closeAll(health: Health, opened: (() => Promise<void>)[]): Promise<void> {
  health.setState("draining");
  for (const close of opened.splice(0)) await close();
}

interface Insides {
  readonly engine: Engine;
  readonly commandPath: CommandPath | null;
  /** Null where payments need no other node. */
  readonly payments: ClusterPayments | null;
  readonly keyStore: KeyStore;
  readonly metrics: Metrics;
  readonly health: Health;
  /** How to close what was opened, the last one first. */
  readonly opened: (() => Promise<void>)[];
}

async function openDoors(
  options: ServiceOptions,
  { engine, commandPath, payments, keyStore, metrics, health, opened }: Insides,
): Promise<Pick<Service, "addresses">> {
  const { settings } = options;
  const board = new HealthBoard();
  const admin: AdminServer = await startAdminServer({ ...settings.admin, health, metrics });
  opened.unshift(() => admin.close());
  const stats = createIsoStats();
  const seconds = metrics.histogram("verifySeconds", { door: "iso" });
  const forward = await openUpstream(settings, engine, stats, options.log);
  if (forward !== null) opened.unshift(() => forward.stop());
  const upstream = forward?.upstream ?? null;
  const judging = payments?.dispatcher ?? engine.dispatcher;
  const dispatcher = upstream?.relay(judging) ?? judging;
  const cards = cardsOf(engine, commandPath);
  const insides = { engine, keyStore, dispatcher, cards };
  const iso = isoServer(options, insides, stats, (took) => seconds.observe(took));
  const isoAddress = await iso.listen();
  opened.unshift(() => iso.stop());
  const grpc = async (made: Promise<GrpcServer>): Promise<GrpcServer> => {
    const server = await made;
    opened.unshift(() => server.stop({ limitMs: stopLimitMs }));
    return server;
  };
  const { log } = options;
  const acs = new AcsKeys(options.parties.acs);
  const parts: GrpcDoorParts = {
    ...{ settings, parties: options.parties, engine, dispatcher },
    ...{ commandPath, metrics, health: board, log },
    resolver: new Resolver({ directory: engine.directory, acs, clock: systemClock, log }),
    provisions: new CardRate({
      vault: engine.opened.vault,
      perHour: settings.http.provisionsPerCardPerHour,
      clock: systemClock,
    }),
  };
  const doors: Doors = {
    iso,
    switch: await grpc(openGrpcDoor(parts, "switch")),
    requestor: await grpc(openGrpcDoor(parts, "requestor")),
    issuer: hasIssuerDoor(parts) ? await grpc(openGrpcDoor(parts, "issuer")) : null,
    http: await openHttpDoor(parts),
    switchHttp: await openSwitchDoor(parts),
    acs,
  };
  if (doors.switchHttp !== null) {
    opened.unshift(() => doors.switchHttp!.stop({ limitMs: stopLimitMs }));
  }
  if (doors.http !== null) opened.unshift(() => doors.http!.stop({ limitMs: stopLimitMs }));
  const administration = await openAdminApi(parts, keyStore);
  if (administration !== null) {
    opened.unshift(() => administration.stop({ limitMs: stopLimitMs }));
  }
  const adminGrpc = await grpc(openAdminDoor(parts));
  let parties = options.parties;
  const stopWatch = watchParties({
    path: settings.parties.file,
    running: parties,
    apply(next, fresh) {
      takeParties(options, insides, doors, next, fresh);
      parties = next;
    },
    log: options.log,
  });
  opened.unshift(async () => stopWatch());
  const current = () => parties;
  const sources = { engine, commandPath, payments, metrics, health, stats, settings, upstream };
  collectMetrics({ ...sources, parties: current });
  return {
    addresses: {
      iso: isoAddress,
      switch: doors.switch.address,
      requestor: doors.requestor.address,
      issuer: doors.issuer?.address ?? null,
      http: doors.http?.address ?? null,
      switchHttp: doors.switchHttp?.address ?? null,
      administration: administration?.address ?? null,
      adminGrpc: adminGrpc.address,
      admin: admin.url,
    },
  };
}

interface Doors {
  readonly iso: IsoServer;
  readonly switch: GrpcServer;
  readonly requestor: GrpcServer;
  readonly issuer: GrpcServer | null;
  readonly http: HttpDoor | null;
  readonly switchHttp: SwitchDoor | null;
  readonly acs: AcsKeys;
}

/** Other parties for all doors. What can be wrong with them is found before anything changes. */
function takeParties(
  options: ServiceOptions,
  { engine, keyStore }: DoorParts,
  doors: Doors,
  next: Parties,
  fresh: readonly Peer[],
): void {
  checkPeerKeys(engine, fresh);
  checkCallers(next.switches);
  checkCallers(next.requestors);
  checkCallers(next.issuers);
  const keyExchange = keyExchangeOf(options, { engine, keyStore }, next);
  const httpClients = doors.http === null ? [] : httpClientsOf(next);
  const switchClients = doors.switchHttp === null ? [] : switchClientsOf(next);
  doors.acs.replace(next.acs);
  // Before any door knows them: a message may come the moment that one does.
  engine.peers.add(fresh);
  recordPeers(engine, next);
  doors.iso.replacePeers({
    peers: next.iso,
    lines: linesOf(next, options.settings.iso.framing),
    callOuts: next.callOuts,
    keyExchange,
  });
  doors.switch.replaceCallers(next.switches, next.plainSwitch);
  doors.requestor.replaceCallers(next.requestors, next.plainRequestor);
  doors.issuer?.replaceCallers(next.issuers, next.plainIssuer);
  doors.http?.replaceClients(httpClients);
  doors.switchHttp?.replaceClients(switchClients, next.plainSwitch);
}

type DoorParts = Pick<Insides, "engine" | "keyStore"> & {
  readonly dispatcher: PaymentDispatcher;
  readonly cards: CardDesk | null;
};

/** Where issuers' file actions go; null where no commands are taken. */
function cardsOf(engine: Engine, commandPath: CommandPath | null): CardDesk | null {
  if (commandPath === null) return null;
  const { vault } = engine.opened;
  return new CardDesk({ vault, commands: commandPath.commands, clock: systemClock });
}

function keyExchangeOf(
  { log }: ServiceOptions,
  { engine, keyStore }: Pick<Insides, "engine" | "keyStore">,
  { zoneKeyFiles }: Parties,
): KeyExchange | null {
  return openKeyExchange({
    keyStore,
    ring: () => engine.keys.read(),
    publish: (ring) => {
      engine.keys.publish(ring);
      engine.opened.vault.useKeys(ring);
    },
    zoneKeyFiles,
    nowMs: () => systemClock.nowMs(),
    log,
  });
}

function isoListenerOf({ iso }: Settings): IsoListener {
  const { certificateFile: certFile, privateKeyFile: keyFile, clientCaFile: caFile } = iso;
  return {
    listen: { host: iso.host, port: iso.port },
    tls: certFile === "" ? null : { certFile, keyFile, caFile },
    insecure: iso.insecure,
  };
}

function isoServer(
  options: ServiceOptions,
  { engine, keyStore, dispatcher, cards }: DoorParts,
  stats: IsoStats,
  answered: (seconds: number) => void,
): IsoServer {
  const { iso } = options.settings;
  return createIsoServer({
    ...isoListenerOf(options.settings),
    peers: options.parties.iso,
    dispatcher,
    keys: engine.keys,
    log: options.log.child({ door: "iso" }),
    clock: systemClock,
    random: randomBytes,
    line: { framing: framings[iso.framing] ?? raw2 },
    lines: linesOf(options.parties, iso.framing),
    callOuts: options.parties.callOuts,
    keyExchange: keyExchangeOf(options, { engine, keyStore }, options.parties),
    cards,
    stats,
    answered,
  });
}
