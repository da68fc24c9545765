// POST /oauth2/token: client credentials (RFC 6749 section 4.4) for an access token.
import { type AppError, appError, type Clock } from "../../platform/mod.ts";
import type { Quota } from "../grpc/quota.ts";
import type { AccessTokens } from "./access-token.ts";
import { isSecret, nobodysSecrets } from "./client-secret.ts";
import type { Clients } from "./clients.ts";
import type { PeerCertificate } from "./peer-certificate.ts";
import type { HttpClient } from "./ports.ts";

export interface TokenRequest {
  /** As received, application/x-www-form-urlencoded. */
  readonly form: string;
  readonly authorization: string | undefined;
  readonly certificate: PeerCertificate;
  /** Where the caller is; counted, never written. */
  readonly address: string;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly scope: string;
}

export interface TokenEndpointOptions {
  readonly clients: Pick<Clients, "find">;
  readonly tokens: AccessTokens;
  /** Tries of one address. */
  readonly tries: Quota;
  readonly clock: Clock;
}

/** Each takes 16 MiB and a thread of the pool for some 40 ms. */
const hashingMax = 4;

/** The words of RFC 6749 section 5.2 for our codes. */
export function oauthError(error: AppError): string {
  if (error.code === "INVALID_CREDENTIALS") return "invalid_client";
  if (error.code === "SCOPE_MISSING") return "invalid_scope";
  if (error.code === "INVALID_FIELD") return "unsupported_grant_type";
  return error.row.http < 500 && error.kind !== "overloaded"
    ? "invalid_request"
    : "temporarily_unavailable";
}

export class TokenEndpoint {
  readonly #options: TokenEndpointOptions;
  #hashing = 0;

  constructor(options: TokenEndpointOptions) {
    this.#options = options;
  }

  async answer(request: TokenRequest): Promise<TokenAnswer> {
    const { tries, tokens } = this.#options;
    tries.take(request.address);
    const form = new URLSearchParams(request.form);
    const grant = single(form, "grant_type");
    if (grant === "") throw appError("MISSING_FIELD", "grant_type must be given.");
    if (grant !== "client_credentials") {
      throw appError("INVALID_FIELD", "grant_type is client_credentials.");
    }
    const client = await this.#authenticate(form, request);
    const scopes = grantedScopes(client, single(form, "scope"));
    const { clientId } = client;
    return {
      access_token: await tokens.issue({ clientId, scopes }, request.certificate.thumbprint),
      token_type: "Bearer",
      expires_in: tokens.lifeSeconds,
      scope: scopes.join(" "),
    };
  }

  async #authenticate(form: URLSearchParams, request: TokenRequest): Promise<HttpClient> {
    const { clientId, secret } = credentialsOf(form, request.authorization);
    const client = this.#options.clients.find(clientId);
    const good = await this.#try(secret, client?.secrets ?? nobodysSecrets);
    if (client === undefined || !good || !isNamed(client, request.certificate)) {
      throw appError("INVALID_CREDENTIALS", "The client or its secret is not known.");
    }
    return client;
  }

  async #try(secret: string, hashes: HttpClient["secrets"]): Promise<boolean> {
    if (this.#hashing >= hashingMax) {
      throw appError("OVERLOADED", "Too many clients ask for a token.", { retryAfterMs: 1_000 });
    }
    this.#hashing++;
    try {
      return await isSecret(secret, hashes);
    } finally {
      this.#hashing--;
    }
  }
}

/** Without names in the table any certificate of the authority will do. */
export function isNamed({ identities }: HttpClient, { thumbprint, names }: PeerCertificate) {
  if (thumbprint === "" || identities.length === 0) return true;
  return names.some((name) => identities.includes(name));
}

/** "" where it is absent; INVALID_REQUEST where it comes twice (RFC 6749 section 3.2). */
function single(form: URLSearchParams, name: string): string {
  const [value = "", ...more] = form.getAll(name);
  if (more.length > 0) throw appError("INVALID_REQUEST", `${name} stands there twice.`);
  return value;
}

function credentialsOf(form: URLSearchParams, authorization: string | undefined) {
  const clientId = single(form, "client_id");
  const secret = single(form, "client_secret");
  if (authorization === undefined) return { clientId, secret };
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,1024})$/.exec(authorization) ?? [];
  if (encoded === undefined || secret !== "") {
    throw appError(
      "INVALID_REQUEST",
      "The client must authenticate in one way, Basic or the form.",
    );
  }
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const [, id = "", password = ""] = /^([^:]*):([\s\S]*)$/.exec(text) ?? [];
  return { clientId: formText(id), secret: formText(password) };
}

/** RFC 6749 section 2.3.1 has both parts form-encoded before they are put together. */
function formText(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? "";
}

function grantedScopes({ scopes }: HttpClient, wanted: string) {
  if (wanted === "") return scopes;
  const names = wanted.split(" ");
  const granted = scopes.filter((scope) => names.includes(scope));
  if (granted.length === names.length) return granted;
  throw appError("SCOPE_MISSING", "A scope was asked for that the client does not have.");
}
