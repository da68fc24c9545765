// The verification table: every check of a token payment, in the order in which they are made. The
// first one that fails gives the reason. Pure: a check reads the row's columns, it changes and
// counts nothing. Checks of the message as a whole (format, MAC, age) come before, the claim after.
import { ptavFormatValid } from "../codec/ptav/mod.ts";
import { reason, reasonTable } from "../platform/mod.ts";
import {
  cardReason,
  cardStatus,
  type Registry,
  type Requestor,
  suspendedBy,
  tokenAt,
  tokenStatus,
  tokenType,
} from "../vault/mod.ts";
import { threeDigits } from "./digits.ts";
import type { Rows } from "./rows.ts";

/** What the checks read besides the row. */
export interface Facts {
  registry: Registry;
  /** By KVN: 1 where PTAVs under this key version may be verified. */
  readonly kvnVerifiable: Uint8Array;
  /** By row: 1 when the recomputed MAC equals the PTAV's. */
  readonly macEqual: Uint8Array;
  ptavTtlSeconds: number;
}

export interface Check {
  /** Number in the published table; the order of this list is the order of judgement. */
  readonly row: string;
  readonly reason: number;
  readonly initiation: "any" | "CIT" | "MIT";
  readonly failed: (rows: Rows, row: number, facts: Facts) => boolean;
}

/** How far ahead of our clock a PTAV's time of issue may be: another node's clock. */
export const ptavSkewSeconds = 60;

/** Message tags of DE120 that the checks read. */
export const tag = {
  TRID: 3,
  PTAV: 4,
  INITIATION: 5,
  MIT_TYPE: 6,
  STORED: 7,
  AGREEMENT: 8,
} as const;

/** Reasons have four digits. */
const reasonMax = 10_000;
const approved = packed("00");
const ascii = { R: 0x52, I: 0x49, U: 0x55, zero: 0x30, one: 0x31, two: 0x32, eight: 0x38 };

/** First byte of a one-character tag; 0 when it is absent. */
export function tagByte(rows: Rows, row: number, number: number): number {
  const view = rows.views[row]!;
  return view.tags.has(number) ? (view.buf[view.tags.offset(number)] as number) : 0;
}

export function isMit(rows: Rows, row: number): boolean {
  return rows.mit[row] === 1;
}

/** Bit of a MIT type in an agreement; 0 for what is none. */
export function mitTypeBit(letter: number): number {
  if (letter === ascii.R) return 1;
  if (letter === ascii.I) return 2;
  return letter === ascii.U ? 4 : 0;
}

function tridMissing(rows: Rows, row: number): boolean {
  const { buf, tags } = rows.views[row]!;
  if (!tags.has(tag.TRID) || tags.length(tag.TRID) !== 11) return true;
  const at = tags.offset(tag.TRID);
  for (let i = 0; i < 11; i++) if (((buf[at + i] as number) - ascii.zero) >>> 0 > 9) return true;
  return false;
}

/** The record holds the TRID as 12 BCD digits, the first one zero. */
function tridDiffers(rows: Rows, row: number): boolean {
  const { buf, tags } = rows.views[row]!;
  const at = tags.offset(tag.TRID);
  let different = rows.byte(row, tokenAt.trid) ^ ((buf[at] as number) - ascii.zero);
  for (let i = 1; i < 6; i++) {
    const high = (buf[at + 2 * i - 1] as number) - ascii.zero;
    const low = (buf[at + 2 * i] as number) - ascii.zero;
    different |= rows.byte(row, tokenAt.trid + i) ^ ((high << 4) | low);
  }
  return different !== 0;
}

function requestorRefuses(rows: Rows, row: number, facts: Facts): boolean {
  const number = rows.half(row, tokenAt.requestor);
  const requestor: Requestor | undefined = facts.registry.requestors[number];
  if (requestor === undefined || requestor.status !== "ACTIVE") return true;
  const view = rows.views[row]!;
  if (!requestor.acquirers.has(view.buf, view.offset(32), view.length(32))) return true;
  if (requestor.merchants.size === 0) return false;
  return !requestor.merchants.hasTrimmed(view.buf, view.offset(42), view.length(42));
}

function suspended(rows: Rows, row: number): boolean {
  return (
    rows.byte(row, tokenAt.status) === tokenStatus.SUSPENDED ||
    rows.byte(row, tokenAt.cardStatus) === cardStatus.SUSPENDED
  );
}

function expiryRefused(rows: Rows, row: number): boolean {
  if (rows.byte(row, tokenAt.status) === tokenStatus.EXPIRED) return true;
  const expiry = rows.expiry[row] as number;
  if (expiry < rows.monthNow) return true;
  const previous = rows.half(row, tokenAt.previousExpiry);
  return expiry !== rows.half(row, tokenAt.expiry) && (previous === 0 || expiry !== previous);
}

function cardNotActive(rows: Rows, row: number): boolean {
  return (
    rows.byte(row, tokenAt.cardStatus) === cardStatus.DELETED ||
    rows.half(row, tokenAt.cardExpiry) < rows.monthNow
  );
}

/** DE22: 810-812 e-commerce with a token, 100-102 credential on file; a MIT is always on file. */
function channelRefused(rows: Rows, row: number): boolean {
  if (rows.byte(row, tokenAt.type) !== tokenType.ECOM_COF) return true;
  const view = rows.views[row]!;
  const mode = threeDigits(view.buf, view.offset(22));
  const onFile = mode >= 100 && mode <= 102;
  return isMit(rows, row) ? !onFile : !onFile && !(mode >= 810 && mode <= 812);
}

