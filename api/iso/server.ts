// The listener of the ISO 8583 door.
import { createServer, type Server, type Socket } from "node:net";
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import type { CardDesk } from "../../actors/mod.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import type { PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { appError, type Clock, type Logger } from "../../platform/mod.ts";
import { AnswerDesk } from "./answer-desk.ts";
import { type CallOut, CallOuts } from "./call-out.ts";
import { Connection } from "./connection.ts";
import type { Door } from "./connection-door.ts";
import type { KeyExchange } from "./key-exchange.ts";
import { type IsoLimits, isoLimits } from "./limits.ts";
import { writeNetworkRequest } from "./network-message.ts";
import { MAC_BYTES, PeerMacs } from "./peer-macs.ts";
import { type IsoPeerSettings, PeerLines } from "./peer-settings.ts";
import { findPeerByAddress, findPeerByNames, type IsoPeers } from "./peers.ts";
import { createIsoStats, type IsoStats } from "./stats.ts";
import { loadTls, type TlsFiles, tlsStamp } from "./tls.ts";

export interface IsoListener {
  /** Port 0 takes a free one. `reusePort` lets several processes listen on one port. */
  readonly listen: { readonly host: string; readonly port: number; readonly reusePort?: boolean };
  /** Certificate files for TLS with client certificates; null is plain TCP. */
  readonly tls: TlsFiles | null;
  /** Allows plain TCP beyond loopback. */
  readonly insecure?: boolean;
}

export interface IsoServerOptions extends IsoListener {
  readonly peers: IsoPeers;
  readonly dispatcher: PaymentDispatcher;
  /** The current keys: a `KeyPage` fits. */
  readonly keys: { epoch(): number; read(): KeyRing };
  readonly log: Logger;
  readonly clock: Clock;
  /** Cryptographically strong bytes, for the ids of answers that the door itself gives. */
  readonly random: (bytes: number) => Buffer;
  /** Start bytes of the messages that the door begins itself; answers echo their request's. */
  readonly startBytes?: string;
  /** How frames are laid out, for peers that have no settings of their own: raw2 by default. */
  readonly line?: IsoPeerSettings;
  /** Framing and addresses by peer name. */
  readonly lines?: ReadonlyMap<string, IsoPeerSettings>;
  /** Peers that we call. */
  readonly callOuts?: readonly CallOut[];
  /** Keys that peers send over the line; null or absent: none may. */
  readonly keyExchange?: KeyExchange | null;
  /** Where issuers' file actions go; null or absent: they are answered 91. */
  readonly cards?: CardDesk | null;
  readonly stats?: IsoStats;
  /** Called with the seconds that an answer took, for a share of the payments. */
  readonly answered?: (seconds: number) => void;
  readonly limits?: Partial<IsoLimits>;
}

export interface IsoServer {
  readonly stats: IsoStats;
  /**
   * Resolves with the bound address. Rejects with PORT_IN_USE, CERTIFICATE_UNREADABLE,
   * INSECURE_REFUSED or CONFIG_INVALID.
   */
  listen(): Promise<{ host: string; port: number }>;
  /**
   * Takes another table of peers for connections that begin from now on. Sessions of peers that
   * are still in it go on; those of a peer that is gone, or that has another id (other keys), are
   * drained. Peers are called, or called no more, as the new table says.
   */
  replacePeers(table: IsoPeerTable): void;
  /** Takes nothing new, answers what is in flight, then closes; resolves when all is closed. */
  stop(): Promise<void>;
}

export interface IsoPeerTable {
  readonly peers: IsoPeers;
  readonly lines: ReadonlyMap<string, IsoPeerSettings>;
  readonly callOuts: readonly CallOut[];
  readonly keyExchange: KeyExchange | null;
}

/** Literal "ISO" and the default status digits of the profile. */
export const defaultStartBytes = "ISO026000050";

/** A STAN has six digits, and 000000 is skipped. */
const stanMax = 999_999;

export function createIsoServer(options: IsoServerOptions): IsoServer {
  return new Listener(options);
}

class Listener implements IsoServer {
  readonly stats: IsoStats;
  readonly #options: IsoServerOptions;
  readonly #limits: IsoLimits;
  readonly #log: Logger;
  readonly #door: Door;
  readonly #connections = new Set<Connection>();
  /** Every open socket, those in their handshake included. */
  readonly #sockets = new Set<Socket>();
  readonly #perPeer = new Map<string, number>();
  readonly #lines: PeerLines;
  #peers: IsoPeers;
  #refusedSinceLog = 0;
  readonly #callOuts: CallOuts;
  #server: Server | null = null;
  #ticker: NodeJS.Timeout | null = null;
  #tlsStamp = "";
  #stampedMs = 0;
  #onQuiet: (() => void) | null = null;

