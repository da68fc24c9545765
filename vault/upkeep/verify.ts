// Proves that a vault is whole: every sealed block opens under its own index, every index is the
// one of its number, every number is at home in its card's shard, every copy in a token agrees with
// its card, every reference leads back. One
// read snapshot, so a vault in use can be verified; nothing is written.
import { cardAt, cardIdBytes, tokenCountOf, tokenIndexAt } from "../card-record.ts";
import { refText } from "../minting/mint.ts";
import { plainExpiry } from "../plain-block.ts";
import { bcdBytes, lanesMax, plainBytes } from "../sealing.ts";
import {
  cardStatus,
  indexBytes,
  parBytes,
  recordVersion,
  sealedBytes,
  tokenAt,
  tokenBytes,
  tokenStatus,
} from "../token-record.ts";
import { tridOf } from "../token-view.ts";
import type { Vault } from "../vault.ts";

export type ProblemKind =
  | "RECORD_SHAPE"
  | "KEY_MISSING"
  | "SEAL_BROKEN"
  | "INDEX_WRONG"
  | "HOME_WRONG"
  | "EXPIRY_WRONG"
  | "CARD_MISSING"
  | "COPY_DIFFERS"
  | "CARD_LIST_WRONG"
  | "REF_WRONG"
  | "REQUESTOR_WRONG"
  | "TOKEN_MISSING"
  | "AGREEMENT_ORPHAN";

export interface Problem {
  readonly kind: ProblemKind;
  /** A token reference or a card id; never a number. */
  readonly subject: string;
}

export interface VerifyResult {
  readonly tokens: number;
  readonly cards: number;
  readonly agreements: number;
  /** All problems that were counted. */
  readonly problemCount: number;
  /** The first of them. */
  readonly problems: readonly Problem[];
}

/** Problems that are named; more are only counted. */
const problemsNamed = 1000;

interface Work {
  readonly vault: Vault;
  readonly problems: Problem[];
  count: number;
  /** Without the routing key no home can be checked. */
  readonly hasRoute: boolean;
}

function note(work: Work, kind: ProblemKind, subject: string): void {
  work.count++;
  if (work.problems.length < problemsNamed) work.problems.push({ kind, subject });
}

/**
 * Verifies the whole vault; about 10 µs a token. Runs without a pause, because a pause would end
 * the snapshot: for a large vault in use run it in a process of its own.
 */
export function verifyVault(vault: Vault, onProgress?: (rows: number) => void): VerifyResult {
  vault.freshRead();
  const hasRoute = vault.sealing.ring.findActive("route") !== undefined;
  const work: Work = { vault, problems: [], count: 0, hasRoute };
  if (!hasRoute) note(work, "KEY_MISSING", "routing key");
  const tokens = verifyTokens(work, onProgress);
  const { cards, listed } = verifyCards(work, tokens, onProgress);
  if (listed !== tokens) note(work, "CARD_LIST_WRONG", "all cards together");
  const agreements = verifyAgreements(work);
  verifySides(work);
  return {
    tokens,
    cards,
    agreements,
    problemCount: work.count,
    problems: work.problems,
  };
}

/** Rows that wait for their lanes; all have one sealing key version. */
interface Pending {
  readonly indexes: Buffer;
  readonly records: Buffer[];
  readonly opened: { readonly plain: Buffer; readonly ok: Uint8Array };
  readonly tpans: { readonly plain: Buffer; readonly ok: Uint8Array };
  version: number;
}

function verifyTokens(work: Work, onProgress?: (rows: number) => void): number {
  const block = () => ({
    plain: Buffer.alloc(lanesMax * plainBytes),
    ok: new Uint8Array(lanesMax),
  });
  const pending: Pending = {
    indexes: Buffer.alloc(lanesMax * indexBytes),
    records: [],
    opened: block(),
    tpans: block(),
    version: 0,
  };
  let rows = 0;
  for (const { key, value } of work.vault.tables.tokens.getRange({})) {
    rows++;
    if (value.length !== tokenBytes || value[tokenAt.version] !== recordVersion) {
      note(work, "RECORD_SHAPE", `token record ${rows}`);
      continue;
    }
    const version = value.readUInt16LE(tokenAt.sealKeyVersion);
    if (pending.records.length === lanesMax || version !== pending.version) flush(work, pending);
    pending.version = version;
    key.copy(pending.indexes, pending.records.length * indexBytes);
    pending.records.push(value);
    if (rows % 65_536 === 0) onProgress?.(rows);
  }
  flush(work, pending);
  return rows;
}

