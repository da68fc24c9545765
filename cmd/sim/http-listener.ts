// A small HTTP server for simulators that wait to be called: whole bodies in, short answers out.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { appError } from "../../platform/mod.ts";

export interface Called {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Said {
  readonly status: number;
  readonly body?: object;
}

/** A webhook has fewer than 20 kB, a question of 3-D Secure some 2. */
const bodyBytesMax = 65_536;

export class HttpListener {
  readonly #server: Server;
  readonly #host: string;

  private constructor(server: Server, host: string) {
    this.#server = server;
    this.#host = host;
  }

  /** PORT_IN_USE. What `answer` throws is a 500, and `answer`'s to report. */
  static open(
    listen: { readonly host: string; readonly port: number },
    answer: (called: Called) => Promise<Said> | Said,
  ): Promise<HttpListener> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const say = ({ status, body }: Said): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(body === undefined ? "" : JSON.stringify(body));
      };
      request.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= bodyBytesMax) chunks.push(chunk);
      });
      request.on("end", () => {
        if (size > bodyBytesMax) return say({ status: 413 });
        const { method = "", url: path = "", headers } = request;
        const called = { method, path, headers, body: Buffer.concat(chunks) };
        // Not in one expression: what `answer` throws at once must end here too.
        const answered = (async () => answer(called))();
        answered.then(say, () => say({ status: 500 }));
      });
    });
    return new Promise((resolve, reject) => {
      server.once("error", (cause) => {
        const text = `${listen.host}:${listen.port} cannot be opened.`;
        reject(appError("PORT_IN_USE", text, { cause }));
      });
      server.listen(listen, () => resolve(new HttpListener(server, listen.host)));
    });
  }

  get url(): string {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `http://${this.#host.includes(":") ? `[${this.#host}]` : this.#host}:${port}`;
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    return closed;
  }
}
