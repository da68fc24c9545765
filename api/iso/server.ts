// The listener of the ISO 8583 door.
import { createServer, type Server, type Socket } from "node:net";
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import type { KeyRing } from "../../crypto/mod.ts";
import type { PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { appError, type Clock, type Logger } from "../../platform/mod.ts";
import { AnswerDesk } from "./answer-desk.ts";
import { Connection, type Door } from "./connection.ts";
import { type IsoLimits, isoLimits } from "./limits.ts";
import { networkCode, writeNetworkRequest } from "./network-message.ts";
import { MAC_BYTES, PeerMacs } from "./peer-macs.ts";
import { findPeerByAddress, findPeerByNames, type IsoPeers } from "./peers.ts";
import { createIsoStats, type IsoStats } from "./stats.ts";
import { loadTls, type TlsFiles, tlsStamp } from "./tls.ts";

export interface IsoServerOptions {
  /** Port 0 takes a free one. `reusePort` lets several processes listen on one port. */
  readonly listen: { readonly host: string; readonly port: number; readonly reusePort?: boolean };
  /** Certificate files for TLS with client certificates; null is plain TCP. */
  readonly tls: TlsFiles | null;
  /** Allows plain TCP beyond loopback. */
  readonly insecure?: boolean;
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
  /** Takes nothing new, answers what is in flight, then closes; resolves when all is closed. */
  stop(): Promise<void>;
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
    this.#door = {
      dispatcher: options.dispatcher,
      desk,
      limits: this.#limits,
      stats: this.stats,
      clock: options.clock,
      starts: Buffer.from(options.startBytes ?? defaultStartBytes, "latin1"),
      writeEcho: (peer, count) => writeEcho(desk.out, macs, peer, options.clock, count),
      onClosed: (connection) => this.#forget(connection),
      answered: options.answered ?? (() => {}),
    };
  }

  async listen(): Promise<{ host: string; port: number }> {
    const { listen, tls, insecure } = this.#options;
    if (tls === null && insecure !== true && !isLoopback(listen.host)) {
      const message =
        `Plain TCP on ${listen.host} would carry card numbers in clear: ` +
        "configure certificates, listen on loopback, or allow it explicitly.";
      throw appError("INSECURE_REFUSED", message, { details: { host: listen.host } });
    }
    const server = tls === null ? this.#plain() : this.#secure(tls);
    await bind(server, listen);
    // Accepting can fail later, when the process runs out of descriptors; the next one may succeed.
    server.on("error", (error) => this.#log.error({ err: error }, "cannot accept"));
    this.#server = server;
    this.#ticker = setInterval(() => this.#tick(), this.#limits.tickMs);
    this.#ticker.unref();
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not a TCP address");
    return { host: address.address, port: address.port };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#ticker?.ref();
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve;
    });
    for (const connection of [...this.#connections]) connection.drain();
    if (this.#connections.size > 0) await quiet;
    // What is left is in its handshake and has no session to finish.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
  }

  #plain(): Server {
    const server = createServer({ allowHalfOpen: true });
    server.on("connection", (socket) => {
      if (!this.#admit(socket)) return;
      const peer = findPeerByAddress(this.#options.peers, socket.remoteAddress);
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
    server.on("connection", (socket: Socket) => this.#admit(socket));
    server.on("tlsClientError", (error) => {
      this.stats.refused += 1;
      this.#log.info({ err: error }, "handshake failed");
    });
    server.on("secureConnection", (socket: TLSSocket) => {
      const names = socket.getPeerX509Certificate()?.subjectAltName;
      const peer = findPeerByNames(this.#options.peers, names);
      this.#begin(socket, peer, { names: names ?? "" });
    });
    return server;
  }

  #load(files: TlsFiles): SecureContextOptions {
    const { options, expiresAt } = loadTls(files);
    this.stats.certificateExpiresAt = expiresAt;
    return options;
  }

  /** Counts the socket, or cuts it where there are too many. */
  #admit(socket: Socket): boolean {
    if (this.#sockets.size >= this.#limits.connectionsMax) {
      this.stats.refused += 1;
      this.#log.warn({ connections: this.#sockets.size }, "too many connections");
      socket.destroy();
      return false;
    }
    this.#sockets.add(socket);
    // A connection that is cut in its handshake would otherwise be an uncaught error.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    return true;
  }

  #begin(socket: Socket, peer: Peer | null, who: Record<string, string>): void {
    const count = peer === null ? 0 : (this.#perPeer.get(peer.name) ?? 0);
    if (peer === null || count >= this.#limits.connectionsPerPeerMax || this.#server === null) {
      this.stats.refused += 1;
      this.#log.warn({ ...who, peer: peer?.name ?? "" }, refusal(peer, this.#server === null));
      socket.on("error", () => socket.destroy());
      socket.destroy();
      return;
    }
    this.#perPeer.set(peer.name, count + 1);
    this.stats.accepted += 1;
    this.stats.connections += 1;
    const log = this.#log.child({ peer: peer.name, connection: this.stats.accepted });
    this.#connections.add(new Connection(socket, peer, this.#door, log));
    log.info(who, "connected");
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

function writeEcho(out: Buffer, macs: PeerMacs, peer: Peer, clock: Clock, count: number): number {
  const withMac = macs.has(peer);
  const end = writeNetworkRequest(out, 0, {
    code: networkCode.ECHO,
    seconds: Math.floor(clock.nowMs() / 1_000),
    stan: ((count - 1) % stanMax) + 1,
    withMac,
  });
  if (!withMac) return end;
  macs.sign(peer, 0, out, 0, end);
  return end + MAC_BYTES;
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
