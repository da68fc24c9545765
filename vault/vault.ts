// The vault as the hot path and the commands see it: one LMDB environment, its tables, the sealing
// lanes and the registry. Reads copy into the caller's arrays; what changes records lives in the
// files beside this one.
import { join } from "node:path";
import type { KeyRing } from "../crypto/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { agreementBytes } from "./agreement-key.ts";
import { cardIdBytes, tokenCountOf, tokenIndexAt } from "./card-record.ts";
import { shardsDefault, shardsMax } from "./home-shard.ts";
import type { Registry } from "./registry/records.ts";
import { RegistryStore } from "./registry/registry-store.ts";
import { Sealing } from "./sealing.ts";
import { type Environment, openEnvironment, type Table } from "./store/environment.ts";
import { type HorizonKind, Meta } from "./store/meta.ts";
import { indexBytes, tokenAt, tokenBytes, tokenWords } from "./token-record.ts";

/**
 * Map size where the options name none: room for some 20 million tokens. It is address space, not
 * disk; LMDB grows beyond it by remapping, which stalls the hot path, so large vaults set it.
 */
const mapSizeBytesDefault = 16 * 2 ** 30;

export interface VaultOptions {
  /** The vault folder; LMDB lives in `<dir>/vault/`. */
  readonly dir: string;
  readonly readOnly?: boolean;
  /** Make the vault where the folder has none; otherwise that is VAULT_NOT_FOUND. */
  readonly create?: boolean;
  readonly mapSizeBytes?: number;
  /** Digits of new TPANs; sub-ranges that are open keep theirs. */
  readonly tpanDigits?: 16 | 19;
  /** Home shards of a new vault; one that exists keeps its number. */
  readonly shards?: number;
  readonly ring: KeyRing;
  readonly clock: Clock;
  /** `n` bytes from the CSPRNG; tests give a seeded one. */
  readonly random: (bytes: number) => Buffer;
}

export interface VaultTables {
  readonly tokens: Table;
  readonly cards: Table;
  readonly refs: Table;
  readonly agreements: Table;
  /** What card actors keep beside cards and tokens: actors/card/side-record.ts. */
  readonly cardSides: Table;
}

export class Vault {
  readonly dir: string;
  readonly env: Environment;
  readonly tables: VaultTables;
  readonly meta: Meta;
  readonly registryStore: RegistryStore;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  readonly tpanDigits: 16 | 19;
  /** Home shards, SHARDS of the log. */
  readonly shards: number;
  #sealing: Sealing;
  /** LMDB's read buffer as words; looked at again only when the binding changed the buffer. */
  #words: Int32Array = new Int32Array(0);
  #wordsOf: ArrayBufferLike | undefined;
  readonly #key = Buffer.alloc(indexBytes);

  private constructor(options: VaultOptions, env: Environment, meta: Meta) {
    this.dir = options.dir;
    this.env = env;
    this.meta = meta;
    this.clock = options.clock;
    this.random = options.random;
    this.tables = {
      tokens: env.table("tokens"),
      cards: env.table("cards"),
      refs: env.table("refs"),
      agreements: env.table("agreements"),
      cardSides: env.table("cardsides"),
    };
    this.registryStore = new RegistryStore(env, meta);
    this.tpanDigits = options.tpanDigits ?? 16;
    this.shards = meta.shards();
    this.#sealing = new Sealing(options.ring);
  }

  /**
   * Opens the vault of a folder. Errors: VAULT_NOT_FOUND, VAULT_CORRUPT, VAULT_TOO_NEW,
   * VAULT_IN_USE, DISK_FULL. Several processes and threads may have one vault open.
   */
  static open(options: VaultOptions): Vault {
    const readOnly = options.readOnly ?? false;
    const shards = options.shards ?? shardsDefault;
    if (!Number.isInteger(shards) || shards < 1 || shards > shardsMax) {
      throw new RangeError(`a vault has 1 to ${shardsMax} shards`);
    }
    const env = openEnvironment({
      path: join(options.dir, "vault"),
      mapSizeBytes: options.mapSizeBytes ?? mapSizeBytesDefault,
      readOnly,
      create: options.create ?? false,
    });
    try {
      const meta = new Meta(env);
      meta.prepare(options.random, !readOnly && (options.create ?? false), shards);
      return new Vault(options, env, meta);
    } catch (error) {
      void env.close();
      throw error;
    }
  }

