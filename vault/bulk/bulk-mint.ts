// TPANs for many rows at once: the rules of `minting/mint.ts`, with indexes computed in lanes.
import { digitsToBcd } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { drawBelow, pickSubRange, tpanText } from "../minting/mint.ts";
import { capacityOf, fillAlarm } from "../minting/sub-ranges.ts";
import type { BinRange, SubRange } from "../registry/records.ts";
import { bcdBytes } from "../sealing.ts";
import { indexBytes } from "../token-record.ts";
import type { Vault } from "../vault.ts";

/** Bytes of randomness fetched at once: a call a draw would cost more than the draw. */
const poolBytes = 12_288;

export interface MintedRows {
  /** TPANs, ten BCD bytes a row. */
  readonly bcd: Buffer;
  readonly indexes: Buffer;
  readonly opened: readonly number[];
}

export class BulkMint {
  readonly #vault: Vault;
  readonly #range: BinRange;
  /** Numbers drawn in this run, by sub-range. */
  readonly #drawnOf = new Map<number, NumberSet>();
  readonly opened: number[] = [];
  #subRange: SubRange | undefined;
  #room = 0;
  #drawn = 0;
  readonly #random: (bytes: number) => Buffer;

  constructor(vault: Vault, range: BinRange) {
    this.#vault = vault;
    this.#range = range;
    this.#random = pooled(vault.random);
  }

  /** Writes a TPAN that no other row of this run has; it may still be an older token's. */
  draw(bcd: Buffer, at: number): void {
    const digits = Buffer.allocUnsafe(19);
    for (;;) {
      const subRange = this.#next();
      const number = drawBelow(this.#random, capacityOf(subRange));
      if (!this.#takenIn(subRange).add(number)) continue;
      const length = digits.write(tpanText(subRange, number), "latin1");
      digitsToBcd(digits, 0, length, bcd, at, bcdBytes);
      this.#drawn++;
      return;
    }
  }

  #takenIn(subRange: SubRange): NumberSet {
    let taken = this.#drawnOf.get(subRange.number);
    if (taken === undefined) {
      taken = new NumberSet(capacityOf(subRange));
      this.#drawnOf.set(subRange.number, taken);
    }
    return taken;
  }

  /** The sub-range to draw from; opens the next one when this one reaches the alarm level. */
  #next(): SubRange {
    if (this.#subRange !== undefined && this.#drawn < this.#room) return this.#subRange;
    this.settle();
    const { subRange, alarm } = pickSubRange(this.#vault, this.#range);
    if (alarm?.opened !== undefined) this.opened.push(alarm.opened);
    const used = this.#vault.meta.subRangeUsed(subRange.number);
    const level = Math.floor(capacityOf(subRange) * fillAlarm);
    // Beyond the alarm level, where no other can be opened, go on in small steps to the end.
    this.#room = used < level ? level - used : Math.floor((capacityOf(subRange) - used) / 2);
    if (this.#room < 1) throw appError("TOKEN_RANGE_FULL", "The token BIN is full.");
    this.#subRange = subRange;
    return subRange;
  }

  /** Counts what was drawn; inside the caller's transaction. */
  settle(): void {
    if (this.#subRange === undefined) return;
    this.#vault.meta.addSubRangeUsed(this.#subRange.number, this.#drawn);
    this.#subRange = undefined;
    this.#drawn = 0;
  }

  /** Draws again for a row whose number turned out to be an older token's, which does not count. */
  redraw(bcd: Buffer, at: number): void {
    const subRange = (bcd[at + 3]! >> 4) * 100 + (bcd[at + 3]! & 15) * 10 + (bcd[at + 4]! >> 4);
    this.#vault.meta.addSubRangeUsed(subRange, -1);
    this.draw(bcd, at);
  }
}

/** Above this a bit a number is more memory than a set of those that were drawn. */
const bitsMax = 10_000_000;

/** Which numbers were drawn: a bit each where the range is small, a set otherwise. */
class NumberSet {
  readonly #bits: Uint8Array | undefined;
  readonly #set = new Set<number>();

  constructor(capacity: number) {
    if (capacity <= bitsMax) this.#bits = new Uint8Array((capacity + 7) >> 3);
  }

  /** False when the number was in it already. */
  add(number: number): boolean {
    const bits = this.#bits;
    if (bits === undefined) {
      if (this.#set.has(number)) return false;
      this.#set.add(number);
      return true;
    }
    const mask = 1 << (number & 7);
    if ((bits[number >> 3]! & mask) !== 0) return false;
    bits[number >> 3]! |= mask;
    return true;
  }
}

/** The same randomness fetched in larger pieces. */
export function pooled(random: (bytes: number) => Buffer): (bytes: number) => Buffer {
  let pool: Buffer = Buffer.alloc(0);
  let at = 0;
  return (bytes) => {
    if (at + bytes > pool.length) {
      pool = random(poolBytes);
      at = 0;
    }
    at += bytes;
    return pool.subarray(at - bytes, at);
  };
}

/**
 * TPANs and their indexes for `ranges[i]` each, none of which any token has or had; inside the
 * caller's write transaction.
 */
export function mintRows(vault: Vault, ranges: Uint16Array, count: number): MintedRows {
  const bcd = Buffer.alloc(count * bcdBytes);
  const indexes = Buffer.alloc(count * indexBytes);
  const mints = new Map<number, BulkMint>();
  const mintOf = (range: number) => {
    let mint = mints.get(range);
    if (mint === undefined) {
      mint = new BulkMint(vault, vault.registry().ranges[range]!);
      mints.set(range, mint);
    }
    return mint;
  };
  for (let row = 0; row < count; row++) mintOf(ranges[row]!).draw(bcd, row * bcdBytes);
  vault.sealing.indexes("token", bcd, count, indexes);
  if (vault.tables.tokens.getKeysCount({ limit: 1 }) > 0) {
    for (let row = 0; row < count; row++) redraw(vault, mintOf(ranges[row]!), bcd, indexes, row);
  }
  for (const mint of mints.values()) mint.settle();
  return { bcd, indexes, opened: [...mints.values()].flatMap((mint) => mint.opened) };
}

/** Draws again while the row's TPAN is an older token's. */
function redraw(vault: Vault, mint: BulkMint, bcd: Buffer, indexes: Buffer, row: number): void {
  const key = indexes.subarray(row * indexBytes, (row + 1) * indexBytes);
  while (vault.tables.tokens.doesExist(key)) {
    mint.redraw(bcd, row * bcdBytes);
    vault.sealing.index("token", bcd.subarray(row * bcdBytes, (row + 1) * bcdBytes)).copy(key);
  }
}
