// A way to a server that can lose one answer: it breaks the connection either before the next
// publish reaches the server or when the server's answer to it comes back.
import { connect, createServer, type Server, type Socket } from "node:net";

export type Lost = "before" | "after";

export class LossyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #lose: Lost | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(targetUrl: string): Promise<LossyProxy> {
    const { hostname, port } = new URL(targetUrl);
    const server = createServer();
    const proxy = new LossyProxy(server);
    server.on("connection", (client) => proxy.#join(client, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy is closed");
    return `nats://127.0.0.1:${address.port}`;
  }

  /** The answer to the next publish with headers, on any connection, will not come. */
  loseNext(when: Lost): void {
    this.#lose = when;
  }

  #join(client: Socket, server: Socket): void {
    let published = false;
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        cut();
      });
    }
    client.on("data", (chunk: Buffer) => {
      if (this.#lose !== undefined && chunk.includes("HPUB ")) {
        if (this.#lose === "before") {
          this.#lose = undefined;
          cut();
          return;
        }
        published = true;
      }
      server.write(chunk);
    });
    server.on("data", (chunk: Buffer) => {
      if (published && chunk.includes("MSG ")) {
        this.#lose = undefined;
        cut();
        return;
      }
      client.write(chunk);
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
