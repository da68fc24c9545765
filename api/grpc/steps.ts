// The steps around a call: metrics, authentication, deadline, admission.
import { type AppError, appError, type Clock } from "../../platform/mod.ts";
import type { CallContext } from "./call-context.ts";
import type { CallerTable } from "./identity.ts";
import type { CallStep } from "./interceptor.ts";
import type { GrpcLimits } from "./limits.ts";
import type { Caller, GrpcMetrics } from "./ports.ts";
import { plainError, statusName } from "./status.ts";

/** Services that anybody with an accepted connection may ask. */
const openServices: ReadonlySet<string> = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

export function metricsStep(metrics: GrpcMetrics, clock: Clock): CallStep {
  return {
    begin: () => null,
    end(context, code) {
      const seconds = (clock.monotonicMs() - context.startedMs) / 1000;
      metrics.handled(context.service, context.method, statusName(code), seconds);
    },
  };
}

/** Who may call now; another table takes its place while the server runs. */
export interface Callers {
  table: CallerTable;
  /** The caller of a server without TLS; null where certificates decide, or where it is gone. */
  everybody: Caller | null;
}

export function authenticationStep(callers: Callers): CallStep {
  return {
    begin(context, call) {
      if (openServices.has(context.service)) return null;
      const certificate = call.getAuthContext().sslPeerCertificate;
      context.caller =
        callers.everybody ?? (certificate === undefined ? null : callers.table.find(certificate));
      return context.caller === null ? plainError("INVALID_CREDENTIALS") : null;
    },
  };
}

/**
 * A caller's deadline is cut to the cap, and a call without one gets the default: refusing it would
 * break the first call of everybody who tries the service by hand, and it protects nobody. grpc-js
 * keeps the caller's own deadline; where ours is earlier, this step ends the call.
 */
export function deadlineStep(limits: GrpcLimits, clock: Clock): CallStep {
  const timers = new Map<CallContext, NodeJS.Timeout>();
  return {
    begin(context, call) {
      if (context.streaming) return null;
      const given = Number(call.getDeadline());
      const givenMs = given - Date.now();
      if (givenMs <= 0) return plainError("DEADLINE_EXCEEDED");
      const ours = given === Infinity ? limits.deadlineDefaultMs : limits.deadlineCapMs;
      context.deadlineMs = clock.monotonicMs() + Math.min(givenMs, ours);
      if (givenMs <= ours) return null;
      const late = () => context.cutOff(plainError("DEADLINE_EXCEEDED"));
      timers.set(context, setTimeout(late, ours));
      return null;
    },
    end(context) {
      clearTimeout(timers.get(context));
      timers.delete(context);
    },
  };
}

/** Knows the calls under way; sheds above the limit and while the server stops. */
export class Admission implements CallStep {
  readonly #limits: GrpcLimits;
  readonly #open = new Set<CallContext>();
  #stopping = false;

  constructor(limits: GrpcLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#open.size;
  }

  refuseFromNowOn(): void {
    this.#stopping = true;
  }

  /** Ends every call at once. Server.forceShutdown() would leave them open without channelz. */
  cutOff(): void {
    for (const context of this.#open) context.cutOff(stoppingError());
  }

  begin(context: CallContext): AppError | null {
    // Health must be answered most of all when the server is full or stopping.
    if (openServices.has(context.service)) return null;
    if (this.#stopping) return stoppingError();
    if (this.#open.size >= this.#limits.callsMax) {
      return appError("OVERLOADED", `${this.#limits.callsMax} calls are under way already`);
    }
    this.#open.add(context);
    return null;
  }

  end(context: CallContext): void {
    this.#open.delete(context);
  }
}

function stoppingError(): AppError {
  return appError("SERVICE_UNAVAILABLE", "this server is stopping");
}
