// The admin door: plain HTTP for probes and metrics on a port of its own. It shows no payment and
// takes no command; still it belongs on loopback or behind a network policy.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { appError } from "./errors/app-error.ts";
import type { Health } from "./health.ts";
import type { Metrics } from "./metrics/metrics.ts";

/** Requests are one short line and a few headers. */
const headerBytesMax = 8_192;
const requestTimeoutMs = 5_000;
/** Probes, one or two scrapers and a person. */
const connectionsMax = 64;

export interface AdminOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly health: Health;
  readonly metrics: Metrics;
}

export interface AdminServer {
  readonly host: string;
  readonly port: number;
  /** "http://127.0.0.1:9464" */
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const text = "text/plain; charset=utf-8";
const index = "pantun admin: /metrics /healthz /readyz\n";

function readiness(health: Health): Answer {
  const conditions = health.conditions();
  const body = JSON.stringify({ ready: health.ready, state: health.state, conditions });
  return { status: health.ready ? 200 : 503, type: "application/json", body: `${body}\n` };
}

async function answerOf(path: string, options: AdminOptions): Promise<Answer> {
  switch (path) {
    case "/metrics":
      return {
        status: 200,
        type: options.metrics.contentType,
        body: await options.metrics.text(),
      };
    case "/healthz":
      return { status: 200, type: text, body: "ok\n" };
    case "/readyz":
      return readiness(options.health);
    case "/":
      return { status: 200, type: text, body: index };
    default:
      return { status: 404, type: text, body: "not found\n" };
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: AdminOptions,
): Promise<void> {
  let answer: Answer;
  if (request.method !== "GET" && request.method !== "HEAD") {
    answer = { status: 405, type: text, body: "GET only\n" };
  } else {
    try {
      answer = await answerOf((request.url ?? "/").split("?", 1)[0] ?? "/", options);
    } catch {
      answer = { status: 500, type: text, body: "the metrics could not be collected\n" };
    }
  }
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "content-length": Buffer.byteLength(answer.body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

/** Listens, or fails with PORT_IN_USE in one clear sentence. Shared by all TCP doors. */
export function listenTCP(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      reject(listenError(cause, host, port));
    };
    server.once("error", failed);
    server.listen({ host, port }, () => {
      server.off("error", failed);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** The operating error of a failed listen; `cause.code` says which sentence fits. */
export function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = { cause, details: { host, port } };
  switch (cause.code) {
    case "EADDRINUSE":
      return appError("PORT_IN_USE", `port ${port} on ${host} is in use by another program`, where);
    case "EACCES":
      return appError("PORT_IN_USE", `port ${port} on ${host} may not be opened`, where);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return appError("PORT_IN_USE", `${host} is not an address of this machine`, where);
    default:
      return cause;
  }
}

export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const server = createServer(
    { maxHeaderSize: headerBytesMax, requestTimeout: requestTimeoutMs },
    (request, response) => void handle(request, response, options),
  );
  server.maxConnections = connectionsMax;
  const address = await listenTCP(server, options.host, options.port);
  const shownHost = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    host: address.address,
    port: address.port,
    url: `http://${shownHost}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
