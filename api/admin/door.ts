// The HTTPS server of the administration API, on a listener of its own: who calls is a user of the
// office, every change is a command to it, every error a problem document.
import type { IncomingHttpHeaders } from "node:http";
import type { Server } from "node:https";
import type { FastifyInstance } from "fastify";
import type { User } from "../../actors/mod.ts";
import { appError, type Logger } from "../../platform/mod.ts";
import { Quota } from "../grpc/quota.ts";
import { checkerOf, parseBody } from "../http/body-check.ts";
import { answerError, isLoopback, listenAt, serverOf } from "../http/door.ts";
import { InFlight } from "../http/in-flight.ts";
import { peerCertificate } from "../http/peer-certificate.ts";
import { FieldErrors, operatingError } from "../http/problem.ts";
import type { ServerKeys } from "../http/server-keys.ts";
import { type HttpTlsFiles, watchTlsFiles } from "../http/tls-files.ts";
import { TokenEndpoint } from "../http/token-endpoint.ts";
import { type AdminCall, type AdminHandlers, type AdminPorts, adminHandlers } from "./handlers.ts";
import {
  type AdminOperation,
  type AdminOperationId,
  adminOperationIds,
  adminOperations,
} from "./operations.ts";
import { UserAccess } from "./users.ts";

export interface AdminMetrics {
  /** `code`: "OK" or one of the error table; "none": a path that is not served. */
  answered(operation: AdminOperationId | "token" | "none", code: string, seconds: number): void;
  certificateExpiry?(unixSeconds: number): void;
}

export interface AdminDoorOptions extends AdminPorts {
  readonly listen: { readonly host: string; readonly port: number };
  /** Null: plain. */
  readonly tls: HttpTlsFiles | null;
  /** Plain outside loopback, too. */
  readonly insecure: boolean;
  /** What signs access tokens; null: users come with certificates only. */
  readonly serverKeys: ServerKeys | null;
  readonly limits: {
    readonly callsPerSecond: number;
    readonly tokenTriesPerMinute: number;
    readonly accessTokenSeconds: number;
  };
  readonly metrics: AdminMetrics;
  readonly log: Logger;
}

export interface AdminDoor {
  /** host:port */
  readonly address: string;
  stop(options: { readonly limitMs: number }): Promise<void>;
}

const commandTimeoutMs = 10_000;

declare module "fastify" {
  interface FastifyContextConfig {
    adminOperation?: AdminOperationId | "token";
  }
  interface FastifyRequest {
    user: User | null;
  }
}

/** Errors: INSECURE_REFUSED, CERTIFICATE_UNREADABLE, FILE_INSECURE, ADDRESS_IN_USE. */
export async function createAdminDoor(options: AdminDoorOptions): Promise<AdminDoor> {
  const { listen, tls, insecure, metrics, log } = options;
  if (tls === null && !insecure && !isLoopback(listen.host)) {
    const message = `The administration API on ${listen.host} has no certificate.`;
    throw appError("INSECURE_REFUSED", message);
  }
  const app = serverOf(tls, metrics);
  addHooks(app, options);
  const { vault, rows, clock, serverKeys: keys, limits } = options;
  const lifeSeconds = limits.accessTokenSeconds;
  const access = new UserAccess({ vault, rows, clock, keys, lifeSeconds });
  addTokenRoute(app, access, options);
  addOperations(app, access, options);
  const address = await listenAt(app, listen);
  const watch = (files: HttpTlsFiles) =>
    watchTlsFiles(app.server as unknown as Server, files, log, (at) =>
      metrics.certificateExpiry?.(at),
    );
  const unwatch = tls === null ? () => {} : watch(tls);
  return {
    address,
    async stop({ limitMs }) {
      unwatch();
      const cut = setTimeout(() => app.server.closeAllConnections(), limitMs).unref();
      app.server.closeIdleConnections();
      await app.close();
      clearTimeout(cut);
    },
  };
}

function addHooks(app: FastifyInstance, { clock, log, metrics }: AdminDoorOptions): void {
  app.decorateRequest("user", null);
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
      log.error({ event: "admin.fault", err: error, requestId: request.id }, "a fault of our own");
    }
    answerError(error, request, reply);
  });
  app.setNotFoundHandler(() => {
    throw appError("PATH_NOT_FOUND", "Nothing is served at this path with this method.");
  });
  app.addHook("onResponse", async (request, reply) => {
    const operation = request.routeOptions.config?.adminOperation ?? "none";
    const code = request.failed === "" ? "OK" : request.failed;
    metrics.answered(operation, code, (clock.monotonicMs() - request.startedMs) / 1_000);
    const user = request.user?.name ?? "";
    const { id: requestId } = request;
    log.info({ event: "admin.call", operation, code, status: reply.statusCode, user, requestId });
  });
}

