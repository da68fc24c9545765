// What the gRPC doors need from the rest of the program: the program wires it, tests fake it.
import type { Peer } from "../../hotpath/mod.ts";

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

export type Caller = SwitchCaller | RequestorCaller;

/** What a directory server asks about; the texts are checked, the token need not exist. */
export interface ResolveQuery {
  readonly tpan: string;
  readonly tokenExpiry: string;
  readonly trid: string;
  readonly acquirerId: string;
  readonly merchantId: string;
}

/** `reasonCode` is 0 or one of rows 4-11 of the verification table; ids are "" in a decline. */
export interface ResolveResult {
  readonly reasonCode: number;
  readonly issuerId: string;
  readonly acsRoutingKey: string;
}

/** Reads which issuer is behind a token. Never opens the card. */
export interface TokenDirectory {
  resolve(query: ResolveQuery): ResolveResult | Promise<ResolveResult>;
}

/** A request for a PTAV; the texts are checked, the rules are not. */
export interface TokenDataQuery {
  readonly trid: string;
  readonly tokenRef: string;
  readonly transactionType: "CIT" | "MIT";
  /** Minor units, 0 to 999,999,999,999. */
  readonly amount: bigint;
  /** ISO 4217 number, 3 digits. */
  readonly currency: string;
  /** 1-15 printable ASCII characters. */
  readonly merchantId: string;
  /** 4 bytes, or null. */
  readonly unpredictableNumber: Buffer | null;
  readonly bindAmount: boolean;
  readonly bindMerchant: boolean;
}

export interface TokenData {
  readonly ptav: string;
  readonly tpan: string;
  /** YYMM. */
  readonly tpanExpiry: string;
  readonly trid: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Mints PTAVs. Refuses by throwing (or rejecting with) an AppError. */
export interface TokenDataIssuer {
  issue(query: TokenDataQuery): TokenData | Promise<TokenData>;
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
