import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { keyCheckValue } from "./check-value.ts";
import { CryptoError } from "./crypto-error.ts";
import { withFileLock } from "./file-lock.ts";
import { type KeyState, type KeyUsage, keyUsages, SecretKey, usageRules } from "./key.ts";
import { findEntry, type KeyEntry, keyId, wrapContext } from "./key-entry.ts";
import { type KeyFile, keyFilePath, loadKeyFile, saveKeyFile, verifyKeyFile } from "./key-file.ts";
import type { KeyProvider } from "./key-provider.ts";
import { KeyRing, ringKeysMax } from "./key-ring.ts";
import { assertRetirable, moveTo, nextVersion, ptavLifeMsMax } from "./key-states.ts";

export interface KeyStorePorts {
  readonly nowMs?: () => number;
  readonly random?: (bytes: number) => Buffer;
}

/** What a listing shows: everything but the wrapped key. */
export type KeyListing = Omit<KeyEntry, "wrapped">;

/**
 * The keys of one vault, `<dir>/keys/keys.json`: each wrapped by the provider and bound to its
 * entry, the whole file sealed, replaced in one step. Changes read the file again under a lock, so
 * several processes may change keys one after another. `dir` is the vault directory.
 */
export class KeyStore {
  readonly dir: string;
  #provider: KeyProvider;
  readonly #nowMs: () => number;
  readonly #random: (bytes: number) => Buffer;
  #file: KeyFile;

  private constructor(dir: string, provider: KeyProvider, file: KeyFile, ports: KeyStorePorts) {
    this.dir = dir;
    this.#provider = provider;
    this.#file = file;
    this.#nowMs = ports.nowMs ?? Date.now;
    this.#random = ports.random ?? randomBytes;
  }

