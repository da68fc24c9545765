// Compact JWS (RFC 7515) as requests and answers carry it, made and checked on this thread. A job
// for WebCrypto's threads costs this one 15 to 30 µs and another one 25 µs more than the work, an
// ES256 signature is 20 µs of work and its check 46; jose, which hands each over, is what the tests
// compare this with.
import { isUtf8 } from "node:buffer";
import { constants, type KeyObject, sign, verify } from "node:crypto";
import type { SignatureAlgorithm } from "./client-keys.ts";

/** The parts of a compact JWS; nothing of it is checked yet. */
export interface CompactJws {
  /** The protected header as JSON. */
  readonly header: unknown;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** What is signed. */
  readonly signed: Buffer;
}

const parts = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** How each algorithm signs: RFC 7518 sections 3.3 to 3.5. All three hash with SHA-256. */
const ways = {
  ES256: { dsaEncoding: "ieee-p1363" },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  RS256: { padding: constants.RSA_PKCS1_PADDING },
} as const satisfies Record<SignatureAlgorithm, object>;

/** Undefined for anything but three parts of base64url of which the first is JSON. */
export function parseJws(text: string): CompactJws | undefined {
  const [, head, body, tail] = parts.exec(text) ?? [];
  if (head === undefined || body === undefined || tail === undefined) return undefined;
  const header = parseJson(Buffer.from(head, "base64url"));
  if (header === undefined) return undefined;
  return {
    header,
    payload: Buffer.from(body, "base64url"),
    signature: Buffer.from(tail, "base64url"),
    signed: Buffer.from(text.slice(0, head.length + 1 + body.length), "latin1"),
  };
}

/** Undefined where it is not JSON in UTF-8. */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The algorithm is the key's, never the message's. */
export function isSigned(
  { signed, signature }: CompactJws,
  { alg, key }: { readonly alg: SignatureAlgorithm; readonly key: KeyObject },
): boolean {
  return verify("sha256", signed, { key, ...ways[alg] }, signature);
}

/** Signs with ES256; `header` needs no `alg`. */
export function signJws(header: object, payload: string, key: KeyObject): string {
  const head = Buffer.from(JSON.stringify({ alg: "ES256", ...header })).toString("base64url");
  const signed = `${head}.${Buffer.from(payload).toString("base64url")}`;
  const signature = sign("sha256", Buffer.from(signed, "latin1"), { key, ...ways.ES256 });
  return `${signed}.${signature.toString("base64url")}`;
}
