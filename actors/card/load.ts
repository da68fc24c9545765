// The actor out of the vault's records: what `project` wrote, read back.
import { appError } from "../../platform/mod.ts";
import {
  cardAt,
  cardReason,
  cardStatus,
  indexBytes,
  nameOf,
  numberOfBcd,
  parBytes,
  sealedBytes,
  tokenAt,
  tokenCountOf,
  tokenFlag,
  tokenIndexAt,
  tokenStatus,
  tridOf,
  type Vault,
} from "../../vault/mod.ts";
import { readSide } from "./side-record.ts";
import { type Card, type CardState, nobody, type Token } from "./state.ts";

const noIndex = Buffer.alloc(indexBytes);
const bcdBytes = 10;

/** The actor with this key; `nobody` where the vault has no such card. */
export function loadCard(vault: Vault, key: Buffer): CardState {
  const record = vault.tables.cards.getBinary(key);
  if (record === undefined) return nobody(key);
  const count = tokenCountOf(record);
  const side = readSide(vault, key, count);
  const tokens: Token[] = [];
  for (let i = 0; i < count; i++) {
    const index = Buffer.from(tokenIndexAt(record, i));
    tokens.push(tokenOf(index, tokenRecord(vault, index), side.seqs[i] ?? 0));
  }
  const { restores, times, links, pending } = side;
  const shard = record.readUInt16LE(cardAt.shard);
  return { key, card: cardOf(vault, key, record), shard, tokens, restores, times, links, pending };
}

function tokenRecord(vault: Vault, index: Buffer): Buffer {
  const record = vault.tables.tokens.getBinary(index);
  if (record !== undefined) return record;
  throw appError("VAULT_CORRUPT", "A card lists a token that is not there.");
}

function cardOf(vault: Vault, key: Buffer, record: Buffer): Card {
  const at = cardAt.sealedPan;
  const version = record.readUInt16LE(cardAt.sealKeyVersion);
  const plain = vault.sealing.open(record.subarray(at, at + sealedBytes), key, version);
  const pan = numberOfBcd(plain.subarray(0, bcdBytes));
  plain.fill(0);
  const later = record.subarray(cardAt.currentIndex, cardAt.currentIndex + indexBytes);
  const par = record.subarray(cardAt.par, cardAt.par + parBytes);
  return {
    pan,
    index: later.equals(noIndex) ? key : Buffer.from(later),
    issuer: record.readUInt32LE(cardAt.issuer),
    status: nameOf(cardStatus, record[cardAt.status]!),
    reason: nameOf(cardReason, record[cardAt.reason]!),
    expiry: record.readUInt16LE(cardAt.expiry),
    par: par[0] === 0 ? undefined : par.toString("latin1"),
    createdAt: record.readUInt32LE(cardAt.createdAt),
    changes: record.readUInt32LE(cardAt.changes),
  };
}

function tokenOf(index: Buffer, record: Buffer, seq: number): Token {
  const flags = record[tokenAt.flags]!;
  return {
    index,
    ref: Buffer.from(record.subarray(tokenAt.ref, tokenAt.ref + indexBytes)),
    status: nameOf(tokenStatus, record[tokenAt.status]!),
    causes: record[tokenAt.suspendedBy]!,
    neverActive: (flags & tokenFlag.NEVER_ACTIVE) !== 0,
    secondary: (flags & tokenFlag.SECONDARY) !== 0,
    type: record[tokenAt.type]!,
    assurance: record[tokenAt.assurance]!,
    expiry: record.readUInt16LE(tokenAt.expiry),
    previousExpiry: record.readUInt16LE(tokenAt.previousExpiry),
    ptavNotBefore: record.readUInt32LE(tokenAt.ptavNotBefore),
    requestor: record.readUInt16LE(tokenAt.requestor),
    trid: tridOf(record),
    provisionedAt: record.readUInt32LE(tokenAt.provisionedAt),
    changes: record.readUInt32LE(tokenAt.changes),
    seq,
  };
}
