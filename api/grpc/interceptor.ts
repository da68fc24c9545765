// What happens around every call, in this order: context (ids), metrics, authentication, deadline,
// admission, then the handler; on the way out, errors. Metrics stand before authentication so that
// refused calls are counted too. One grpc-js interceptor runs the steps: six would wrap each call
// six times.
import { randomBytes } from "node:crypto";
import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from "@grpc/grpc-js";
import type { AppError, Clock, Logger } from "../../platform/mod.ts";
import { type CallContext, setContext } from "./call-context.ts";
import { internalError, statusDetailsKey, statusName, statusObjectOf } from "./status.ts";

/** One step. `begin` may refuse the call; `end` runs once for every step that began. */
export interface CallStep {
  begin(context: CallContext, call: ServerInterceptingCallInterface): AppError | null;
  end?(context: CallContext, code: number): void;
}

/** What a caller may give as x-request-id; anything else is replaced, so that logs stay clean. */
const requestIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

export interface InterceptorOptions {
  readonly steps: readonly CallStep[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Ids that are unique over processes and cost no randomness per call. */
function requestIds(): () => string {
  const prefix = randomBytes(6).toString("hex");
  let count = 0;
  return () => `${prefix}-${++count}`;
}

export function createInterceptor(options: InterceptorOptions): ServerInterceptor {
  const nextId = requestIds();
  return (definition, call) => {
    const [, service = "", method = ""] = definition.path.split("/");
    const streaming = definition.requestStream || definition.responseStream;
    const startedMs = options.clock.monotonicMs();
    let context: CallContext | null = null;
    let begun = 0;
    const end = (code: number) => {
      const { steps } = options;
      if (context === null) return;
      for (; begun > 0; begun--) steps[begun - 1]?.end?.(context, code);
    };
    const begin = (metadata: Metadata): AppError | null => {
      const requestId = requestIdOf(metadata) ?? nextId();
      const cutOff = (error: AppError) => {
        const refused = statusObjectOf(error, requestId);
        end(refused.code);
        call.sendStatus(refused);
      };
      const rest = { cutOff, caller: null, deadlineMs: Infinity };
      context = { service, method, requestId, startedMs, streaming, ...rest };
      setContext(metadata, context);
      for (const step of options.steps) {
        begun++;
        const refusal = step.begin(context, call);
        if (refusal !== null) return refusal;
      }
      return null;
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const refusal = begin(metadata);
        if (refusal === null) next(metadata);
        else context?.cutOff(refusal);
      })
      .withOnCancel(() => end(cancelCode(call)))
      .build();
    const responder = new ResponderBuilder()
      .withStart((next) => next(listener))
      .withSendStatus((sent, next) => {
        const clean = known(sent) ? sent : replaced(sent, context, options.log);
        end(clean.code);
        next(clean);
      })
      .build();
    return new ServerInterceptingCall(call, responder);
  };
}

function requestIdOf(metadata: Metadata): string | null {
  const given = metadata.get("x-request-id")[0];
  return typeof given === "string" && requestIdPattern.test(given) ? given : null;
}

/** grpc-js itself ends a call whose deadline passed; the interceptor only sees a cancellation. */
function cancelCode(call: ServerInterceptingCallInterface): number {
  return Number(call.getDeadline()) <= Date.now() ? status.DEADLINE_EXCEEDED : status.CANCELLED;
}

type Sent = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/** Our own statuses carry details; those of the health and reflection services are harmless. */
function known(sent: Sent): boolean {
  if (sent.code !== status.UNKNOWN && sent.code !== status.INTERNAL) return true;
  return (sent.metadata?.get(statusDetailsKey).length ?? 0) > 0;
}

/** A handler threw something of its own: its text may hold anything, so none of it leaves. */
function replaced(sent: Sent, context: CallContext | null, log: Logger): Sent {
  const requestId = context?.requestId ?? "";
  const method = context?.method ?? "";
  log.error({ event: "grpc.fault", requestId, method, code: statusName(sent.code ?? 2) });
  return statusObjectOf(internalError(undefined), requestId);
}
