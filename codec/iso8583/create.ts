import { isAnswerable } from "./answerable.ts";
import { checkDialect } from "./check/dialect.ts";
import { closedValuesCheck } from "./closed-values.ts";
import type { Codec } from "./codec.ts";
import { describeDocument } from "./describe.ts";
import type { Dialect } from "./dialect.ts";
import { decodeDocument } from "./document.ts";
import { errorPath } from "./error-path.ts";
import { CodecError, unpackStatus } from "./errors.ts";
import type { Generated } from "./generated.ts";
import { writeReply } from "./reply.ts";
import { writeReplyGenerally } from "./reply-general.ts";
import { tableDriven } from "./table-driven.ts";
import { validateView } from "./validate.ts";
import { valuesReader } from "./values.ts";
import { View } from "./view.ts";
import { encodeMessage } from "./writer/message.ts";

/** Lengths of an error are -1 in the view where they mean nothing. */
function errorOf(status: number, view: View, path: string): CodecError {
  const { code } = unpackStatus(status);
  return new CodecError(code, {
    path,
    offset: view.errorAt - view.origin,
    ...(view.errorExpected < 0 ? {} : { expected: view.errorExpected }),
    ...(view.errorActual < 0 ? {} : { actual: view.errorActual }),
  });
}

type ErrorPath = (status: number, view: View) => string;

/** A codec for a dialect that is loaded at run time. Throws a DialectError where it is bad. */
export function loadCodec(spec: Dialect): Codec {
  checkDialect(spec);
  const { generated, errorPath: pathOf } = tableDriven(spec);
  return createCodec(spec, generated, (status, view) => {
    const { isInside, path } = unpackStatus(status);
    return isInside ? pathOf(status, view) : path;
  });
}

/** Binds a dialect's data to what was generated from it. */
export function createCodec(
  spec: Dialect,
  gen: Generated,
  pathOf: ErrorPath = (status, view) => errorPath(spec, status, view),
): Codec {
  const closedValues = closedValuesCheck(spec);
  const validate =
    closedValues === null
      ? (view: View): number => validateView(gen, view)
      : (view: View): number => validateView(gen, view) || closedValues(view);
  const judge = (view: View, buf: Buffer, off: number, end: number, bare: boolean): number =>
    (bare ? gen.scanMessage : gen.scan)(view, buf, off, end) || validate(view);
  return {
    name: spec.name,
    spec,
    headerLength: gen.headerLength,
    createView: () => new View(),
    scan: gen.scan,
    scanMessage: gen.scanMessage,
    validate,
    error: (status, view) => errorOf(status, view, pathOf(status, view)),
    answerable: isAnswerable,
    reply: gen.isPlain
      ? (view, out, at, patch) => writeReply(gen, view, out, at, patch)
      : (view, out, at, patch) => writeReplyGenerally(spec, gen, view, out, at, patch),
    encode: (message, out, at) => encodeMessage(spec, message, out, at),
    decode: (buf, off, end, options = {}) =>
      decodeDocument(spec, judge, buf, { off, end }, options),
    values: valuesReader(spec),
    describe: (view, options = {}) => {
      const bare = view.begin === view.origin;
      const range = { off: view.origin, end: view.end };
      return describeDocument(
        spec,
        decodeDocument(spec, judge, view.buf, range, { ...options, bare }),
      );
    },
  };
}
