// Public keys that a client registered: what it signs with, and what we encrypt to. The algorithm
// belongs to the key, never to the message: a header can only agree with it.
import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { appError } from "../../platform/mod.ts";

export type SignatureAlgorithm = "ES256" | "PS256" | "RS256";
export type EncryptionAlgorithm = "RSA-OAEP-256" | "ECDH-ES";

export interface SigningKey {
  readonly alg: SignatureAlgorithm;
  readonly key: KeyObject;
}

export interface EncryptionKey {
  readonly kid: string;
  readonly alg: EncryptionAlgorithm;
  readonly key: KeyObject;
}

export interface ClientKeys {
  /** By `kid`. */
  readonly signing: ReadonlyMap<string, SigningKey>;
  /** The first one with `use` "enc". */
  readonly encryption: EncryptionKey | null;
}

const keysMax = 16;
const fileBytesMax = 65_536;
/** NIST SP 800-131A: less than 112 bits of strength is not acceptable. */
export const rsaBitsMin = 2_048;

const kid = Type.String({ pattern: "^[A-Za-z0-9._~-]{1,64}$" });
const setSchema = Type.Object({
  keys: Type.Array(
    Type.Union([
      Type.Object({
        use: Type.Literal("sig"),
        kid,
        alg: Type.Union([Type.Literal("ES256"), Type.Literal("PS256"), Type.Literal("RS256")]),
        kty: Type.String(),
      }),
      Type.Object({
        use: Type.Literal("enc"),
        kid,
        alg: Type.Union([Type.Literal("RSA-OAEP-256"), Type.Literal("ECDH-ES")]),
        kty: Type.String(),
      }),
    ]),
    { maxItems: keysMax },
  ),
});
type Jwk = Static<typeof setSchema>["keys"][number];

/** Errors: FILE_UNREADABLE; CONFIG_INVALID for anything that is not such a set of keys. */
export function loadClientKeys(path: string): ClientKeys {
  const keys = loadKeySet(path);
  if (keys.signing.size === 0) {
    throw appError("CONFIG_INVALID", `${path} has no key that signs.`);
  }
  return keys;
}

/** What is encrypted to somebody who signs nothing. Errors as above. */
export function loadEncryptionKey(path: string): EncryptionKey {
  const { encryption } = loadKeySet(path);
  if (encryption !== null) return encryption;
  throw appError("CONFIG_INVALID", `${path} has no key with use "enc".`);
}

function loadKeySet(path: string): ClientKeys {
  let content: unknown;
  try {
    if (statSync(path).size > fileBytesMax) throw new Error("too large");
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${path} cannot be read as a JWK set.`, { cause });
  }
  return clientKeysOf(content, path);
}

export function clientKeysOf(content: unknown, where: string): ClientKeys {
  if (!Value.Check(setSchema, content)) {
    const message = `${where}: each key needs kty, kid, use (sig or enc) and a fitting alg.`;
    throw appError("CONFIG_INVALID", message);
  }
  const signing = new Map<string, SigningKey>();
  let encryption: EncryptionKey | null = null;
  const seen = new Set<string>();
  for (const jwk of content.keys) {
    if (seen.has(jwk.kid)) throw appError("CONFIG_INVALID", `${where}: a kid stands there twice.`);
    seen.add(jwk.kid);
    const key = importPublic(jwk, where);
    if (jwk.use === "sig") signing.set(jwk.kid, { alg: jwk.alg, key });
    else encryption ??= { kid: jwk.kid, alg: jwk.alg, key };
  }
  return { signing, encryption };
}

function importPublic(jwk: Jwk, where: string): KeyObject {
  const bad = (why: string) => appError("CONFIG_INVALID", `${where}: the key ${jwk.kid} ${why}.`);
  if ("d" in jwk || "k" in jwk) throw bad("is not a public one");
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    throw bad("cannot be read");
  }
  if (!fits(key, jwk.alg)) throw bad(`does not fit its alg, or is weaker than ${rsaBitsMin} bits`);
  return key;
}

/** RFC 7518: ES256 is P-256; ECDH-ES we do on P-256; the others are RSA. */
export function fits(key: KeyObject, alg: string): boolean {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (alg === "ES256" || alg === "ECDH-ES") return namedCurve === "prime256v1";
  return key.asymmetricKeyType === "rsa" && modulusLength >= rsaBitsMin;
}
