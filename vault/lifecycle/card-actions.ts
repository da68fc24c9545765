// What an issuer does to a card: the card and the copies in all its tokens change in one
// transaction.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { cardAt } from "../card-record.ts";
import { refText } from "../minting/mint.ts";
import {
  type CardReasonName,
  type CardStatusName,
  cardReason,
  cardStatus,
  nameOf,
  suspendedBy,
  tokenAt,
} from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { removeAgreements } from "./agreements.ts";
import type { TokenEntry } from "./card-file.ts";
import { type CardFile, cardIndexOf, loadCard, newCard, storeCard } from "./card-file.ts";
import { isYymm } from "./expiry.ts";
import { findRangeOf } from "./provision.ts";
import { type CardAction, type CardEvent, cardTable } from "./state-tables.ts";
import { applyToToken, isLive, isPrimary, statusAt } from "./token-change.ts";

export interface CardActionOptions {
  /** The issuer that asks; a PAN outside its ranges is PAN_NOT_OWNED, known or not. */
  readonly issuerId?: string;
  readonly reason?: CardReasonName;
  /** Resume takes every cause away, not only the issuer's own. */
  readonly clearAll?: boolean;
}

export interface CardChange {
  readonly changed: boolean;
  readonly status: CardStatusName;
  /** References of the tokens whose own state changed. */
  readonly tokensAffected: readonly string[];
  readonly tokensUnchanged: readonly { readonly ref: string; readonly reason: string }[];
}

/** Suspends a card; a PAN that was never seen is remembered as suspended. */
export function suspendCard(vault: Vault, pan: ClearPAN, options: CardActionOptions = {}) {
  return changeCard(vault, pan, "suspend", options);
}

/** Lifts the issuer's suspension of the card and, in its tokens, the issuer's cause. */
export function resumeCard(vault: Vault, pan: ClearPAN, options: CardActionOptions = {}) {
  return changeCard(vault, pan, "resume", options);
}

/** Closes a card for good, with all its tokens; an unseen PAN is remembered as closed. */
export function deleteCard(vault: Vault, pan: ClearPAN, options: CardActionOptions = {}) {
  return changeCard(vault, pan, "delete", options);
}

/** Gives the card a new expiry, YYMM; TPANs that are near their own get a longer one. */
export function updateCardExpiry(
  vault: Vault,
  pan: ClearPAN,
  expiry: number,
  options: CardActionOptions = {},
): CardChange {
  if (!isYymm(expiry)) throw appError("INVALID_FIELD", "The new expiry is no YYMM.");
  return changeCard(vault, pan, "expiryUpdate", options, expiry);
}

/**
 * The range of the PAN, when it belongs to the asking issuer; nothing tells whether it is known.
 */
export function ownedIssuer(vault: Vault, pan: ClearPAN, issuerId: string | undefined): number {
  const range = findRangeOf(vault, pan);
  if (range === undefined || (issuerId !== undefined && range.issuer.id !== issuerId)) {
    throw appError("PAN_NOT_OWNED", "The PAN lies outside the issuer's ranges.");
  }
  return range.issuer.number;
}

function changeCard(
  vault: Vault,
  pan: ClearPAN,
  event: CardEvent,
  options: CardActionOptions,
  expiry?: number,
): CardChange {
  return vault.env.write(() => {
    const issuer = ownedIssuer(vault, pan, options.issuerId);
    const index = cardIndexOf(vault, pan);
    const known = loadCard(vault, index);
    if (known === undefined && event !== "suspend" && event !== "delete") {
      throw appError("CARD_NOT_FOUND", "There is no such card.");
    }
    const card = known ?? newCard(vault, index, pan, 0, issuer);
    const status = nameOf(cardStatus, card.record[cardAt.status]!);
    const action = cardTable[event][status];
    if (action === "error") throw appError("CARD_NOT_ALLOWED", "The card is closed.");
    const summary = { tokensAffected: [], tokensUnchanged: [] } as Touched;
    if (action !== "none") applyToCard(card, action, options, expiry);
    if (action !== "none") applyToTokens(vault, card, event, options, summary);
    const changed = known === undefined || isChanged(card);
    storeCard(vault, card, event === "expiryUpdate" && changed);
    return { changed, status: nameOf(cardStatus, card.record[cardAt.status]!), ...summary };
  });
}

function isChanged(card: CardFile): boolean {
  if (!card.record.equals(card.before!)) return true;
  return card.tokens.some((token) => !token.record.equals(token.before!));
}

function applyToCard(
  card: CardFile,
  action: CardAction,
  options: CardActionOptions,
  expiry: number | undefined,
): void {
  const { record } = card;
  if (action === "suspend") record[cardAt.status] = cardStatus.SUSPENDED;
  else if (action === "resume") record[cardAt.status] = cardStatus.ACTIVE;
  else if (action === "delete") record[cardAt.status] = cardStatus.DELETED;
  else record.writeUInt16LE(expiry!, cardAt.expiry);
  if (action !== "data") record[cardAt.reason] = cardReason[options.reason ?? "NONE"];
}

interface Touched {
  readonly tokensAffected: string[];
  readonly tokensUnchanged: { readonly ref: string; readonly reason: string }[];
}

const tokenEventOf = {
  suspend: "cardSuspend",
  resume: "cardResume",
  delete: "cardDelete",
  expiryUpdate: "expiryUpdate",
} as const;

function applyToTokens(
  vault: Vault,
  card: CardFile,
  event: CardEvent,
  options: CardActionOptions,
  touched: Touched,
): void {
  if (event === "panUpdate") throw new Error("a PAN update has a path of its own");
  const nowSeconds = vault.nowSeconds();
  for (const token of card.tokens) {
    const action = applyToToken(token.record, tokenEventOf[event], {
      nowSeconds,
      cause: suspendedBy.ISSUER,
      clearAll: options.clearAll ?? false,
      hasRival: hasRival(card.tokens, token, nowSeconds),
    });
    const ref = refText(token.record.subarray(tokenAt.ref, tokenAt.ref + 16));
    if (!token.record.equals(token.before!)) touched.tokensAffected.push(ref);
    else touched.tokensUnchanged.push({ ref, reason: statusAt(token.record, nowSeconds) });
    if (action === "delete") removeAgreements(vault, token.index);
  }
}

/**
 * True when another live primary token has the same requestor and type. Only an expired token's
 * revival asks, so only for those the others are looked through: a card may have thousands.
 */
export function hasRival(
  tokens: readonly TokenEntry[],
  token: TokenEntry,
  nowSeconds: number,
): boolean {
  if (statusAt(token.record, nowSeconds) !== "EXPIRED") return false;
  return tokens.some(
    (other) =>
      other !== token &&
      isSameKind(other, token) &&
      isPrimary(other.record) &&
      isLive(other.record, nowSeconds),
  );
}

/** Same requestor and token type. */
export function isSameKind(one: TokenEntry, other: TokenEntry): boolean {
  const requestor = one.record.readUInt16LE(tokenAt.requestor);
  return (
    requestor === other.record.readUInt16LE(tokenAt.requestor) &&
    one.record[tokenAt.type] === other.record[tokenAt.type]
  );
}
