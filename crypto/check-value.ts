// Key check values: what people compare to know that both sides have the same key.
import { createCipheriv } from "node:crypto";
import { Cmac } from "./cmac.ts";
import { CryptoError } from "./crypto-error.ts";

/**
 * cmac: CMAC over 16 zero bytes, the way of AES keys (ANSI X9.24-1, X9.143). ecb: a zero block
 * under the bare cipher, the way of triple DES, and of older HSMs for AES too.
 */
export type CheckMethod = "cmac" | "ecb";
export type CheckAlgorithm = "aes" | "tdes";

const checkBytes = 3;
const lengths = { aes: [16, 24, 32], tdes: [16, 24] } as const;

/** Six hex digits. Errors: KEY_INVALID where the algorithm has no key of that length. */
export function checkValue(
  key: Uint8Array,
  algorithm: CheckAlgorithm,
  method: CheckMethod = algorithm === "aes" ? "cmac" : "ecb",
): string {
  const allowed: readonly number[] = lengths[algorithm];
  if (!allowed.includes(key.length)) {
    throw new CryptoError(
      "KEY_INVALID",
      `a key for ${algorithm} has ${allowed.join(" or ")} bytes`,
    );
  }
  if (method === "ecb") return bare(key, algorithm);
  if (algorithm === "tdes") {
    throw new CryptoError("KEY_INVALID", "the check value of a triple-DES key is made with ECB");
  }
  const out = Buffer.alloc(checkBytes);
  new Cmac(key).mac(Buffer.alloc(16), 0, 16, out, 0, checkBytes);
  return out.toString("hex").toUpperCase();
}

function bare(key: Uint8Array, algorithm: CheckAlgorithm): string {
  const name = algorithm === "tdes" ? "des-ede3" : `aes-${8 * key.length}-ecb`;
  const twoKeys = algorithm === "tdes" && key.length === 16;
  const used = twoKeys ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  const cipher = createCipheriv(name, used, null).setAutoPadding(false);
  const block = cipher.update(Buffer.alloc(algorithm === "tdes" ? 8 : 16));
  if (twoKeys) used.fill(0);
  return block.toString("hex", 0, checkBytes).toUpperCase();
}

/**
 * The check value that Pantun shows for a key of its own. 32 bytes are AES; a key of two halves
 * (AES-SIV) has a value for each, so that a wrong second half shows too; 16 and 24 bytes are triple
 * DES (X9.19 and zone keys), whose value is that of the bare cipher.
 */
export function keyCheckValue(key: Uint8Array): string {
  if (key.length === 16 || key.length === 24) return checkValue(key, "tdes");
  if (key.length <= 32) return checkValue(key, "aes");
  const half = key.length / 2;
  return checkValue(key.subarray(0, half), "aes") + checkValue(key.subarray(half), "aes");
}
