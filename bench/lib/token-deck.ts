// What a payment needs to know of each token of a vault: number, expiry, requestor, index. In one
// buffer, since a million objects would be the benchmark.

import { bcdToDigits } from "../../codec/pan/mod.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import { SivLanes } from "../../crypto/mod.ts";
import { indexBytes, sealedBytes, tokenAt, tridBytes, type Vault } from "../../vault/mod.ts";

/** Generated vaults have 16-digit TPANs only, so every message has the same length. */
export const tpanDigits = 16;
export const expiryDigits = 4;
export const tridDigits = 11;

/** Offsets within a token's entry. */
export const deckAt = { tpan: 0, expiry: 16, trid: 20, index: 32 } as const;
export const deckEntryBytes = 48;

/** Sealed blocks opened at once. */
const lanesMax = 256;
const bcdBytes = 10;
const zero = 0x30;

export class TokenDeck {
  readonly bytes: Buffer;
  readonly count: number;

  constructor(bytes: Buffer) {
    if (bytes.length === 0 || bytes.length % deckEntryBytes !== 0) {
      throw new RangeError("these bytes are no token deck");
    }
    this.bytes = bytes;
    this.count = bytes.length / deckEntryBytes;
  }

  /** Offset of a token's entry in `bytes`. */
  at(token: number): number {
    return token * deckEntryBytes;
  }

  /** The token's blind index, as a view. */
  index(token: number): Buffer {
    const at = this.at(token) + deckAt.index;
    return this.bytes.subarray(at, at + indexBytes);
  }
}

/** Reads every token of the vault, whose key ring opens the sealed TPANs. */
export function readDeck(vault: Vault, ring: KeyRing): TokenDeck {
  const total = vault.tables.tokens.getKeysCount({});
  const bytes = Buffer.alloc(total * deckEntryBytes);
  const lanes = new SivLanes(ring.active("seal").bytes, lanesMax);
  let count = 0;
  let waiting = 0;
  for (const { key, value } of vault.tables.tokens.getRange({})) {
    const at = count * deckEntryBytes;
    key.copy(bytes, at + deckAt.index);
    writeNumber(bytes, at + deckAt.expiry, value.readUInt16LE(tokenAt.expiry), expiryDigits);
    writeTrid(bytes, at + deckAt.trid, value);
    value.copy(lanes.sealed, waiting * sealedBytes, tokenAt.sealedTpan);
    key.copy(lanes.ad, waiting * indexBytes);
    count++;
    waiting++;
    if (waiting < lanesMax && count < total) continue;
    openTpans(lanes, waiting, bytes, count - waiting);
    waiting = 0;
  }
  return new TokenDeck(bytes);
}

function openTpans(lanes: SivLanes, waiting: number, bytes: Buffer, first: number): void {
  lanes.open(waiting);
  const digits = Buffer.alloc(20);
  for (let lane = 0; lane < waiting; lane++) {
    if (lanes.ok[lane] !== 1) throw new Error("a token of the vault does not open");
    const length = bcdToDigits(lanes.plain, lane * indexBytes, bcdBytes, digits, 0);
    if (length !== tpanDigits) throw new Error(`a TPAN of ${length} digits in a generated vault`);
    digits.copy(bytes, (first + lane) * deckEntryBytes + deckAt.tpan, 0, tpanDigits);
  }
}

function writeNumber(out: Buffer, at: number, value: number, digits: number): void {
  out.write(String(value).padStart(digits, "0"), at, "latin1");
}

/** Twelve BCD digits, of which the first is the padding. */
function writeTrid(out: Buffer, at: number, record: Buffer): void {
  for (let digit = 0; digit < tridDigits; digit++) {
    const byte = record[tokenAt.trid + ((digit + 1) >> 1)] as number;
    out[at + digit] = zero + ((digit + 1) % 2 === 0 ? byte >> 4 : byte & 15);
  }
}

/** Bytes of a requestor in a record; the reading above depends on it. */
if (tridBytes * 2 !== tridDigits + 1) throw new Error("the TRID of a record has another length");
