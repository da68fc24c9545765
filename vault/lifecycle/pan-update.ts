// A card gets a new number. Its live tokens move behind the new card: TPAN, reference and
// agreements stay, the old card becomes DELETED and names its successor. One transaction on one
// machine.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { cardAt, cardTokensMax } from "../card-record.ts";
import { refText } from "../minting/mint.ts";
import {
  type CardReasonName,
  cardReason,
  cardStatus,
  indexBytes,
  parBytes,
  tokenAt,
  tokenFlag,
  tokenStatus,
} from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { hasRival, isSameKind, ownedIssuer } from "./card-actions.ts";
import {
  type CardFile,
  cardIndexOf,
  loadCard,
  newCard,
  storeCard,
  type TokenEntry,
} from "./card-file.ts";
import { isYymm } from "./expiry.ts";
import { applyToToken, isLive, isPrimary } from "./token-change.ts";
import { parOf } from "./token-entry.ts";

export interface PanUpdate {
  readonly pan: ClearPAN;
  readonly newPan: ClearPAN;
  /** YYMM as a number. */
  readonly newExpiry: number;
  readonly issuerId?: string;
  readonly reason?: CardReasonName;
}

export interface PanUpdated {
  readonly changed: boolean;
  readonly moved: readonly string[];
  /** Tokens of the new card that gave their primary place to a moved one of the same requestor. */
  readonly mergedTokens: readonly string[];
}

/**
 * Moves a card to a new PAN. The same PAN changes nothing. Errors: PAN_NOT_OWNED, CARD_NOT_FOUND,
 * CARD_NOT_ALLOWED (old card closed, or new card closed, which also refuses a circle),
 * TOKEN_LIMIT_REACHED.
 */
export function updatePan(vault: Vault, update: PanUpdate): PanUpdated {
  if (!isYymm(update.newExpiry)) throw appError("INVALID_FIELD", "The new expiry is no YYMM.");
  return vault.env.write(() => updateInside(vault, update));
}

function updateInside(vault: Vault, update: PanUpdate): PanUpdated {
  const issuer = ownedIssuer(vault, update.pan, update.issuerId);
  if (ownedIssuer(vault, update.newPan, undefined) !== issuer) {
    throw appError("PAN_NOT_OWNED", "The new PAN lies outside the issuer's ranges.");
  }
  if (update.pan.equals(update.newPan)) return { changed: false, moved: [], mergedTokens: [] };
  const oldCard = loadCard(vault, cardIndexOf(vault, update.pan));
  if (oldCard === undefined) throw appError("CARD_NOT_FOUND", "There is no such card.");
  const newIndex = cardIndexOf(vault, update.newPan);
  if (oldCard.record[cardAt.status] === cardStatus.DELETED) {
    const replacedBy = oldCard.record.subarray(cardAt.replacedBy, cardAt.replacedBy + indexBytes);
    if (replacedBy.equals(newIndex)) return { changed: false, moved: [], mergedTokens: [] };
    throw appError("CARD_NOT_ALLOWED", "The card is closed.");
  }
  const target =
    loadCard(vault, newIndex) ?? newCard(vault, newIndex, update.newPan, update.newExpiry, issuer);
  if (target.record[cardAt.status] === cardStatus.DELETED) {
    throw appError("CARD_NOT_ALLOWED", "The new card is closed.");
  }
  target.record.writeUInt16LE(update.newExpiry, cardAt.expiry);
  inheritPar(oldCard, target, vault.nowSeconds());
  const result = moveTokens(vault, oldCard, target);
  closeOld(oldCard, newIndex, update.reason ?? "REPLACEMENT");
  storeCard(vault, oldCard);
  storeCard(vault, target, true);
  return { changed: true, ...result };
}

/** The new card takes the old one's PAR, unless it has one with live tokens: then that one wins. */
function inheritPar(oldCard: CardFile, target: CardFile, now: number): void {
  const hasLive = target.tokens.some((token) => isLive(token.record, now));
  if (parOf(oldCard.record) === undefined) return;
  if (parOf(target.record) !== undefined && hasLive) return;
  oldCard.record.copy(target.record, cardAt.par, cardAt.par, cardAt.par + parBytes);
}

function moveTokens(
  vault: Vault,
  oldCard: CardFile,
  target: CardFile,
): Pick<PanUpdated, "moved" | "mergedTokens"> {
  const nowSeconds = vault.nowSeconds();
  const newCardSuspended = target.record[cardAt.status] === cardStatus.SUSPENDED;
  const staying: TokenEntry[] = [];
  const moving: TokenEntry[] = [];
  for (const token of oldCard.tokens) {
    const deleted = token.record[tokenAt.status] === tokenStatus.DELETED;
    (deleted ? staying : moving).push(token);
  }
  if (target.tokens.length + moving.length > cardTokensMax) {
    throw appError("TOKEN_LIMIT_REACHED", "The new card would have too many tokens.");
  }
  const merged: string[] = [];
  for (const token of moving) {
    const rival = hasRival([...target.tokens, ...moving], token, nowSeconds);
    const context = { nowSeconds, newCardSuspended, hasRival: rival };
    applyToToken(token.record, "panUpdate", context);
    if (isLive(token.record, nowSeconds) && isPrimary(token.record)) {
      merged.push(...demoteRivals(target.tokens, token, nowSeconds));
    }
  }
  oldCard.tokens = staying;
  target.tokens = [...target.tokens, ...moving];
  return { moved: moving.map(refOf), mergedTokens: merged };
}

/** Both stay alive; the moved token becomes the primary one. */
function demoteRivals(tokens: readonly TokenEntry[], moved: TokenEntry, now: number): string[] {
  const demoted: string[] = [];
  for (const token of tokens) {
    if (!isSameKind(token, moved) || !isPrimary(token.record) || !isLive(token.record, now))
      continue;
    token.record[tokenAt.flags]! |= tokenFlag.SECONDARY;
    demoted.push(refOf(token));
  }
  return demoted;
}

function closeOld(card: CardFile, newIndex: Buffer, reason: CardReasonName): void {
  card.record[cardAt.status] = cardStatus.DELETED;
  card.record[cardAt.reason] = cardReason[reason];
  newIndex.copy(card.record, cardAt.replacedBy);
}

function refOf(token: TokenEntry): string {
  return refText(token.record.subarray(tokenAt.ref, tokenAt.ref + 16));
}
