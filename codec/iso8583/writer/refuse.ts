import { CodecError, type CodecErrorCode } from "../errors.ts";

/** Throws a CodecError that names the element and never the value. */
export function refuse(
  code: CodecErrorCode,
  path: string,
  offset: number,
  expected?: number,
): never {
  throw new CodecError(code, { path, offset, ...(expected === undefined ? {} : { expected }) });
}
