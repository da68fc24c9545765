// The card record: a fixed head of 128 bytes, little-endian, then the 16-byte indexes of all its
// tokens, deleted ones too. Key: the blind index of the card's first PAN (another domain than a
// TPAN's), which names the card for ever; a later PAN changes what is sealed, never the key.
import { indexBytes } from "./token-record.ts";

/** Bytes before the list of token indexes. */
export const cardHeadBytes = 128;

export const cardAt = {
  version: 0,
  status: 1,
  reason: 2,
  indexKeyVersion: 3,
  /** YYMM as a number. */
  expiry: 4,
  sealKeyVersion: 6,
  changes: 8,
  createdAt: 12,
  /** The first eight bytes of the key, so that a token leads to its card. */
  cardId: 16,
  tokenCount: 24,
  /** Position of the issuer in the registry. */
  issuer: 28,
  par: 32,
  sealedPan: 64,
  /** Index of the PAN that replaced the first one and is sealed above, all zero for none. */
  currentIndex: 96,
  /** Home shard of the card and of its tokens. */
  shard: 112,
  /** 14 zero bytes for later layouts. */
  reserved: 114,
  tokens: cardHeadBytes,
} as const;

/**
 * Tokens that one card may have over its whole life, tombstones included: 64 KiB of indexes is what
 * one transaction rewrites with room to spare. Live tokens have a lower limit of their own.
 */
export const cardTokensMax = 4096;

/** Bytes of a card record with `count` tokens. */
export function cardBytes(count: number): number {
  return cardHeadBytes + count * indexBytes;
}

/** How many tokens the record lists. */
export function tokenCountOf(card: Buffer): number {
  return card.readUInt16LE(cardAt.tokenCount);
}

/** The index of the token at `position`, a view into the record. */
export function tokenIndexAt(card: Buffer, position: number): Buffer {
  const at = cardAt.tokens + position * indexBytes;
  return card.subarray(at, at + indexBytes);
}

/** A copy of the record that lists exactly these tokens. */
export function withTokens(card: Buffer, indexes: readonly Buffer[]): Buffer {
  const copy = Buffer.alloc(cardBytes(indexes.length));
  card.copy(copy, 0, 0, cardHeadBytes);
  copy.writeUInt16LE(indexes.length, cardAt.tokenCount);
  for (let i = 0; i < indexes.length; i++) indexes[i]!.copy(copy, cardBytes(i), 0, indexBytes);
  return copy;
}

/** Bytes of a card id. */
export const cardIdBytes = 8;

/** Writes the card id that follows from the key. */
export function writeCardId(key: Buffer, record: Buffer, at: number): void {
  key.copy(record, at, 0, cardIdBytes);
}