  /**
   * Makes one active key of every usage, and one `mac` key for each peer. KEY_FILE_EXISTS where a
   * vault has keys already: they are never overwritten.
   */
  static async init(
    dir: string,
    provider: KeyProvider,
    options: KeyStorePorts & { readonly peers?: readonly string[] } = {},
  ): Promise<KeyStore> {
    mkdirSync(join(dir, "keys"), { recursive: true, mode: 0o700 });
    return withFileLock(lockPath(dir), async () => {
      const path = keyFilePath(dir);
      if (existsSync(path)) throw new CryptoError("KEY_FILE_EXISTS", `${path} exists already`);
      const empty: KeyFile = { revision: 0, provider: provider.kind, keys: [], seal: "" };
      const store = new KeyStore(dir, provider, empty, options);
      const keys: KeyEntry[] = [];
      for (const usage of keyUsages.filter((one) => usageRules[one].shared !== true)) {
        const labels = usageRules[usage].labelled ? [...new Set(options.peers)] : [""];
        for (const label of labels) keys.push(await store.#make(keys, usage, label, "ACTIVE"));
      }
      await store.#save(keys);
      return store;
    });
  }

  /** Opens and proves the file genuine. */
  static async open(
    dir: string,
    provider: KeyProvider,
    ports: KeyStorePorts = {},
  ): Promise<KeyStore> {
    const file = loadKeyFile(dir);
    await verifyKeyFile(dir, file, provider);
    return new KeyStore(dir, provider, file, ports);
  }

  /** What the file says, without a passphrase and therefore unproven. */
  static peek(dir: string): KeyListing[] {
    return loadKeyFile(dir).keys.map(listingOf);
  }

  /** What wraps the keys in `dir`: `file`, `pkcs11`; null where there are none yet. Unproven. */
  static providerKind(dir: string): string | null {
    return existsSync(keyFilePath(dir)) ? loadKeyFile(dir).provider : null;
  }

  /** Goes up with every change; the ring's epoch. */
  get revision(): number {
    return this.#file.revision;
  }

  list(): KeyListing[] {
    return this.#file.keys.map(listingOf);
  }

  /** Reads the file again: another process may have rotated a key. True when it has changed. */
  async refresh(): Promise<boolean> {
    const file = loadKeyFile(this.dir);
    // The whole content, not the revision: an edit by hand leaves that as it was.
    if (JSON.stringify(file) === JSON.stringify(this.#file)) return false;
    if (file.revision < this.#file.revision) {
      throw new CryptoError("KEY_FILE_CORRUPT", `${keyFilePath(this.dir)} went back in time`);
    }
    await verifyKeyFile(this.dir, file, this.#provider);
    this.#file = file;
    return true;
  }

  /** Unwraps every key that is not retired, and proves each by its KCV. */
  async load(): Promise<KeyRing> {
    const keys: SecretKey[] = [];
    for (const entry of this.#file.keys) {
      if (entry.state === "RETIRED" || entry.wrapped === null) continue;
      keys.push(await this.#unwrap(entry, entry.wrapped));
    }
    return new KeyRing(keys, this.revision);
  }

  /** A further key: a new peer's (ACTIVE), or one to be spread before it is used (PRE_ACTIVE). */
  async add(
    usage: KeyUsage,
    options: {
      readonly label?: string;
      readonly state?: "ACTIVE" | "PRE_ACTIVE";
      /** A key that somebody else has too; random bytes otherwise. */
      readonly bytes?: Buffer;
      readonly ptavLifeMs?: number;
    } = {},
  ): Promise<KeyListing> {
    const { label = "", state = "ACTIVE" } = options;
    return this.#change(async (keys) => {
      const active = activeOf(keys, usage, label);
      if (active !== undefined && state === "PRE_ACTIVE") assertRotatable(usage);
      if (active !== undefined && state === "ACTIVE") {
        throw new CryptoError(
          "KEY_STATE",
          `there is an active key for ${nameOf(usage, label)}: rotate it`,
        );
      }
      const made = await this.#make(keys, usage, label, state, options);
      return [replace(keys, made), made];
    });
  }

  /**
   * A new active key at once; the old one verifies and opens on. Where several processes use the
   * keys, one that has not read them again refuses what another makes under the new key: there, add
   * a PRE_ACTIVE key, wait until all have it, and `activate` it. Refused for index, fingerprint and
   * route: what they made names records and claims, so they change only together with those.
   */
  async rotate(
    usage: KeyUsage,
    options: {
      readonly label?: string;
      readonly bytes?: Buffer;
      readonly ptavLifeMs?: number;
    } = {},
  ): Promise<KeyListing> {
    const label = options.label ?? "";
    assertRotatable(usage);
    return this.#change(async (keys) => {
      const old = activeOf(keys, usage, label);
      if (old === undefined) {
        throw new CryptoError(
          "KEY_NOT_FOUND",
          `there is no active key for ${nameOf(usage, label)} to rotate`,
        );
      }
      const made = await this.#make(keys, usage, label, "ACTIVE", options);
      return [replace(replace(keys, moveTo(old, "VERIFY_ONLY", this.#nowMs())), made), made];
    });
  }

  /** Makes a PRE_ACTIVE key the active one; the active one, if any, verifies on. */
  async activate(usage: KeyUsage, version: number, label = ""): Promise<KeyListing> {
    return this.#change(async (keys) => {
      const now = this.#nowMs();
      const old = activeOf(keys, usage, label);
      const moved = moveTo(findEntry(keys, usage, version, label), "ACTIVE", now);
      const rest = old === undefined ? keys : replace(keys, moveTo(old, "VERIFY_ONLY", now));
      return [replace(rest, moved), moved];
    });
  }

  /**
   * Ends a key. Its bytes are destroyed, except those of a sealing key. A PTAV key is refused until
   * `ptavLifeMs` (default: the longest life there is) after its rotation. That no record is sealed
   * under it any more is for the caller to know.
   */
  async retire(
    usage: KeyUsage,
    version: number,
    options: { readonly label?: string; readonly ptavLifeMs?: number } = {},
  ): Promise<KeyListing> {
    return this.#change(async (keys) => {
      const now = this.#nowMs();
      const entry = findEntry(keys, usage, version, options.label ?? "");
      assertRetirable(entry, now, options.ptavLifeMs ?? ptavLifeMsMax);
      const moved = moveTo(entry, "RETIRED", now);
      return [replace(keys, moved), moved];
    });
  }

  /** Takes a retired sealing key back for opening. */
  async reinstate(usage: KeyUsage, version: number, label = ""): Promise<KeyListing> {
    return this.#change(async (keys) => {
      const moved = moveTo(findEntry(keys, usage, version, label), "VERIFY_ONLY", this.#nowMs());
      return [replace(keys, moved), moved];
    });
  }

