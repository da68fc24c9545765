// The actor's state written into the vault's records: what changed between two states, and nothing
// of another shard. The same events give the same bytes on every node: blocks are sealed under the
// version that the event names, and no clock and no randomness come in here.
import { isAppError } from "../../platform/mod.ts";
import {
  cardAt,
  cardHeadBytes,
  cardReason,
  cardStatus,
  indexBytes,
  openSubRange,
  parBytes,
  plainOf,
  putAgreementRow,
  recordVersion,
  removeAgreements,
  revokeAgreement,
  sealedBytes,
  setPlainExpiry,
  tokenAt,
  tokenBytes,
  tokenFlag,
  tokenStatus,
  tridBcd,
  type Vault,
  withTokens,
  writeCardId,
} from "../../vault/mod.ts";
import type { CardEvent, NewToken } from "./events.ts";
import { putSide, sideOf } from "./side-record.ts";
import type { Card, CardState, Token } from "./state.ts";

/** Writes what `event` changed from `before` to `after`; inside the fold's transaction. */
export function projectCard(
  vault: Vault,
  before: CardState,
  after: CardState,
  event: CardEvent,
): void {
  const sealVersion = sealVersionOf(event);
  projectTokens(vault, before, after, event, sealVersion);
  if (after.card !== undefined && after.card !== before.card) {
    putCard(vault, before.card, after, sealVersion);
  }
  if (isSideChanged(before, after)) putSide(vault, after.key, sideOf(after));
  projectAgreements(vault, after, event);
}

/** Other events seal nothing; a pending update's number stays under the version it began with. */
function sealVersionOf(event: CardEvent): number {
  return "change" in event ? event.change.sealVersion : 0;
}

function isSideChanged(before: CardState, after: CardState): boolean {
  if (before.links !== after.links || before.pending !== after.pending) return true;
  if (before.times !== after.times || before.restores !== after.restores) return true;
  return after.tokens.some((token, i) => token.seq !== (before.tokens[i]?.seq ?? 0));
}

function projectTokens(
  vault: Vault,
  before: CardState,
  after: CardState,
  event: CardEvent,
  sealVersion: number,
): void {
  const made = event.event === "provisioned" ? event.token : undefined;
  const until = event.event === "flagged" ? event.untilSeconds : 0;
  const { card } = after;
  if (card === undefined) return;
  const cardSealed = before.card?.expiry !== card.expiry || before.card.index !== card.index;
  for (const [position, token] of after.tokens.entries()) {
    const old = before.tokens[position];
    if (token === old || (old !== undefined && old.changes === token.changes)) continue;
    if (old === undefined) putNewToken(vault, after, card, token, made!, sealVersion);
    else {
      const record = vault.tables.tokens.getBinary(token.index)!;
      writeToken(record, card, token);
      if (until > record.readUInt32LE(tokenAt.flaggedUntil)) {
        record.writeUInt32LE(until, tokenAt.flaggedUntil);
      }
      const sealed = cardSealed || old.expiry !== token.expiry;
      if (sealed) sealAnew(vault, record, card, token, sealVersion);
      vault.tables.tokens.putSync(token.index, record);
    }
    if (token.status === "DELETED" && old?.status !== "DELETED") {
      removeAgreements(vault, token.index);
    }
  }
}

function putNewToken(
  vault: Vault,
  state: CardState,
  card: Card,
  token: Token,
  made: NewToken,
  sealVersion: number,
): void {
  const { tables, sealing, meta } = vault;
  const record = Buffer.alloc(tokenBytes);
  record[tokenAt.version] = recordVersion;
  record[tokenAt.indexKeyVersion] = sealing.indexVersion;
  writeCardId(state.key, record, tokenAt.cardId);
  writeToken(record, card, token);
  const plain = plainOf(made.tpan, token.expiry);
  sealing.seal(plain, token.index, sealVersion).copy(record, tokenAt.sealedTpan);
  plain.fill(0);
  sealPan(vault, record, card, token, sealVersion);
  tables.tokens.putSync(token.index, record);
  tables.refs.putSync(token.ref, token.index);
  const number = subRangeOf(made);
  if (made.opened !== undefined) openSubRange(vault, { number, ...made.opened, status: "OPEN" });
  meta.addSubRangeUsed(number, 1);
}

/** Digits 7 to 9 of the TPAN. */
function subRangeOf(made: NewToken): number {
  const bcd = Buffer.alloc(10);
  made.tpan.bcdTo(bcd, 0);
  const number = (bcd[3]! >> 4) * 100 + (bcd[3]! & 15) * 10 + (bcd[4]! >> 4);
  bcd.fill(0);
  return number;
}