function flush(work: Work, pending: Pending): void {
  const { records } = pending;
  const count = records.length;
  if (count === 0) return;
  if (!openBlocks(work, pending, tokenAt.sealedPan, pending.opened)) return;
  openBlocks(work, pending, tokenAt.sealedTpan, pending.tpans);
  const tokenIndexes = indexesOf(work, "token", pending.tpans.plain, count);
  const cardIndexes = indexesOf(work, "card", pending.opened.plain, count);
  const homes = homesOf(work, pending.tpans.plain, count);
  for (let row = 0; row < count; row++) {
    const at = row * indexBytes;
    const index = pending.indexes.subarray(at, at + indexBytes);
    const record = records[row]!;
    const subject = refText(record.subarray(tokenAt.ref, tokenAt.ref + indexBytes));
    if (pending.opened.ok[row] === 0 || pending.tpans.ok[row] === 0) {
      note(work, "SEAL_BROKEN", subject);
      continue;
    }
    if (!index.equals(tokenIndexes.subarray(at, at + indexBytes)))
      note(work, "INDEX_WRONG", subject);
    if (
      plainExpiry(pending.tpans.plain, row * plainBytes) !== record.readUInt16LE(tokenAt.expiry)
    ) {
      note(work, "EXPIRY_WRONG", subject);
    }
    if (
      plainExpiry(pending.opened.plain, row * plainBytes) !==
      record.readUInt16LE(tokenAt.cardExpiry)
    ) {
      note(work, "EXPIRY_WRONG", subject);
    }
    const home = homes[row]!;
    checkToken(work, { index, record, home, subject }, cardIndexes.subarray(at, at + indexBytes));
  }
  pending.opened.plain.fill(0);
  pending.tpans.plain.fill(0);
  records.length = 0;
}

/** False, and the rows are given up, where the key of their version is not in the ring. */
function openBlocks(
  work: Work,
  pending: Pending,
  at: number,
  into: { readonly plain: Buffer; readonly ok: Uint8Array },
): boolean {
  const { sealing } = work.vault;
  const count = pending.records.length;
  if (sealing.ring.find("seal", pending.version) === undefined) {
    for (let row = 0; row < count; row++) {
      note(work, "KEY_MISSING", `sealing key version ${pending.version}`);
    }
    pending.records.length = 0;
    return false;
  }
  const sealed = Buffer.alloc(count * sealedBytes);
  for (let row = 0; row < count; row++) {
    pending.records[row]!.copy(sealed, row * sealedBytes, at, at + sealedBytes);
  }
  sealing.openMany(sealed, pending.indexes, count, pending.version, into);
  return true;
}

function indexesOf(work: Work, kind: "token" | "card", plain: Buffer, count: number): Buffer {
  const bcd = numbersIn(plain, count);
  const out = Buffer.alloc(count * indexBytes);
  work.vault.sealing.indexes(kind, bcd, count, out);
  bcd.fill(0);
  return out;
}

/** Ten BCD bytes a row out of the opened blocks. */
function numbersIn(plain: Buffer, count: number): Buffer {
  const bcd = Buffer.alloc(count * bcdBytes);
  for (let row = 0; row < count; row++) {
    plain.copy(bcd, row * bcdBytes, row * plainBytes, row * plainBytes + bcdBytes);
  }
  return bcd;
}

function homesOf(work: Work, plain: Buffer, count: number): Uint16Array {
  const homes = new Uint16Array(count);
  if (!work.hasRoute) return homes;
  const bcd = numbersIn(plain, count);
  work.vault.sealing.homes.many(bcd, count, work.vault.shards, homes);
  bcd.fill(0);
  return homes;
}

interface TokenRow {
  readonly index: Buffer;
  readonly record: Buffer;
  readonly home: number;
  readonly subject: string;
}

function checkToken(work: Work, token: TokenRow, panIndex: Buffer): void {
  const { vault } = work;
  const { index, record, subject } = token;
  const statuses: readonly number[] = Object.values(tokenStatus);
  if (!statuses.includes(record[tokenAt.status]!)) note(work, "RECORD_SHAPE", subject);
  const ref = record.subarray(tokenAt.ref, tokenAt.ref + indexBytes);
  if (!vault.tables.refs.getBinary(ref)?.equals(index)) note(work, "REF_WRONG", subject);
  const requestor = vault.registry().requestors[record.readUInt16LE(tokenAt.requestor)];
  if (requestor === undefined || requestor.trid !== tridOf(record)) {
    note(work, "REQUESTOR_WRONG", subject);
  }
  checkCardOf(work, token, panIndex);
}

/** The card under the sealed PAN's index, else that of the card id: a later PAN moves no card. */
function checkCardOf(work: Work, token: TokenRow, panIndex: Buffer): void {
  const { vault } = work;
  const { index, record, subject } = token;
  const direct = vault.tables.cards.getBinary(panIndex);
  const listed = direct !== undefined && lists(direct, index);
  const found = listed ? { key: panIndex, record: direct } : vault.findCardOf(index, record);
  if (found === undefined) {
    note(work, direct === undefined ? "CARD_MISSING" : "CARD_LIST_WRONG", subject);
    return;
  }
  const card = found.record;
  if (work.hasRoute && token.home !== card.readUInt16LE(cardAt.shard)) {
    note(work, "HOME_WRONG", subject);
  }
  const deleted = record[tokenAt.status] === tokenStatus.DELETED;
  // A tombstone stays as its end found it: later changes of the card do not reach it.
  if (!copiesAgree(card, record, deleted)) note(work, "COPY_DIFFERS", subject);
  if (!deleted && !panIndex.equals(currentIndexOf(found.key, card))) {
    note(work, "INDEX_WRONG", subject);
  }
}

