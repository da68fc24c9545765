// Many tokens in one write transaction. Cards that are new take the fast path here: indexes and
// seals in lanes, records built in one buffer, rows written in key order. Rows of cards that the
// vault knows go to the caller, one by one: whoever may change a card has the rules for it.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError, isAppError } from "../../platform/mod.ts";
import type { AgreementName } from "../agreement-key.ts";
import { putAgreement } from "../agreements.ts";
import { cardAt, cardBytes, writeCardId } from "../card-record.ts";
import { monthOf, tokenExpiryFrom } from "../expiry.ts";
import { pooled, tokenRef } from "../minting/mint.ts";
import { numberOfBcd, plainExpiry, setPlainExpiry } from "../plain-block.ts";
import { bcdBytes, plainBytes } from "../sealing.ts";
import {
  cardStatus,
  indexBytes,
  parBytes,
  recordVersion,
  sealedBytes,
  tokenAt,
  tokenBytes,
  tokenStatus,
  tokenType,
} from "../token-record.ts";
import { tridBcd } from "../token-view.ts";
import type { Vault } from "../vault.ts";
import { mintRows, poolBytes } from "./bulk-mint.ts";
import { isSameIndex, orderOf } from "./index-order.ts";
import type { RowBatch } from "./row-batch.ts";

export interface BulkResult {
  readonly created: number;
  /** Rows whose card and requestor had a live token already. */
  readonly reused: number;
  readonly cards: number;
  readonly rejected: readonly { readonly line: number; readonly code: string }[];
  /** Sub-ranges that were opened because others reached the alarm level. */
  readonly opened: readonly number[];
}

/** Rows of the batch by what has to be done with them. */
interface Plan {
  /** Rows that get a token on a new card, and for each the number of that card. */
  readonly tokenRows: number[];
  readonly tokenCard: number[];
  /** For each new card its first row and the number of tokens. */
  readonly cardRow: number[];
  readonly cardTokens: number[];
  /** Rows of cards that the vault knows. */
  readonly knownRows: number[];
  /** Rows that name the card and requestor of an earlier row. */
  readonly repeats: number;
  readonly overLimit: number[];
}

/** A row of a card that the vault knows. */
export interface KnownCardRow {
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly panExpiry: number;
  readonly trid: string;
  readonly assurance: number;
  readonly par?: string;
  readonly agreement?: AgreementName & { readonly types: number };
}

/**
 * Provisions one row inside the load's transaction, by the rules for a card that is there already.
 * An AppError rejects the row and must leave nothing behind.
 */
export type ProvisionKnown = (row: KnownCardRow) => { readonly reused: boolean };

/** Live tokens of one card over all requestors, where the caller sets no other limit. */
export const liveTokensMaxDefault = 50;

export interface BulkOptions {
  readonly liveTokensMax?: number;
  /** Without it rows of known cards are rejected with ALREADY_EXISTS. */
  readonly provisionKnown?: ProvisionKnown;
}

/** A row takes some 350 bytes in four tables; half as much again for pages that are not full. */
const rowBytesMax = 512;
const pageBytes = 4_096;
const pagesAtLeast = 2_048;

function pagesOf(rows: number): number {
  return pagesAtLeast + Math.ceil((rows * rowBytesMax) / pageBytes);
}

/** Loads the batch and empties it. A rolled-back transaction leaves nothing behind. */
export function loadBatch(vault: Vault, batch: RowBatch, options: BulkOptions = {}): BulkResult {
  const result = vault.env.write(() => {
    const cardIndexes = Buffer.alloc(batch.count * indexBytes);
    vault.sealing.indexes("card", batch.bcd, batch.count, cardIndexes);
    const plan = planOf(vault, batch, cardIndexes, options.liveTokensMax ?? liveTokensMaxDefault);
    const opened = writeNewCards(vault, batch, cardIndexes, plan);
    const known = provisionKnown(vault, batch, plan.knownRows, options.provisionKnown ?? refuse);
    const limit = plan.overLimit.map((row) => ({
      line: batch.line[row]!,
      code: "TOKEN_LIMIT_REACHED",
    }));
    return {
      created: plan.tokenRows.length + known.created,
      reused: plan.repeats + known.reused,
      cards: plan.cardRow.length,
      rejected: [...limit, ...known.rejected],
      opened,
    };
  }, pagesOf(batch.count));
  batch.clear();
  return result;
}

