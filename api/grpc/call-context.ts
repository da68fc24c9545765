// What is known about a call before its handler runs. grpc-js hands the same Metadata object to the
// interceptors and to the handler, so a WeakMap keyed by it carries the context without a header.
import type { Metadata } from "@grpc/grpc-js";
import type { AppError } from "../../platform/mod.ts";
import type { Caller } from "./ports.ts";

export interface CallContext {
  /** Full name, such as pantun.switch.v1.SwitchService. */
  readonly service: string;
  readonly method: string;
  /** Given by the caller or made here; stands in errors and logs. */
  readonly requestId: string;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  /** True where frames go on without end: such a call has no deadline. */
  readonly streaming: boolean;
  /** Ends the call at once, whatever its handler does. */
  readonly cutOff: (error: AppError) => void;
  /** Who calls; null until authenticated, and for health and reflection. */
  caller: Caller | null;
  /** Monotonic milliseconds; Infinity for a session. */
  deadlineMs: number;
}

const contexts = new WeakMap<Metadata, CallContext>();

export function setContext(metadata: Metadata, context: CallContext): void {
  contexts.set(metadata, context);
}

/** The context of a call whose interceptors ran; without them no handler may run. */
export function getContext(metadata: Metadata): CallContext {
  const context = contexts.get(metadata);
  if (context === undefined) throw new Error("a call reached its handler without a context");
  return context;
}
