// A client of the JSON APIs: a requestor's or an issuer's server. It signs what it sends and takes
// no answer on trust: its signature, its id and its form are checked before anybody reads it.
import { createHash, createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { CompactEncrypt, CompactSign, compactVerify } from "jose";
import { Value } from "typebox/value";
import { appError, type Clock, type ErrorCode } from "../../platform/mod.ts";
import type { ClientSigner } from "./client-private-keys.ts";
import type { HttpPeer, PeerAnswer } from "./http-peer.ts";
import { signatureHeader } from "./message-signature.ts";
import { errorsOf } from "./openapi.ts";
import type { Operation } from "./operations.ts";
import { isIssuers, type ServedId, served } from "./served.ts";

export interface ApiAccess {
  readonly clientId: string;
  readonly secret: string;
  readonly signer: ClientSigner;
}

export interface ApiCall {
  /** A requestor's; issuers have none. */
  readonly trid?: string;
  /** A fresh one of a change that names none. */
  readonly idempotencyKey?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly body?: unknown;
}

/** An answer that was signed and is as described: either what was asked for or an error. */
export interface ApiAnswer {
  readonly status: number;
  /** "OK", or the error's. */
  readonly code: "OK" | ErrorCode;
  /** JSON, or the bytes of a picture. */
  // biome-ignore lint/suspicious/noExplicitAny: checked against the operation's schema
  readonly body: any;
  /** The same answer as to an earlier call under the same key. */
  readonly replayed: boolean;
}

export interface CardFields {
  /** PAN as ASCII digits. */
  readonly pan: Uint8Array;
  /** YYMM. */
  readonly expiry?: string;
  readonly securityCode?: string;
}

/** A token is asked for anew when it has less than this to live. */
const tokenRestMs = 30_000;

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** What no good service says. */
const wrong = (what: string) => appError("FAILED", `The service answered wrongly: ${what}.`);

export class ApiClient {
  readonly #peer: HttpPeer;
  readonly #access: ApiAccess;
  readonly #clock: Clock;
  readonly #serverKeys = new Map<string, KeyObject>();
  #token = { text: "", endsMs: 0 };

  constructor(peer: HttpPeer, access: ApiAccess, clock: Clock) {
    this.#peer = peer;
    this.#access = access;
    this.#clock = clock;
  }

  /**
   * One operation. An error that it may have is an answer; FAILED where the answer is not signed
   * or not as described, NOT_REACHABLE, INVALID_CREDENTIALS.
   */
  async call(id: ServedId, options: ApiCall = {}): Promise<ApiAnswer> {
    const operation: Operation = served[id];
    const { method, path: template } = operation;
    const { params = {}, query = "", body } = options;
    const path = template.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(params[name] ?? ""),
    );
    const target = `${path}${query}`;
    const text = body === undefined ? "" : JSON.stringify(body);
    const requestId = randomUUID();
    const issuers = isIssuers(path);
    const key = options.idempotencyKey ?? randomUUID();
    const answer = await this.#peer.send({
      method,
      path: target,
      headers: {
        authorization: `Bearer ${await this.#accessToken()}`,
        "x-request-id": requestId,
        [signatureHeader]: await this.#sign(method, target, text),
        ...(issuers ? {} : { "x-trid": options.trid ?? "" }),
        ...(operation.mutates && !issuers ? { "idempotency-key": key } : {}),
        ...(text === "" ? {} : { "content-type": "application/json" }),
      },
      ...(text === "" ? {} : { body: text }),
    });
    await this.#checkSignature(id, answer, requestId);
    return read(id, answer);
  }

  /** A card under a key that the service has for `call`: its requestors' or its issuers'. */
  async seal(
    id: "listKeys" | "listCardKeys",
    card: CardFields,
    call: Pick<ApiCall, "trid"> = {},
  ): Promise<string> {
    const { code, body } = await this.call(id, call);
    if (code !== "OK") throw appError("FAILED", `The service gives no key for cards: ${code}.`);
    const alg = "RSA-OAEP-256";
    const jwk = body.keys.find((one: { readonly alg: string }) => one.alg === alg);
    if (jwk === undefined) throw wrong(`it has no key for ${alg}`);
    const plain = plainCard(card);
    try {
      return await new CompactEncrypt(plain)
        .setProtectedHeader({ alg, enc: "A256GCM", kid: jwk.kid })
        .encrypt(createPublicKey({ key: jwk, format: "jwk" }));
    } finally {
      plain.fill(0);
    }
  }

  async #accessToken(): Promise<string> {
    if (this.#clock.nowMs() < this.#token.endsMs - tokenRestMs) return this.#token.text;
    const { clientId, secret } = this.#access;
    const basic = [clientId, secret].map(encodeURIComponent).join(":");
    const { status, bytes } = await this.#peer.send({
      method: "POST",
      path: "/oauth2/token",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${Buffer.from(basic).toString("base64")}`,
      },
      body: "grant_type=client_credentials",
    });
    if (status === 401) {
      throw appError("INVALID_CREDENTIALS", `The service does not know ${clientId} or its secret.`);
    }
    const body = status === 200 ? parse(bytes) : undefined;
    const { access_token: text, expires_in: seconds } = body ?? {};
    if (typeof text !== "string" || typeof seconds !== "number") {
      throw wrong(`no access token, but status ${status}`);
    }
    this.#token = { text, endsMs: this.#clock.nowMs() + seconds * 1_000 };
    return text;
  }

  #sign(method: string, path: string, body: string): Promise<string> {
    const { clientId: sub, signer } = this.#access;
    const iat = Math.floor(this.#clock.nowMs() / 1_000);
    const header = { alg: signer.alg, kid: signer.kid, iat, jti: randomUUID() };
    return new CompactSign(
      Buffer.from(JSON.stringify({ bodySha256: sha256(body), method, path, sub })),
    )
      .setProtectedHeader({ ...header, crit: ["iat", "jti"] })
      .sign(signer.key, { crit: { iat: true, jti: true } });
  }

  async #checkSignature(id: ServedId, answer: PeerAnswer, requestId: string): Promise<void> {
    const { headers, bytes, status } = answer;
    const signature = headers[signatureHeader];
    if (typeof signature !== "string") throw wrong(`${id}: ${status} without a signature`);
    let signed: unknown;
    try {
      const { payload } = await compactVerify(signature, ({ kid = "" }) => this.#serverKey(kid), {
        algorithms: ["ES256"],
        crit: { iat: true },
      });
      signed = JSON.parse(Buffer.from(payload).toString("utf8"));
    } catch (cause) {
      throw appError("FAILED", `The service answered ${id} with a signature that is none.`, {
        cause,
      });
    }
    const right = { bodySha256: sha256(bytes), status, requestId };
    if (!Value.Equal(signed, right)) throw wrong(`${id}: signed is something else than sent`);
  }

  /** A kid that is not known may be a new one: the service's list is read again. */
  async #serverKey(kid: string): Promise<KeyObject> {
    const known = this.#serverKeys.get(kid);
    if (known !== undefined) return known;
    const { status, bytes } = await this.#peer.send({
      method: "GET",
      path: "/.well-known/jwks.json",
    });
    const keys = status === 200 ? parse(bytes)?.keys : undefined;
    for (const jwk of Array.isArray(keys) ? keys : []) {
      this.#serverKeys.set(jwk.kid, createPublicKey({ key: jwk, format: "jwk" }));
    }
    const found = this.#serverKeys.get(kid);
    if (found === undefined) throw wrong("signed under a key that it does not publish");
    return found;
  }
}

function read(id: ServedId, { status, headers, bytes }: PeerAnswer): ApiAnswer {
  const operation: Operation = served[id];
  const isPicture = headers["content-type"] === operation.media && operation.media !== undefined;
  const body = isPicture ? bytes : bytes.length === 0 ? undefined : parse(bytes);
  const replayed = headers["idempotent-replayed"] === "true";
  const schema = operation.answers[status];
  if (schema !== undefined) {
    if (Value.Check(schema, body)) return { status, code: "OK", body, replayed };
    const [fault] = Value.Errors(schema, body);
    throw wrong(`${id}: ${fault?.instancePath || "its body"} is not as described`);
  }
  const code = errorsOf(operation).find((one) => one === body?.code);
  if (code === undefined) throw wrong(`${id}: status ${status} without an error of its own`);
  return { status, code, body, replayed };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever stands there
function parse(bytes: Buffer): any {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw wrong("a body that is no JSON");
  }
}

function plainCard({ pan, expiry, securityCode }: CardFields): Buffer {
  const rest = {
    ...(expiry === undefined
      ? {}
      : { expiryMonth: expiry.slice(2), expiryYear: expiry.slice(0, 2) }),
    ...(securityCode === undefined ? {} : { securityCode }),
  };
  const text = JSON.stringify(rest).slice(1);
  const end = text === "}" ? text : `,${text}`;
  return Buffer.concat([Buffer.from('{"pan":"'), pan, Buffer.from(`"${end}`)]);
}
