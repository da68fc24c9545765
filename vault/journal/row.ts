// The verification journal's row, 320 bytes: what the slow path needs to know of one message.
// Integers are little-endian, text is ASCII and zero-padded. The writer of the rows is the hot
// path, which fills them by these offsets and allocates nothing.

export const rowBytes = 320;

/** "PJR2" as a little-endian word. */
export const rowMagic = 0x32524a50;

/** "PJR1": the same layout with a CRC-32 for checksum; still read, no longer written. */
export const oldRowMagic = 0x31524a50;

/** Offsets; lengths stand in the comments where a name does not tell them. */
export const rowAt = {
  magic: 0, // u32
  reason: 4, // u16
  flags: 6, // u8, `rowFlag`
  kind: 7, // u8, `rowKind`
  timeMs: 8, // f64, Unix milliseconds
  verificationId: 16, // 16
  index: 32, // 16, blind index of the TPAN
  trid: 48, // 6, BCD of 12 digits; 54-55 zero
  mti: 56, // u16, 0x0100
  initiation: 58, // "C" or "M"
  mitType: 59, // "R", "I", "U" or 0
  storedCredential: 60, // "F", "S", "N" or 0
  acquirerLength: 61, // u8, digits of DE32
  agreementLength: 62, // u8, bytes of the agreement id
  forwarderLength: 63, // u8, digits of DE33
  amount: 64, // 12, DE4
  transmissionTime: 76, // 10, DE7
  stan: 86, // 6, DE11
  acquirer: 92, // 11, DE32
  currency: 103, // 3, DE49
  rrn: 106, // 12, DE37
  merchant: 118, // 15, DE42
  processingCode: 133, // 6, DE3
  entryMode: 139, // 3, DE22
  responseCode: 142, // 2, DE39 of our answer; the issuer's in an advice
  agreementId: 144, // 36
  forwarder: 180, // 11, DE33
  kvn: 191, // u8
  issuedAt: 192, // u32, of the PTAV
  peer: 196, // u32, tag of the peer
  nonce: 200, // 6, of the PTAV
  sealVersion: 206, // u16, version of the key that sealed the block
  sealedPAN: 208, // 32, V and C; associated data is the index above
  cardId: 240, // u64
  original: 248, // 42, DE90
  reference: 290, // 16, verification id that an advice names
  door: 306, // u8, `doorCode`; 0 in rows of earlier versions
  checksum: 316, // u32, XXH32 of the bytes before it; 307-315 zero
} as const;

export const rowFlag = {
  /** The claim found the same transaction: answered again, not a new event. */
  repetition: 1,
  /** An MIT brought a PTAV, which was ignored. */
  ptavIgnored: 2,
  /** A CIT with 07=F, 08 and 06: it sets up an agreement. */
  agreementSetup: 4,
  /** A reversal with DE95. */
  partialReversal: 8,
} as const;

export const rowKind = {
  verification: 1,
  /** Reversal, completion or refund: de-tokenised by its original. */
  originalBased: 2,
  advice: 3,
  /** Not a message: a PTAV was issued. Unbound amount, currency or merchant are zero bytes. */
  ptavIssued: 4,
  /** Not a payment: a card number was handed out for another question (a directory server's). */
  resolved: 5,
} as const;

/** Sets a row to zero and writes magic and kind; the rest is the caller's. */
export function beginRow(rows: Buffer, at: number, kind: number): void {
  rows.fill(0, at, at + rowBytes);
  rows.writeUInt32LE(rowMagic, at + rowAt.magic);
  rows[at + rowAt.kind] = kind;
}