function addTokenRoute(app: FastifyInstance, access: UserAccess, options: AdminDoorOptions): void {
  const { tokens } = access;
  if (tokens === null) return;
  const { clock, limits } = options;
  const tries = new Quota({
    callsMax: limits.tokenTriesPerMinute,
    windowMs: 60_000,
    clock,
    subject: "address",
  });
  const endpoint = new TokenEndpoint({ clients: access, tokens, tries, clock });
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const type = "application/x-www-form-urlencoded";
    scope.addContentTypeParser(type, { parseAs: "string" }, async (_: unknown, body: unknown) => {
      return body;
    });
    const config = { counted: "token", adminOperation: "token" } as const;
    scope.post("/oauth2/token", { config }, (request) => {
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

function addOperations(app: FastifyInstance, access: UserAccess, options: AdminDoorOptions): void {
  const { clock, limits } = options;
  const calls = new Quota({
    callsMax: limits.callsPerSecond,
    windowMs: 1_000,
    clock,
    subject: "user",
  });
  const handlers = adminHandlers(options);
  const inFlight = new InFlight();
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const isJson = /^application\/json(;\s*charset=utf-8)?$/i;
    scope.addContentTypeParser(isJson, { parseAs: "buffer" }, async (_: unknown, body: unknown) => {
      return body;
    });
    scope.addHook("onRequest", async (request) => {
      const { authorization } = request.headers;
      request.user = await access.admit(authorization, peerCertificate(request.raw));
      calls.take(request.user.name);
    });
    for (const id of adminOperationIds) {
      const operation: AdminOperation = adminOperations[id];
      const content = contentCheck(operation);
      scope.route({
        method: operation.method,
        url: operation.path.replaceAll(/\{(\w+)\}/g, ":$1"),
        config: { adminOperation: id },
        handler: async (request, reply) => {
          const bytes = Buffer.isBuffer(request.body) ? request.body : noBody;
          const call: AdminCall = {
            user: request.user!,
            params: request.params as Record<string, string>,
            ...content(bytes, request.query as Record<string, unknown>, request.headers),
            idempotencyKey: keyOf(operation, request.headers["idempotency-key"]),
            deadlineMs: clock.monotonicMs() + commandTimeoutMs,
          };
          const { body, repeated } = await run(inFlight, handlers, id, call, [
            request.raw.url ?? "",
            bytes,
          ]);
          if (repeated === true) void reply.header("idempotent-replayed", "true");
          void reply.status(operation.status);
          return body;
        },
      });
    }
  });
}

const noBody = Buffer.alloc(0);

async function run(
  inFlight: InFlight,
  handlers: AdminHandlers,
  id: AdminOperationId,
  call: AdminCall,
  parts: readonly (string | Buffer)[],
) {
  const work = async () => handlers[id](call);
  if (call.idempotencyKey === "") return work();
  return inFlight.run(call.user.name, call.idempotencyKey, [id, ...parts], work);
}

function contentCheck({ body, query }: AdminOperation) {
  const checkBody = body === undefined ? undefined : checkerOf(body);
  const checkQuery = query === undefined ? undefined : checkerOf(query);
  return (bytes: Buffer, given: Record<string, unknown>, headers: IncomingHttpHeaders) => {
    if (checkQuery !== undefined) checkQuery(given);
    else if (Object.keys(given).length > 0) {
      throw appError("INVALID_REQUEST", "This path takes no query.");
    }
    if (checkBody === undefined) {
      if (bytes.length > 0) throw appError("INVALID_REQUEST", "This call takes no body.");
      return { body: null, query: given };
    }
    if (headers["content-type"] === undefined) {
      throw appError("UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.");
    }
    const value = parseBody(bytes);
    checkBody(value);
    return { body: value, query: given };
  };
}

function keyOf({ mutates }: AdminOperation, header: unknown): string {
  if (!mutates) return "";
  const field = "Idempotency-Key";
  if (header === undefined) {
    throw new FieldErrors([{ field, code: "MISSING_FIELD", detail: "must be given" }]);
  }
  if (typeof header === "string" && /^[!-~]{1,64}$/.test(header)) return header;
  const detail = "1 to 64 printable ASCII characters";
  throw new FieldErrors([{ field, code: "INVALID_FIELD", detail }]);
}
