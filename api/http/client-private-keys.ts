// A client's own half of its keys: what it signs its calls with, or opens card numbers with that
// were encrypted to it. One JWK set with private keys in a guarded file; its public half is what
// the parties file names.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { appError } from "../../platform/mod.ts";
import { type EncryptionAlgorithm, fits, type SignatureAlgorithm } from "./client-keys.ts";
import { readSecretFile } from "./guarded-file.ts";

export interface ClientSigner {
  readonly kid: string;
  readonly alg: SignatureAlgorithm;
  readonly key: KeyObject;
}

export interface ClientOpener {
  readonly alg: EncryptionAlgorithm;
  readonly key: KeyObject;
}

const setSchema = Type.Object({
  keys: Type.Array(
    Type.Object({
      kid: Type.String({ pattern: "^[A-Za-z0-9._~-]{1,64}$" }),
      use: Type.String(),
      alg: Type.String(),
    }),
    { maxItems: 16 },
  ),
});

/** A fresh pair on P-256 as two files' contents. `use`: "sig" for calls, "enc" for cards. */
export function makeKeyPair(
  use: "sig" | "enc",
  kid: string,
): { readonly privateSet: string; readonly publicSet: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const alg = use === "sig" ? "ES256" : "ECDH-ES";
  const textOf = (key: KeyObject): string => {
    return `${JSON.stringify({ keys: [{ ...key.export({ format: "jwk" }), kid, use, alg }] })}\n`;
  };
  return { privateSet: textOf(privateKey), publicSet: textOf(publicKey) };
}

/** The first key that signs. Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export function loadSigner(path: string): ClientSigner {
  const { kid, alg, key } = loadPrivate(path, "sig", ["ES256", "PS256", "RS256"]);
  return { kid, alg: alg as SignatureAlgorithm, key };
}

/** The first key that opens. Errors as above. */
export function loadOpener(path: string): ClientOpener {
  const { alg, key } = loadPrivate(path, "enc", ["ECDH-ES", "RSA-OAEP-256"]);
  return { alg: alg as EncryptionAlgorithm, key };
}

function loadPrivate(path: string, use: "sig" | "enc", algorithms: readonly string[]) {
  const bytes = readSecretFile(path);
  try {
    const content: unknown = JSON.parse(bytes.toString("utf8"));
    const found = Value.Check(setSchema, content)
      ? content.keys.find((one) => one.use === use && algorithms.includes(one.alg))
      : undefined;
    if (found !== undefined) {
      const key = createPrivateKey({ key: found, format: "jwk" });
      if (fits(key, found.alg)) return { kid: found.kid, alg: found.alg, key };
    }
  } catch {
    // Said below; nothing of the file is repeated.
  } finally {
    bytes.fill(0);
  }
  const message = `${path} has no private key with use "${use}" that can be used.`;
  throw appError("CONFIG_INVALID", message);
}
