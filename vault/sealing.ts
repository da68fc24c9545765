// Blind indexes and sealed blocks, through the batch lanes. Index of a TPAN: AES-CMAC under the
// index key over its ten BCD bytes. Index of a PAN: the same key over a fixed 16-byte block and
// then the ten bytes. The two inputs never have the same length, so the two kinds of index never
// coincide by input and a TPAN's index says nothing about a PAN's.
import { CmacLanes, type Key, type KeyRing, SivLanes } from "../crypto/mod.ts";
import { appError } from "../platform/mod.ts";
import { bcdBytes, Homes, routeKeyOf } from "./home-shard.ts";
import { indexBytes, sealedBytes } from "./token-record.ts";

/** Lanes of one native call; more gain nothing (0.08 µs a CMAC at 128 lanes). */
export const lanesMax = 256;

export { bcdBytes };

/** Sealed plaintext: BCD (10), expiry BCD (2), reserved (4). */
export const plainBytes = 16;

const cardDomain = Buffer.from("pantun card idx\0", "latin1");

export type IndexKind = "token" | "card";

export class Sealing {
  readonly ring: KeyRing;
  readonly indexVersion: number;
  readonly sealVersion: number;
  readonly #indexLanes: CmacLanes;
  readonly #sivLanes = new Map<number, SivLanes>();
  readonly #one = Buffer.alloc(sealedBytes);
  #homes: Homes | undefined;

  constructor(ring: KeyRing) {
    this.ring = ring;
    const index = ring.active("index");
    this.indexVersion = index.version;
    this.sealVersion = ring.active("seal").version;
    this.#indexLanes = indexLanesOf(index);
  }

  /**
   * Indexes of `count` numbers: `bcd` has ten bytes a row, `out` gets sixteen a row. `lanes` are
   * those of another index key during its rotation.
   */
  indexes(kind: IndexKind, bcd: Buffer, count: number, out: Buffer, lanes?: CmacLanes): void {
    const use = lanes ?? this.#indexLanes;
    const head = kind === "card" ? cardDomain.length : 0;
    for (let from = 0; from < count; from += lanesMax) {
      const many = Math.min(lanesMax, count - from);
      for (let lane = 0; lane < many; lane++) {
        const at = use.at(lane);
        if (head > 0) use.bytes.set(cardDomain, at);
        const start = (from + lane) * bcdBytes;
        bcd.copy(use.bytes, at + head, start, start + bcdBytes);
        use.setLength(lane, head + bcdBytes);
      }
      use.run(many);
      use.out.copy(out, from * indexBytes, 0, many * indexBytes);
    }
    use.bytes.fill(0);
  }

  /** The index of one number. */
  index(kind: IndexKind, bcd: Buffer): Buffer {
    const out = Buffer.alloc(indexBytes);
    this.indexes(kind, bcd, 1, out);
    return out;
  }

  /**
   * Seals `count` blocks, under the active key unless a version is named: 16 bytes of plaintext and
   * of AD a row, 32 out.
   */
  sealMany(
    plain: Buffer,
    ad: Buffer,
    count: number,
    out: Buffer,
    version = this.sealVersion,
  ): void {
    const lanes = this.#lanesFor(version);
    for (let from = 0; from < count; from += lanesMax) {
      const many = Math.min(lanesMax, count - from);
      const start = from * plainBytes;
      plain.copy(lanes.plain, 0, start, start + many * plainBytes);
      ad.copy(lanes.ad, 0, start, start + many * plainBytes);
      lanes.seal(many);
      lanes.sealed.copy(out, from * sealedBytes, 0, many * sealedBytes);
    }
    lanes.plain.fill(0);
  }

  /** Seals one block, under the active key unless a version is named; returns 32 bytes. */
  seal(plain: Buffer, ad: Buffer, version = this.sealVersion): Buffer {
    const out = Buffer.alloc(sealedBytes);
    this.sealMany(plain, ad, 1, out, version);
    return out;
  }

  /**
   * Opens up to `lanesMax` blocks of one key version into `plain`; returns how many failed their
   * tag and sets `ok` per row. A failed row's plaintext is zero.
   */
  openMany(sealed: Buffer, ad: Buffer, count: number, version: number, rows: OpenedRows): number {
    const lanes = this.#lanesFor(version);
    sealed.copy(lanes.sealed, 0, 0, count * sealedBytes);
    ad.copy(lanes.ad, 0, 0, count * indexBytes);
    lanes.open(count);
    lanes.plain.copy(rows.plain, 0, 0, count * plainBytes);
    lanes.plain.fill(0);
    let failed = 0;
    for (let i = 0; i < count; i++) {
      rows.ok[i] = lanes.ok[i]!;
      if (lanes.ok[i] === 0) failed++;
    }
    return failed;
  }

  /** Opens one block. Throws VAULT_CORRUPT when its tag fails: somebody changed or moved it. */
  open(sealed: Buffer, ad: Buffer, version: number): Buffer {
    const rows = { plain: Buffer.alloc(plainBytes), ok: new Uint8Array(1) };
    sealed.copy(this.#one);
    if (this.openMany(this.#one, ad, 1, version, rows) > 0) {
      throw appError("VAULT_CORRUPT", "A sealed block of the vault fails its tag.");
    }
    return rows.plain;
  }

  /** Where numbers are at home. KEY_NOT_FOUND where the key ring has no routing key. */
  get homes(): Homes {
    this.#homes ??= new Homes(routeKeyOf(this.ring));
    return this.#homes;
  }

  #lanesFor(version: number): SivLanes {
    let lanes = this.#sivLanes.get(version);
    if (lanes !== undefined) return lanes;
    const key = this.ring.find("seal", version);
    if (key === undefined) {
      throw appError("KEY_NOT_FOUND", `The key ring has no sealing key of version ${version}.`);
    }
    lanes = new SivLanes(key.bytes, lanesMax);
    this.#sivLanes.set(version, lanes);
    return lanes;
  }
}

/** What `openMany` fills: 16 bytes of plaintext a row, and 1 or 0. */
export interface OpenedRows {
  readonly plain: Buffer;
  readonly ok: Uint8Array;
}

/** Index lanes for one key version. */
export function indexLanesOf(key: Key): CmacLanes {
  return new CmacLanes(key.bytes, { lanesMax, bytesMax: 32 });
}