function planOf(vault: Vault, batch: RowBatch, indexes: Buffer, liveMax: number): Plan {
  const order = orderOf(indexes, batch.count);
  const empty = vault.tables.cards.getKeysCount({ limit: 1 }) === 0;
  const plan = {
    tokenRows: [] as number[],
    tokenCard: [] as number[],
    cardRow: [] as number[],
    cardTokens: [] as number[],
    knownRows: [] as number[],
    overLimit: [] as number[],
    repeats: 0,
  };
  for (let from = 0; from < order.length; ) {
    const first = order[from]!;
    let to = from + 1;
    while (to < order.length && isSameIndex(indexes, first, order[to]!)) to++;
    const group = order.subarray(from, to);
    const index = indexes.subarray(first * indexBytes, (first + 1) * indexBytes);
    if (!empty && vault.tables.cards.doesExist(index)) plan.knownRows.push(...group);
    else planGroup(batch, group, plan, liveMax);
    from = to;
  }
  return plan;
}

type OpenPlan = { -readonly [Name in keyof Plan]: Plan[Name] };

/** One new card with one token for each requestor that the rows name. */
function planGroup(batch: RowBatch, group: Uint32Array, plan: OpenPlan, liveMax: number): void {
  const card = plan.cardRow.length;
  const seen: number[] = [];
  let latest = group[0]!;
  for (const row of group) {
    if (monthOf(batch.expiry[row]!) > monthOf(batch.expiry[latest]!)) latest = row;
    const requestor = batch.requestor[row]!;
    if (seen.includes(requestor)) plan.repeats++;
    else if (seen.length >= liveMax) plan.overLimit.push(row);
    else {
      seen.push(requestor);
      plan.tokenRows.push(row);
      plan.tokenCard.push(card);
    }
  }
  plan.cardRow.push(latest);
  plan.cardTokens.push(seen.length);
}

const refuse: ProvisionKnown = () => {
  throw appError("ALREADY_EXISTS", "The vault has the card already.");
};

/** Rows of cards that exist: the rules of provisioning, one by one (about 0.1 ms each). */
function provisionKnown(
  vault: Vault,
  batch: RowBatch,
  rows: readonly number[],
  provision: ProvisionKnown,
): { created: number; reused: number; rejected: { line: number; code: string }[] } {
  const result = { created: 0, reused: 0, rejected: [] as { line: number; code: string }[] };
  for (const row of rows) {
    const at = row * bcdBytes;
    const par = batch.par.toString("latin1", row * parBytes, (row + 1) * parBytes);
    const agreement = batch.agreements.get(row);
    try {
      const { reused } = provision({
        pan: numberOfBcd(batch.bcd.subarray(at, at + bcdBytes)),
        panExpiry: batch.expiry[row]!,
        trid: vault.registry().requestors[batch.requestor[row]!]!.trid,
        assurance: batch.assurance[row]!,
        ...(par.startsWith("\0") ? {} : { par }),
        ...(agreement === undefined ? {} : { agreement }),
      });
      if (reused) result.reused++;
      else result.created++;
    } catch (error) {
      if (!isAppError(error)) throw error;
      result.rejected.push({ line: batch.line[row]!, code: error.code });
    }
  }
  return result;
}

function attest(
  vault: Vault,
  index: Buffer,
  agreement: Parameters<RowBatch["agreements"]["set"]>[1],
): void {
  const terms = { types: agreement.types, source: "MIGRATION" as const };
  putAgreement(vault, index, agreement, { ...terms, atSeconds: vault.nowSeconds() });
}

function writeNewCards(
  vault: Vault,
  batch: RowBatch,
  cardIndexes: Buffer,
  plan: Plan,
): readonly number[] {
  if (plan.cardRow.length === 0) return [];
  const ranges = new Uint16Array(plan.tokenRows.length);
  const shards = new Uint16Array(plan.tokenRows.length);
  const cards = sealCards(vault, batch, cardIndexes, plan);
  for (let i = 0; i < ranges.length; i++) {
    ranges[i] = batch.range[plan.tokenRows[i]!]!;
    shards[i] = cards.shards[plan.tokenCard[i]!]!;
  }
  const minted = mintRows(vault, ranges, shards, ranges.length);
  writeCards(vault, batch, plan, cards, minted.indexes);
  writeTokens(vault, batch, plan, cards, minted);
  for (let i = 0; i < plan.tokenRows.length; i++) {
    const agreement = batch.agreements.get(plan.tokenRows[i]!);
    if (agreement === undefined) continue;
    attest(vault, minted.indexes.subarray(i * indexBytes, (i + 1) * indexBytes), agreement);
  }
  return minted.opened;
}

