// A card with all its tokens, loaded, changed in memory and written back in one transaction. The
// token records carry copies of the card's fields; `store` is the one place that makes the copies.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { cardAt, cardHeadBytes, tokenCountOf, tokenIndexAt, withTokens } from "../card-record.ts";
import { plainBytes } from "../sealing.ts";
import { cardStatus, indexBytes, parBytes, recordVersion, tokenAt } from "../token-record.ts";
import type { Vault } from "../vault.ts";

export interface TokenEntry {
  readonly index: Buffer;
  readonly record: Buffer;
  /** The record as it was read; undefined for a new one. */
  readonly before: Buffer | undefined;
}

export interface CardFile {
  readonly index: Buffer;
  record: Buffer;
  readonly before: Buffer | undefined;
  tokens: TokenEntry[];
  /** The 16-byte plaintext of the sealed block; `storeCard` zeroes it. */
  readonly plain: Buffer;
}

/** Plaintext of a sealed block: the number in BCD, its expiry, four zero bytes. */
export function plainOf(number: ClearPAN, yymm: number): Buffer {
  const plain = Buffer.alloc(plainBytes);
  number.bcdTo(plain, 0);
  setPlainExpiry(plain, 0, yymm);
  return plain;
}

/** Writes YYMM as two BCD bytes into the block at `at`. */
export function setPlainExpiry(plain: Buffer, at: number, yymm: number): void {
  plain[at + 10] = (Math.floor(yymm / 1000) << 4) | (Math.floor(yymm / 100) % 10);
  plain[at + 11] = ((Math.floor(yymm / 10) % 10) << 4) | (yymm % 10);
}

/** The expiry in the block at `at`. */
export function plainExpiry(plain: Buffer, at: number): number {
  const high = plain[at + 10]!;
  const low = plain[at + 11]!;
  return (high >> 4) * 1000 + (high & 15) * 100 + (low >> 4) * 10 + (low & 15);
}

/** The blind index of a card. */
export function cardIndexOf(vault: Vault, pan: ClearPAN): Buffer {
  const bcd = Buffer.alloc(10);
  pan.bcdTo(bcd, 0);
  const index = vault.sealing.index("card", bcd);
  bcd.fill(0);
  return index;
}

/** Loads the card with this index and its tokens; undefined when there is none. */
export function loadCard(vault: Vault, index: Buffer): CardFile | undefined {
  const record = vault.tables.cards.getBinary(index);
  if (record === undefined) return undefined;
  const tokens: TokenEntry[] = [];
  for (let i = 0; i < tokenCountOf(record); i++) {
    tokens.push(loadToken(vault, tokenIndexAt(record, i)));
  }
  const plain = vault.sealing.open(...sealedOf(record, cardAt, index));
  return { index, record, before: Buffer.from(record), tokens, plain };
}

function sealedOf(
  record: Buffer,
  at: { readonly sealedPan: number; readonly sealKeyVersion: number },
  index: Buffer,
): [Buffer, Buffer, number] {
  const sealed = record.subarray(at.sealedPan, at.sealedPan + 32);
  return [sealed, index, record.readUInt16LE(at.sealKeyVersion)];
}

/** Loads one token that must exist: its card lists it. */
export function loadToken(vault: Vault, index: Buffer): TokenEntry {
  const record = vault.tables.tokens.getBinary(index);
  if (record === undefined)
    throw appError("VAULT_CORRUPT", "A card lists a token that is not there.");
  return { index: Buffer.from(index), record, before: Buffer.from(record) };
}

/** Loads the card of a token through the token's sealed PAN. */
export function loadCardOf(vault: Vault, token: TokenEntry): CardFile {
  const plain = vault.sealing.open(...sealedOf(token.record, tokenAt, token.index));
  const index = vault.sealing.index("card", plain.subarray(0, 10));
  plain.fill(0);
  const card = loadCard(vault, index);
  if (card === undefined) throw appError("VAULT_CORRUPT", "A token's card is not there.");
  return card;
}

