// Peers that we call rather than wait for: the same sessions, begun from our side.
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import type { Peer } from "../../hotpath/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import type { Connection } from "./connection.ts";
import { type DialedSession, Dialer, dialPauses } from "./dialer.ts";
import type { Host } from "./hosts.ts";
import { openSocket } from "./open-socket.ts";

export interface CallOut {
  readonly peer: Peer;
  /** The primary first, then its backups. */
  readonly hosts: readonly Host[];
  /** Sessions that are kept; each signs on for itself. */
  readonly connections: number;
  /** How often the primary is tried while a backup is in use; see `Dialer`. */
  readonly failBackMs?: number;
}

export interface CallOutPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: (bytes: number) => Buffer;
  /** Null: plain TCP. */
  readonly secureContext: () => SecureContextOptions | null;
  /** True where the certificate's names are those of the peer. */
  readonly isPeer: (peer: Peer, subjectAltName: string | undefined) => boolean;
  /** Makes the session; null where it is not admitted. */
  readonly begin: (socket: Socket, peer: Peer, who: Record<string, string>) => Connection | null;
}

/** A host on a private line answers a connection within milliseconds, TLS in tens of them. */
const connectMs = 10_000;
/** A sign-on is repeated, on a new connection, where no answer came within this time. */
const signOnMs = 10_000;

/**
 * The peers that are called now. A stop or a change ends the calling; open sessions are drained by
 * whoever holds them.
 */
export class CallOuts {
  readonly #ports: CallOutPorts;
  readonly #running = new Map<string, { what: string; dialers: readonly Dialer[] }>();

  constructor(ports: CallOutPorts) {
    this.#ports = ports;
  }

  /**
   * Calls these peers and no others. Returns the names of those whose sessions are not wanted any
   * more: no longer called, or called elsewhere.
   */
  replace(callOuts: readonly CallOut[]): string[] {
    const wanted = new Map(callOuts.map((callOut) => [callOut.peer.name, callOut]));
    const ended: string[] = [];
    for (const [name, { what, dialers }] of this.#running) {
      const callOut = wanted.get(name);
      if (callOut !== undefined && whatOf(callOut) === what) continue;
      for (const dialer of dialers) void dialer.stop();
      this.#running.delete(name);
      ended.push(name);
    }
    for (const [name, callOut] of wanted) {
      if (this.#running.has(name)) continue;
      const dialers = Array.from({ length: callOut.connections }, () => dial(callOut, this.#ports));
      this.#running.set(name, { what: whatOf(callOut), dialers });
    }
    return ended;
  }

  /** Resolves when nobody is called and no session is left. */
  async stop(): Promise<void> {
    const dialers = [...this.#running.values()].flatMap((one) => one.dialers);
    this.#running.clear();
    await Promise.all(dialers.map((dialer) => dialer.stop()));
  }
}

/** What a call-out is, as a text: the same text, and its sessions may stay. */
function whatOf({ peer, hosts, connections }: CallOut): string {
  return JSON.stringify([peer.id, hosts, connections]);
}

function dial(callOut: CallOut, ports: CallOutPorts): Dialer {
  const { peer, hosts } = callOut;
  const log = ports.log.child({ peer: peer.name });
  return new Dialer({
    hosts,
    clock: ports.clock,
    // 32 bits of chance spread the calls well enough.
    backOff: { ...dialPauses, random: () => ports.random(4).readUInt32LE(0) / 2 ** 32 },
    connect: (host) => openSession(host, peer, ports),
    ...(callOut.failBackMs === undefined ? {} : { failBackMs: callOut.failBackMs }),
    onFailed: (host, error) => log.warn({ ...host, err: error }, "cannot call the peer"),
  });
}

async function openSession(host: Host, peer: Peer, ports: CallOutPorts): Promise<DialedSession> {
  const socket = await openSocket(host, {
    context: ports.secureContext(),
    // The peer is known by the names that the parties file gives it, not by where it is.
    isPeer: (names) => ports.isPeer(peer, names),
    connectMs,
  });
  const session = ports.begin(socket, peer, { host: `${host.host}:${host.port}` });
  if (session === null) throw new Error("the connection was not admitted");
  const lost = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const timer = setTimeout(() => session.destroy(), signOnMs);
  const signedOn = await Promise.race([session.signOn(), lost.then(() => false)]);
  clearTimeout(timer);
  if (!signedOn) {
    session.destroy();
    throw new Error("the sign-on was refused or not answered");
  }
  return { lost, drain: () => session.drain() };
}