/** Everything but the sealed blocks, the card id and what the slow path writes. */
function writeToken(record: Buffer, card: Card, token: Token): void {
  record[tokenAt.status] = tokenStatus[token.status];
  record[tokenAt.suspendedBy] = token.causes;
  record[tokenAt.cardStatus] = cardStatus[card.status];
  record[tokenAt.cardReason] = cardReason[card.reason];
  record[tokenAt.type] = token.type;
  record[tokenAt.assurance] = token.assurance;
  record.writeUInt16LE(token.expiry, tokenAt.expiry);
  record.writeUInt16LE(token.previousExpiry, tokenAt.previousExpiry);
  record.writeUInt16LE(card.expiry, tokenAt.cardExpiry);
  record.writeUInt32LE(token.ptavNotBefore, tokenAt.ptavNotBefore);
  record.writeUInt16LE(token.requestor, tokenAt.requestor);
  tridBcd(token.trid).copy(record, tokenAt.trid);
  writePar(record, tokenAt.par, card.par);
  record[tokenAt.flags] =
    (token.neverActive ? tokenFlag.NEVER_ACTIVE : 0) | (token.secondary ? tokenFlag.SECONDARY : 0);
  record.writeUInt32LE(token.provisionedAt, tokenAt.provisionedAt);
  record.writeUInt32LE(token.changes, tokenAt.changes);
  token.ref.copy(record, tokenAt.ref);
}

function writePar(record: Buffer, at: number, par: string | undefined): void {
  record.fill(0, at, at + parBytes);
  if (par !== undefined) record.write(par, at, parBytes, "latin1");
}

/** Seals card and token number anew; the token's stands in the record under an older version. */
function sealAnew(
  vault: Vault,
  record: Buffer,
  card: Card,
  token: Token,
  sealVersion: number,
): void {
  const { sealing } = vault;
  const at = tokenAt.sealedTpan;
  const old = record.readUInt16LE(tokenAt.sealKeyVersion);
  const tpan = sealing.open(record.subarray(at, at + sealedBytes), token.index, old);
  setPlainExpiry(tpan, 0, token.expiry);
  sealing.seal(tpan, token.index, sealVersion).copy(record, at);
  tpan.fill(0);
  sealPan(vault, record, card, token, sealVersion);
}

function sealPan(
  vault: Vault,
  record: Buffer,
  card: Card,
  token: Token,
  sealVersion: number,
): void {
  const plain = plainOf(card.pan, card.expiry);
  vault.sealing.seal(plain, token.index, sealVersion).copy(record, tokenAt.sealedPan);
  plain.fill(0);
  record.writeUInt16LE(sealVersion, tokenAt.sealKeyVersion);
}

function putCard(
  vault: Vault,
  before: Card | undefined,
  after: CardState,
  sealVersion: number,
): void {
  const { cards } = vault.tables;
  const { key } = after;
  const card = after.card!;
  const stored = before === undefined ? undefined : cards.getBinary(key);
  const indexes = after.tokens.map((token) => token.index);
  const record = withTokens(stored ?? Buffer.alloc(cardHeadBytes), indexes);
  record[cardAt.version] = recordVersion;
  record[cardAt.status] = cardStatus[card.status];
  record[cardAt.reason] = cardReason[card.reason];
  if (stored === undefined) record[cardAt.indexKeyVersion] = vault.sealing.indexVersion;
  record.writeUInt16LE(card.expiry, cardAt.expiry);
  record.writeUInt32LE(card.changes, cardAt.changes);
  record.writeUInt32LE(card.createdAt, cardAt.createdAt);
  writeCardId(key, record, cardAt.cardId);
  record.writeUInt32LE(card.issuer, cardAt.issuer);
  writePar(record, cardAt.par, card.par);
  record.fill(0, cardAt.currentIndex, cardAt.currentIndex + indexBytes);
  if (!card.index.equals(key)) card.index.copy(record, cardAt.currentIndex);
  record.writeUInt16LE(after.shard, cardAt.shard);
  if (before === undefined || before.expiry !== card.expiry || before.index !== card.index) {
    const plain = plainOf(card.pan, card.expiry);
    vault.sealing.seal(plain, key, sealVersion).copy(record, cardAt.sealedPan);
    plain.fill(0);
    record.writeUInt16LE(sealVersion, cardAt.sealKeyVersion);
  }
  cards.putSync(key, record);
}

function projectAgreements(vault: Vault, after: CardState, event: CardEvent): void {
  if (event.event === "agreementRevoked") {
    revokeAgreement(vault, event.key, event.atSeconds);
    return;
  }
  const terms =
    event.event === "agreementPut"
      ? event.terms
      : event.event === "provisioned"
        ? event.agreement
        : undefined;
  if (terms === undefined) return;
  const index = terms.key.subarray(0, indexBytes);
  const token = after.tokens.find((one) => one.index.equals(index));
  // Set up by the slow path meanwhile, or deleted: the row's own rules decide, never this fold.
  if (token === undefined || token.status === "DELETED") return;
  try {
    putAgreementRow(vault, terms.key, terms);
  } catch (error) {
    // The slow path took the last place between decision and fold.
    if (!isAppError(error, "TOKEN_LIMIT_REACHED")) throw error;
  }
}
