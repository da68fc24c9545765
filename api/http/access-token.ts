// Short-lived access tokens (RFC 9068): signed by our key, for one client, and with mutual TLS for
// one certificate (RFC 8705).
import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { appError, type Clock } from "../../platform/mod.ts";
import { issuerScopes, migrationScopes, type Scope, scopes } from "./operations.ts";
import type { ServerKeys } from "./server-keys.ts";

const issuer = "pantun";
const requestorAudience = "pantun-requestor-api";
const tokenCharsMax = 2_048;

export interface Access {
  readonly clientId: string;
  readonly scopes: readonly Scope[];
}

export interface AccessTokensOptions {
  readonly keys: () => ServerKeys;
  readonly clock: Clock;
  readonly lifeSeconds: number;
  /** The door that they are good at. */
  readonly audience?: string;
}

export class AccessTokens {
  readonly #options: AccessTokensOptions;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
  }

  get lifeSeconds(): number {
    return this.#options.lifeSeconds;
  }

  /** `thumbprint`: SHA-256 of the client's certificate in base64url, "" where it has none. */
  issue({ clientId, scopes: granted }: Access, thumbprint: string): Promise<string> {
    const { keys, clock, lifeSeconds, audience = requestorAudience } = this.#options;
    const { kid, key } = keys().signing[0]!;
    const now = Math.floor(clock.nowMs() / 1_000);
    const cnf = thumbprint === "" ? {} : { cnf: { "x5t#S256": thumbprint } };
    return new SignJWT({ scope: granted.join(" "), client_id: clientId, ...cnf })
      .setProtectedHeader({ alg: "ES256", kid, typ: "at+jwt" })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + lifeSeconds)
      .setJti(randomUUID())
      .sign(key);
  }

  /** INVALID_CREDENTIALS for anything but a token of ours that is good now and here. */
  async check(token: string, thumbprint: string): Promise<Access> {
    const { keys, clock, audience = requestorAudience } = this.#options;
    const refused = appError(
      "INVALID_CREDENTIALS",
      "The access token is not good, or not any more.",
    );
    if (token.length > tokenCharsMax) throw refused;
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const known = keys().signing.find((one) => one.kid === kid);
          if (known === undefined) throw refused;
          return known.publicKey;
        },
        {
          algorithms: ["ES256"],
          typ: "at+jwt",
          issuer,
          audience,
          currentDate: new Date(clock.nowMs()),
          requiredClaims: ["exp", "sub", "scope"],
        },
      );
      const bound = (payload.cnf as { "x5t#S256"?: unknown } | undefined)?.["x5t#S256"] ?? "";
      // Both ways: a token of a certificate without it, and one without where there is one.
      if (bound !== thumbprint) throw refused;
      const granted = String(payload.scope).split(" ");
      const all = [...scopes, ...issuerScopes, ...migrationScopes];
      const known = all.filter((scope) => granted.includes(scope));
      return { clientId: String(payload.sub), scopes: known };
    } catch {
      throw refused;
    }
  }
}