  get sealing(): Sealing {
    return this.#sealing;
  }

  /** Takes new keys after a rotation; what is under way finishes with the old ones. */
  useKeys(ring: KeyRing): void {
    this.#sealing = new Sealing(ring);
  }

  /**
   * Ends the read snapshot. A worker whose event loop stands still between batches would otherwise
   * look at an old one and approve a suspended token. 0.6 µs.
   */
  freshRead(): void {
    this.env.root.resetReadTxn();
  }

  /**
   * Copies the 40 words of the token with this index to `into[wordAt…]`; false when there is none.
   * Allocates nothing. Throws where the record has another size: a damaged vault.
   */
  findToken(index: Buffer, indexOff: number, into: Int32Array, wordAt: number): boolean {
    const key = this.#key;
    for (let i = 0; i < indexBytes; i++) key[i] = index[indexOff + i]!;
    return this.#copyWords(this.tables.tokens, key, tokenBytes, into, wordAt);
  }

  /**
   * Copies the four words of an agreement (types and source, created, last used, revoked) for an
   * 80-byte key; false when there is none.
   */
  findAgreement(key: Buffer, into: Int32Array, wordAt: number): boolean {
    return this.#copyWords(this.tables.agreements, key, agreementBytes, into, wordAt);
  }

  #copyWords(table: Table, key: Buffer, bytes: number, into: Int32Array, wordAt: number): boolean {
    const found = table.getBinaryFast(key);
    if (found === undefined) return false;
    if (found.length !== bytes) throw new Error(`a record of ${found.length} bytes, not ${bytes}`);
    if (found.buffer !== this.#wordsOf) {
      if ((found.byteOffset & 3) !== 0) throw new Error("LMDB's read buffer is not aligned");
      this.#words = new Int32Array(found.buffer, found.byteOffset, tokenWords);
      this.#wordsOf = found.buffer;
    }
    const words = this.#words;
    for (let i = 0; i < bytes >> 2; i++) into[wordAt + i] = words[i]!;
    return true;
  }

  /** A copy of the token record, or undefined. */
  findTokenRecord(index: Buffer): Buffer | undefined {
    return this.tables.tokens.getBinary(index);
  }

  /** Index and record of the token with this 16-byte reference, or undefined. */
  findTokenByRef(ref: Buffer): { readonly index: Buffer; readonly record: Buffer } | undefined {
    const index = this.tables.refs.getBinary(ref);
    if (index === undefined) return undefined;
    const record = this.tables.tokens.getBinary(index);
    return record === undefined ? undefined : { index, record };
  }

  /**
   * Key and record of the card that the token belongs to, or undefined. The card id is half a key,
   * so of the few cards that may share it the one that lists the token is meant.
   */
  findCardOf(
    index: Buffer,
    record: Buffer,
  ): { readonly key: Buffer; readonly record: Buffer } | undefined {
    const start = Buffer.alloc(indexBytes);
    const end = Buffer.alloc(indexBytes, 0xff);
    for (const bound of [start, end]) {
      record.copy(bound, 0, tokenAt.cardId, tokenAt.cardId + cardIdBytes);
    }
    for (const { key, value } of this.tables.cards.getRange({ start, end, inclusiveEnd: true })) {
      for (let i = 0; i < tokenCountOf(value); i++) {
        if (tokenIndexAt(value, i).equals(index)) return { key, record: value };
      }
    }
    return undefined;
  }

  /** The registry as of the snapshot; read again only when its stored version changed. */
  registry(): Registry {
    return this.registryStore.current();
  }

  /** Which life of the vault this is, 32 hex digits; a restore or a fence begins a new one. */
  get incarnation(): string {
    return this.meta.incarnation();
  }

  /** Unix seconds above which no claim of this kind is made. */
  horizon(kind: HorizonKind): number {
    return this.meta.horizon(kind);
  }

  /** Raises a horizon; flushed when the call returns. */
  raiseHorizon(kind: HorizonKind, seconds: number): void {
    this.meta.raiseHorizon(kind, seconds);
  }

  /** The wall clock in Unix seconds. */
  nowSeconds(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }

  close(): Promise<void> {
    return this.env.close();
  }
}