function lists(card: Buffer, index: Buffer): boolean {
  for (let i = 0; i < tokenCountOf(card); i++) if (tokenIndexAt(card, i).equals(index)) return true;
  return false;
}

/** Index of the PAN that is sealed in the card record. */
function currentIndexOf(key: Buffer, card: Buffer): Buffer {
  const later = card.subarray(cardAt.currentIndex, cardAt.currentIndex + indexBytes);
  return later.equals(noIndex) ? key : later;
}

const noIndex = Buffer.alloc(indexBytes);

/** True when everything that the token copies of its card is the card's; of a tombstone the id. */
export function copiesAgree(card: Buffer, token: Buffer, deleted: boolean): boolean {
  if (card.readBigUInt64LE(cardAt.cardId) !== token.readBigUInt64LE(tokenAt.cardId)) return false;
  if (deleted) return true;
  return (
    card[cardAt.status] === token[tokenAt.cardStatus] &&
    card[cardAt.reason] === token[tokenAt.cardReason] &&
    card.readUInt16LE(cardAt.expiry) === token.readUInt16LE(tokenAt.cardExpiry) &&
    card.compare(token, tokenAt.par, tokenAt.par + parBytes, cardAt.par, cardAt.par + parBytes) ===
      0
  );
}

function verifyCards(
  work: Work,
  before: number,
  onProgress?: (rows: number) => void,
): { readonly cards: number; readonly listed: number } {
  const { vault } = work;
  let cards = 0;
  let listed = 0;
  const statuses: readonly number[] = Object.values(cardStatus);
  for (const { key, value } of vault.tables.cards.getRange({})) {
    cards++;
    if (value.length < cardAt.tokens || value[cardAt.version] !== recordVersion) {
      note(work, "RECORD_SHAPE", `card record ${cards}`);
      continue;
    }
    const subject = `card ${value.readBigUInt64LE(cardAt.cardId)}`;
    if (!statuses.includes(value[cardAt.status]!)) note(work, "RECORD_SHAPE", subject);
    if (key.compare(value, cardAt.cardId, cardAt.cardId + cardIdBytes, 0, cardIdBytes) !== 0) {
      note(work, "RECORD_SHAPE", subject);
    }
    checkCardSeal(work, key, value, subject);
    for (let i = 0; i < tokenCountOf(value); i++) {
      listed++;
      if (!vault.tables.tokens.doesExist(tokenIndexAt(value, i)))
        note(work, "TOKEN_MISSING", subject);
    }
    if (cards % 65_536 === 0) onProgress?.(before + cards);
  }
  return { cards, listed };
}

function checkCardSeal(work: Work, index: Buffer, record: Buffer, subject: string): void {
  const { sealing } = work.vault;
  const version = record.readUInt16LE(cardAt.sealKeyVersion);
  if (sealing.ring.find("seal", version) === undefined) {
    note(work, "KEY_MISSING", `sealing key version ${version}`);
    return;
  }
  const rows = { plain: Buffer.alloc(plainBytes), ok: new Uint8Array(1) };
  const at = cardAt.sealedPan;
  const sealed = record.subarray(at, at + sealedBytes);
  if (sealing.openMany(sealed, index, 1, version, rows) > 0) {
    note(work, "SEAL_BROKEN", subject);
    return;
  }
  const bcd = rows.plain.subarray(0, bcdBytes);
  const current = currentIndexOf(index, record);
  if (!sealing.index("card", bcd).equals(current)) note(work, "INDEX_WRONG", subject);
  if (work.hasRoute && current === index) {
    const home = sealing.homes.one(bcd, work.vault.shards);
    if (home !== record.readUInt16LE(cardAt.shard)) note(work, "HOME_WRONG", subject);
  }
  if (plainExpiry(rows.plain, 0) !== record.readUInt16LE(cardAt.expiry)) {
    note(work, "EXPIRY_WRONG", subject);
  }
  rows.plain.fill(0);
}

function verifyAgreements(work: Work): number {
  let agreements = 0;
  for (const key of work.vault.tables.agreements.getKeys({})) {
    agreements++;
    const index = key.subarray(0, indexBytes);
    if (!work.vault.tables.tokens.doesExist(index)) {
      note(work, "AGREEMENT_ORPHAN", `agreement ${agreements}`);
    }
  }
  return agreements;
}

function verifySides(work: Work): void {
  let sides = 0;
  for (const key of work.vault.tables.cardSides.getKeys({})) {
    sides++;
    if (!work.vault.tables.cards.doesExist(key)) note(work, "CARD_MISSING", `side record ${sides}`);
  }
}
