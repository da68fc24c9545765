// The token record: 160 bytes, little-endian, one get per payment. It copies what the rules need
// from its card, so that the hot path never reads a second record. Key: the 16-byte blind index
// of the TPAN.

/** Bytes of one token record. */
export const tokenBytes = 160;

/** 32-bit words of one token record; the hot path copies them into an `Int32Array` lane. */
export const tokenWords = tokenBytes / 4;

/** Bytes of a blind index, of a token reference and of the incarnation. */
export const indexBytes = 16;

/** Layout version in byte 0 of token and card records. */
export const recordVersion = 1;

/** Byte offsets. A word offset is the byte offset divided by four. */
export const tokenAt = {
  version: 0,
  status: 1,
  suspendedBy: 2,
  cardStatus: 3,
  cardReason: 4,
  type: 5,
  assurance: 6,
  indexKeyVersion: 7,
  /** YYMM as a number: 3012 is December 2030. */
  expiry: 8,
  /** The TPAN expiry before the last extension, 0 for none; good until it has passed itself. */
  previousExpiry: 10,
  cardExpiry: 12,
  sealKeyVersion: 14,
  /** Unix seconds; a PTAV issued at or before it is refused. 0 for none. */
  ptavNotBefore: 16,
  /** Unix seconds; the fraud rule declines until then. 0 for none. */
  flaggedUntil: 20,
  /** Position of the token requestor in the registry. */
  requestor: 24,
  /** Left-padded to 12 digits, BCD. */
  trid: 26,
  /** 29 ASCII characters; first byte 0 where the card has none. */
  par: 32,
  /** Bit set of `tokenFlag`; two zero bytes follow. */
  flags: 61,
  provisionedAt: 64,
  /** Optimistic lock: plus one with every change. */
  changes: 68,
  cardId: 72,
  /** AES-SIV V then C over PAN BCD (10), expiry BCD (2), four reserved bytes; AD = own index. */
  sealedPan: 80,
  /** The same form over the TPAN and its expiry; kept in tombstones, so that indexes can change. */
  sealedTpan: 112,
  /** UUIDv7. */
  ref: 144,
} as const;

/** Bytes of a sealed block: SIV (16) then ciphertext (16). */
export const sealedBytes = 32;
export const parBytes = 29;
export const tridBytes = 6;

export const tokenStatus = {
  INACTIVE: 1,
  ACTIVE: 2,
  SUSPENDED: 3,
  DELETED: 4,
  EXPIRED: 5,
} as const;
export type TokenStatusName = keyof typeof tokenStatus;

/**
 * NEVER_ACTIVE: it was made INACTIVE and not activated since, so a resume leads back there.
 * SECONDARY: another token of the same card, requestor and type is the primary one.
 */
export const tokenFlag = { NEVER_ACTIVE: 1, SECONDARY: 2 } as const;

export const cardStatus = { ACTIVE: 1, SUSPENDED: 2, DELETED: 3 } as const;
export type CardStatusName = keyof typeof cardStatus;

/** Why a token is suspended: a set of bits, each added and removed by its own actor only. */
export const suspendedBy = {
  ISSUER: 1,
  ISSUER_TOKEN: 2,
  TOKEN_REQUESTOR: 4,
  CARDHOLDER: 8,
  ADMIN: 16,
  FRAUD_CONTROL: 32,
} as const;
export type SuspensionCause = keyof typeof suspendedBy;

export const cardReason = {
  NONE: 0,
  LOST: 1,
  STOLEN: 2,
  SUSPECTED_FRAUD: 3,
  ACCOUNT_CLOSED: 4,
  CUSTOMER_REQUEST: 5,
  RENEWAL: 6,
  REPLACEMENT: 7,
  NOT_FRAUD: 8,
  FOUND: 9,
  OTHER: 10,
} as const;
export type CardReasonName = keyof typeof cardReason;

export const tokenType = { ECOM_COF: 1 } as const;

/** The name of a number in one of the tables above; throws where the record is broken. */
export function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, value: number) {
  for (const name in table) if (table[name] === value) return name;
  throw new Error(`no name for value ${value}`);
}

/** The names of the causes in a bit set, in the order of the table. */
export function causesOf(bits: number): SuspensionCause[] {
  const names = Object.keys(suspendedBy) as SuspensionCause[];
  return names.filter((name) => (bits & suspendedBy[name]) !== 0);
}
