// Errors as problem documents (RFC 9457), all from the one table. Their texts are ours: nothing of
// a request is repeated in them.
import { AppError, appError, type ErrorCode, errorRow, isAppError } from "../../platform/mod.ts";

export const problemType = "application/problem+json";

/** What a caller waits when an error is retryable and nobody knows better. */
const retryDefaultMs = 1_000;

export interface FieldError {
  /** Path of the field, such as `amount.value`; the schema's own names only. */
  readonly field: string;
  readonly code: "MISSING_FIELD" | "INVALID_FIELD";
  /** What would be right. */
  readonly detail: string;
}

/** A request with fields that cannot be used, all of them named. */
export class FieldErrors extends AppError {
  readonly fields: readonly FieldError[];

  constructor(fields: readonly FieldError[]) {
    const [first] = fields;
    if (first === undefined) throw new Error("a request without bad fields is not invalid");
    super(first.code, `${first.field}: ${first.detail}`);
    this.fields = fields;
  }
}

export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly errors?: readonly FieldError[];
}

/** A caller's gone deadline and a full map are not his; he is told what he can act on. */
function shownCode(code: ErrorCode): ErrorCode {
  const { kind } = errorRow(code);
  return kind === "start-up" || kind === "command" ? "INTERNAL_ERROR" : code;
}

export function problemOf(error: AppError, requestId: string): Problem {
  const code = shownCode(error.code);
  const row = errorRow(code);
  return {
    type: "about:blank",
    title: row.meaning,
    status: row.http,
    code,
    detail: code === error.code ? error.message : row.meaning,
    requestId,
    retryable: row.retryable,
    ...(error instanceof FieldErrors ? { errors: error.fields } : {}),
  };
}

/** Whole seconds for Retry-After; undefined where trying again does not help. */
export function retryAfterSeconds(error: AppError): number | undefined {
  const { retryable, kind, retryAfterMs } = error;
  if (!retryable || kind === "refused") return undefined;
  return Math.max(1, Math.ceil((retryAfterMs ?? retryDefaultMs) / 1_000));
}

/** What the HTTP library itself refuses, in our words. */
const libraryFaults: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["PAYLOAD_TOO_LARGE", "The body is too large."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "UNSUPPORTED_MEDIA_TYPE",
    "The content type is not served here.",
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["INVALID_REQUEST", "The body has another length than said."],
  FST_ERR_BAD_URL: ["INVALID_REQUEST", "The path cannot be read."],
};

/** Undefined for a fault of our own. */
export function operatingError(error: unknown): AppError | undefined {
  if (isAppError(error)) return error;
  const { code, statusCode = 500 } = error as { readonly code?: string; statusCode?: number };
  const known = libraryFaults[code ?? ""];
  if (known !== undefined) return appError(known[0], known[1]);
  return statusCode < 500 ? appError("INVALID_REQUEST", "The request cannot be read.") : undefined;
}