function ptavFormatWrong(rows: Rows, row: number): boolean {
  return rows.ptavDecoded[row] === 0 || !ptavFormatValid(rows.ptav, row * 20);
}

function ptavOutOfTime(rows: Rows, row: number, facts: Facts): boolean {
  const issuedAt = rows.ptav.readUInt32BE(row * 20 + 8);
  if (issuedAt > rows.nowSeconds + ptavSkewSeconds) return true;
  if (issuedAt + facts.ptavTtlSeconds < rows.nowSeconds) return true;
  return issuedAt <= rows.word(row, tokenAt.ptavNotBefore);
}

function noAgreement(rows: Rows, row: number): boolean {
  const types = rows.agreementTypes[row] as number;
  return (types & mitTypeBit(tagByte(rows, row, tag.MIT_TYPE))) === 0;
}

const status = (wanted: number) => (rows: Rows, row: number) =>
  rows.byte(row, tokenAt.status) === wanted;

/** Checks of every token payment. */
export const checks: readonly Check[] = [
  any("4", reason.TOKEN_UNKNOWN, (rows, row) => rows.found[row] === 0),
  any("5", reason.TRID_MISSING, tridMissing),
  any("6", reason.TRID_MISMATCH, tridDiffers),
  any("7", reason.REQUESTOR_NOT_ALLOWED, requestorRefuses),
  any("8", reason.TOKEN_DELETED, status(tokenStatus.DELETED)),
  any("8a", reason.TOKEN_INACTIVE, status(tokenStatus.INACTIVE)),
  any("9", reason.TOKEN_SUSPENDED, suspended),
  any("10", reason.TOKEN_EXPIRED, expiryRefused),
  any("11", reason.CARD_NOT_ACTIVE, cardNotActive),
  any("23", reason.CHANNEL_NOT_ALLOWED, channelRefused),
  any(
    "24",
    reason.SUSPECTED_FRAUD,
    (rows, row) => rows.word(row, tokenAt.flaggedUntil) > rows.nowSeconds,
  ),
  cit("12", reason.PTAV_MISSING, (rows, row) => !rows.views[row]!.tags.has(tag.PTAV)),
  cit("13", reason.PTAV_FORMAT, ptavFormatWrong),
  cit(
    "14",
    reason.PTAV_KEY,
    (rows, row, facts) => facts.kvnVerifiable[rows.ptav[row * 20 + 1] as number] === 0,
  ),
  cit("15", reason.PTAV_INVALID, (_rows, row, facts) => facts.macEqual[row] === 0),
  cit("16", reason.PTAV_EXPIRED, ptavOutOfTime),
  mit(
    "20",
    reason.MIT_TYPE_INVALID,
    (rows, row) => mitTypeBit(tagByte(rows, row, tag.MIT_TYPE)) === 0,
  ),
  mit("21", reason.MIT_NO_AGREEMENT, noAgreement),
];

function any(row: string, code: number, failed: Check["failed"]): Check {
  return { row, reason: code, initiation: "any", failed };
}

function cit(row: string, code: number, failed: Check["failed"]): Check {
  return { row, reason: code, initiation: "CIT", failed };
}

function mit(row: string, code: number, failed: Check["failed"]): Check {
  return { row, reason: code, initiation: "MIT", failed };
}

/**
 * DE39 where the reason alone does not decide it: a suspension says lost (41) or stolen (43) when
 * that is the issuer's cause, a deleted card says 14. Null: the table of reasons decides.
 */
function responseOverride(rows: Rows, row: number): string | null {
  const code = rows.reason[row];
  if (code === reason.ORIGINAL_NOT_FOUND) {
    // A reversal advice is never declined.
    return (rows.views[row]!.mti & 0xffe) === 0x420 ? "00" : null;
  }
  if (code === reason.TOKEN_SUSPENDED) {
    const byIssuer = (rows.byte(row, tokenAt.suspendedBy) & suspendedBy.ISSUER) !== 0;
    if (!byIssuer && rows.byte(row, tokenAt.cardStatus) !== cardStatus.SUSPENDED) return null;
    const cause = rows.byte(row, tokenAt.cardReason);
    if (cause === cardReason.LOST) return "41";
    return cause === cardReason.STOLEN ? "43" : null;
  }
  if (code === reason.CARD_NOT_ACTIVE) {
    return rows.byte(row, tokenAt.cardStatus) === cardStatus.DELETED ? "14" : "54";
  }
  return null;
}

/** DE39 by reason: two characters in one number, the first one in the high byte. */
const responses = new Uint16Array(reasonMax).fill(packed("96"));
for (const row of reasonTable.values()) responses[row.code] = packed(row.de39);

/** DE39 of the answer, two characters in one number, the first one in the high byte. */
export function responseOf(rows: Rows, row: number): number {
  const code = rows.reason[row] as number;
  if (code === reason.VERIFIED) return approved;
  const override = responseOverride(rows, row);
  return override === null ? (responses[code] as number) : packed(override);
}

function packed(text: string): number {
  return (text.charCodeAt(0) << 8) | text.charCodeAt(1);
}
