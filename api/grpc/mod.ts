// The gRPC doors: the switch's (Session, Verify, VerifyBatch, Resolve, Advise), the requestor's
// (GetTokenData and the life of its tokens), the issuer's (its cards and their tokens) and the
// operator's (health, reflection). They listen on different ports.
//
// They promise: who calls is read from the client certificate and looked up in a table; every call
// has a deadline and every queue a bound; a business outcome is status OK, everything else carries
// google.rpc details from the one error table; structured payments become ISO 8583 messages, so one
// path judges them all; certificates are read again without dropping a session; a stop answers what
// is under way.
//
// They never judge a payment, never write a card number or a message into a log or an error, and
// never listen in the clear outside loopback unless the operator said so.

export { CardRate } from "./card-rate.ts";
export type { ClientSecurity, ClientTarget } from "./client-channel.ts";
export { HealthBoard } from "./health.ts";
export { checkCallers } from "./identity.ts";
export { IssuerClient, LifecycleClient } from "./lifecycle-client.ts";
export { defaultLimits, type GrpcLimits } from "./limits.ts";
export {
  type Caller,
  type CommandsPort,
  type EventsPort,
  type GrpcMetrics,
  type HistoryPort,
  type IssuerCaller,
  noMetrics,
  type PulledEvents,
  type RequestorCaller,
  type SwitchCaller,
  type SwitchRole,
  type TokenDataIssuer,
  type TokenDirectory,
} from "./ports.ts";
export { RequestorClient } from "./requestor-client.ts";
export { Resolver } from "./resolver.ts";
export { checkGrpcListener, createGrpcServer } from "./server.ts";
export type {
  GrpcSecurity,
  GrpcServer,
  GrpcServerOptions,
  GrpcServices,
  RequestorLifecycle,
  ServerTLSFiles,
} from "./server-options.ts";
export { type FieldViolation, InvalidFields } from "./status.ts";
export { type SessionListener, SwitchClient, SwitchSession } from "./switch-client.ts";