  constructor(options: IsoServerOptions) {
    this.#options = options;
    this.#limits = { ...isoLimits, ...options.limits };
    this.#log = options.log;
    this.stats = options.stats ?? createIsoStats();
    const macs = new PeerMacs(options.keys);
    const desk = new AnswerDesk(macs, options.clock, options.random);
    this.#peers = options.peers;
    const starts = options.startBytes ?? defaultStartBytes;
    this.#lines = new PeerLines(starts, options.lines, options.line);
    this.#door = {
      dispatcher: options.dispatcher,
      desk,
      limits: this.#limits,
      stats: this.stats,
      clock: options.clock,
      keyExchange: options.keyExchange ?? null,
      cards: options.cards ?? null,
      lineOf: (peer) => this.#lines.of(peer),
      writeRequest: (peer, code, count) => {
        return writeRequest(desk.out, macs, peer, { code, count, clock: options.clock });
      },
      onClosed: (connection) => this.#forget(connection),
      answered: options.answered ?? (() => {}),
    };
    this.#callOuts = this.#call();
  }

  async listen(): Promise<{ host: string; port: number }> {
    const { listen, tls } = this.#options;
    refuseInsecure(this.#options);
    const server = tls === null ? this.#plain() : this.#secure(tls);
    // Node closes what comes above this before it makes a socket of it.
    server.maxConnections = this.#limits.connectionsMax;
    server.on("drop", () => {
      this.stats.refused += 1;
      this.#refusedSinceLog += 1;
    });
    await bind(server, listen);
    // Accepting can fail later, when the process runs out of descriptors; the next one may succeed.
    server.on("error", (error) => this.#log.error({ err: error }, "cannot accept"));
    this.#server = server;
    this.#ticker = setInterval(() => this.#tick(), this.#limits.tickMs);
    this.#ticker.unref();
    this.#callOuts.replace(this.#options.callOuts ?? []);
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not a TCP address");
    return { host: address.address, port: address.port };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const calling = this.#callOuts.stop();
    this.#ticker?.ref();
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve;
    });
    for (const connection of [...this.#connections]) connection.drain();
    if (this.#connections.size > 0) await quiet;
    // What is left is in its handshake and has no session to finish.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await calling;
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
  }

  #plain(): Server {
    const server = createServer({ allowHalfOpen: true });
    server.on("connection", (socket) => {
      this.#watch(socket);
      const peer = findPeerByAddress(this.#peers, socket.remoteAddress);
      this.#begin(socket, peer, { address: socket.remoteAddress ?? "" });
    });
    return server;
  }

  #secure(files: TlsFiles): TlsServer {
    this.#tlsStamp = tlsStamp(files);
    const server = createTlsServer({
      ...this.#load(files),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: this.#limits.handshakeMs,
      allowHalfOpen: true,
    });
    server.on("connection", (socket: Socket) => this.#watch(socket));
    server.on("tlsClientError", (error) => {
      this.stats.refused += 1;
      this.#log.info({ err: error }, "handshake failed");
    });
    server.on("secureConnection", (socket: TLSSocket) => {
      const names = socket.getPeerX509Certificate()?.subjectAltName;
      const peer = findPeerByNames(this.#peers, names);
      this.#begin(socket, peer, { names: names ?? "" });
    });
    return server;
  }

  #load(files: TlsFiles): SecureContextOptions {
    const { options, expiresAt } = loadTls(files);
    this.stats.certificateExpiresAt = expiresAt;
    return options;
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    // A connection that is cut in its handshake would otherwise be an uncaught error.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #call(): CallOuts {
    const { tls, clock, random } = this.#options;
    return new CallOuts({
      clock,
      random,
      log: this.#log,
      secureContext: () => (tls === null ? null : this.#load(tls)),
      isPeer: (peer, names) => findPeerByNames(this.#peers, names)?.name === peer.name,
      begin: (socket, peer, who) => {
        this.#watch(socket);
        return this.#begin(socket, peer, who);
      },
    });
  }

  replacePeers({ peers, lines, callOuts, keyExchange }: IsoPeerTable): void {
    this.#peers = peers;
    this.#lines.replace(lines);
    this.#door.keyExchange = keyExchange;
    const gone = new Set(this.#callOuts.replace(callOuts));
    const known = new Set<number>();
    for (const peer of peers.byIdentity.values()) known.add(peer.id);
    for (const peer of peers.byAddress.values()) known.add(peer.id);
    for (const { peer } of callOuts) known.add(peer.id);
    if (peers.plainDefault !== null) known.add(peers.plainDefault.id);
    for (const connection of [...this.#connections]) {
      const { id, name } = connection.peer;
      if (!known.has(id) || gone.has(name)) connection.drain();
    }
  }

  #begin(socket: Socket, peer: Peer | null, who: Record<string, string>): Connection | null {
    const count = peer === null ? 0 : (this.#perPeer.get(peer.name) ?? 0);
    if (peer === null || count >= this.#limits.connectionsPerPeerMax || this.#server === null) {
      this.stats.refused += 1;
      this.#log.warn({ ...who, peer: peer?.name ?? "" }, refusal(peer, this.#server === null));
      socket.on("error", () => socket.destroy());
      socket.destroy();
      return null;
    }
    this.#perPeer.set(peer.name, count + 1);
    this.stats.accepted += 1;
    this.stats.connections += 1;
    const log = this.#log.child({ peer: peer.name, connection: this.stats.accepted });
    const connection = new Connection(socket, peer, this.#door, log);
    this.#connections.add(connection);
    log.info(who, "connected");
    return connection;
  }

  #forget(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    this.stats.connections -= 1;
    const { name } = connection.peer;
    this.#perPeer.set(name, (this.#perPeer.get(name) ?? 1) - 1);
    if (this.#connections.size === 0) this.#onQuiet?.();
  }

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const connection of this.#connections) connection.tick(nowMs);
    if (this.#refusedSinceLog > 0) {
      // One line a tick, not one a connection: who floods the door must not flood the log.
      this.#log.warn({ refused: this.#refusedSinceLog }, "too many connections");
      this.#refusedSinceLog = 0;
    }
    if (nowMs - this.#stampedMs < this.#limits.reloadMs) return;
    this.#stampedMs = nowMs;
    this.#reload();
  }

  /** Takes renewed certificates for new connections; those that stand are left alone. */
  #reload(): void {
    const { tls } = this.#options;
    if (tls === null || this.#server === null) return;
    const stamp = tlsStamp(tls);
    if (stamp === this.#tlsStamp) return;
    this.#tlsStamp = stamp;
    try {
      (this.#server as TlsServer).setSecureContext(this.#load(tls));
      this.#log.info("certificates read again");
    } catch (error) {
      // The old ones go on; the next change of the files is tried again.
      this.#log.error({ err: error }, "new certificates cannot be used");
    }
  }
}

function refusal(peer: Peer | null, stopping: boolean): string {
  if (stopping) return "refused while stopping";
  return peer === null ? "no such peer" : "too many connections of one peer";
}

/** A request of our own; `count` is the how-manieth of its kind on its session. */
function writeRequest(
  out: Buffer,
  macs: PeerMacs,
  peer: Peer,
  { code, count, clock }: { code: number; count: number; clock: Clock },
): number {
  const withMac = macs.has(peer);
  const end = writeNetworkRequest(out, 0, {
    code,
    seconds: Math.floor(clock.nowMs() / 1_000),
    stan: ((count - 1) % stanMax) + 1,
    withMac,
  });
  if (!withMac) return end;
  macs.sign(peer, 0, out, 0, end);
  return end + MAC_BYTES;
}

/** What can be said of a listener before it listens: CERTIFICATE_UNREADABLE, INSECURE_REFUSED. */
export function checkIsoListener(options: IsoListener): void {
  refuseInsecure(options);
  if (options.tls !== null) loadTls(options.tls);
}

function refuseInsecure({ listen, tls, insecure }: IsoListener): void {
  if (tls !== null || insecure === true || isLoopback(listen.host)) return;
  const message =
    `Plain TCP on ${listen.host} would carry card numbers in clear: ` +
    "configure certificates, listen on loopback, or allow it explicitly.";
  throw appError("INSECURE_REFUSED", message, { details: { host: listen.host } });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function bind(server: Server, listen: IsoServerOptions["listen"]): Promise<void> {
  const { host, port } = listen;
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
    server.once("error", failed);
    server.listen({ host, port, reusePort: listen.reusePort === true }, () => {
      server.off("error", failed);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const options = { cause: error, details: { host, port } };
  if (error.code === "EADDRINUSE") {
    return appError(
      "PORT_IN_USE",
      `Port ${port} of ${host} is in use by another program.`,
      options,
    );
  }
  if (error.code === "EACCES") {
    return appError("PORT_IN_USE", `Port ${port} of ${host} may not be opened.`, options);
  }
  return appError("CONFIG_INVALID", `${host} is no address of this machine.`, options);
}
