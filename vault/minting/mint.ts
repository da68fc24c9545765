// New TPANs: the token BIN, the sub-range of the card's BIN range, random digits, a check digit.
// Drawn from the CSPRNG, never counted up, never derived from the PAN; a number that any token
// has or had is drawn again.
import { ClearPAN, luhnDigit } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { BinRange, SubRange } from "../registry/records.ts";
import { tokenBin } from "../registry/registry-admin.ts";
import { bcdBytes } from "../sealing.ts";
import { indexBytes } from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { capacityOf, fillAlarm, openSubRange, openSubRangesOf } from "./sub-ranges.ts";

/**
 * Draws before a sub-range counts as full. At the alarm level a draw fails with 0.7; this many fail
 * together only where fewer than one number in a hundred is left.
 */
const drawsMax = 1024;

/** What minting has to say to an operator: a metric and an alarm, never a refusal by itself. */
export interface CapacityAlarm {
  readonly subRange: number;
  readonly fill: number;
  /** The sub-range that was opened because of it. */
  readonly opened: number | undefined;
}

export interface Minted {
  readonly tpan: ClearPAN;
  readonly index: Buffer;
  readonly alarm: CapacityAlarm | undefined;
}

/** A random integer below `limit` without modulo bias. */
export function drawBelow(random: (bytes: number) => Buffer, limit: number): number {
  const ceiling = 2 ** 48 - (2 ** 48 % limit);
  for (;;) {
    const drawn = random(6).readUIntBE(0, 6);
    if (drawn < ceiling) return drawn % limit;
  }
}

/** The TPAN with these random digits. */
export function tpanText(subRange: SubRange, drawn: number): string {
  const body = String(drawn).padStart(subRange.digits - 10, "0");
  const head = tokenBin + String(subRange.number).padStart(3, "0") + body;
  return head + luhnDigit(head);
}

/**
 * The sub-range to mint in, and the alarm where one is due; inside the caller's transaction. A
 * sub-range above the alarm level is used only while no other can be opened.
 */
export function pickSubRange(
  vault: Vault,
  range: BinRange,
  wanted = 1,
): { readonly subRange: SubRange; readonly alarm: CapacityAlarm | undefined } {
  const open = openSubRangesOf(vault, range.number);
  const fillOf = (one: SubRange) =>
    (vault.meta.subRangeUsed(one.number) + wanted) / capacityOf(one);
  const roomy = open.find((one) => fillOf(one) <= fillAlarm);
  if (roomy !== undefined) return { subRange: roomy, alarm: undefined };
  const last = open.at(-1);
  try {
    const subRange = openSubRange(vault, range.number, last?.digits ?? vault.tpanDigits);
    const alarm = last && { subRange: last.number, fill: fillOf(last), opened: subRange.number };
    return { subRange, alarm };
  } catch (error) {
    const spare = open.find((one) => fillOf(one) < 1);
    if (spare === undefined) throw error;
    const alarm = { subRange: spare.number, fill: fillOf(spare), opened: undefined };
    return { subRange: spare, alarm };
  }
}

/**
 * Mints one TPAN for a card of `range`, and counts it; inside the caller's write transaction, which
 * makes the check for an older token of that number exact. Error: TOKEN_RANGE_FULL.
 */
export function mint(vault: Vault, range: BinRange): Minted {
  const { subRange, alarm } = pickSubRange(vault, range);
  const bcd = Buffer.alloc(bcdBytes);
  for (let draw = 0; draw < drawsMax; draw++) {
    const tpan = ClearPAN.parse(tpanText(subRange, drawBelow(vault.random, capacityOf(subRange))));
    tpan.bcdTo(bcd, 0);
    const index = vault.sealing.index("token", bcd);
    if (vault.tables.tokens.doesExist(index) || isCardNumber(vault, tpan)) continue;
    vault.meta.addSubRangeUsed(subRange.number, 1);
    return { tpan, index, alarm };
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
