// How a handler is written: a function from a context and a request to a response. What it throws
// becomes a status here, and bytes that are no request are refused before it runs.
import type {
  handleUnaryCall,
  MethodDefinition,
  ServerUnaryCall,
  sendUnaryData,
} from "@grpc/grpc-js";
import { appError, isAppError, type Logger } from "../../platform/mod.ts";
import { type CallContext, getContext } from "./call-context.ts";
import type { IssuerCaller, RequestorCaller, SwitchCaller, SwitchRole } from "./ports.ts";
import { plainError, statusObjectOf, toAppError } from "./status.ts";

/** A request, or null where the bytes are none. grpc-js would answer INTERNAL for those. */
export type Received<T> = { readonly message: T | null };

export type UnaryHandler<Request, Response> = (
  context: CallContext,
  request: Request,
) => Response | Promise<Response>;

/** The definition of a generated unary method with a decoder that does not throw. */
export function lenient<Request, Response>(
  definition: MethodDefinition<Request, Response>,
): MethodDefinition<Received<Request>, Response> {
  const decode = definition.requestDeserialize;
  const requestDeserialize = (bytes: Buffer): Received<Request> => {
    try {
      return { message: decode(bytes) };
    } catch {
      return { message: null };
    }
  };
  // The server never encodes requests.
  const requestSerialize = () => Buffer.alloc(0);
  return { ...definition, requestSerialize, requestDeserialize };
}

export function unary<Request, Response>(
  log: Logger,
  handler: UnaryHandler<Request, Response>,
): handleUnaryCall<Received<Request>, Response> {
  return (call: ServerUnaryCall<Received<Request>, Response>, done: sendUnaryData<Response>) => {
    const context = getContext(call.metadata);
    const run = async (): Promise<Response> => {
      const { message } = call.request;
      if (message === null) throw appError("INVALID_REQUEST", "the request cannot be decoded");
      return handler(context, message);
    };
    run().then(
      (response) => done(null, response),
      (thrown: unknown) => done(refusal(thrown, context, log)),
    );
  };
}

function refusal(thrown: unknown, context: CallContext, log: Logger) {
  if (!isAppError(thrown) || thrown.kind === "internal") {
    const { method, requestId } = context;
    log.error({ event: "grpc.fault", method, requestId, err: thrown }, "a call failed");
  }
  return statusObjectOf(toAppError(thrown), context.requestId);
}

/** The switch or directory server that calls, if it has the role. */
export function switchCaller(context: CallContext, role: SwitchRole): SwitchCaller {
  const { caller } = context;
  if (caller?.kind !== "switch") throw plainError("INVALID_CREDENTIALS");
  if (!caller.roles.includes(role)) {
    throw appError("SCOPE_MISSING", `${caller.name} does not have the role ${role}`);
  }
  return caller;
}

export function requestorCaller(context: CallContext): RequestorCaller {
  if (context.caller?.kind !== "requestor") throw plainError("INVALID_CREDENTIALS");
  return context.caller;
}

export function issuerCaller(context: CallContext): IssuerCaller {
  if (context.caller?.kind !== "issuer") throw plainError("INVALID_CREDENTIALS");
  return context.caller;
}
