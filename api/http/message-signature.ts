// The signature over a request and over its answer (compact JWS, RFC 7515, in X-JWS-Signature). It
// covers the bytes as they were sent, the method and the target, so nothing is written anew before
// it is checked.
import { hash } from "node:crypto";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { appError, type Clock } from "../../platform/mod.ts";
import { isSigned, parseJson, parseJws, signJws } from "./compact-jws.ts";
import type { HttpClient } from "./ports.ts";
import type { ReplayCache } from "./replay-cache.ts";
import type { ServerKeys } from "./server-keys.ts";

export const signatureHeader = "x-jws-signature";

/** How far a signature's time may be from ours, either way. */
const ageSecondsMax = 300;
const signatureCharsMax = 4_096;

const header = Compile(
  Type.Object(
    {
      alg: Type.String(),
      kid: Type.String({ pattern: "^[A-Za-z0-9._~-]{1,64}$" }),
      iat: Type.Integer(),
      jti: Type.String({ pattern: "^[A-Za-z0-9._~-]{16,64}$" }),
      crit: Type.Array(Type.Union([Type.Literal("iat"), Type.Literal("jti")]), { minItems: 2 }),
      typ: Type.Optional(Type.String()),
      cty: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  ),
);

const payload = Compile(
  Type.Object({
    bodySha256: Type.String(),
    method: Type.String(),
    path: Type.String(),
    sub: Type.String(),
  }),
);

export interface SignedRequest {
  readonly method: string;
  /** The request target as sent, with its query. */
  readonly target: string;
  /** As received. */
  readonly body: Buffer;
}

const invalid = (why: string) => appError("INVALID_SIGNATURE", why);
const sha256 = (bytes: Buffer | string) => hash("sha256", bytes, "hex");

export class SignatureCheck {
  readonly #clock: Clock;
  readonly #replays: ReplayCache;
  readonly #startedSeconds: number;

  constructor(clock: Clock, replays: ReplayCache) {
    this.#clock = clock;
    this.#replays = replays;
    this.#startedSeconds = Math.floor(clock.nowMs() / 1_000);
  }

  /** INVALID_SIGNATURE, SIGNATURE_EXPIRED, REPLAYED_REQUEST. */
  check(client: HttpClient, signature: unknown, request: SignedRequest): void {
    if (typeof signature !== "string" || signature.length > signatureCharsMax) {
      throw invalid("The header X-JWS-Signature is missing or too long.");
    }
    const { iat, jti, signed } = open(client, signature);
    if (!payload.Check(signed) || signed.sub !== client.clientId) {
      throw invalid("The signature is not over bodySha256, method, path and sub.");
    }
    if (signed.method !== request.method || signed.path !== request.target) {
      throw invalid("The signature is over another method or path.");
    }
    if (signed.bodySha256 !== sha256(request.body)) {
      throw invalid("The signature is over another body.");
    }
    this.#checkTime(iat);
    this.#replays.take(client.clientId, jti);
  }

  #checkTime(iat: number): void {
    const now = Math.floor(this.#clock.nowMs() / 1_000);
    if (Math.abs(now - iat) > ageSecondsMax) {
      throw appError("SIGNATURE_EXPIRED", `The signature's time is over ${ageSecondsMax} s off.`);
    }
    // What was seen before a restart is forgotten; nothing signed before it is taken.
    if (iat < this.#startedSeconds) {
      throw appError("SIGNATURE_EXPIRED", "The signature is older than this service: sign anew.");
    }
  }
}

function open(
  client: HttpClient,
  signature: string,
): { readonly iat: number; readonly jti: string; readonly signed: unknown } {
  const jws = parseJws(signature);
  if (jws === undefined) throw invalid("The signature is no compact JWS.");
  const { header: found } = jws;
  if (!header.Check(found)) {
    throw invalid("The signature's header needs alg, kid, iat, jti and crit [iat, jti] only.");
  }
  const known = client.keys.signing.get(found.kid);
  // The same words for both: what is registered is nobody's business.
  if (known === undefined || known.alg !== found.alg) {
    throw invalid("No key of the client has that kid and alg.");
  }
  if (!isSigned(jws, known)) throw invalid("The signature does not verify.");
  const { iat, jti } = found;
  return { iat, jti, signed: parseJson(jws.payload) };
}

/** The signature over an answer: {bodySha256, status, requestId}. */
export function signAnswer(
  { signing }: ServerKeys,
  answer: { readonly body: string | Buffer; readonly status: number; readonly requestId: string },
  nowMs: number,
): string {
  const { status, requestId } = answer;
  const text = JSON.stringify({ bodySha256: sha256(answer.body), status, requestId });
  const { kid, key } = signing[0]!;
  return signJws({ kid, iat: Math.floor(nowMs / 1_000), crit: ["iat"] }, text, key);
}
