// The few numbers that belong to the whole vault. Each is its own row, so that raising a horizon
// rewrites four bytes; every write here is flushed before the call returns.
import { appError } from "../../platform/mod.ts";
import { shardsDefault } from "../home-shard.ts";
import type { Environment, Table } from "./environment.ts";

/**
 * Layout of the whole vault; a vault with another number is refused. 2: every TPAN is at home in
 * the shard of its card, and card ids follow from card keys.
 */
export const vaultLayout = 2;

const key = {
  layout: Buffer.from("layout"),
  incarnation: Buffer.from("incarnation"),
  ptav: Buffer.from("horizon.ptav"),
  de7: Buffer.from("horizon.de7"),
  registry: Buffer.from("registry"),
  shards: Buffer.from("shards"),
  restores: Buffer.from("restores"),
  reseal: Buffer.from("job.reseal"),
} as const;

/** Which claims a horizon bounds: those by PTAV issue time, or those by DE7. */
export type HorizonKind = "ptav" | "de7";

export class Meta {
  readonly #env: Environment;
  readonly #table: Table;

  constructor(env: Environment) {
    this.#env = env;
    this.#table = env.table("meta");
  }

  /** Writes what a new vault starts with; a vault that has a layout is only checked. */
  prepare(random: (bytes: number) => Buffer, create: boolean, shards = shardsDefault): void {
    const layout = this.#table.getBinary(key.layout);
    if (layout === undefined && !create) {
      throw appError("VAULT_NOT_FOUND", `There is no vault at ${this.#env.path}.`);
    }
    if (layout !== undefined) {
      this.#check(layout);
      return;
    }
    this.#env.write(() => {
      // Another process may have prepared the vault while this one waited for the write lock.
      const other = this.#table.getBinary(key.layout);
      if (other !== undefined) return this.#check(other);
      this.#table.putSync(key.layout, u32(vaultLayout));
      this.#table.putSync(key.incarnation, random(16));
      this.#table.putSync(key.registry, u32(1));
      this.#table.putSync(key.shards, u32(shards));
    });
  }

  #check(layout: Buffer): void {
    const found = layout.length === 4 ? layout.readUInt32LE(0) : 0;
    if (found > vaultLayout) {
      const text = `has layout ${found}; this version knows ${vaultLayout}`;
      throw appError("VAULT_TOO_NEW", `The vault at ${this.#env.path} ${text}.`);
    }
    if (found > 0 && found < vaultLayout) {
      const text = `has layout ${found}; this version needs ${vaultLayout}`;
      throw appError(
        "VAULT_TOO_OLD",
        `The vault at ${this.#env.path} ${text}: make a new one and load its cards again.`,
      );
    }
    if (found !== vaultLayout || this.#table.getBinary(key.incarnation)?.length !== 16) {
      throw appError("VAULT_CORRUPT", `The vault at ${this.#env.path} has no readable layout.`);
    }
  }

  /** Which life of the vault this is, 32 hex digits; a restore begins a new one. */
  incarnation(): string {
    return this.#get(key.incarnation).toString("hex");
  }

  /** Unix seconds above which no claim is made; 0 before the first. */
  horizon(kind: HorizonKind): number {
    return this.#table.getBinary(key[kind])?.readUInt32LE(0) ?? 0;
  }

  /** Raises a horizon, never lowers it; flushed when the call returns. */
  raiseHorizon(kind: HorizonKind, seconds: number): void {
    this.#env.write(() => {
      if (seconds > this.horizon(kind)) this.#table.putSync(key[kind], u32(seconds));
    });
  }

  /** Begins a new incarnation; inside the caller's transaction. */
  renew(incarnation: Buffer): void {
    this.#table.putSync(key.incarnation, incarnation);
  }

  /** Version of the registry: one get, no allocation, once a batch. */
  registryVersion(): number {
    const bytes = this.#table.getBinaryFast(key.registry);
    if (bytes === undefined) throw new Error("the vault has no registry version");
    return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
  }

  /** Plus one; inside the caller's transaction. Returns the new version. */
  bumpRegistry(): number {
    const next = this.registryVersion() + 1;
    this.#table.putSync(key.registry, u32(next));
    return next;
  }

  /** Home shards among which this vault's numbers are spread; fixed for its life. */
  shards(): number {
    return this.#get(key.shards).readUInt32LE(0);
  }

  /** How often the vault began a new life after a copy; numbers of notifications leap with it. */
  restores(): number {
    return this.#table.getBinary(key.restores)?.readUInt32LE(0) ?? 0;
  }

  /** Inside the caller's transaction. */
  countRestore(): void {
    this.#table.putSync(key.restores, u32(this.restores() + 1));
  }

  /** Tokens ever minted in a sub-range. */
  subRangeUsed(number: number): number {
    return this.#table.getBinary(fillKey(number))?.readUInt32LE(0) ?? 0;
  }

  /** Inside the caller's transaction. */
  addSubRangeUsed(number: number, count: number): void {
    this.#table.putSync(fillKey(number), u32(this.subRangeUsed(number) + count));
  }

  /** Where the re-seal job goes on, or undefined when none is under way. */
  resealCursor(): Buffer | undefined {
    return this.#table.getBinary(key.reseal);
  }

  /** Inside the caller's transaction. */
  setResealCursor(cursor: Buffer | null): void {
    if (cursor === null) this.#table.removeSync(key.reseal);
    else this.#table.putSync(key.reseal, cursor);
  }

  #get(name: Buffer): Buffer {
    const value = this.#table.getBinary(name);
    if (value === undefined) throw new Error(`the vault has no ${name.toString()}`);
    return value;
  }
}

/** 000 to 999. */
function fillKey(subRange: number): Buffer {
  return Buffer.from(`fill.${String(subRange).padStart(3, "0")}`);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