interface SealedCards {
  readonly indexes: Buffer;
  readonly plain: Buffer;
  readonly sealed: Buffer;
  /** Home shard of each card. */
  readonly shards: Uint16Array;
}

function sealCards(vault: Vault, batch: RowBatch, rowIndexes: Buffer, plan: Plan): SealedCards {
  const count = plan.cardRow.length;
  const indexes = Buffer.alloc(count * indexBytes);
  const plain = Buffer.alloc(count * plainBytes);
  const sealed = Buffer.alloc(count * sealedBytes);
  for (let card = 0; card < count; card++) {
    const row = plan.cardRow[card]!;
    rowIndexes.copy(indexes, card * indexBytes, row * indexBytes, (row + 1) * indexBytes);
    batch.bcd.copy(plain, card * plainBytes, row * bcdBytes, (row + 1) * bcdBytes);
    setPlainExpiry(plain, card * plainBytes, batch.expiry[row]!);
  }
  vault.sealing.sealMany(plain, indexes, count, sealed);
  return { indexes, plain, sealed, shards: shardsOf(vault, plain, count) };
}

function shardsOf(vault: Vault, plain: Buffer, count: number): Uint16Array {
  const bcd = Buffer.alloc(count * bcdBytes);
  const shards = new Uint16Array(count);
  for (let card = 0; card < count; card++) {
    const at = card * plainBytes;
    plain.copy(bcd, card * bcdBytes, at, at + bcdBytes);
  }
  vault.sealing.homes.many(bcd, count, vault.shards, shards);
  bcd.fill(0);
  return shards;
}

/** Card records in the order of the plan, which is that of their indexes. */
function writeCards(
  vault: Vault,
  batch: RowBatch,
  plan: Plan,
  cards: SealedCards,
  tokenIndexes: Buffer,
): void {
  const append = { append: vault.tables.cards.getKeysCount({ limit: 1 }) === 0 };
  const now = vault.nowSeconds();
  const key = Buffer.alloc(indexBytes);
  let token = 0;
  for (let card = 0; card < plan.cardRow.length; card++) {
    const row = plan.cardRow[card]!;
    const tokens = plan.cardTokens[card]!;
    const record = Buffer.alloc(cardBytes(tokens));
    record[cardAt.version] = recordVersion;
    record[cardAt.status] = cardStatus.ACTIVE;
    record[cardAt.indexKeyVersion] = vault.sealing.indexVersion;
    record.writeUInt16LE(batch.expiry[row]!, cardAt.expiry);
    record.writeUInt16LE(vault.sealing.sealVersion, cardAt.sealKeyVersion);
    record.writeUInt32LE(1, cardAt.changes);
    record.writeUInt32LE(now, cardAt.createdAt);
    cards.indexes.copy(key, 0, card * indexBytes, (card + 1) * indexBytes);
    writeCardId(key, record, cardAt.cardId);
    record.writeUInt16LE(cards.shards[card]!, cardAt.shard);
    record.writeUInt16LE(tokens, cardAt.tokenCount);
    record.writeUInt32LE(batch.issuer[row]!, cardAt.issuer);
    batch.par.copy(record, cardAt.par, row * parBytes, (row + 1) * parBytes);
    cards.sealed.copy(record, cardAt.sealedPan, card * sealedBytes, (card + 1) * sealedBytes);
    tokenIndexes.copy(record, cardAt.tokens, token * indexBytes, (token + tokens) * indexBytes);
    token += tokens;
    vault.tables.cards.putSync(key, record, append);
  }
}

/** Both sealed blocks of every token, each under the token's own index. */
function sealTokens(
  vault: Vault,
  plan: Plan,
  cardPlain: Buffer,
  minted: { readonly bcd: Buffer; readonly indexes: Buffer },
  expiry: number,
): { readonly sealedPans: Buffer; readonly sealedTpans: Buffer } {
  const count = plan.tokenRows.length;
  const sealedPans = Buffer.alloc(count * sealedBytes);
  const sealedTpans = Buffer.alloc(count * sealedBytes);
  const plain = Buffer.alloc(count * plainBytes);
  for (let i = 0; i < count; i++) {
    const card = plan.tokenCard[i]! * plainBytes;
    cardPlain.copy(plain, i * plainBytes, card, card + plainBytes);
  }
  vault.sealing.sealMany(plain, minted.indexes, count, sealedPans);
  plain.fill(0);
  for (let i = 0; i < count; i++) {
    minted.bcd.copy(plain, i * plainBytes, i * bcdBytes, (i + 1) * bcdBytes);
    setPlainExpiry(plain, i * plainBytes, expiry);
  }
  vault.sealing.sealMany(plain, minted.indexes, count, sealedTpans);
  plain.fill(0);
  return { sealedPans, sealedTpans };
}

