import { createHash } from "node:crypto";
import { join } from "node:path";
import { CryptoError } from "./crypto-error.ts";
import { type KeyEntry, parseKeyEntry } from "./key-entry.ts";
import type { KeyProvider } from "./key-provider.ts";
import { readGuardedFile, replaceFile } from "./safe-file.ts";

/** 1,000 entries of 400 bytes; a ring holds 400 keys, the rest are retired. */
const fileBytesMax = 400_000;
const entriesMax = 1_000;
const format = 1;
const sealContext = Buffer.from("pantun-keys/1 file");

export interface KeyFile {
  /** One more with every change. */
  readonly revision: number;
  /** Kind of the provider that wrapped the keys. */
  readonly provider: string;
  readonly keys: readonly KeyEntry[];
  /** Wrapped digest of all the above, so that a state or a label cannot be edited by hand. */
  readonly seal: string;
}

export function keyFilePath(dir: string): string {
  return join(dir, "keys", "keys.json");
}

/** Reads and checks the form. Whether it is genuine, only `verifyKeyFile` can say. */
export function loadKeyFile(dir: string): KeyFile {
  const path = keyFilePath(dir);
  return parseKeyFile(path, readGuardedFile(path, fileBytesMax));
}

/** Unwraps the seal: a CryptoError when any byte was changed other than by this program. */
export async function verifyKeyFile(
  dir: string,
  file: KeyFile,
  provider: KeyProvider,
): Promise<void> {
  const path = keyFilePath(dir);
  if (file.provider !== provider.kind) {
    throw new CryptoError(
      "KEY_STATE",
      `the keys of ${path} are wrapped by '${file.provider}', not by '${provider.kind}'`,
    );
  }
  const damaged = `${path} was changed by something else than Pantun`;
  let digest: Buffer;
  try {
    digest = await provider.unwrap(Buffer.from(file.seal, "base64"), sealContext);
  } catch (cause) {
    if (!(cause instanceof CryptoError) || cause.code !== "UNWRAP_FAILED") throw cause;
    throw new CryptoError("KEY_FILE_CORRUPT", damaged, { cause });
  }
  if (!digest.equals(digestOf(file))) throw new CryptoError("KEY_FILE_CORRUPT", damaged);
}

/** Seals and replaces the file. */
export async function saveKeyFile(
  dir: string,
  content: Omit<KeyFile, "seal">,
  provider: KeyProvider,
): Promise<KeyFile> {
  if (content.keys.length > entriesMax) {
    throw new CryptoError("KEY_EXHAUSTED", `a key file holds at most ${entriesMax} entries`);
  }
  const seal = (await provider.wrap(digestOf(content), sealContext)).toString("base64");
  const file = { ...content, seal };
  replaceFile(keyFilePath(dir), `${JSON.stringify({ format, ...file }, null, 2)}\n`);
  return file;
}

function digestOf({ revision, provider, keys }: Omit<KeyFile, "seal">): Buffer {
  // Entries are rebuilt member by member when parsed, so the text is always the same.
  return createHash("sha256")
    .update(JSON.stringify([format, revision, provider, keys]))
    .digest();
}

function parseKeyFile(path: string, bytes: Buffer): KeyFile {
  const corrupt = (what: string) => new CryptoError("KEY_FILE_CORRUPT", `${path} ${what}`);
  let input: Partial<KeyFile> & { format?: unknown };
  try {
    input = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw corrupt("is not JSON");
  }
  if (typeof input !== "object" || input === null) throw corrupt("is not a JSON object");
  if (typeof input.format === "number" && input.format > format) {
    throw new CryptoError("KEY_FILE_NEWER", `${path} was written by a newer version of Pantun`);
  }
  if (input.format !== format) throw corrupt("is of no known format");
  const { revision, provider, seal } = input;
  if (typeof revision !== "number" || !Number.isInteger(revision) || revision < 1) {
    throw corrupt("has no revision");
  }
  if (typeof provider !== "string" || typeof seal !== "string") {
    throw corrupt("lacks its provider or its seal");
  }
  if (!Array.isArray(input.keys) || input.keys.length > entriesMax) {
    throw corrupt("has no usable list of keys");
  }
  const keys = input.keys.map((entry: unknown, position) => {
    const parsed = parseKeyEntry(entry);
    if (parsed === undefined) throw corrupt(`has a malformed key entry (number ${position + 1})`);
    return parsed;
  });
  if (new Set(keys.map((key) => key.id)).size !== keys.length) throw corrupt("has a key twice");
  return { revision, provider, keys, seal };
}
