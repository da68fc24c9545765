// The HTTPS server of switches and directory servers: who calls is read from the certificate, every
// outcome of a payment is a 200 with a decision, every error a problem document.
import type { Server } from "node:https";
import type { FastifyInstance } from "fastify";
import type { PaymentDispatcher } from "../../hotpath/mod.ts";
import { appError, type Clock, type Logger } from "../../platform/mod.ts";
import { CallerTable } from "../grpc/identity.ts";
import type { SwitchCaller } from "../grpc/ports.ts";
import type { Resolver } from "../grpc/resolver.ts";
import { checkerOf, parseBody } from "../http/body-check.ts";
import type { EncryptionKey } from "../http/client-keys.ts";
import { answerError, isLoopback, listenAt, serverOf } from "../http/door.ts";
import { peerCertificate } from "../http/peer-certificate.ts";
import { operatingError } from "../http/problem.ts";
import { type HttpTlsFiles, watchTlsFiles } from "../http/tls-files.ts";
import { SwitchHandlers } from "./handlers.ts";
import { type SwitchOperationId, switchOperationIds, switchOperations } from "./operations.ts";
import type { AdviceBody, ResolveBody, VerifyBody } from "./schemas.ts";

/** A switch or directory server that may use this door. */
export interface SwitchClient {
  readonly caller: SwitchCaller;
  /** What card numbers are encrypted to; null for a directory server, which gets none. */
  readonly key: EncryptionKey | null;
}

export interface SwitchMetrics {
  /** `code`: "OK" or one of the error table; "none": a path that is not served. */
  answered(operation: SwitchOperationId | "none", code: string, seconds: number): void;
  certificateExpiry?(unixSeconds: number): void;
}

export interface SwitchDoorOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Null: plain, and then only on loopback. */
  readonly tls: HttpTlsFiles | null;
  readonly clients: readonly SwitchClient[];
  /** Who calls over a plain connection; null: nobody. */
  readonly plain: string | null;
  readonly dispatcher: PaymentDispatcher;
  readonly resolver: Resolver;
  readonly metrics: SwitchMetrics;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface SwitchDoor {
  /** host:port */
  readonly address: string;
  replaceClients(clients: readonly SwitchClient[], plain: string | null): void;
  /** Answers what is under way, for so long; then connections are cut. */
  stop(options: { readonly limitMs: number }): Promise<void>;
}

declare module "fastify" {
  interface FastifyContextConfig {
    switchOperation?: SwitchOperationId;
  }
  interface FastifyRequest {
    switchClient: SwitchClient | null;
  }
}

/** Errors: INSECURE_REFUSED, CONFIG_INVALID, CERTIFICATE_UNREADABLE, ADDRESS_IN_USE. */
export async function createSwitchDoor(options: SwitchDoorOptions): Promise<SwitchDoor> {
  const { listen, tls, metrics, log } = options;
  if (tls === null && !isLoopback(listen.host)) {
    throw appError("INSECURE_REFUSED", `The switch's JSON API on ${listen.host} needs mutual TLS.`);
  }
  if (tls !== null && tls.clientCaFile === "") {
    const message = "The switch's JSON API needs switchHttp.clientCaFile: callers are known by it.";
    throw appError("CONFIG_INVALID", message);
  }
  const app = serverOf(tls, metrics);
  const clients = new Clients(options);
  const handlers = new SwitchHandlers(options);
  addHooks(app, options, clients);
  for (const id of switchOperationIds) addOperation(app, id, handlers);
  const address = await listenAt(app, listen);
  const watch = (files: HttpTlsFiles) =>
    watchTlsFiles(app.server as unknown as Server, files, log, (at) =>
      metrics.certificateExpiry?.(at),
    );
  const unwatch = tls === null ? () => {} : watch(tls);
  return {
    address,
    replaceClients: (next, plain) => clients.replace(next, plain),
    async stop({ limitMs }) {
      unwatch();
      const cut = setTimeout(() => app.server.closeAllConnections(), limitMs).unref();
      app.server.closeIdleConnections();
      await app.close();
      clearTimeout(cut);
      handlers.close();
    },
  };
}

