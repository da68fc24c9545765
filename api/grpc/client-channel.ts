// What the clients share: how they connect, and how a status becomes one of our errors again.
import * as fs from "node:fs";
import * as net from "node:net";
import * as tls from "node:tls";
import {
  ChannelCredentials,
  type ChannelOptions,
  type Client,
  type ClientOptions,
  Metadata,
  type ServiceError,
  status,
  waitForClientReady,
} from "@grpc/grpc-js";
import {
  type AppError,
  appError,
  type ErrorCode,
  type ErrorDetails,
  errorTable,
} from "../../platform/mod.ts";
import { BadRequest, ErrorInfo, RetryInfo, Status } from "../../proto/mod.ts";
import { defaultLimits } from "./limits.ts";
import { errorDomain, type FieldViolation, InvalidFields, statusDetailsKey } from "./status.ts";

export type ClientSecurity =
  | {
      readonly kind: "mtls";
      readonly certificateFile: string;
      readonly privateKeyFile: string;
      /** Authorities whose server certificates are accepted. */
      readonly serverCAFile: string;
      /** Name the server's certificate must carry, where it differs from the host. */
      readonly serverName?: string;
    }
  | { readonly kind: "insecure" };

export interface ClientTarget {
  /** host:port. */
  readonly address: string;
  readonly security: ClientSecurity;
  /** Deadline of a unary call; 2 s when left out. */
  readonly timeoutMs?: number;
}

/** Answers to full frames come in bursts; the default window of 64 KB would cut each in two. */
const windowBytes = 4 << 20;

function read(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    const details = { file };
    throw appError("CERTIFICATE_UNREADABLE", `${file} cannot be read`, { cause, details });
  }
}

/** The IP address in host:port; null for a name. */
function ipOf(address: string): string | null {
  const host = address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
  return net.isIP(host) === 0 ? null : host;
}

/**
 * TLS has no server name that is an IP address, and Node refuses one, but grpc-js sends the host as
 * it is. So this name goes out instead, and the certificate is compared with the address.
 */
const namelessHost = "address.invalid";

/** Throws CERTIFICATE_UNREADABLE. */
export function clientCredentials({ address, security }: ClientTarget): ChannelCredentials {
  if (security.kind === "insecure") return ChannelCredentials.createInsecure();
  const expected = security.serverName ?? ipOf(address);
  const checkServerIdentity = (host: string, certificate: tls.PeerCertificate) =>
    tls.checkServerIdentity(expected ?? host, certificate);
  const ca = read(security.serverCAFile);
  const key = read(security.privateKeyFile);
  const certificate = read(security.certificateFile);
  try {
    return ChannelCredentials.createSsl(ca, key, certificate, { checkServerIdentity });
  } catch (cause) {
    const text = `${security.certificateFile} and ${security.privateKeyFile} cannot be used`;
    throw appError("CERTIFICATE_UNREADABLE", text, { cause });
  }
}

export function clientOptions({ address, security }: ClientTarget): ClientOptions {
  const options: ChannelOptions = {
    "grpc.max_receive_message_length": defaultLimits.sendBytesMax,
    "grpc.max_send_message_length": defaultLimits.receiveBytesMax,
    "grpc-node.max_session_memory": defaultLimits.sessionMemoryMB,
    "grpc-node.flow_control_window": windowBytes,
    "grpc.enable_channelz": 0,
    // A client is a connection: grpc-js would otherwise share one among all clients of an address.
    "grpc.use_local_subchannel_pool": 1,
    // A payment is repeated by the switch, which knows what it means, never by the transport.
    "grpc.enable_retries": 0,
  };
  if (security.kind === "mtls") {
    const name = security.serverName ?? (ipOf(address) === null ? undefined : namelessHost);
    if (name !== undefined) options["grpc.ssl_target_name_override"] = name;
  }
  return options;
}

