// Secrets of clients: we keep scrypt hashes (RFC 7914) of them, one a line, so that an old and a
// new one can be good side by side.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { appError } from "../../platform/mod.ts";
import { readSecretFile } from "./guarded-file.ts";

export interface SecretHash {
  readonly cost: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** N of scrypt with r 8, p 1: 16 MiB and some 40 ms a try. */
const costDefault = 2 ** 14;
const blockSize = 8;
const hashBytes = 32;
const secretsMax = 4;
const secretCharsMax = 256;
const lineForm = /^scrypt\$([0-9]{4,7})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

/** A fresh secret and the line by which it is known. */
export async function makeSecret(): Promise<{ readonly secret: string; readonly line: string }> {
  const secret = randomBytes(32).toString("base64url");
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, costDefault);
  const texts = [salt, hash].map((bytes) => bytes.toString("base64url"));
  return { secret, line: ["scrypt", costDefault, ...texts].join("$") };
}

/** CONFIG_INVALID where a line is none that `makeSecret` writes. */
export function loadSecrets(path: string): SecretHash[] {
  const lines = readSecretFile(path).toString("latin1").split(/\r?\n/).filter(Boolean);
  const hashes = lines.map((line) => secretOf(line) ?? wrong(path));
  if (hashes.length === 0 || hashes.length > secretsMax) wrong(path);
  return hashes;
}

/** Undefined where the line is none that `makeSecret` writes. */
export function secretOf(line: string): SecretHash | undefined {
  const [, cost, salt, hash] = lineForm.exec(line) ?? [];
  const n = Number(cost);
  // A power of two (RFC 7914), and no line makes a try take seconds.
  if (hash === undefined || (n & (n - 1)) !== 0 || n > 2 ** 17) return undefined;
  return { cost: n, salt: Buffer.from(salt!, "base64url"), hash: Buffer.from(hash, "base64url") };
}

function wrong(path: string): never {
  const message = `${path} must hold 1 to ${secretsMax} lines of \`pantun requestor secret\`.`;
  throw appError("CONFIG_INVALID", message);
}

/** Tries all hashes whatever the first says, so that the time tells nothing. */
export async function isSecret(secret: string, hashes: readonly SecretHash[]): Promise<boolean> {
  if (secret.length === 0 || secret.length > secretCharsMax) return false;
  let found = false;
  for (const { cost, salt, hash } of hashes) {
    if (timingSafeEqual(await derive(secret, salt, cost), hash)) found = true;
  }
  return found;
}

/** What an unknown client's secret is tried on: it takes as long and never fits. */
export const nobodysSecrets: readonly SecretHash[] = [
  { cost: costDefault, salt: randomBytes(16), hash: randomBytes(hashBytes) },
];

function derive(secret: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: 1, maxmem: 256 * blockSize * cost };
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
