// Short-lived access tokens (RFC 9068): signed by our key, for one client, and with mutual TLS for
// one certificate (RFC 8705).
import { type KeyObject, randomUUID } from "node:crypto";
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

/** A token that was found good; until it expires only time, key and certificate can change that. */
interface Checked {
  readonly access: Access;
  readonly thumbprint: string;
  /** Unix seconds. */
  readonly expires: number;
  readonly key: KeyObject;
}

/**
 * Checked tokens that are remembered, the oldest go first: a client uses one for many calls, and
 * each check of its signature and claims takes some 100 µs.
 */
const checkedMax = 4_096;

const refused = () =>
  appError("INVALID_CREDENTIALS", "The access token is not good, or not any more.");

export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #checked = new Map<string, Checked>();

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
    return this.#checkAgain(token, thumbprint) ?? (await this.#checkNew(token, thumbprint));
  }

  /** Undefined where it was not checked before. */
  #checkAgain(token: string, thumbprint: string): Access | undefined {
    const checked = this.#checked.get(token);
    if (checked === undefined) return undefined;
    const { keys, clock } = this.#options;
    const isOurs = keys().signing.some(({ publicKey }) => publicKey === checked.key);
    if (!isOurs || Math.floor(clock.nowMs() / 1_000) >= checked.expires) {
      this.#checked.delete(token);
      throw refused();
    }
    if (checked.thumbprint !== thumbprint) throw refused();
    return checked.access;
  }

  async #checkNew(token: string, thumbprint: string): Promise<Access> {
    if (token.length > tokenCharsMax) throw refused();
    const checked = await this.#verify(token).catch(() => undefined);
    // Both ways: a token of a certificate without it, and one without where there is one.
    if (checked === undefined || checked.thumbprint !== thumbprint) throw refused();
    this.#remember(token, checked);
    return checked.access;
  }

  async #verify(token: string): Promise<Checked> {
    const { keys, clock, audience = requestorAudience } = this.#options;
    let key: KeyObject | undefined;
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        key = keys().signing.find((one) => one.kid === kid)?.publicKey;
        if (key === undefined) throw refused();
        return key;
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
    const granted = String(payload.scope).split(" ");
    const all = [...scopes, ...issuerScopes, ...migrationScopes];
    const known = all.filter((scope) => granted.includes(scope));
    return {
      access: { clientId: String(payload.sub), scopes: known },
      thumbprint: String(bound),
      expires: payload.exp!,
      key: key!,
    };
  }

  #remember(token: string, checked: Checked): void {
    if (this.#checked.size >= checkedMax) {
      const [oldest] = this.#checked.keys();
      this.#checked.delete(oldest!);
    }
    this.#checked.set(token, checked);
  }
}