/** Token records in the order of their indexes, and their references in the order of the rows. */
function writeTokens(
  vault: Vault,
  batch: RowBatch,
  plan: Plan,
  cards: SealedCards,
  minted: { readonly bcd: Buffer; readonly indexes: Buffer },
): void {
  const count = plan.tokenRows.length;
  const expiry = tokenExpiryFrom(vault.nowSeconds());
  const cardPlain = cards.plain;
  const { sealedPans, sealedTpans } = sealTokens(vault, plan, cardPlain, minted, expiry);
  const refs = writeRefs(vault, minted.indexes, count);
  const order = orderOf(minted.indexes, count);
  const append = { append: vault.tables.tokens.getKeysCount({ limit: 1 }) === 0 };
  const record = tokenTemplate(vault, expiry);
  const trids = vault.registry().requestors.map((one) => one && tridBcd(one.trid));
  const key = Buffer.alloc(indexBytes);
  for (const i of order) {
    const row = plan.tokenRows[i]!;
    const card = plan.tokenCard[i]!;
    const cardRow = plan.cardRow[card]!;
    record[tokenAt.assurance] = batch.assurance[row]!;
    // The copies are the card's own: expiry and PAR of its row, and the expiry that was sealed.
    record.writeUInt16LE(plainExpiry(cardPlain, card * plainBytes), tokenAt.cardExpiry);
    record.writeUInt16LE(batch.requestor[row]!, tokenAt.requestor);
    trids[batch.requestor[row]!]!.copy(record, tokenAt.trid);
    batch.par.copy(record, tokenAt.par, cardRow * parBytes, (cardRow + 1) * parBytes);
    writeCardId(cards.indexes.subarray(card * indexBytes), record, tokenAt.cardId);
    sealedPans.copy(record, tokenAt.sealedPan, i * sealedBytes, (i + 1) * sealedBytes);
    sealedTpans.copy(record, tokenAt.sealedTpan, i * sealedBytes, (i + 1) * sealedBytes);
    refs.copy(record, tokenAt.ref, i * indexBytes, (i + 1) * indexBytes);
    minted.indexes.copy(key, 0, i * indexBytes, (i + 1) * indexBytes);
    vault.tables.tokens.putSync(key, record, append);
  }
  cardPlain.fill(0);
}

/** A token record with everything that is the same for all rows of the batch. */
function tokenTemplate(vault: Vault, expiry: number): Buffer {
  const record = Buffer.alloc(tokenBytes);
  record[tokenAt.version] = recordVersion;
  record[tokenAt.status] = tokenStatus.ACTIVE;
  record[tokenAt.cardStatus] = cardStatus.ACTIVE;
  record[tokenAt.type] = tokenType.ECOM_COF;
  record[tokenAt.indexKeyVersion] = vault.sealing.indexVersion;
  record.writeUInt16LE(expiry, tokenAt.expiry);
  record.writeUInt16LE(vault.sealing.sealVersion, tokenAt.sealKeyVersion);
  record.writeUInt32LE(vault.nowSeconds(), tokenAt.provisionedAt);
  record.writeUInt32LE(1, tokenAt.changes);
  return record;
}

function writeRefs(vault: Vault, indexes: Buffer, count: number): Buffer {
  const refs = Buffer.alloc(count * indexBytes);
  const nowMs = vault.clock.nowMs();
  const random = pooled(vault.random, poolBytes);
  const ref = Buffer.alloc(indexBytes);
  const index = Buffer.alloc(indexBytes);
  for (let i = 0; i < count; i++) {
    tokenRef(random, nowMs, i + 1).copy(ref);
    ref.copy(refs, i * indexBytes);
    indexes.copy(index, 0, i * indexBytes, (i + 1) * indexBytes);
    vault.tables.refs.putSync(ref, index);
  }
  return refs;
}
