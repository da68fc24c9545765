// One gRPC server: what it serves, how it listens, how it stops.
import * as net from "node:net";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from "@grpc/grpc-js";
import { appError } from "../../platform/mod.ts";
import { CertificateWatcher, loadCertificates, reloadIntervalDefaultMs } from "./certificates.ts";
import { CallerTable } from "./identity.ts";
import { type CallStep, createInterceptor } from "./interceptor.ts";
import { IssuerService, issuerServiceName } from "./issuer-service.ts";
import { LifecycleService, lifecycleServiceName } from "./lifecycle-service.ts";
import { channelOptions, defaultLimits, type GrpcLimits } from "./limits.ts";
import type { Caller } from "./ports.ts";
import { addReflection } from "./reflection.ts";
import { RequestorService, requestorServiceName } from "./requestor-service.ts";
import type { GrpcServer, GrpcServerOptions, GrpcServices } from "./server-options.ts";
import { Admission, authenticationStep, type Callers, deadlineStep, metricsStep } from "./steps.ts";
import { SwitchService, switchServiceName } from "./switch-service.ts";

/** What the operator's tools may list on the admin port. */
const reflected = [
  switchServiceName,
  requestorServiceName,
  lifecycleServiceName,
  issuerServiceName,
  "grpc.health.v1.Health",
];

/** How often a stop looks whether everything is answered. */
const drainPollMs = 5;

/** Time for the statuses of calls that were cut off to leave. */
const lastWordsMs = 100;

/**
 * Listens, and serves at once. Throws CERTIFICATE_UNREADABLE, PORT_IN_USE, INSECURE_REFUSED or
 * CONFIG_INVALID with one clear sentence.
 */
export async function createGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const limits: GrpcLimits = { ...defaultLimits, ...options.limits };
  // Its own logger writes to stderr what we report as errors; the variable is for its developers.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
  refuseInsecure(options);
  const callers = options.services.kind === "admin" ? [] : options.services.callers;
  const table = new CallerTable(callers);
  const known: Callers = { table, everybody: everybodyOf(options, table) };
  const watcher = watcherOf(options);
  const admission = new Admission(limits);
  const server = new Server({
    ...channelOptions(limits),
    interceptors: [
      createInterceptor({
        ...options,
        steps: stepsOf(options, limits, { known, admission }),
      }),
    ],
  });
  const service = addServices(server, options, limits);
  options.health.addTo(server);
  const credentials = watcher?.credentials() ?? ServerCredentials.createInsecure();
  let port: number;
  try {
    port = await bind(server, options.listen, credentials);
  } catch (error) {
    watcher?.close();
    service?.close();
    throw error;
  }
  const names = serviceNamesOf(options.services);
  for (const name of names) options.health.set(name, "SERVING");
  const { host } = options.listen;
  const address = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  options.log.info({ event: "grpc.listening", service: options.services.kind, address });
  return {
    port,
    address,
    replaceCallers(next, plain) {
      known.table = new CallerTable(next);
      const isPlain = options.security.kind === "insecure";
      known.everybody = isPlain && plain !== null ? known.table.findByName(plain) : null;
      const peers = next.flatMap((caller) => (caller.kind === "switch" ? [caller.peer.id] : []));
      service?.keepPeers(new Set(peers));
    },
    async stop({ limitMs }) {
      const endMs = options.clock.monotonicMs() + limitMs;
      for (const name of names) options.health.set(name, "NOT_SERVING");
      await sleep(Math.min(limits.notServingMs, limitMs));
      admission.refuseFromNowOn();
      service?.drain();
      while (admission.open > 0 && options.clock.monotonicMs() < endMs) await sleep(drainPollMs);
      const leftMs = Math.max(0, endMs - options.clock.monotonicMs());
      await shutdown(server, leftMs, () => admission.cutOff());
      watcher?.close();
      service?.close();
    },
  };
}

function stepsOf(
  options: GrpcServerOptions,
  limits: GrpcLimits,
  parts: { known: Callers; admission: Admission },
): CallStep[] {
  const { metrics, clock } = options;
  return [
    metricsStep(metrics, clock),
    authenticationStep(parts.known),
    deadlineStep(limits, clock),
    parts.admission,
  ];
}

