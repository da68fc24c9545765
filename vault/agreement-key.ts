// MIT agreements. Key, 80 bytes: token index (16), length of DE32 (1), DE32 padded with zeros (11),
// DE42 as on the wire (15), length of the agreement id (1), id padded with zeros (36). Value, 16
// bytes little-endian. The token index comes first, so a token's agreements are one range.

export const agreementKeyBytes = 80;
export const agreementBytes = 16;

export const agreementKeyAt = {
  index: 0,
  acquirerLength: 16,
  acquirer: 17,
  merchant: 28,
  idLength: 43,
  id: 44,
} as const;

export const agreementAt = {
  /** Bit set of `mitType`. */
  types: 0,
  source: 1,
  createdAt: 4,
  lastUsedAt: 8,
  /** Unix seconds, 0 while the agreement lives. */
  revokedAt: 12,
} as const;

/** Recurring, instalment, unscheduled credential on file: the letters of DE120 tag 06. */
export const mitType = { R: 1, I: 2, U: 4 } as const;

/** The bit set of a text of letters such as "RU"; undefined when a letter is none of them. */
export function mitTypesOf(letters: string): number | undefined {
  let types = 0;
  for (const letter of letters) {
    if (letter !== "R" && letter !== "I" && letter !== "U") return undefined;
    types |= mitType[letter];
  }
  return types === 0 ? undefined : types;
}

export const agreementSource = { CIT: 1, PROVISION: 2, MIGRATION: 3 } as const;
export type AgreementSource = keyof typeof agreementSource;

export const acquirerMax = 11;
export const merchantBytes = 15;
export const agreementIdMax = 36;

/** What names an agreement besides its token. */
export interface AgreementName {
  /** DE32 as text, 1 to 11 digits. */
  readonly acquirer: string;
  /** DE42; padded with spaces to 15 where shorter. */
  readonly merchant: string;
  /** DE120 tag 08, 1 to 36 characters. */
  readonly id: string;
}

/** Writes the 80-byte key of `name` under the token `index`; throws a RangeError on bad lengths. */
export function agreementKey(index: Buffer, name: AgreementName): Buffer {
  const { acquirer, merchant, id } = name;
  if (!/^[0-9]{1,11}$/.test(acquirer)) throw new RangeError("acquirer id is 1 to 11 digits");
  if (!/^[\x20-\x7e]{1,15}$/.test(merchant)) throw new RangeError("merchant id is 1 to 15 chars");
  if (!/^[\x20-\x7e]{1,36}$/.test(id)) throw new RangeError("agreement id is 1 to 36 characters");
  const key = Buffer.alloc(agreementKeyBytes);
  index.copy(key, agreementKeyAt.index, 0, 16);
  key[agreementKeyAt.acquirerLength] = acquirer.length;
  key.write(acquirer, agreementKeyAt.acquirer, "latin1");
  key.write(merchant.padEnd(merchantBytes, " "), agreementKeyAt.merchant, "latin1");
  key[agreementKeyAt.idLength] = id.length;
  key.write(id, agreementKeyAt.id, "latin1");
  return key;
}

/** Reads a key back. */
export function agreementNameOf(key: Buffer): AgreementName {
  const at = agreementKeyAt;
  return {
    acquirer: key.toString("latin1", at.acquirer, at.acquirer + key[at.acquirerLength]!),
    merchant: key.toString("latin1", at.merchant, at.merchant + merchantBytes).trimEnd(),
    id: key.toString("latin1", at.id, at.id + key[at.idLength]!),
  };
}
