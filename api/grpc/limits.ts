// Every limit of the gRPC doors, in one place, with its reason.

export interface GrpcLimits {
  /** Largest message in: a full block of 4,096 items of 300 bytes is 1.3 MB. */
  readonly receiveBytesMax: number;
  /** Largest message out: answers are about a hundred bytes longer than requests. */
  readonly sendBytesMax: number;
  /** Streams a connection may have open: a switch needs few sessions and some unary calls. */
  readonly streamsMax: number;
  /** Calls under way in the whole server; above it calls are shed, so memory stays bounded. */
  readonly callsMax: number;
  /** Items of one block. A larger one is a client that does not know the interface. */
  readonly blockItemsMax: number;
  /** Structured payments of one frame or batch: each costs some 20 times an item of a block. */
  readonly structuredMax: number;
  /** Items under way in one session at which reading pauses; it goes on at half of it. */
  readonly inflightPause: number;
  /** Deadline of a call that brought none, and of every item of a session (tsp: default 2 s). */
  readonly deadlineDefaultMs: number;
  /** Longest deadline a caller gets: nobody waits longer at a till. */
  readonly deadlineCapMs: number;
  /** A connection is closed (after its calls) at this age, so that balancers can spread anew. */
  readonly connectionAgeMs: number;
  /** What calls may still take when a connection has reached its age. */
  readonly connectionAgeGraceMs: number;
  /** Idle connections are pinged, so that a dead peer is noticed. */
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
  /** MB that a connection may hold in http2's own queues; its default of 10 stalls big frames. */
  readonly sessionMemoryMB: number;
  /** After NOT_SERVING: time for load balancers to look elsewhere. */
  readonly notServingMs: number;
  /** Resolve: calls of one caller a second, and of one token a minute. */
  readonly resolvePerCallerPerSecond: number;
  readonly resolvePerTokenPerMinute: number;
}

export const defaultLimits: GrpcLimits = {
  receiveBytesMax: 4 << 20,
  sendBytesMax: 8 << 20,
  streamsMax: 128,
  callsMax: 2_048,
  blockItemsMax: 4_096,
  structuredMax: 1_024,
  inflightPause: 4_096,
  deadlineDefaultMs: 2_000,
  deadlineCapMs: 10_000,
  // Sessions end in good order a little earlier and are opened again; a day keeps that rare.
  connectionAgeMs: 24 * 3_600_000,
  connectionAgeGraceMs: 60_000,
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  sessionMemoryMB: 64,
  notServingMs: 0,
  resolvePerCallerPerSecond: 200,
  resolvePerTokenPerMinute: 20,
};

/** Sessions end before their connection is cut; grpc-js takes up to 10 % off its age. */
export function sessionAgeMs(limits: GrpcLimits): number {
  return limits.connectionAgeMs * 0.8;
}

/** Slots of a session: a frame is read only below the pause mark, so this many always suffice. */
export function ticketsMax(limits: GrpcLimits): number {
  return limits.inflightPause + Math.max(limits.blockItemsMax, limits.structuredMax);
}

/** The limits that grpc-js takes as channel options. */
export function channelOptions(limits: GrpcLimits): Record<string, number> {
  return {
    "grpc.max_receive_message_length": limits.receiveBytesMax,
    "grpc.max_send_message_length": limits.sendBytesMax,
    "grpc.max_concurrent_streams": limits.streamsMax,
    "grpc.max_connection_age_ms": limits.connectionAgeMs,
    "grpc.max_connection_age_grace_ms": limits.connectionAgeGraceMs,
    "grpc.keepalive_time_ms": limits.keepaliveMs,
    "grpc.keepalive_timeout_ms": limits.keepaliveTimeoutMs,
    "grpc-node.max_session_memory": limits.sessionMemoryMB,
    // Nobody reads grpc-js's own diagnostics; they cost an object per call.
    "grpc.enable_channelz": 0,
  };
}
