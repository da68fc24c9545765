// New TPANs: the token BIN, the sub-range of the card's BIN range, random digits, a check digit.
// Drawn from the CSPRNG, never counted up, never derived from the PAN; a number that any token
// has or had is drawn again, and so is one that is not at home in its card's shard.
import { ClearPAN, luhnDigit } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { BinRange, SubRange } from "../registry/records.ts";
import { tokenBin } from "../registry/registry-admin.ts";
import { bcdBytes } from "../sealing.ts";
import { indexBytes } from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { capacityOf, fillAlarm, nextSubRange, openSubRangesOf } from "./sub-ranges.ts";

/**
 * Draws a shard before a sub-range counts as full. At the alarm level a draw in the right shard
 * fails with 0.7; this many fail together only where fewer than one number in a hundred is left.
 */
const drawsMax = 1024;

/** Numbers drawn at once: about as many as it takes to meet one of 16 shards. */
const drawnTogether = 32;

/** What minting has to say to an operator: a metric and an alarm, never a refusal by itself. */
export interface CapacityAlarm {
  readonly subRange: number;
  readonly fill: number;
  /** The sub-range that was opened because of it. */
  readonly opened: number | undefined;
}

/** A number that no token has or had. */
export interface Drawn {
  readonly tpan: ClearPAN;
  readonly index: Buffer;
}

/** Where the next number of a BIN range comes from. */
export interface SubRangePick {
  readonly subRange: SubRange;
  /** True where the registry does not have it yet: whoever stores the token stores it too. */
  readonly isNew: boolean;
  readonly alarm: CapacityAlarm | undefined;
}

/** Bytes of randomness that a draw takes. */
export const drawBytes = 6;

/** A random integer below `limit` without modulo bias. */
export function drawBelow(random: (bytes: number) => Buffer, limit: number): number {
  const ceiling = 2 ** 48 - (2 ** 48 % limit);
  for (;;) {
    const drawn = random(drawBytes).readUIntBE(0, drawBytes);
    if (drawn < ceiling) return drawn % limit;
  }
}

/** The same randomness fetched in pieces of `poolBytes`: a call a draw costs more than the draw. */
export function pooled(
  random: (bytes: number) => Buffer,
  poolBytes: number,
): (bytes: number) => Buffer {
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

/** The TPAN with these random digits. */
export function tpanText(subRange: SubRange, drawn: number): string {
  const body = String(drawn).padStart(subRange.digits - 10, "0");
  const head = tokenBin + String(subRange.number).padStart(3, "0") + body;
  return head + luhnDigit(head);
}

/**
 * The sub-range to mint in, and the alarm where one is due. A sub-range above the alarm level is
 * used only while no other can be opened. `reserved`: sub-ranges that are given out and not stored
 * yet. Writes nothing. Error: TOKEN_RANGE_FULL.
 */
export function pickSubRange(
  vault: Vault,
  range: BinRange,
  reserved: readonly SubRange[] = [],
): SubRangePick {
  const open = openSubRangesOf(vault, range.number);
  const coming = reserved.filter((one) => one.range === range.number);
  const fillOf = (one: SubRange) => (vault.meta.subRangeUsed(one.number) + 1) / capacityOf(one);
  const roomy = open.find((one) => fillOf(one) <= fillAlarm);
  if (roomy !== undefined) return { subRange: roomy, isNew: false, alarm: undefined };
  const last = open.at(-1);
  const next =
    coming[0] ?? nextSubRange(vault, range.number, last?.digits ?? vault.tpanDigits, reserved);
  if (next !== undefined) {
    const alarm = last && { subRange: last.number, fill: fillOf(last), opened: next.number };
    return { subRange: next, isNew: true, alarm };
  }
  const spare = open.find((one) => fillOf(one) < 1);
  if (spare === undefined) {
    throw appError("TOKEN_RANGE_FULL", "All sub-ranges of the token BIN are given out.");
  }
  const alarm = { subRange: spare.number, fill: fillOf(spare), opened: undefined };
  return { subRange: spare, isNew: false, alarm };
}

/**
 * Draws a TPAN of the sub-range that is at home in `shard`, that no token has or had, that lies in
 * no card range and that `isTaken` does not refuse. Writes nothing. Error: TOKEN_RANGE_FULL.
 */
export function drawTpan(
  vault: Vault,
  subRange: SubRange,
  shard: number,
  isTaken: (index: Buffer) => boolean = () => false,
): Drawn {
  const { homes } = vault.sealing;
  const bcd = Buffer.alloc(drawnTogether * bcdBytes);
  const found = new Uint16Array(drawnTogether);
  const random = pooled(vault.random, drawnTogether * drawBytes);
  for (let draws = 0; draws < drawsMax * vault.shards; draws += drawnTogether) {
    const numbers = Array.from({ length: drawnTogether }, () => {
      return ClearPAN.parse(tpanText(subRange, drawBelow(random, capacityOf(subRange))));
    });
    numbers.forEach((tpan, i) => {
      tpan.bcdTo(bcd, i * bcdBytes);
    });
    homes.many(bcd, drawnTogether, vault.shards, found);
    for (let i = 0; i < drawnTogether; i++) {
      if (found[i] !== shard) continue;
      const index = vault.sealing.index("token", bcd.subarray(i * bcdBytes, (i + 1) * bcdBytes));
      if (vault.tables.tokens.doesExist(index) || isTaken(index)) continue;
      if (!isCardNumber(vault, numbers[i]!)) return { tpan: numbers[i]!, index };
    }
  }
  throw appError("TOKEN_RANGE_FULL", `Sub-range ${subRange.number} of the token BIN is full.`);
}

/** True where the number lies in a registered range of card numbers. */
export function isCardNumber(vault: Vault, tpan: ClearPAN): boolean {
  const digits = Buffer.alloc(19);
  const length = tpan.copyTo(digits, 0);
  return vault.registry().findRange(digits, 0, length) !== undefined;
}

/**
 * A UUIDv7 (RFC 9562): milliseconds, then a sequence that keeps one batch in order, then random.
 */
export function tokenRef(random: (bytes: number) => Buffer, nowMs: number, sequence = 0): Buffer {
  const ref = Buffer.alloc(indexBytes);
  ref.writeUIntBE(nowMs, 0, 6);
  random(8).copy(ref, 8);
  if (sequence === 0) random(2).copy(ref, 6);
  else {
    ref.writeUInt16BE((sequence >>> 14) & 0xfff, 6);
    ref.writeUInt16BE(sequence & 0x3fff, 8);
  }
  ref[6] = 0x70 | (ref[6]! & 0x0f);
  ref[8] = 0x80 | (ref[8]! & 0x3f);
  return ref;
}

/** A token reference as text: 8-4-4-4-12. */
export function refText(ref: Buffer): string {
  const hex = ref.toString("hex");
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, i) => hex.slice(cuts[i], end))
    .join("-");
}

/** Parses a token reference; undefined when the text is none. */
export function parseRef(text: string): Buffer | undefined {
  const plain = text.startsWith("tok_") ? text.slice(4) : text;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plain)) return undefined;
  return Buffer.from(plain.replaceAll("-", ""), "hex");
}
