// Who calls: by a client certificate whose name is a user's, or by an access token that a user's
// program got for its secret.
import type { OfficeRows, User } from "../../actors/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { AccessTokens } from "../http/access-token.ts";
import { secretOf } from "../http/client-secret.ts";
import type { PeerCertificate } from "../http/peer-certificate.ts";
import type { HttpClient } from "../http/ports.ts";
import type { ServerKeys } from "../http/server-keys.ts";
import { isNamed } from "../http/token-endpoint.ts";

export interface UserAccessOptions {
  readonly vault: Vault;
  readonly rows: OfficeRows;
  /** Null: only certificates are taken. */
  readonly keys: ServerKeys | null;
  readonly clock: Clock;
  readonly lifeSeconds: number;
}

const nobody = "The caller is no active user.";

export class UserAccess {
  readonly #options: UserAccessOptions;
  /** Null where nobody gets one. */
  readonly tokens: AccessTokens | null;

  constructor(options: UserAccessOptions) {
    this.#options = options;
    const { keys, clock, lifeSeconds } = options;
    // Of another audience than the requestors': one file of keys may serve both doors.
    const audience = "pantun-admin-api";
    this.tokens =
      keys === null ? null : new AccessTokens({ keys: () => keys, clock, lifeSeconds, audience });
  }

  /** The user as of now: who was suspended a moment ago is nobody. */
  async admit(authorization: string | undefined, certificate: PeerCertificate): Promise<User> {
    const user =
      authorization === undefined
        ? this.#byCertificate(certificate)
        : await this.#byToken(authorization, certificate);
    if (user?.status === "ACTIVE") return user;
    throw appError("INVALID_CREDENTIALS", nobody);
  }

  /** For the token endpoint: a user as a client of it. */
  find(name: string): HttpClient | undefined {
    const user = this.#users().find((one) => one.name === name);
    if (user?.status !== "ACTIVE") return undefined;
    const { identities } = user;
    const secrets = user.secrets.flatMap((line) => secretOf(line) ?? []);
    // A user without a secret is tried like one that is not known.
    if (secrets.length === 0) return undefined;
    const keys = { signing: new Map(), encryption: null };
    const none = { scopes: [], trids: [], issuerId: null };
    return { name, clientId: name, secrets, ...none, identities, keys };
  }

  #users(): User[] {
    const { vault, rows } = this.#options;
    vault.freshRead();
    return rows.users();
  }

  #byCertificate({ names }: PeerCertificate): User | undefined {
    return this.#users().find(({ identities }) => identities.some((one) => names.includes(one)));
  }

  async #byToken(authorization: string, certificate: PeerCertificate): Promise<User | undefined> {
    const [, token] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/.exec(authorization) ?? [];
    if (token === undefined || this.tokens === null) return undefined;
    const { clientId } = await this.tokens.check(token, certificate.thumbprint);
    const client = this.find(clientId);
    if (client === undefined || !isNamed(client, certificate)) return undefined;
    return this.#users().find(({ name }) => name === clientId);
  }
}
