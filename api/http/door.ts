// The HTTP server of the door: routes out of the table, bodies as bytes, every answer signed, every
// error a problem document, and a stop that answers what is under way.
import { randomUUID } from "node:crypto";
import type { Server } from "node:https";
import { type AddressInfo, isIP, type Socket } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { appError, type Clock, type Logger, listenError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { Quota } from "../grpc/quota.ts";
import { AccessTokens } from "./access-token.ts";
import type { HandlersOf, OperationTable } from "./call.ts";
import { Clients } from "./clients.ts";
import { type Caller, Gate } from "./gate.ts";
import { SignatureCheck, signAnswer, signatureHeader } from "./message-signature.ts";
import type { Operation } from "./operations.ts";
import { peerCertificate } from "./peer-certificate.ts";
import type { HttpClient, HttpMetrics } from "./ports.ts";
import { operatingError, problemOf, problemType, retryAfterSeconds } from "./problem.ts";
import { ReplayCache } from "./replay-cache.ts";
import type { ServerKeys } from "./server-keys.ts";
import { type HttpTlsFiles, loadTlsFiles, watchTlsFiles } from "./tls-files.ts";
import { oauthError, TokenEndpoint } from "./token-endpoint.ts";

/** What a client may do in a time. */
export interface CallLimits {
  readonly callsPerSecond: number;
  readonly tokenTriesPerMinute: number;
  readonly accessTokenSeconds: number;
}

export interface DoorOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Null: plain. */
  readonly tls: HttpTlsFiles | null;
  /** Plain outside loopback, too. */
  readonly insecure: boolean;
  readonly keys: ServerKeys;
  readonly clients: readonly HttpClient[];
  readonly limits: CallLimits;
  readonly vault: Vault;
  readonly metrics: HttpMetrics;
  readonly log: Logger;
  readonly clock: Clock;
}

/** What a door serves, and who does the work. */
export interface Served<Table extends OperationTable> {
  readonly table: Table;
  readonly handlers: HandlersOf<Table>;
  /** Access tokens are good at doors with the same one only. */
  readonly audience?: string;
  /** Names of settings in errors: "http.insecure". */
  readonly settings: string;
}

export interface HttpDoor {
  /** host:port */
  readonly address: string;
  replaceClients(clients: readonly HttpClient[]): void;
  /** Answers what is under way, for so long; then connections are cut. */
  stop(options: { readonly limitMs: number }): Promise<void>;
}

const bodyBytesMax = 65_536;
/** Bearer token and signature are some 1,500 characters. */
const headerBytesMax = 16_384;
const requestTimeoutMs = 15_000;
const commandTimeoutMs = 10_000;
const idleTimeoutMs = 60_000;
const connectionsMax = 2_048;
declare module "fastify" {
  interface FastifyContextConfig {
    counted?: string;
  }
  interface FastifyRequest {
    caller: Caller | null;
    startedMs: number;
    failed: string;
  }
}

