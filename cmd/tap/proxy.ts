// A proxy that passes every byte on unchanged, before anybody looks at it. It reads from one side
// only what the other side takes, so its memory is a few socket buffers a connection.
import { createServer, type Server, Socket } from "node:net";

export type Direction = "to-host" | "from-host";

/** Who listens in. Called after the bytes have been handed on; must not keep the chunk. */
export interface Listener {
  /** A connection stands on both sides; `client` is the address of the caller. */
  opened(connection: Link): void;
  bytes(connection: Link, direction: Direction, chunk: Buffer): void;
  ended(connection: Link, direction: Direction): void;
  /** Both sides are gone. `error`: why, where one of them failed. */
  closed(connection: Link, error: string | null): void;
}

/** One connection through the proxy. */
export interface Link {
  readonly number: number;
  /** Address and port of the caller, and of the host. */
  readonly client: string;
  readonly host: string;
}

export interface TapOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly to: { readonly host: string; readonly port: number };
  readonly listener: Listener;
}

/** Each costs two sockets and their buffers. */
const connectionsMax = 256;

export class TapProxy {
  readonly #options: TapOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #number = 0;

  constructor(options: TapOptions) {
    this.#options = options;
    // The caller is read from only once there is somebody to pass its bytes on to.
    const settings = { allowHalfOpen: true, pauseOnConnect: true, noDelay: true };
    this.#server = createServer(settings, (client) => this.#accept(client));
    this.#server.maxConnections = connectionsMax;
  }

  /** Resolves with the bound port. Rejects with the error of the system. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.listen, () => {
        this.#server.off("error", reject);
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }

  /** Bytes that one side has sent and the other not yet taken, over all connections. */
  get heldBytes(): number {
    let bytes = 0;
    for (const socket of this.#sockets) bytes += socket.writableLength + socket.readableLength;
    return bytes;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    const { to, listener } = this.#options;
    const host = new Socket({ allowHalfOpen: true });
    this.#number += 1;
    const link: Link = {
      number: this.#number,
      client: addressOf(client),
      host: `${to.host}:${to.port}`,
    };
    this.#sockets.add(client).add(host);
    let left = 2;
    let failure: string | null = null;
    for (const [socket, other] of [
      [client, host],
      [host, client],
    ] as const) {
      socket.on("error", (error: NodeJS.ErrnoException) => {
        failure ??= `${socket === client ? "the caller" : "the host"}: ${error.code ?? "failed"}`;
      });
      socket.once("close", () => {
        this.#sockets.delete(socket);
        // A side that was cut off cuts off the other; one that ended has told it so already.
        if (!socket.readableEnded || !socket.writableFinished) other.destroy();
        left -= 1;
        if (left === 0) listener.closed(link, failure);
      });
    }
    host.setNoDelay(true);
    host.connect(to.port, to.host, () => {
      listener.opened(link);
      pass(client, host, link, "to-host", listener);
      pass(host, client, link, "from-host", listener);
      client.resume();
    });
  }
}

function pass(
  from: Socket,
  to: Socket,
  link: Link,
  direction: Direction,
  listener: Listener,
): void {
  from.on("data", (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
    listener.bytes(link, direction, chunk);
  });
  to.on("drain", () => from.resume());
  from.on("end", () => {
    to.end();
    listener.ended(link, direction);
  });
}

function addressOf({ remoteAddress = "", remotePort = 0 }: Socket): string {
  const address = remoteAddress.startsWith("::ffff:") ? remoteAddress.slice(7) : remoteAddress;
  return address.includes(":") ? `[${address}]:${remotePort}` : `${address}:${remotePort}`;
}
