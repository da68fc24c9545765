// What this door needs from the rest of the program: the program wires it, tests fake it.

import type { ClientKeys } from "./client-keys.ts";
import type { SecretHash } from "./client-secret.ts";
import type { Scope } from "./operations.ts";

/** A token requestor's or an issuer's client with all that it is known by. */
export interface HttpClient {
  /** As in the parties file: its idempotency keys are its own over all doors. */
  readonly name: string;
  readonly clientId: string;
  readonly secrets: readonly SecretHash[];
  readonly scopes: readonly Scope[];
  /** Token requestors that it may act as; none for an issuer's client. */
  readonly trids: readonly string[];
  /** The issuer that it speaks for; null for a requestor's client. */
  readonly issuerId: string | null;
  /** Names in its certificate, where the door asks for one; empty: any of the authority. */
  readonly identities: readonly string[];
  readonly keys: ClientKeys;
}

/** Where the door counts. All labels are from closed sets. */
export interface HttpMetrics {
  /**
   * `operation`: one of the door's table, "token", "jwks", or "none" for a path that is not served;
   * `code`: "OK" or one of the error table.
   */
  answered(operation: string, code: string, seconds: number): void;
  /** Unix seconds at which the certificate in use expires. */
  certificateExpiry?(unixSeconds: number): void;
}

export const noHttpMetrics: HttpMetrics = { answered() {} };