interface RichDetails {
  reason: string;
  metadata: ErrorDetails;
  violations: FieldViolation[];
  retryAfterMs: number | undefined;
}

function richDetailsOf(rich: Status): RichDetails {
  const found: RichDetails = { reason: "", metadata: {}, violations: [], retryAfterMs: undefined };
  for (const { typeUrl, value } of rich.details) {
    if (typeUrl.endsWith("/google.rpc.ErrorInfo")) {
      const info = ErrorInfo.decode(value);
      if (info.domain !== errorDomain) continue;
      found.reason = info.reason;
      found.metadata = info.metadata;
    } else if (typeUrl.endsWith("/google.rpc.BadRequest")) {
      for (const { field, description, reason } of BadRequest.decode(value).fieldViolations) {
        const code = reason === "MISSING_FIELD" ? "MISSING_FIELD" : "INVALID_FIELD";
        found.violations.push({ field, code, description });
      }
    } else if (typeUrl.endsWith("/google.rpc.RetryInfo")) {
      const delay = RetryInfo.decode(value).retryDelay;
      if (delay) found.retryAfterMs = Number(delay.seconds) * 1000 + delay.nanos / 1e6;
    }
  }
  return found;
}

const codeByStatus: Partial<Record<status, ErrorCode>> = {
  [status.UNAVAILABLE]: "NOT_REACHABLE",
  [status.DEADLINE_EXCEEDED]: "DEADLINE_EXCEEDED",
  [status.CANCELLED]: "CANCELLED",
  [status.RESOURCE_EXHAUSTED]: "OVERLOADED",
  [status.UNIMPLEMENTED]: "UNIMPLEMENTED",
  [status.UNAUTHENTICATED]: "INVALID_CREDENTIALS",
};

function isErrorCode(reason: string): reason is ErrorCode {
  return (errorTable as ReadonlyMap<string, unknown>).has(reason);
}

/** The operating error that a server meant by its google.rpc.Status. */
export function errorOfStatus(rich: Status): AppError {
  const { reason, metadata, violations, retryAfterMs } = richDetailsOf(rich);
  const invalid = reason === "INVALID_FIELD" || reason === "MISSING_FIELD";
  if (invalid && violations.length > 0) return new InvalidFields(violations);
  const fallback = codeByStatus[rich.code as status] ?? "INTERNAL_ERROR";
  const code = isErrorCode(reason) ? reason : fallback;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return appError(code, rich.message, { details: metadata, ...wait });
}

/** The operating error behind what grpc-js reports; NOT_REACHABLE where nobody answered. */
export function errorOfCall(error: ServiceError): AppError {
  const bytes = error.metadata?.get(statusDetailsKey)[0];
  if (Buffer.isBuffer(bytes)) {
    try {
      return errorOfStatus(Status.decode(bytes));
    } catch {
      // Details that do not decode come from something that is not our server: go by the status.
    }
  }
  return errorOfStatus({ code: error.code, message: error.details, details: [] });
}

type Unary<Request, Response> = (
  request: Request,
  done: (error: ServiceError | null, response: Response) => void,
) => void;

/** One call of a callback interface as a promise that rejects with an AppError. */
export function callOf<Request, Response>(
  run: Unary<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    run(request, (error, response) => {
      if (error === null) resolve(response);
      else reject(errorOfCall(error));
    });
  });
}

/** Options of a call that may take so long, with the metadata that grpc-js wants before them. */
export function deadlineIn(timeoutMs: number): { metadata: Metadata; deadline: number } {
  return { metadata: new Metadata(), deadline: Date.now() + timeoutMs };
}

/** Resolves when the client is connected; rejects with NOT_REACHABLE. */
export function readyOf(client: Client, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    waitForClientReady(client, Date.now() + timeoutMs, (error) => {
      if (!error) return resolve();
      const text = `${client.getChannel().getTarget()} does not answer`;
      reject(appError("NOT_REACHABLE", text, { cause: error }));
    });
  });
}
