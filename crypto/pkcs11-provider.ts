import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { doubleBlock } from "./aes.ts";
import { CryptoError } from "./crypto-error.ts";
import { withFileLock } from "./file-lock.ts";
import type { KeyProvider } from "./key-provider.ts";
import { type HsmAccess, Pkcs11Session } from "./pkcs11-session.ts";
import { readGuardedFile, replaceFile } from "./safe-file.ts";

const format = 1;
const idBytes = 16;
const ivBytes = 12;
const fileBytesMax = 16_384;
/** A key a month for five years; old ones stay for old backups until somebody destroys them. */
const keksMax = 64;
const keyLabel = "pantun-kek";
const probeContext = Buffer.from("pantun-kek/1 probe");

/** A key-encryption key of the token. */
export interface Kek {
  /** CKA_ID in hex. */
  readonly id: string;
  /** First three bytes of CMAC over 16 zero bytes; "" where the HSM offers no bare cipher. */
  readonly kcv: string;
  readonly createdAt: string;
}

interface KekFile {
  readonly format: number;
  readonly kind: "pkcs11";
  /** The one that wraps. */
  readonly current: string;
  readonly keks: readonly Kek[];
}

/**
 * Key provider on an HSM: the key-encryption key is an AES-256 key that never leaves the token.
 * Keys are wrapped with AES-256-GCM, the context as its additional data. A wrapped key is
 * format (1) ‖ id of the key-encryption key (16) ‖ IV (12) ‖ ciphertext ‖ tag (16), so that keys
 * wrapped before a rotation open after it. `<dir>/keys/kek-pkcs11.json` holds ids, nothing secret.
 */
export class Pkcs11Provider implements KeyProvider {
  readonly kind = "pkcs11";
  readonly #dir: string;
  readonly #session: Pkcs11Session;

  private constructor(dir: string, session: Pkcs11Session) {
    this.#dir = dir;
    this.#session = session;
  }

