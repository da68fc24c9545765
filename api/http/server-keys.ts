// Our own keys of this door, in one guarded file: what signs answers and access tokens, and what
// card data is encrypted to. Several of each stand side by side while one follows another.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { appError } from "../../platform/mod.ts";
import { type EncryptionAlgorithm, fits } from "./client-keys.ts";
import { readSecretFile } from "./guarded-file.ts";

export interface ServerSigningKey {
  readonly kid: string;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
}

export interface ServerCardKey {
  readonly kid: string;
  readonly alg: EncryptionAlgorithm;
  readonly key: KeyObject;
  /** Unix milliseconds after which it opens nothing more; null: no end is set. */
  readonly notAfterMs: number | null;
}

export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly use: string;
  readonly alg: string;
  readonly [member: string]: unknown;
}

export interface ServerKeys {
  /** The first one signs; all are published. */
  readonly signing: readonly ServerSigningKey[];
  readonly card: ReadonlyMap<string, ServerCardKey>;
  /** For /.well-known/jwks.json. */
  readonly signingSet: readonly PublicJwk[];
  /** For GET /tr/v1/keys. */
  readonly cardSet: readonly PublicJwk[];
}

const keysMax = 16;
const kid = Type.String({ pattern: "^[A-Za-z0-9._~-]{1,64}$" });
const fileSchema = Type.Object({
  keys: Type.Array(
    Type.Object({
      kid,
      use: Type.Union([Type.Literal("sig"), Type.Literal("enc")]),
      alg: Type.Union([
        Type.Literal("ES256"),
        Type.Literal("RSA-OAEP-256"),
        Type.Literal("ECDH-ES"),
      ]),
      notAfter: Type.Optional(Type.String()),
    }),
    { maxItems: keysMax },
  ),
});
type FileKey = Static<typeof fileSchema>["keys"][number];

/** Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export function loadServerKeys(path: string): ServerKeys {
  const bytes = readSecretFile(path);
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw appError("CONFIG_INVALID", `${path} is not JSON.`);
  } finally {
    bytes.fill(0);
  }
  return serverKeysOf(content, path);
}

export function serverKeysOf(content: unknown, where: string): ServerKeys {
  if (!Value.Check(fileSchema, content)) {
    throw appError("CONFIG_INVALID", `${where} is none that \`pantun requestor keys\` writes.`);
  }
  const signing: ServerSigningKey[] = [];
  const card = new Map<string, ServerCardKey>();
  const signingSet: PublicJwk[] = [];
  const cardSet: PublicJwk[] = [];
  for (const jwk of content.keys) {
    const key = importPrivate(jwk, where);
    const publicKey = createPublicKey(key);
    const shown = { ...publicKey.export({ format: "jwk" }), kid: jwk.kid, use: jwk.use };
    if (jwk.use === "sig") {
      signing.push({ kid: jwk.kid, key, publicKey });
      signingSet.push({ ...shown, alg: jwk.alg } as PublicJwk);
      continue;
    }
    const notAfterMs = jwk.notAfter === undefined ? null : Date.parse(jwk.notAfter);
    if (Number.isNaN(notAfterMs)) throw bad(jwk, where, "has no time in notAfter");
    card.set(jwk.kid, { kid: jwk.kid, alg: jwk.alg as EncryptionAlgorithm, key, notAfterMs });
    const end = jwk.notAfter === undefined ? {} : { notAfter: jwk.notAfter };
    cardSet.push({ ...shown, alg: jwk.alg, ...end } as PublicJwk);
  }
  const kids = new Set(content.keys.map((jwk) => jwk.kid));
  if (kids.size !== content.keys.length) {
    throw appError("CONFIG_INVALID", `${where}: a kid stands there twice.`);
  }
  if (signing.length === 0 || card.size === 0) {
    const message = `${where} needs a key with use "sig" and one with use "enc".`;
    throw appError("CONFIG_INVALID", message);
  }
  return { signing, card, signingSet, cardSet };
}

function importPrivate(jwk: FileKey, where: string): KeyObject {
  if ((jwk.use === "sig") !== (jwk.alg === "ES256")) throw bad(jwk, where, "has no fitting alg");
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: jwk, format: "jwk" });
  } catch {
    throw bad(jwk, where, "is no private key that can be read");
  }
  if (!fits(key, jwk.alg)) throw bad(jwk, where, "does not fit its alg");
  return key;
}

function bad(jwk: FileKey, where: string, why: string): Error {
  return appError("CONFIG_INVALID", `${where}: the key ${jwk.kid} ${why}.`);
}

const rsaBits = 3_072;

/** A fresh file: a key that signs and one of each kind for cards; `stamp` tells the kids apart. */
export function makeServerKeys(stamp: string): string {
  const p256 = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const rsa = generateKeyPairSync("rsa", { modulusLength: rsaBits }).privateKey;
  const made = [
    { kid: `sig-${stamp}`, use: "sig", alg: "ES256", key: p256() },
    { kid: `card-rsa-${stamp}`, use: "enc", alg: "RSA-OAEP-256", key: rsa },
    { kid: `card-ec-${stamp}`, use: "enc", alg: "ECDH-ES", key: p256() },
  ];
  const keys = made.map(({ key, ...rest }) => ({ ...key.export({ format: "jwk" }), ...rest }));
  return `${JSON.stringify({ keys }, null, 2)}\n`;
}
