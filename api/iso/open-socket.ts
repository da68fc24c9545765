// A TCP or TLS connection that we begin.
import { connect, type Socket } from "node:net";
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from "node:tls";
import type { Host } from "./hosts.ts";

export interface SocketOptions {
  /** Null: plain TCP. */
  readonly context: SecureContextOptions | null;
  /**
   * Judges the other side's certificate by its names; absent: TLS's own rule, the name of the host.
   */
  readonly isPeer?: (subjectAltName: string | undefined) => boolean;
  /** The name that is asked for and expected, where it is not that of the host. */
  readonly serverName?: string;
  /** A host on a private line answers a connection within milliseconds, TLS in tens of them. */
  readonly connectMs: number;
}

/** Resolves when it can be used; rejects where it cannot be opened in time, or is somebody else. */
export function openSocket(host: Host, options: SocketOptions): Promise<Socket> {
  const { context, connectMs } = options;
  const socket =
    context === null ? connect({ ...host, allowHalfOpen: true }) : secure(host, options);
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
      if (options.isPeer !== undefined && context !== null && !options.isPeer(namesOf(socket))) {
        socket.on("error", () => {});
        socket.destroy();
        reject(new Error("the certificate is not that of the peer"));
        return;
      }
      resolve(socket);
    });
  });
}

function secure(host: Host, { context, isPeer, serverName }: SocketOptions): Socket {
  return connectTls({
    ...context,
    ...host,
    rejectUnauthorized: true,
    ...(serverName === undefined ? {} : { servername: serverName }),
    // Where names are given, the other side is known by them, not by where it is.
    ...(isPeer === undefined ? {} : { checkServerIdentity: () => undefined }),
  });
}

function namesOf(socket: Socket): string | undefined {
  return (socket as TLSSocket).getPeerX509Certificate()?.subjectAltName;
}
