// The other end of a call, for clients of our JSON APIs: one request as it stands, its answer as
// bytes, within a time and a size.
import { type IncomingHttpHeaders, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { appError } from "../../platform/mod.ts";

/** PEM. */
export interface PeerTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface PeerRequest {
  readonly method: string;
  /** The request target, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PeerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** A command takes 5 s at the most, and the way there and back some more. */
const timeoutMs = 15_000;
/** A picture of a card has at most a MiB; lists have fewer bytes. */
const answerBytesMax = 4 * 2 ** 20;

export class HttpPeer {
  readonly url: URL;
  readonly #tls: PeerTls;

  /** `url`: http(s)://host:port, nothing behind it. Errors: USAGE. */
  constructor(url: string, tls: PeerTls = {}) {
    this.url = parseUrl(url);
    this.#tls = tls;
  }

  get isPlain(): boolean {
    return this.url.protocol === "http:";
  }

  /** Without brackets, where it is an address of IPv6. */
  get host(): string {
    return this.url.hostname.replace(/^\[|\]$/g, "");
  }

  /** Rejects with NOT_REACHABLE. */
  send({ method, path, headers = {}, body }: PeerRequest): Promise<PeerAnswer> {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = {
      host: this.host,
      port: this.url.port,
      method,
      path,
      headers: { ...headers, ...length },
      timeout: timeoutMs,
    };
    return new Promise((resolve, reject) => {
      const call = this.isPlain ? requestPlain(options) : requestTls({ ...options, ...this.#tls });
      const fail = (cause: Error): void => {
        const text = `${this.url.origin} does not answer: ${cause.message}.`;
        reject(appError("NOT_REACHABLE", text, { cause }));
      };
      call.on("error", fail).on("timeout", () => call.destroy(new Error("too late")));
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("error", fail).on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > answerBytesMax) call.destroy(new Error("the answer is too long"));
        });
        response.on("end", () => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, bytes: Buffer.concat(chunks) });
        });
      });
      call.end(body);
    });
  }
}

function parseUrl(text: string): URL {
  try {
    const url = new URL(text);
    const isHttp = url.protocol === "https:" || url.protocol === "http:";
    if (isHttp && url.pathname === "/" && url.search === "") return url;
  } catch {
    // Said below.
  }
  throw appError("USAGE", `"${text}" is no address of the form https://host:port.`);
}