  /**
   * Makes a key-encryption key in the token, or puts the one given there. KEY_FILE_EXISTS where the
   * vault has one. `bytes` is overwritten.
   */
  static async create(
    dir: string,
    access: HsmAccess,
    options: { readonly bytes?: Buffer } = {},
  ): Promise<Pkcs11Provider> {
    if (Pkcs11Provider.exists(dir)) {
      throw new CryptoError("KEY_FILE_EXISTS", `${kekPath(dir)} exists already`);
    }
    const session = await Pkcs11Session.open(access);
    const provider = new Pkcs11Provider(dir, session);
    try {
      mkdirSync(join(dir, "keys"), { recursive: true, mode: 0o700 });
      await withFileLock(lockPath(dir), () => provider.#addKek([], options.bytes));
      return provider;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Errors: KEY_FILE_… of the vault's file, HSM_… of the token. */
  static async open(dir: string, access: HsmAccess): Promise<Pkcs11Provider> {
    const { current } = loadKekFile(dir);
    const session = await Pkcs11Session.open(access);
    try {
      await session.checkKey(Buffer.from(current, "hex"));
      return new Pkcs11Provider(dir, session);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** An earlier beginning may have come no further than the key-encryption key. */
  static async openOrCreate(dir: string, access: HsmAccess): Promise<Pkcs11Provider> {
    return Pkcs11Provider.exists(dir)
      ? Pkcs11Provider.open(dir, access)
      : Pkcs11Provider.create(dir, access);
  }

  /** True where the vault has a key-encryption key in an HSM, or the beginnings of one. */
  static exists(dir: string): boolean {
    return existsSync(kekPath(dir));
  }

  async wrap(plain: Buffer, context: Buffer): Promise<Buffer> {
    // Another process may have changed the key-encryption key since.
    const id = Buffer.from(loadKekFile(this.#dir).current, "hex");
    const sealed = await this.#session.encrypt(id, plain, context, randomBytes(ivBytes));
    return Buffer.concat([Buffer.from([format]), id, sealed]);
  }

  async unwrap(wrapped: Buffer, context: Buffer): Promise<Buffer> {
    const id = Buffer.from(wrapped.subarray(1, 1 + idBytes));
    const known = wrapped[0] === format && wrapped.length > 1 + idBytes && this.#knows(id);
    const sealed = wrapped.subarray(1 + idBytes);
    const plain = known ? await this.#session.decrypt(id, sealed, context) : undefined;
    if (plain !== undefined) return plain;
    // Libraries answer to a forgery as they do to a fault of the device.
    await this.#prove(Buffer.from(loadKekFile(this.#dir).current, "hex"));
    throw new CryptoError("UNWRAP_FAILED", "a wrapped key is damaged or not in its place");
  }

  /** Key-encryption keys of this vault, the current one last. */
  keks(): readonly Kek[] {
    const { keks, current } = loadKekFile(this.#dir);
    return [...keks].sort((a, b) => Number(a.id === current) - Number(b.id === current));
  }

  /**
   * A new current key-encryption key. What the old one wrapped still opens; `KeyStore.rewrap` moves
   * it over. `bytes` is overwritten.
   */
  async rotate(bytes?: Buffer): Promise<Kek> {
    return withFileLock(lockPath(this.#dir), () =>
      this.#addKek(loadKekFile(this.#dir).keks, bytes),
    );
  }

  /** For ever, in the token: what it wrapped, old backups too, can never be opened again. */
  async destroy(id: string): Promise<void> {
    await withFileLock(lockPath(this.#dir), () => this.#destroy(id));
  }

  async #destroy(id: string): Promise<void> {
    const file = loadKekFile(this.#dir);
    if (!file.keks.some((kek) => kek.id === id)) {
      throw new CryptoError("KEY_NOT_FOUND", `this vault has no key-encryption key ${id}`);
    }
    if (file.current === id) {
      throw new CryptoError(
        "KEY_STATE",
        "the current key-encryption key is in use: rotate it first",
      );
    }
    await this.#session.destroyKey(Buffer.from(id, "hex"));
    saveKekFile(this.#dir, { ...file, keks: file.keks.filter((kek) => kek.id !== id) });
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  #knows(id: Buffer): boolean {
    const name = id.toString("hex");
    return loadKekFile(this.#dir).keks.some((kek) => kek.id === name);
  }

  async #addKek(keks: readonly Kek[], bytes?: Buffer): Promise<Kek> {
    if (keks.length >= keksMax) {
      const text = `a vault has at most ${keksMax} key-encryption keys: destroy old ones`;
      throw new CryptoError("KEY_EXHAUSTED", text);
    }
    const id = randomBytes(idBytes);
    if (bytes === undefined) await this.#session.generateKey(keyLabel, id);
    else {
      await this.#session.importKey(keyLabel, id, bytes);
      bytes.fill(0);
    }
    await this.#prove(id);
    const kcv = await this.#checkValue(id);
    const kek = { id: id.toString("hex"), kcv, createdAt: new Date().toISOString() };
    saveKekFile(this.#dir, { format, kind: "pkcs11", current: kek.id, keks: [...keks, kek] });
    return kek;
  }

  /** What the key encrypts it also decrypts: HSM_FAILED otherwise. */
  async #prove(id: Buffer): Promise<void> {
    const probe = randomBytes(idBytes);
    const sealed = await this.#session.encrypt(id, probe, probeContext, randomBytes(ivBytes));
    const back = await this.#session.decrypt(id, sealed, probeContext);
    if (back?.equals(probe) !== true) {
      throw new CryptoError("HSM_FAILED", "the HSM does not decrypt what it encrypted");
    }
  }

  /** CMAC of a zero block by two blocks of the bare cipher: the key need not be able to sign. */
  async #checkValue(id: Buffer): Promise<string> {
    const l = await this.#session.encryptBlock(id, Buffer.alloc(16));
    if (l === undefined) return "";
    doubleBlock(l);
    const mac = await this.#session.encryptBlock(id, l);
    return mac?.toString("hex", 0, 3).toUpperCase() ?? "";
  }
}

function kekPath(dir: string): string {
  return join(dir, "keys", "kek-pkcs11.json");
}

/** The lock of the key store: whoever changes a key-encryption key changes keys. */
function lockPath(dir: string): string {
  return join(dir, "keys", "keys.lock");
}

function saveKekFile(dir: string, file: KekFile): void {
  replaceFile(kekPath(dir), `${JSON.stringify(file, null, 2)}\n`);
}

function loadKekFile(dir: string): KekFile {
  const path = kekPath(dir);
  const bytes = readGuardedFile(path, fileBytesMax);
  const corrupt = (what: string) => new CryptoError("KEY_FILE_CORRUPT", `${path} ${what}`);
  let file: Partial<KekFile> | null;
  try {
    file = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw corrupt("is not JSON");
  }
  if (typeof file !== "object" || file === null) throw corrupt("is not a JSON object");
  if (typeof file.format === "number" && file.format > format) {
    throw new CryptoError("KEY_FILE_NEWER", `${path} was written by a newer version of Pantun`);
  }
  if (file.format !== format || file.kind !== "pkcs11") throw corrupt("is of no known format");
  const { keks, current } = file;
  const usable = Array.isArray(keks) && keks.length <= keksMax && keks.every(isKek);
  if (!usable) throw corrupt("has no usable list of keys");
  if (!keks.some((kek) => kek.id === current)) throw corrupt("names no key as the current one");
  return file as KekFile;
}

function isKek(kek: unknown): kek is Kek {
  if (typeof kek !== "object" || kek === null) return false;
  const { id, kcv, createdAt } = kek as Partial<Kek>;
  const named = typeof id === "string" && /^[0-9a-f]{32}$/.test(id);
  const checked = typeof kcv === "string" && /^([0-9A-F]{6})?$/.test(kcv);
  return named && checked && typeof createdAt === "string";
}
