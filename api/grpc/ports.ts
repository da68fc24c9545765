// What the gRPC doors need from the rest of the program: the program wires it, tests fake it.
import type { Envelope, Reply } from "../../actors/mod.ts";
import type {
  DirectoryAnswer,
  DirectoryQuery,
  Peer,
  TokenDataAnswer,
  TokenDataRequest,
} from "../../hotpath/mod.ts";
import type { TokenEvent } from "../../vault/mod.ts";

/** What a caller of the switch service may do. */
export type SwitchRole = "switch" | "directory-server";

/** One row of the table of switches and directory servers. */
export interface SwitchCaller {
  readonly kind: "switch";
  readonly name: string;
  /** Names in the caller's certificate: "URI:spiffe://…" or "DNS:…", compared as they stand. */
  readonly identities: readonly string[];
  readonly roles: readonly SwitchRole[];
  /** How the hot path knows the caller. */
  readonly peer: Peer;
}

/** One row of the table of token requestors' clients. */
export interface RequestorCaller {
  readonly kind: "requestor";
  readonly name: string;
  readonly identities: readonly string[];
  /** Token requestors the client may act as, 11 digits each. */
  readonly trids: readonly string[];
}

/** One row of the table of card issuers' clients. */
export interface IssuerCaller {
  readonly kind: "issuer";
  readonly name: string;
  readonly identities: readonly string[];
  /** The issuer that the client speaks for, as in the registry. */
  readonly issuerId: string;
}

export type Caller = SwitchCaller | RequestorCaller | IssuerCaller;

/** Takes commands to the actors and answers each, whatever happens. */
export interface CommandsPort {
  submit(envelope: Envelope): Promise<Reply>;
}

/** What happened to one requestor's tokens, out of the log. */
export interface EventsPort {
  /** INVALID_FIELD for a cursor that was not given out. */
  pull(trid: string, cursor: string | undefined, limit: number): Promise<PulledEvents>;
}

export interface PulledEvents {
  readonly events: readonly {
    readonly eventId: string;
    readonly type: string;
    /** JSON. */
    readonly body: string;
  }[];
  readonly cursor: string;
  readonly more: boolean;
  readonly gap: boolean;
}

/** What was paid or tried with a token. */
export interface HistoryPort {
  eventsOf(
    index: Buffer,
    options: { readonly limit?: number; readonly before?: string },
  ): TokenEvent[];
}

/**
 * Reads which issuer is behind a token for a caller; opens the card only where its issuer can be
 * given it, and then leaves a row of that in the journal.
 */
export interface TokenDirectory {
  resolve(
    caller: Pick<Peer, "tag" | "door">,
    query: DirectoryQuery,
    opensFor: (issuerId: string) => boolean,
  ): DirectoryAnswer | Promise<DirectoryAnswer>;
}

/** Mints PTAVs. Refuses by throwing (or rejecting with) an AppError. */
export interface TokenDataIssuer {
  issue(query: TokenDataRequest): TokenDataAnswer | Promise<TokenDataAnswer>;
}

/** Where the doors count. The labels are closed sets: our services, methods and status names. */
export interface GrpcMetrics {
  /** A call ended: the counter `grpc_server_handled_total`, the histogram `…_handling_seconds`. */
  handled(service: string, method: string, code: string, seconds: number): void;
  /** Change of the number of open sessions. */
  sessions(delta: number): void;
  /** Items of a session frame: taken in, shed, or unanswerable. */
  items(outcome: "taken" | "shed" | "unanswerable", count: number): void;
  /** The certificate files were read again. */
  certificateReload(result: "ok" | "failed"): void;
  /** From the arrival of a payment's frame or call to its answer being written. */
  answered?(door: "session" | "unary", seconds: number): void;
  /** Unix seconds at which the certificate in use expires. */
  certificateExpiry?(unixSeconds: number): void;
}

export const noMetrics: GrpcMetrics = {
  handled() {},
  sessions() {},
  items() {},
  certificateReload() {},
};
