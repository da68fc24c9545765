// Logs: one JSON object a line in production, readable lines on a terminal. Values that can mask
// themselves are masked, bytes are never printed, and a last filter looks at the finished line.
import { Writable } from "node:stream";
import pino from "pino";
import { maskLine, maskText } from "./log-mask.ts";
import { prettyLine } from "./log-pretty.ts";

export type Logger = pino.Logger;

export interface LoggerOptions {
  /** fatal, error, warn, info, debug, trace or silent. */
  readonly level: string;
  /** Readable lines instead of JSON; only for terminals. */
  readonly pretty: boolean;
  /** Where lines go; the standard error stream by default, so that results keep stdout. */
  readonly destination?: NodeJS.WritableStream;
}

/** How deep a logged object is walked; log fields are flat, so four levels are plenty. */
const depthMax = 4;

interface Masking {
  mask(): string;
}

function canMask(value: object): value is Masking {
  return "mask" in value && typeof value.mask === "function";
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "bigint") return maskText(String(value));
  if (typeof value !== "object" || value === null) return value;
  if (canMask(value)) return value.mask();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return safeError(value);
  if (depth >= depthMax) return "[too deep]";
  if (Array.isArray(value)) return value.map((item) => safeValue(item, depth + 1));
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return safeValue(value.toJSON(), depth + 1);
  }
  return safeFields(value, depth + 1);
}

function safeFields(fields: object, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) out[key] = safeValue(value, depth);
  return out;
}

/** Operating errors are one line without a stack; anything else is a bug and shows where it is. */
function safeError(error: Error): Record<string, unknown> {
  if ("toJSON" in error && typeof error.toJSON === "function") {
    return safeFields(error.toJSON() as object, 1);
  }
  return {
    name: error.name,
    message: maskText(error.message),
    stack: maskText(error.stack ?? ""),
  };
}

function prettyStream(out: NodeJS.WritableStream): NodeJS.WritableStream {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      out.write(prettyLine(String(chunk)));
      done();
    },
  });
}

/** Makes the program's logger; parts of the program take `logger.child({ part: "iso" })`. */
export function createLogger(options: LoggerOptions): Logger {
  const out = options.destination ?? process.stderr;
  return pino(
    {
      level: options.level,
      base: null,
      // Text, not a number: a 13-digit time in milliseconds would pass for a card number now and
      // then, and the last filter would mask it.
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => safeValue(error, 0) },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => safeFields(fields, 0),
        bindings: (fields) => safeFields(fields, 0),
      },
      hooks: {
        // Before it is JSON: an escape such as \n would hide where a number or a PTAV begins.
        logMethod(args, method) {
          const masked = args.map((arg: unknown) =>
            typeof arg === "string" ? maskText(arg) : arg,
          );
          method.apply(this, masked as Parameters<typeof method>);
        },
        // And the finished line, for what came by another way: keys, numbers, formatted messages.
        streamWrite: maskLine,
      },
    },
    options.pretty ? prettyStream(out) : out,
  );
}

/** A logger that writes nothing, for tests and for parts that run without one. */
export function silentLogger(): Logger {
  return pino({ level: "silent" });
}