/** A new card row in memory, ACTIVE and without tokens. `yymm` 0: the expiry is not known yet. */
export function newCard(
  vault: Vault,
  index: Buffer,
  pan: ClearPAN,
  yymm: number,
  issuer: number,
): CardFile {
  const record = Buffer.alloc(cardHeadBytes);
  record[cardAt.version] = recordVersion;
  record[cardAt.status] = cardStatus.ACTIVE;
  record[cardAt.indexKeyVersion] = vault.sealing.indexVersion;
  record.writeUInt16LE(yymm, cardAt.expiry);
  record.writeUInt32LE(vault.nowSeconds(), cardAt.createdAt);
  record.writeBigUInt64LE(vault.meta.takeCardIds(1), cardAt.cardId);
  record.writeUInt32LE(issuer, cardAt.issuer);
  return { index, record, before: undefined, tokens: [], plain: plainOf(pan, yymm) };
}

/** Copies everything that a token record keeps of its card, but for the sealed block. */
export function copyCardFields(card: Buffer, token: Buffer): void {
  token[tokenAt.cardStatus] = card[cardAt.status]!;
  token[tokenAt.cardReason] = card[cardAt.reason]!;
  card.copy(token, tokenAt.cardExpiry, cardAt.expiry, cardAt.expiry + 2);
  card.copy(token, tokenAt.par, cardAt.par, cardAt.par + parBytes);
  card.copy(token, tokenAt.cardId, cardAt.cardId, cardAt.cardId + 8);
}

/**
 * Writes the card and every token whose record changed; call it inside a write transaction. With
 * `reseal` the PAN block of card and tokens is sealed anew, because PAN or expiry changed.
 */
export function storeCard(vault: Vault, card: CardFile, reseal = false): void {
  const { sealing, tables } = vault;
  setPlainExpiry(card.plain, 0, card.record.readUInt16LE(cardAt.expiry));
  card.record = withTokens(
    card.record,
    card.tokens.map((token) => token.index),
  );
  if (card.before === undefined || reseal) {
    sealing.seal(card.plain, card.index).copy(card.record, cardAt.sealedPan);
    card.record.writeUInt16LE(sealing.sealVersion, cardAt.sealKeyVersion);
  }
  for (const token of card.tokens) {
    copyCardFields(card.record, token.record);
    if (token.before === undefined || reseal) sealToken(vault, card.plain, token);
    writeIfChanged(tables.tokens, token.index, token.record, token.before, tokenAt.changes);
  }
  writeIfChanged(tables.cards, card.index, card.record, card.before, cardAt.changes);
  card.plain.fill(0);
}

/**
 * Seals the PAN block under the token's own index; the TPAN block moves to the same key version.
 */
function sealToken(vault: Vault, plain: Buffer, token: TokenEntry): void {
  const { sealing } = vault;
  const at = tokenAt.sealedTpan;
  const version = token.record.readUInt16LE(tokenAt.sealKeyVersion);
  const tpan = sealing.open(token.record.subarray(at, at + 32), token.index, version);
  setPlainExpiry(tpan, 0, token.record.readUInt16LE(tokenAt.expiry));
  sealing.seal(tpan, token.index).copy(token.record, at);
  sealing.seal(plain, token.index).copy(token.record, tokenAt.sealedPan);
  token.record.writeUInt16LE(sealing.sealVersion, tokenAt.sealKeyVersion);
}

function writeIfChanged(
  table: Vault["tables"]["tokens"],
  index: Buffer,
  record: Buffer,
  before: Buffer | undefined,
  changesAt: number,
): void {
  if (before?.equals(record)) return;
  record.writeUInt32LE((record.readUInt32LE(changesAt) + 1) >>> 0, changesAt);
  if (index.length !== indexBytes) throw new Error("an index has 16 bytes");
  table.putSync(index, record);
}
