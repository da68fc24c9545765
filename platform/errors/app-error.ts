// The one class of operating errors. What cannot happen throws a plain Error and ends its process;
// what can happen is one of these, with a code that never changes.
import { type ErrorCode, type ErrorKind, type ErrorRow, errorRow } from "./code-table.ts";

export type ErrorDetails = Readonly<Record<string, string | number>>;

export interface AppErrorOptions {
  /** May hold anything, card data included: it is never serialised, printed or sent. */
  readonly cause?: unknown;
  /** Safe to show: names, paths, counts, limits; never a PAN, a token or a key. */
  readonly details?: ErrorDetails;
  /** Only for retryable codes. */
  readonly retryAfterMs?: number;
}

/** An expected fault. `message` is one clear sentence that is safe to show to the caller. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    // The cause may hold card data and console.error prints enumerable causes: hide it.
    if ("cause" in options) {
      Object.defineProperty(this, "cause", { value: options.cause, enumerable: false });
    }
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  get row(): ErrorRow {
    return errorRow(this.code);
  }

  get kind(): ErrorKind {
    return this.row.kind;
  }

  get exitCode(): number {
    return this.row.exitCode;
  }

  get retryable(): boolean {
    return this.row.retryable;
  }

  /** What logs and answers may hold. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      details: this.details,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }

  /** Node's console would print the cause as well; this prints what is safe. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.code}: ${this.message}`;
  }
}

export function appError(code: ErrorCode, message: string, options?: AppErrorOptions): AppError {
  return new AppError(code, message, options);
}

export function isAppError(value: unknown, code?: ErrorCode): value is AppError {
  return value instanceof AppError && (code === undefined || value.code === code);
}
