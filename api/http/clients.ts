// The table of clients, as of now: who may ask for a token, and whose tokens are good.

import { appError } from "../../platform/mod.ts";
import { loadClientKeys } from "./client-keys.ts";
import { loadSecrets } from "./client-secret.ts";
import type { Scope } from "./operations.ts";
import type { HttpClient } from "./ports.ts";

/** One requestor or issuer of the parties file that may use this door. */
export interface ClientParty {
  readonly name: string;
  readonly identities: readonly string[];
  readonly trids: readonly string[];
  /** The issuer that it speaks for, where it is an issuer's client. */
  readonly issuerId?: string;
  readonly http: {
    readonly clientId: string;
    readonly scopes: readonly Scope[];
    readonly secretFile: string;
    readonly keysFile: string;
  };
}

/** Reads what the files hold. Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export function loadClients(parties: readonly ClientParty[]): HttpClient[] {
  const clients = parties.map(({ name, identities, trids, issuerId = null, http }) => ({
    name,
    identities,
    trids,
    issuerId,
    clientId: http.clientId,
    scopes: http.scopes,
    secrets: loadSecrets(http.secretFile),
    keys: loadClientKeys(http.keysFile),
  }));
  if (new Set(clients.map(({ clientId }) => clientId)).size !== clients.length) {
    throw appError("CONFIG_INVALID", "Two clients have the same clientId.");
  }
  return clients;
}

export class Clients {
  #byId: ReadonlyMap<string, HttpClient> = new Map();

  constructor(clients: readonly HttpClient[]) {
    this.replace(clients);
  }

  /** Those that are gone have no access from now on, whatever token they hold. */
  replace(clients: readonly HttpClient[]): void {
    this.#byId = new Map(clients.map((client) => [client.clientId, client]));
  }

  find(clientId: string): HttpClient | undefined {
    return this.#byId.get(clientId);
  }
}
