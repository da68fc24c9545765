// The audit chain in the history's environment. It grows in the very transaction in which the
// journals' cursors move, so every row that is read stands in it once, whoever folds.
import type { KeyRing } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { Table } from "../store/environment.ts";
import { hashBytes, openBlock, sealBlock } from "./block.ts";
import type { BlockBody } from "./entry.ts";
import { type Mark, nowhere, openMark, sealMark } from "./mark.ts";

export interface ChainTables {
  /** Block number, u64 big-endian -> block. */
  readonly blocks: Table;
  readonly meta: Table;
}

const metaKey = {
  head: Buffer.from("audit.head"),
  base: Buffer.from("audit.base"),
  acts: Buffer.from("audit.acts"),
} as const;

export interface StoredBlock {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** Blocks of one read. */
const pageBlocks = 256;

export class AuditChain {
  readonly #tables: ChainTables;

  constructor(tables: ChainTables) {
    this.#tables = tables;
  }

  /** The newest block; number 0 before the first. */
  head(): Mark {
    const value = this.#tables.meta.getBinary(metaKey.head);
    if (value === undefined) return nowhere;
    return { seq: value.readUIntLE(0, 6), hash: value.subarray(6, 6 + hashBytes) };
  }

  /** Number of the newest act that stands in the chain. */
  actsTaken(): number {
    return this.#tables.meta.getBinary(metaKey.acts)?.readUIntLE(0, 6) ?? 0;
  }

  /** Inside a transaction. KEY_NOT_FOUND where the vault has no audit key. */
  append(ring: KeyRing, body: BlockBody, atMs: number, actsTaken: number): void {
    const key = auditKey(ring);
    const { seq: last, hash: prev } = this.head();
    const seq = last + 1;
    const { bytes, hash } = sealBlock(key, { seq, atMs, prev }, body);
    this.#tables.blocks.putSync(blockKey(seq), bytes);
    const head = Buffer.alloc(6 + hashBytes);
    head.writeUIntLE(seq, 0, 6);
    hash.copy(head, 6);
    this.#tables.meta.putSync(metaKey.head, head);
    if (actsTaken === this.actsTaken()) return;
    const acts = Buffer.alloc(6);
    acts.writeUIntLE(actsTaken, 0, 6);
    this.#tables.meta.putSync(metaKey.acts, acts);
  }

  /** Writes the head as it stands: makes the caller's transaction one that is flushed. */
  touch(): void {
    const value = this.#tables.meta.getBinary(metaKey.head);
    if (value !== undefined) this.#tables.meta.putSync(metaKey.head, value);
  }

  /** What came before the oldest block; undefined where it is not what this vault wrote. */
  base(ring: KeyRing): Mark | undefined {
    const value = this.#tables.meta.getBinary(metaKey.base);
    return value === undefined ? nowhere : openMark(ring, "base", value);
  }

  /** Blocks from number `from` on, in order. */
  *blocks(from = 0): Generator<StoredBlock> {
    let start = from;
    for (;;) {
      const range = { start: blockKey(start), limit: pageBlocks };
      const page = [...this.#tables.blocks.getRange(range)];
      for (const { key, value } of page) {
        const seq = Number(key.readBigUInt64BE(0));
        yield { seq, bytes: value };
        start = seq + 1;
      }
      if (page.length < pageBlocks) return;
    }
  }

  /**
   * Inside a transaction: removes blocks that are older than `beforeMs`, so many at most, and
   * vouches for the place where the chain begins then. Returns how many it removed.
   */
  trim(ring: KeyRing, beforeMs: number, blocksMax: number): number {
    let base: Mark | undefined;
    let removed = 0;
    const head = this.head().seq;
    for (const { key, value } of this.#tables.blocks.getRange({ limit: blocksMax })) {
      const block = openBlock(value);
      // What cannot be read is for an auditor, not for the broom.
      if (typeof block === "string" || block.atMs >= beforeMs || block.seq === head) break;
      base = { seq: block.seq, hash: Buffer.from(block.hash) };
      this.#tables.blocks.removeSync(Buffer.from(key));
      removed++;
    }
    if (base === undefined) return 0;
    this.#tables.meta.putSync(metaKey.base, sealMark(auditKey(ring), "base", base));
    return removed;
  }
}

/** KEY_NOT_FOUND with what to do. */
export function auditKey(ring: KeyRing) {
  const key = ring.findActive("audit");
  if (key !== undefined) return key;
  throw appError(
    "KEY_NOT_FOUND",
    "The vault has no key for its audit chain; 'pantun keys add audit' makes one.",
  );
}

function blockKey(seq: number): Buffer {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(BigInt(seq));
  return key;
}
