import type { CodecErrorCode } from "../errors.ts";

export interface OracleError {
  readonly code: CodecErrorCode;
  readonly path: string;
  /** Absolute offset in the buffer. */
  readonly at: number;
  readonly expected?: number;
  readonly actual?: number;
}

/**
 * Thrown inside the oracle only; `decodeSlowly` turns it into a result. Not an Error: taking a
 * stack costs ten times the decoding, and nobody would read it.
 */
export class Fault {
  readonly error: OracleError;

  constructor(code: CodecErrorCode, path: string, at: number, expected?: number, actual?: number) {
    this.error = {
      code,
      path,
      at,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    };
  }
}

/** Runs a reader; the fault that it threw, or null. */
export function faultOf(run: () => void): OracleError | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof Fault) {
      return error.error;
    }
    throw error;
  }
}

/** Path of a part. */
export function within(path: string, key: string | number): string {
  return path === "" ? String(key) : `${path}.${key}`;
}