function serviceNamesOf(services: GrpcServices): readonly string[] {
  switch (services.kind) {
    case "admin":
      return [];
    case "switch":
      return [switchServiceName];
    case "issuer":
      return [issuerServiceName];
    case "requestor":
      return services.lifecycle === undefined
        ? [requestorServiceName]
        : [requestorServiceName, lifecycleServiceName];
  }
}

interface Drainable {
  drain(): void;
  keepPeers(ids: ReadonlySet<number>): void;
  close(): void;
}

function addServices(
  server: Server,
  options: GrpcServerOptions,
  limits: GrpcLimits,
): Drainable | null {
  const { services, clock, metrics, log } = options;
  switch (services.kind) {
    case "switch": {
      const { dispatcher, resolver } = services;
      const shared = { limits, clock, metrics, log };
      const service = new SwitchService({ dispatcher, resolver, ...shared });
      service.addTo(server);
      return service;
    }
    case "requestor":
      new RequestorService({ issuer: services.issuer, log }).addTo(server);
      if (services.lifecycle !== undefined) {
        new LifecycleService({ ...services.lifecycle, clock, log }).addTo(server);
      }
      return null;
    case "issuer":
      new IssuerService({ ...services, clock, log }).addTo(server);
      return null;
    case "admin":
      addReflection(server, reflected);
      return null;
  }
}

const loopback = new net.BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  const family = net.isIP(host);
  return family !== 0 && loopback.check(host, family === 6 ? "ipv6" : "ipv4");
}

/**
 * What can be said of a listener before it listens. Errors: CERTIFICATE_UNREADABLE,
 * INSECURE_REFUSED.
 */
export function checkGrpcListener(options: Pick<GrpcServerOptions, "security" | "listen">): void {
  refuseInsecure(options);
  if (options.security.kind === "mtls") loadCertificates(options.security.files);
}

function refuseInsecure({
  security,
  listen,
}: Pick<GrpcServerOptions, "security" | "listen">): void {
  if (security.kind !== "insecure" || isLoopback(listen.host)) return;
  if (security.outsideLoopback === "allowed") return;
  const text = `${listen.host} is not loopback: a listener without TLS must be allowed explicitly`;
  throw appError("INSECURE_REFUSED", text, { details: { host: listen.host } });
}

function everybodyOf({ security, services }: GrpcServerOptions, table: CallerTable): Caller | null {
  if (security.kind === "mtls" || services.kind === "admin") return null;
  const caller = table.findByName(security.caller);
  if (caller !== null) return caller;
  const text = `the caller ${security.caller} of the listener without TLS is not in the table`;
  throw appError("CONFIG_INVALID", text);
}

function watcherOf({ security, metrics, log }: GrpcServerOptions): CertificateWatcher | null {
  if (security.kind === "insecure") return null;
  const { files, reloadIntervalMs: intervalMs = reloadIntervalDefaultMs } = security;
  return new CertificateWatcher({ files, intervalMs, metrics, log });
}

/**
 * grpc-js tells why it could not listen only in the text of its error, and joins the reasons of all
 * addresses of a name. A probe of our own would race with it, so the text is read.
 */
function bind(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  credentials: ServerCredentials,
): Promise<number> {
  const target = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(target, credentials, (error, bound) => {
      if (error === null) return resolve(bound);
      const why = error.message.includes("EADDRINUSE")
        ? "is in use"
        : error.message.includes("EACCES")
          ? "may not be opened by this user"
          : "cannot be opened";
      const details = { host, port };
      reject(appError("PORT_IN_USE", `port ${port} on ${host} ${why}`, { cause: error, details }));
    });
  });
}

function sleep(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

/** Ends connections in good order; what is still open after `limitMs` is cut off. */
function shutdown(server: Server, limitMs: number, cutOff: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      cutOff();
      server.forceShutdown();
      // A peer that does not even read its status must not hold up the end of the process.
      setTimeout(resolve, lastWordsMs);
    }, limitMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