  /** Marks a key as known to others. An active one is replaced in the same step. */
  async compromise(usage: KeyUsage, version: number, label = ""): Promise<KeyListing> {
    return this.#change(async (keys) => {
      const entry = findEntry(keys, usage, version, label);
      if (entry.state === "ACTIVE") assertRotatable(usage);
      const moved = moveTo(entry, "COMPROMISED", this.#nowMs());
      const marked = replace(keys, moved);
      if (entry.state !== "ACTIVE") return [marked, moved];
      return [replace(marked, await this.#make(marked, usage, label, "ACTIVE")), moved];
    });
  }

  /**
   * Wraps every key anew: under the provider's new key-encryption key, or by another provider. The
   * file is replaced in one step, so a crash leaves it wrapped the old way, which still opens. From
   * then on the store belongs to `provider`; closing the old one is the caller's.
   */
  async rewrap(provider: KeyProvider = this.#provider): Promise<void> {
    await withFileLock(lockPath(this.dir), async () => {
      await this.refresh();
      const keys: KeyEntry[] = [];
      for (const entry of this.#file.keys) {
        if (entry.wrapped === null) keys.push(entry);
        else keys.push(await this.#wrapAgain(entry, entry.wrapped, provider));
      }
      this.#provider = provider;
      await this.#save(keys);
    });
  }

  async #wrapAgain(entry: KeyEntry, wrapped: string, provider: KeyProvider): Promise<KeyEntry> {
    const { bytes } = await this.#unwrap(entry, wrapped);
    const again = await provider.wrap(bytes, wrapContext(entry));
    bytes.fill(0);
    return { ...entry, wrapped: again.toString("base64") };
  }

  async close(): Promise<void> {
    await this.#provider.close();
  }

  async #change(
    apply: (keys: readonly KeyEntry[]) => Promise<[readonly KeyEntry[], KeyEntry]>,
  ): Promise<KeyListing> {
    return withFileLock(lockPath(this.dir), async () => {
      await this.refresh();
      const [keys, changed] = await apply(this.#file.keys);
      await this.#save(keys);
      return listingOf(changed);
    });
  }

  async #save(keys: readonly KeyEntry[]): Promise<void> {
    // Refused before it is written: a file with more keys than a ring takes would stop every start.
    if (keys.filter((e) => e.state !== "RETIRED").length > ringKeysMax) {
      throw new CryptoError(
        "KEY_EXHAUSTED",
        `at most ${ringKeysMax} keys may be in use: retire old ones`,
      );
    }
    const content = { revision: this.revision + 1, provider: this.#provider.kind, keys };
    this.#file = await saveKeyFile(this.dir, content, this.#provider);
  }

  async #make(
    keys: readonly KeyEntry[],
    usage: KeyUsage,
    label: string,
    state: KeyState,
    options: { readonly bytes?: Buffer; readonly ptavLifeMs?: number } = {},
  ): Promise<KeyEntry> {
    const now = this.#nowMs();
    const version = nextVersion(keys, usage, label, now, options.ptavLifeMs ?? ptavLifeMsMax);
    const bytes = options.bytes ?? this.#random(usageRules[usage].bytes);
    // Checks label, version and length as every key is checked.
    const key = new SecretKey({ usage, label, version, state, bytes });
    const bare: KeyEntry = {
      id: keyId(usage, label, version),
      usage,
      label,
      version,
      state,
      kcv: key.kcv,
      createdAt: new Date(now).toISOString(),
      rotatedAt: null,
      endedAt: null,
      wrapped: null,
    };
    const wrapped = await this.#provider.wrap(key.bytes, wrapContext(bare));
    return { ...bare, wrapped: wrapped.toString("base64") };
  }

  async #unwrap(entry: KeyEntry, wrapped: string): Promise<SecretKey> {
    const bytes = await this.#provider.unwrap(Buffer.from(wrapped, "base64"), wrapContext(entry));
    const { usage, label, version, state, kcv } = entry;
    const key = new SecretKey({ usage, label, version, state, bytes, kcv: keyCheckValue(bytes) });
    bytes.fill(0);
    if (key.kcv !== kcv) {
      throw new CryptoError("KEY_FILE_CORRUPT", `${entry.id} does not have the KCV of its entry`);
    }
    return key;
  }
}

function lockPath(dir: string): string {
  return join(dir, "keys", "keys.lock");
}

function listingOf({ wrapped: _, ...listing }: KeyEntry): KeyListing {
  return listing;
}

function nameOf(usage: KeyUsage, label: string): string {
  return label === "" ? usage : `${usage} ${label}`;
}

function activeOf(keys: readonly KeyEntry[], usage: KeyUsage, label: string): KeyEntry | undefined {
  return keys.find((e) => e.usage === usage && e.label === label && e.state === "ACTIVE");
}

/** The entry in the place of the one with its id, or behind all others. */
function replace(keys: readonly KeyEntry[], entry: KeyEntry): readonly KeyEntry[] {
  const known = keys.some((e) => e.id === entry.id);
  return known ? keys.map((e) => (e.id === entry.id ? entry : e)) : [...keys, entry];
}

function assertRotatable(usage: KeyUsage): void {
  if (usageRules[usage].rotatable) return;
  throw new CryptoError(
    "KEY_STATE",
    `the ${usage} key cannot be rotated alone: stored records and claims are named by it`,
  );
}
