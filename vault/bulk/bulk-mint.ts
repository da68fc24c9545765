// TPANs for many rows at once: the rules of `minting/mint.ts`, with indexes computed in lanes.
import { digitsToBcd } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { drawBelow, pickSubRange, pooled, tpanText } from "../minting/mint.ts";
import { capacityOf, fillAlarm, openSubRange } from "../minting/sub-ranges.ts";
import type { BinRange, SubRange } from "../registry/records.ts";
import { bcdBytes } from "../sealing.ts";
import { indexBytes } from "../token-record.ts";
import type { Vault } from "../vault.ts";

/** Bytes of randomness fetched at once. */
export const poolBytes = 12_288;

export interface MintedRows {
  /** TPANs, ten BCD bytes a row. */
  readonly bcd: Buffer;
  readonly indexes: Buffer;
  readonly opened: readonly number[];
}

/** Numbers drawn at once; their homes are one native call. */
const drawnTogether = 256;

/** Numbers of one sub-range that were drawn and wait for a card of their shard. */
class Draws {
  readonly subRange: SubRange;
  readonly #vault: Vault;
  readonly #random: (bytes: number) => Buffer;
  readonly #seen: NumberSet;
  readonly #byShard: number[][];
  readonly #bcd = Buffer.alloc(drawnTogether * bcdBytes);
  readonly #homes = new Uint16Array(drawnTogether);

  constructor(vault: Vault, subRange: SubRange, random: (bytes: number) => Buffer) {
    this.subRange = subRange;
    this.#vault = vault;
    this.#random = random;
    this.#seen = new NumberSet(capacityOf(subRange));
    this.#byShard = Array.from({ length: vault.shards }, () => []);
  }

  /** Writes a number of this shard that was not drawn before. */
  take(shard: number, bcd: Buffer, at: number): void {
    const waiting = this.#byShard[shard]!;
    for (let round = 0; waiting.length === 0; round++) {
      if (round === roundsMax) throw appError("TOKEN_RANGE_FULL", "The token BIN is full.");
      this.#drawMore();
    }
    writeTpan(this.subRange, waiting.pop()!, bcd, at);
  }

  #drawMore(): void {
    const numbers: number[] = [];
    for (let i = 0; i < drawnTogether; i++) {
      const number = drawBelow(this.#random, capacityOf(this.subRange));
      if (!this.#seen.add(number)) continue;
      writeTpan(this.subRange, number, this.#bcd, numbers.length * bcdBytes);
      numbers.push(number);
    }
    this.#vault.sealing.homes.many(this.#bcd, numbers.length, this.#vault.shards, this.#homes);
    for (let i = 0; i < numbers.length; i++) this.#byShard[this.#homes[i]!]!.push(numbers[i]!);
  }
}

/** Rounds without a number for a shard before its share of the sub-range counts as used up. */
const roundsMax = 4_096;

function writeTpan(subRange: SubRange, number: number, bcd: Buffer, at: number): void {
  const digits = Buffer.allocUnsafe(19);
  const length = digits.write(tpanText(subRange, number), "latin1");
  digitsToBcd(digits, 0, length, bcd, at, bcdBytes);
}

export class BulkMint {
  readonly #vault: Vault;
  readonly #range: BinRange;
  /** Numbers drawn in this run, by sub-range. */
  readonly #drawsOf = new Map<number, Draws>();
  readonly opened: number[] = [];
  #draws: Draws | undefined;
  #room = 0;
  #taken = 0;
  readonly #random: (bytes: number) => Buffer;

  constructor(vault: Vault, range: BinRange) {
    this.#vault = vault;
    this.#range = range;
    this.#random = pooled(vault.random, poolBytes);
  }

  /** Writes a TPAN of `shard` that no other row of this run has; it may be an older token's. */
  draw(shard: number, bcd: Buffer, at: number): void {
    this.#next().take(shard, bcd, at);
    this.#taken++;
  }

  /** The sub-range to draw from; opens the next one when this one reaches the alarm level. */
  #next(): Draws {
    if (this.#draws !== undefined && this.#taken < this.#room) return this.#draws;
    this.settle();
    const { subRange, isNew, alarm } = pickSubRange(this.#vault, this.#range);
    if (isNew) openSubRange(this.#vault, subRange);
    if (alarm?.opened !== undefined) this.opened.push(alarm.opened);
    const used = this.#vault.meta.subRangeUsed(subRange.number);
    const level = Math.floor(capacityOf(subRange) * fillAlarm);
    // Beyond the alarm level, where no other can be opened, go on in small steps to the end.
    this.#room = used < level ? level - used : Math.floor((capacityOf(subRange) - used) / 2);
    if (this.#room < 1) throw appError("TOKEN_RANGE_FULL", "The token BIN is full.");
    let draws = this.#drawsOf.get(subRange.number);
    if (draws === undefined) {
      draws = new Draws(this.#vault, subRange, this.#random);
      this.#drawsOf.set(subRange.number, draws);
    }
    this.#draws = draws;
    return draws;
  }

  /** Counts what was drawn; inside the caller's transaction. */
  settle(): void {
    if (this.#draws === undefined) return;
    this.#vault.meta.addSubRangeUsed(this.#draws.subRange.number, this.#taken);
    this.#draws = undefined;
    this.#taken = 0;
  }

  /** Draws again for a row whose number turned out to be an older token's, which does not count. */
  redraw(shard: number, bcd: Buffer, at: number): void {
    const subRange = (bcd[at + 3]! >> 4) * 100 + (bcd[at + 3]! & 15) * 10 + (bcd[at + 4]! >> 4);
    this.#vault.meta.addSubRangeUsed(subRange, -1);
    this.draw(shard, bcd, at);
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

/**
 * TPANs and their indexes for `ranges[i]` and home `shards[i]` each, none of which any token has or
 * had; inside the caller's write transaction.
 */
export function mintRows(
  vault: Vault,
  ranges: Uint16Array,
  shards: Uint16Array,
  count: number,
): MintedRows {
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
  for (let row = 0; row < count; row++) {
    mintOf(ranges[row]!).draw(shards[row]!, bcd, row * bcdBytes);
  }
  vault.sealing.indexes("token", bcd, count, indexes);
  if (vault.tables.tokens.getKeysCount({ limit: 1 }) > 0) {
    for (let row = 0; row < count; row++) {
      const key = indexes.subarray(row * indexBytes, (row + 1) * indexBytes);
      const at = row * bcdBytes;
      while (vault.tables.tokens.doesExist(key)) {
        mintOf(ranges[row]!).redraw(shards[row]!, bcd, at);
        vault.sealing.index("token", bcd.subarray(at, at + bcdBytes)).copy(key);
      }
    }
  }
  for (const mint of mints.values()) mint.settle();
  return { bcd, indexes, opened: [...mints.values()].flatMap((mint) => mint.opened) };
}
