// Errors as gRPC statuses: the code comes from the one error table, the details are google.rpc's.
import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import {
  AppError,
  appError,
  type ErrorCode,
  type ErrorKind,
  errorRow,
  isAppError,
} from "../../platform/mod.ts";
import {
  type Any,
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  RequestInfo,
  RetryInfo,
  Status,
} from "../../proto/mod.ts";

/** google.rpc.ErrorInfo.domain of everything this product says. */
export const errorDomain = "pantun";

/** Trailer that carries google.rpc.Status; the name is gRPC's own. */
export const statusDetailsKey = "grpc-status-details-bin";

/** What a caller waits when an error is retryable and nobody knows better. */
const retryDefaultMs = 100;

const typePrefix = "type.googleapis.com/google.rpc.";

export interface FieldViolation {
  /** Path of the field as the proto names it, such as `requests[3].amount`. */
  readonly field: string;
  readonly code: "MISSING_FIELD" | "INVALID_FIELD";
  /** What would be right; never the value that came. */
  readonly description: string;
}

/** A request with fields that cannot be used, all of them named. */
export class InvalidFields extends AppError {
  readonly violations: readonly FieldViolation[];

  constructor(violations: readonly FieldViolation[]) {
    const first = violations[0];
    if (first === undefined) throw new Error("a request without violations is not invalid");
    super(first.code, `${first.field}: ${first.description}`, { details: { field: first.field } });
    this.violations = violations;
  }
}

function packed(name: string, value: Uint8Array): Any {
  return { typeUrl: typePrefix + name, value: Buffer.from(value) };
}

function badRequest(error: AppError): Any | null {
  const field = error.details.field;
  const violations =
    error instanceof InvalidFields
      ? error.violations
      : typeof field === "string"
        ? [{ field, code: error.code, description: error.message }]
        : [];
  if (violations.length === 0) return null;
  const fieldViolations = violations.map((violation) => ({
    field: violation.field,
    description: violation.description,
    reason: violation.code,
    localizedMessage: undefined,
  }));
  return packed("BadRequest", BadRequest.encode({ fieldViolations }).finish());
}

/** Kinds where waiting a moment helps; a suspended token is retryable too, but not in moments. */
const waitKinds: ReadonlySet<ErrorKind> = new Set(["overloaded", "unavailable"]);

function retryInfo(error: AppError): Any | null {
  if (!error.retryable) return null;
  if (error.retryAfterMs === undefined && !waitKinds.has(error.kind)) return null;
  const ms = error.retryAfterMs ?? retryDefaultMs;
  const seconds = BigInt(Math.floor(ms / 1000));
  const retryDelay = { seconds, nanos: Math.round((ms % 1000) * 1e6) };
  return packed("RetryInfo", RetryInfo.encode({ retryDelay }).finish());
}

function detailsOf(error: AppError, requestId: string): Any[] {
  const metadata: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(error.details)) metadata[key] = String(value);
  const info = { reason: error.code, domain: errorDomain, metadata };
  const details = [packed("ErrorInfo", ErrorInfo.encode(info).finish())];
  if (error.row.grpcName === "INVALID_ARGUMENT") {
    const fields = badRequest(error);
    if (fields !== null) details.push(fields);
  }
  if (error.row.grpcName === "FAILED_PRECONDITION") {
    const violation = { type: error.code, subject: "token", description: error.message };
    const failure = PreconditionFailure.encode({ violations: [violation] });
    details.push(packed("PreconditionFailure", failure.finish()));
  }
  const retry = retryInfo(error);
  if (retry !== null) details.push(retry);
  if (requestId !== "") {
    const request = RequestInfo.encode({ requestId, servingData: "" });
    details.push(packed("RequestInfo", request.finish()));
  }
  return details;
}

/** google.rpc.Status of an operating error; `requestId` may be "". */
export function rpcStatusOf(error: AppError, requestId = ""): Status {
  return { code: error.row.grpc, message: error.message, details: detailsOf(error, requestId) };
}

/** What grpc-js sends for an operating error. */
export function statusObjectOf(error: AppError, requestId: string): StatusObject {
  const rich = rpcStatusOf(error, requestId);
  const metadata = new Metadata();
  metadata.set(statusDetailsKey, Buffer.from(Status.encode(rich).finish()));
  return { code: rich.code, details: rich.message, metadata };
}

/** What may be told of a fault that nobody foresaw: nothing but that it happened. */
export function internalError(cause: unknown): AppError {
  return appError("INTERNAL_ERROR", errorRow("INTERNAL_ERROR").meaning, { cause });
}

export function toAppError(thrown: unknown): AppError {
  return isAppError(thrown) ? thrown : internalError(thrown);
}

/** An operating error that is known by its code alone. */
export function plainError(code: ErrorCode): AppError {
  return appError(code, errorRow(code).meaning);
}

const nameOfCode = new Map<number, string>(
  Object.entries(status)
    .filter((entry): entry is [string, status] => {
      return typeof entry[1] === "number";
    })
    .map(([name, code]) => [code, name]),
);

/** "OK" of 0, as the label of metrics. */
export function statusName(code: number): string {
  return nameOfCode.get(code) ?? "UNKNOWN";
}
