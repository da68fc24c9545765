// Signatures of webhooks as Standard Webhooks 1.0.0 has them: over `id.timestamp.body`, the exact
// bytes that are sent. `v1` is HMAC-SHA256 with a shared secret, `v1a` Ed25519, for receivers that
// we do not control: they hold nothing with which our notices could be forged.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { appError } from "../../platform/mod.ts";

/** Bytes of a shared secret. */
const secretBytesMin = 24;
const secretBytesMax = 64;

/** DER heads of RFC 8410: what stands before the 32 bytes of an Ed25519 key. */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");
const ed25519Bytes = 32;

/** How far `webhook-timestamp` may be from the receiver's clock, seconds. */
export const timestampToleranceSeconds = 300;

/** A key that signs. Prints nothing of itself. */
export interface SigningKey {
  /** `v1,<base64>` or `v1a,<base64>`. */
  sign(content: Buffer): string;
}

/** A key that checks what the signing key of the same pair made. */
export interface CheckingKey {
  check(content: Buffer, version: string, signature: Buffer): boolean;
}

/**
 * Reads `whsec_<base64 of 24 to 64 bytes>`, or `whsk_<base64>` of an Ed25519 seed (32 bytes), which
 * may be followed by its public key (64 bytes). CONFIG_INVALID otherwise.
 */
export function signingKey(text: string): SigningKey {
  if (text.startsWith("whsec_")) {
    const secret = secretOf(text);
    return { sign: (content) => `v1,${hmac(secret, content).toString("base64")}` };
  }
  if (text.startsWith("whsk_")) {
    const bytes = decode(text.slice(5));
    if (bytes.length !== ed25519Bytes && bytes.length !== 2 * ed25519Bytes) throw badKey();
    const key = privateKey(bytes.subarray(0, ed25519Bytes));
    return { sign: (content) => `v1a,${sign(null, content, key).toString("base64")}` };
  }
  throw badKey();
}

/** Reads `whsec_…`, or `whpk_<base64 of the 32 bytes of an Ed25519 public key>`. */
export function checkingKey(text: string): CheckingKey {
  if (text.startsWith("whsec_")) {
    const secret = secretOf(text);
    return {
      check: (content, version, signature) => {
        const own = hmac(secret, content);
        return (
          version === "v1" && own.length === signature.length && timingSafeEqual(own, signature)
        );
      },
    };
  }
  if (text.startsWith("whpk_")) {
    const bytes = decode(text.slice(5));
    if (bytes.length !== ed25519Bytes) throw badKey();
    const key = createPublicKey({
      key: Buffer.concat([spkiHead, bytes]),
      format: "der",
      type: "spki",
    });
    return {
      check: (content, version, signature) =>
        version === "v1a" && verify(null, content, key, signature),
    };
  }
  throw badKey();
}

/** The `whpk_` text of the public key that belongs to a `whsk_` text. */
export function publicKeyOf(text: string): string {
  const bytes = decode(text.slice(5));
  if (!text.startsWith("whsk_") || bytes.length < ed25519Bytes) throw badKey();
  const key = createPublicKey(privateKey(bytes.subarray(0, ed25519Bytes)));
  const der = key.export({ format: "der", type: "spki" });
  return `whpk_${der.subarray(spkiHead.length).toString("base64")}`;
}

export interface SignedHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  /** One signature a key, separated by spaces: during a rotation the old and the new one. */
  readonly "webhook-signature": string;
}

/** Headers of one attempt: the id stays the same over all attempts, the timestamp does not. */
export function signedHeaders(
  id: string,
  timestampSeconds: number,
  body: Buffer,
  keys: readonly SigningKey[],
): SignedHeaders {
  const content = signedContent(id, String(timestampSeconds), body);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": keys.map((key) => key.sign(content)).join(" "),
  };
}

/**
 * What a receiver does: true where one of the signatures was made by one of the keys over exactly
 * these bytes, and the timestamp is at most five minutes away.
 */
export function isSigned(
  headers: Readonly<Partial<Record<keyof SignedHeaders, string>>>,
  body: Buffer,
  keys: readonly CheckingKey[],
  nowSeconds: number,
): boolean {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  if (id === undefined || timestamp === undefined || !/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowSeconds - Number(timestamp)) > timestampToleranceSeconds) return false;
  const content = signedContent(id, timestamp, body);
  for (const one of (headers["webhook-signature"] ?? "").split(" ")) {
    const comma = one.indexOf(",");
    const version = one.slice(0, Math.max(comma, 0));
    const signature = Buffer.from(one.slice(comma + 1), "base64");
    if (keys.some((key) => key.check(content, version, signature))) return true;
  }
  return false;
}

function signedContent(id: string, timestamp: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
}

function secretOf(text: string): Buffer {
  const secret = decode(text.slice(6));
  if (secret.length < secretBytesMin || secret.length > secretBytesMax) throw badKey();
  return secret;
}

function hmac(secret: Buffer, content: Buffer): Buffer {
  return createHmac("sha256", secret).update(content).digest();
}

function privateKey(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
}

function decode(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw badKey();
  return Buffer.from(text, "base64");
}

function badKey(): Error {
  const forms = "whsec_ with 24 to 64 bytes, whsk_ or whpk_ with an Ed25519 key, in base64";
  return appError("CONFIG_INVALID", `A webhook key is ${forms}.`);
}