class Clients {
  readonly #isPlain: boolean;
  #table = new CallerTable([]);
  #byName: ReadonlyMap<string, SwitchClient> = new Map();
  #plain: string | null = null;

  constructor({ clients, plain, tls }: SwitchDoorOptions) {
    this.#isPlain = tls === null;
    this.replace(clients, plain);
  }

  /** CONFIG_INVALID where two share an identity. */
  replace(clients: readonly SwitchClient[], plain: string | null): void {
    this.#table = new CallerTable(clients.map(({ caller }) => caller));
    this.#byName = new Map(clients.map((client) => [client.caller.name, client]));
    this.#plain = plain;
  }

  /** INVALID_CREDENTIALS. */
  find(names: readonly string[]): SwitchClient {
    const name = this.#isPlain ? this.#plain : this.#table.findNamed(names)?.name;
    const client = this.#byName.get(name ?? "");
    if (client !== undefined) return client;
    throw appError("INVALID_CREDENTIALS", "The certificate is of nobody who may call here.");
  }
}

function addHooks(app: FastifyInstance, options: SwitchDoorOptions, clients: Clients): void {
  const { clock, log, metrics } = options;
  app.decorateRequest("switchClient", null);
  app.decorateRequest("startedMs", 0);
  app.decorateRequest("failed", "");
  app.removeAllContentTypeParsers();
  const isJson = /^application\/json(;\s*charset=utf-8)?$/i;
  app.addContentTypeParser(
    isJson,
    { parseAs: "buffer" },
    async (_: unknown, body: unknown) => body,
  );
  app.addHook("onRequest", async (request, reply) => {
    request.startedMs = clock.monotonicMs();
    void reply.headers({
      "x-request-id": request.id,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    // Before the body is read, so that nobody unknown costs much.
    request.switchClient = clients.find(peerCertificate(request.raw).names);
  });
  app.setErrorHandler((error, request, reply) => {
    if (operatingError(error) === undefined) {
      log.error({ event: "switch.fault", err: error, requestId: request.id }, "a fault of our own");
    }
    answerError(error, request, reply);
  });
  app.setNotFoundHandler(() => {
    throw appError("PATH_NOT_FOUND", "Nothing is served at this path with this method.");
  });
  app.addHook("onResponse", async (request, reply) => {
    const operation = request.routeOptions.config?.switchOperation ?? "none";
    const code = request.failed === "" ? "OK" : request.failed;
    metrics.answered(operation, code, (clock.monotonicMs() - request.startedMs) / 1_000);
    const caller = request.switchClient?.caller.name ?? "";
    const { id: requestId } = request;
    log.debug({
      event: "switch.call",
      operation,
      code,
      status: reply.statusCode,
      caller,
      requestId,
    });
  });
}

function addOperation(app: FastifyInstance, id: SwitchOperationId, handlers: SwitchHandlers): void {
  const { path, role, body: schema } = switchOperations[id];
  const check = checkerOf(schema);
  app.post(path, { config: { switchOperation: id } }, async (request) => {
    const { caller, key } = request.switchClient!;
    if (!caller.roles.includes(role)) {
      throw appError("SCOPE_MISSING", `The caller does not have the role ${role}.`);
    }
    if (!Buffer.isBuffer(request.body)) {
      throw appError("UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.");
    }
    const body = parseBody(request.body);
    check(body);
    if (id === "resolve") {
      return handlers.resolve(caller, body as ResolveBody, request.id);
    }
    if (id === "advice") return handlers.advice(caller.peer, body as AdviceBody);
    if (key === null) throw appError("SCOPE_MISSING", "The caller has no key for card numbers.");
    return handlers.verify(caller.peer, key, body as VerifyBody);
  });
}