/** Errors: INSECURE_REFUSED, CERTIFICATE_UNREADABLE, PORT_IN_USE. */
export async function openDoor<Table extends OperationTable>(
  options: DoorOptions,
  served: Served<Table>,
): Promise<HttpDoor> {
  const { listen, tls, insecure, log, metrics } = options;
  if (tls === null && !insecure && !isLoopback(listen.host)) {
    const name = `${served.settings}.insecure`;
    const message = `The HTTP door on ${listen.host} has no certificate; see ${name}.`;
    throw appError("INSECURE_REFUSED", message);
  }
  const app = serverOf(tls, metrics);
  const clients = new Clients(options.clients);
  addHooks(app, options);
  addRoutes(app, options, served, clients);
  const address = await listenAt(app, listen);
  const unwatch =
    tls === null
      ? () => {}
      : watchTlsFiles(app.server as unknown as Server, tls, log, (at) =>
          metrics.certificateExpiry?.(at),
        );
  return {
    address,
    replaceClients: (next) => clients.replace(next),
    async stop({ limitMs }) {
      unwatch();
      const cut = setTimeout(() => app.server.closeAllConnections(), limitMs).unref();
      app.server.closeIdleConnections();
      await app.close();
      clearTimeout(cut);
    },
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

export function serverOf(
  tls: HttpTlsFiles | null,
  metrics: Pick<HttpMetrics, "certificateExpiry">,
): FastifyInstance {
  const common = {
    logger: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    trustProxy: false,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: 128 },
    frameworkErrors: answerError,
    clientErrorHandler: refuseBytes,
  } as const;
  if (tls === null) {
    return bounded(fastify({ ...common, http: { maxHeaderSize: headerBytesMax } }));
  }
  const { options, expiresAt } = loadTlsFiles(tls);
  metrics.certificateExpiry?.(expiresAt);
  const asks = tls.clientCaFile !== "";
  const https = {
    ...options,
    maxHeaderSize: headerBytesMax,
    requestCert: asks,
    rejectUnauthorized: asks,
  };
  return bounded(fastify({ ...common, https }) as unknown as FastifyInstance);
}

/** Whoever opens more connections is hung up on at once. */
function bounded(app: FastifyInstance): FastifyInstance {
  app.server.maxConnections = connectionsMax;
  return app;
}

/** The caller's own id where it is a UUID, whose digits cannot be a card number. */
function requestIdOf({ headers }: { headers: NodeJS.Dict<string | string[]> }): string {
  const given = headers["x-request-id"];
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  return typeof given === "string" && isUuid.test(given) ? given : randomUUID();
}

/** Bytes that are no HTTP: one fixed answer, and the connection ends. */
function refuseBytes(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) return;
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const code = tooLarge ? "PAYLOAD_TOO_LARGE" : "INVALID_REQUEST";
  const fault = appError(code, tooLarge ? "The headers are too large." : "This is no HTTP/1.1.");
  const problem = problemOf(fault, randomUUID());
  const body = JSON.stringify(problem);
  const head = `HTTP/1.1 ${problem.status} Refused\r\ncontent-type: ${problemType}`;
  socket.end(`${head}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = operatingError(error);
  const fault = known ?? appError("INTERNAL_ERROR", "The service met a fault of its own.");
  const problem = problemOf(fault, request.id);
  request.failed = problem.code;
  const after = retryAfterSeconds(fault);
  if (after !== undefined) void reply.header("retry-after", after);
  // What was not read of a refused body is not read any more.
  if (problem.status === 413) void reply.header("connection", "close");
  const isToken = request.routeOptions.config?.counted === "token";
  const scheme = isToken ? 'Basic realm="pantun"' : "Bearer";
  if (problem.status === 401) void reply.header("www-authenticate", scheme);
  const body = isToken ? { error: oauthError(fault), ...problem } : problem;
  void reply
    .status(problem.status)
    .type(isToken ? "application/json" : problemType)
    .send(body);
}

function addHooks(app: FastifyInstance, { keys, clock, log, metrics }: DoorOptions): void {
  app.decorateRequest("caller", null);
  app.decorateRequest("startedMs", 0);
  app.decorateRequest("failed", "");
  app.addHook("onRequest", async (request, reply) => {
    request.startedMs = clock.monotonicMs();
    void reply.headers({
      "x-request-id": request.id,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });
  app.setErrorHandler((error, request, reply) => {
    if (operatingError(error) === undefined) {
      log.error({ event: "http.fault", err: error, requestId: request.id }, "a fault of our own");
    }
    answerError(error, request, reply);
  });
  app.setNotFoundHandler(() => {
    throw appError("PATH_NOT_FOUND", "Nothing is served at this path with this method.");
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    const body = typeof payload === "string" || Buffer.isBuffer(payload) ? payload : "";
    const answer = { body, status: reply.statusCode, requestId: request.id };
    void reply.header(signatureHeader, signAnswer(keys, answer, clock.nowMs()));
    done();
  });
  app.addHook("onResponse", async (request, reply) => {
    const operation = request.routeOptions.config?.counted ?? "none";
    const seconds = (clock.monotonicMs() - request.startedMs) / 1_000;
    const code = request.failed === "" ? "OK" : request.failed;
    metrics.answered(operation, code, seconds);
    const client = request.caller?.client.name ?? "";
    const { id: requestId } = request;
    log.debug({ event: "http.call", operation, code, status: reply.statusCode, client, requestId });
  });
}

function addRoutes<Table extends OperationTable>(
  app: FastifyInstance,
  options: DoorOptions,
  { table, handlers, audience }: Served<Table>,
  clients: Clients,
): void {
  const { clock, limits, keys: current, vault } = options;
  const tokens = new AccessTokens({
    keys: () => current,
    clock,
    lifeSeconds: limits.accessTokenSeconds,
    ...(audience === undefined ? {} : { audience }),
  });
  const quota = (callsMax: number, windowMs: number, subject: string) =>
    new Quota({ callsMax, windowMs, clock, subject });
  const gate = new Gate({
    table,
    handlers,
    vault,
    clients,
    tokens,
    signatures: new SignatureCheck(clock, new ReplayCache(clock)),
    calls: quota(limits.callsPerSecond, 1_000, "client"),
    clock,
    timeoutMs: commandTimeoutMs,
  });
  const tries = quota(limits.tokenTriesPerMinute, 60_000, "address");
  addTokenRoute(app, new TokenEndpoint({ clients, tokens, tries, clock }));
  app.get("/.well-known/jwks.json", { config: { counted: "jwks" } }, async () => ({
    keys: current.signingSet,
  }));
  addOperations(app, table, gate);
}

function addTokenRoute(app: FastifyInstance, endpoint: TokenEndpoint): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const type = "application/x-www-form-urlencoded";
    scope.addContentTypeParser(
      type,
      { parseAs: "string" },
      async (_: unknown, body: unknown) => body,
    );
    scope.post("/oauth2/token", { config: { counted: "token" } }, (request) => {
      if (typeof request.body !== "string") {
        throw appError("UNSUPPORTED_MEDIA_TYPE", `The body must be ${type}.`);
      }
      return endpoint.answer({
        form: request.body,
        authorization: request.headers.authorization,
        certificate: peerCertificate(request.raw),
        address: request.ip,
      });
    });
  });
}

const noBody = Buffer.alloc(0);

function addOperations<Table extends OperationTable>(
  app: FastifyInstance,
  table: Table,
  gate: Gate<Table>,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const isJson = /^application\/json(;\s*charset=utf-8)?$/i;
    scope.addContentTypeParser(
      isJson,
      { parseAs: "buffer" },
      async (_: unknown, body: unknown) => body,
    );
    scope.addHook("onRequest", async (request) => {
      const { authorization } = request.headers;
      request.caller = await gate.admit(authorization, peerCertificate(request.raw));
    });
    for (const [id, operation] of Object.entries<Operation>(table)) {
      const { method, path, bodyBytesMax: bodyLimit = bodyBytesMax } = operation;
      scope.route({
        method,
        url: path.replaceAll(/\{(\w+)\}/g, ":$1"),
        bodyLimit,
        config: { counted: id },
        handler: async (request, reply) => {
          const { status, body, repeated, headers } = await gate.run(id, {
            caller: request.caller!,
            method,
            target: request.raw.url ?? "",
            headers: request.headers,
            params: request.params as Record<string, string>,
            query: request.query as Record<string, unknown>,
            body: Buffer.isBuffer(request.body) ? request.body : noBody,
          });
          if (repeated === true) void reply.header("idempotent-replayed", "true");
          if (headers !== undefined) void reply.headers(headers);
          void reply.status(Number(status));
          return body;
        },
      });
    }
  });
}

export async function listenAt(
  app: FastifyInstance,
  { host, port }: DoorOptions["listen"],
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port);
  }
  const bound = app.server.address() as AddressInfo;
  const shown = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return `${shown}:${bound.port}`;
}
