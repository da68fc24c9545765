// Peers that we call rather than wait for: the same sessions, begun from our side.
import { connect, type Socket } from "node:net";
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from "node:tls";
import type { Peer } from "../../hotpath/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import type { Connection } from "./connection.ts";
import { Dialer, dialPauses } from "./dialer.ts";
import type { Host } from "./hosts.ts";

export interface CallOut {
  readonly peer: Peer;
  /** The primary first, then its backups. */
  readonly hosts: readonly Host[];
  /** Sessions that are kept; each signs on for itself. */
  readonly connections: number;
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

/** Begins to call; returns how to stop. */
export function startCallOuts(
  callOuts: readonly CallOut[],
  ports: CallOutPorts,
): () => Promise<void> {
  const dialers = callOuts.flatMap((callOut) =>
    Array.from({ length: callOut.connections }, () => dial(callOut, ports)),
  );
  return async () => {
    await Promise.all(dialers.map((dialer) => dialer.stop()));
  };
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
    onFailed: (host, error) => log.warn({ ...host, err: error }, "cannot call the peer"),
  });
}

async function openSession(
  host: Host,
  peer: Peer,
  ports: CallOutPorts,
): Promise<{ lost: Promise<void> }> {
  const socket = await openSocket(host, peer, ports);
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
  return { lost };
}

function openSocket(host: Host, peer: Peer, ports: CallOutPorts): Promise<Socket> {
  const context = ports.secureContext();
  const socket: Socket =
    context === null
      ? connect({ ...host, allowHalfOpen: true })
      : connectTls({
          ...context,
          ...host,
          // The peer is known by the names that the parties file gives it, not by where it is.
          checkServerIdentity: () => undefined,
          rejectUnauthorized: true,
        });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error("timed out")), connectMs);
    socket.once("error", reject);
    socket.once("close", () => {
      clearTimeout(timer);
      reject(new Error("closed while connecting"));
    });
    socket.once(context === null ? "connect" : "secureConnect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      const names = context === null ? undefined : namesOf(socket as TLSSocket);
      if (context !== null && !ports.isPeer(peer, names)) {
        socket.on("error", () => {});
        socket.destroy();
        reject(new Error("the certificate is not that of the peer"));
        return;
      }
      resolve(socket);
    });
  });
}

function namesOf(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate()?.subjectAltName;
}
