import { randomBytes, scrypt } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { equalConstantTime } from "./constant-time.ts";
import { CryptoError } from "./crypto-error.ts";
import type { KeyProvider } from "./key-provider.ts";
import { readGuardedFile, replaceFile } from "./safe-file.ts";
import { sivOpen, sivSeal } from "./siv.ts";

/** scrypt's cost (RFC 7914). 2^17, 8, 1 is OWASP's advice: 128 MiB and about 0.4 s at start. */
export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

const costDefault: ScryptCost = { n: 2 ** 17, r: 8, p: 1 };
const saltBytes = 32;
const kekBytes = 64;
const fileBytesMax = 4_096;
const format = 1;
const verifierContext = Buffer.from("pantun-kek/1 verifier");

interface KekFile {
  readonly format: number;
  readonly kind: "file";
  readonly kdf: "scrypt";
  readonly salt: string;
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly verifier: string;
}

/**
 * Key provider for development and small installations: the key-encryption key comes from a
 * passphrase through scrypt and stays in this process. `<dir>/keys/kek.json` holds salt, cost and a
 * verifier, nothing secret. Keys are wrapped with AES-SIV, the context as its header.
 */
export class FileProvider implements KeyProvider {
  readonly kind = "file";
  #kek: Buffer | undefined;

  private constructor(kek: Buffer) {
    this.#kek = kek;
  }

  /** Makes a new kek.json in the vault directory. KEY_FILE_EXISTS where there is one. */
  static async create(
    dir: string,
    passphrase: Uint8Array,
    options: { cost?: ScryptCost; random?: (bytes: number) => Buffer } = {},
  ): Promise<FileProvider> {
    const path = kekPath(dir);
    if (existsSync(path)) throw new CryptoError("KEY_FILE_EXISTS", `${path} exists already`);
    const cost = options.cost ?? costDefault;
    const salt = (options.random ?? randomBytes)(saltBytes);
    const kek = await derive(passphrase, salt, cost);
    const file: KekFile = {
      format,
      kind: "file",
      kdf: "scrypt",
      salt: salt.toString("base64"),
      ...cost,
      verifier: verifierOf(kek).toString("base64"),
    };
    mkdirSync(join(dir, "keys"), { recursive: true, mode: 0o700 });
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
    return new FileProvider(kek);
  }

  /** Opens with the passphrase that made it; any other is WRONG_PASSPHRASE. */
  static async open(dir: string, passphrase: Uint8Array): Promise<FileProvider> {
    const path = kekPath(dir);
    const file = parseKekFile(path, readGuardedFile(path, fileBytesMax));
    const kek = await derive(passphrase, Buffer.from(file.salt, "base64"), file);
    const given = Buffer.from(file.verifier, "base64");
    if (!equalConstantTime(verifierOf(kek), 0, given, 0, 16)) {
      kek.fill(0);
      throw new CryptoError("WRONG_PASSPHRASE", `the passphrase does not open ${path}`);
    }
    return new FileProvider(kek);
  }

  async wrap(plain: Buffer, context: Buffer): Promise<Buffer> {
    return sivSeal(this.#key(), [context], plain);
  }

  async unwrap(wrapped: Buffer, context: Buffer): Promise<Buffer> {
    const plain = sivOpen(this.#key(), [context], wrapped);
    if (plain === undefined) {
      throw new CryptoError("UNWRAP_FAILED", "a wrapped key is damaged or not in its place");
    }
    return plain;
  }

  async close(): Promise<void> {
    this.#kek?.fill(0);
    this.#kek = undefined;
  }

  #key(): Buffer {
    if (this.#kek === undefined) throw new CryptoError("KEY_STATE", "the key provider is closed");
    return this.#kek;
  }
}

function kekPath(dir: string): string {
  return join(dir, "keys", "kek.json");
}

function verifierOf(kek: Buffer): Buffer {
  return sivSeal(kek, [verifierContext], Buffer.alloc(0));
}

function derive(passphrase: Uint8Array, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const { n, r, p } = cost;
  const options = { N: n, r, p, maxmem: 128 * n * r + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, kekBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(new CryptoError("KEY_FILE_CORRUPT", "scrypt refused its cost", { cause: error }));
    });
  });
}

/** The bounds keep a doctored file from asking for all memory, or for no work at all. */
function costAllowed({ n, r, p }: ScryptCost): boolean {
  const whole = Number.isInteger(n) && Number.isInteger(r) && Number.isInteger(p);
  const power = whole && n >= 2 ** 10 && n <= 2 ** 20 && (n & (n - 1)) === 0;
  return power && r >= 1 && r <= 16 && p >= 1 && p <= 4;
}

function parseKekFile(path: string, bytes: Buffer): KekFile {
  const corrupt = (what: string) => new CryptoError("KEY_FILE_CORRUPT", `${path} ${what}`);
  let file: Partial<KekFile>;
  try {
    file = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw corrupt("is not JSON");
  }
  if (typeof file !== "object" || file === null) throw corrupt("is not a JSON object");
  if (typeof file.format === "number" && file.format > format) {
    throw new CryptoError("KEY_FILE_NEWER", `${path} was written by a newer version of Pantun`);
  }
  if (file.format !== format || file.kind !== "file" || file.kdf !== "scrypt") {
    throw corrupt("is of no known format");
  }
  if (typeof file.salt !== "string" || Buffer.from(file.salt, "base64").length !== saltBytes) {
    throw corrupt("has no usable salt");
  }
  if (typeof file.verifier !== "string" || Buffer.from(file.verifier, "base64").length !== 16) {
    throw corrupt("has no usable verifier");
  }
  if (!costAllowed(file as KekFile)) throw corrupt("has a scrypt cost outside its limits");
  return file as KekFile;
}
