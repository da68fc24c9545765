// Provisioning: one live primary token for a card, a requestor and a token type. Asking again gives
// the same token; a deleted or expired one gives a new TPAN. All in one write transaction, so that
// rivals of any process end with one token.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { type AgreementName, mitType } from "../agreement-key.ts";
import { cardAt, cardTokensMax } from "../card-record.ts";
import { type CapacityAlarm, mint, tokenRef } from "../minting/mint.ts";
import type { BinRange, Requestor } from "../registry/records.ts";
import { cardStatus, tokenAt } from "../token-record.ts";
import type { Vault } from "../vault.ts";
import { putAgreement } from "./agreements.ts";
import {
  type CardFile,
  cardIndexOf,
  loadCard,
  newCard,
  storeCard,
  type TokenEntry,
} from "./card-file.ts";
import { hasPassed, isYymm, monthOf } from "./expiry.ts";
import { isLive, isPrimary } from "./token-change.ts";
import { newToken, parOf, setPar, type TokenView, viewOf } from "./token-entry.ts";

/** Live tokens of one card over all requestors, where the caller sets no other limit. */
export const liveTokensMaxDefault = 50;

export interface ProvisionRequest {
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly panExpiry: number;
  readonly trid: string;
  /** Token assurance method, 0 to 99. */
  readonly assurance: number;
  /** Given where the card has none yet. */
  readonly par?: string;
  /** False makes an INACTIVE token, for issuers that confirm. */
  readonly active?: boolean;
  /** The cardholder check is recent: a later card expiry than the stored one is taken. */
  readonly verified?: boolean;
  readonly liveTokensMax?: number;
  /** Set up by the requestor's word; its TRID must be allowed to. */
  readonly agreement?: AgreementName & { readonly mitTypes: readonly (keyof typeof mitType)[] };
  readonly agreementSource?: "PROVISION" | "MIGRATION";
}

export interface Provisioned {
  readonly token: TokenView;
  readonly reused: boolean;
  readonly alarm: CapacityAlarm | undefined;
}

/**
 * Provisions a token. Errors: TRID_NOT_ALLOWED, REQUESTOR_SUSPENDED, CARD_NOT_ELIGIBLE,
 * CARD_NOT_ALLOWED, CARD_EXPIRED, TOKEN_LIMIT_REACHED, TOKEN_RANGE_FULL, SCOPE_MISSING.
 */
export function provision(vault: Vault, request: ProvisionRequest): Provisioned {
  return vault.env.write(() => provisionInside(vault, request));
}

/** The same inside the caller's write transaction. */
export function provisionInside(vault: Vault, request: ProvisionRequest): Provisioned {
  const now = vault.nowSeconds();
  const requestor = activeRequestor(vault, request.trid);
  if (request.agreement && !requestor.allowAttestedAgreements) {
    throw appError("SCOPE_MISSING", "The requestor may not attest agreements.");
  }
  const range = eligibleRange(vault, request.pan);
  if (!isYymm(request.panExpiry)) throw appError("INVALID_FIELD", "The card expiry is no YYMM.");
  if (hasPassed(request.panExpiry, now)) throw appError("CARD_EXPIRED", "The card has expired.");
  const index = cardIndexOf(vault, request.pan);
  const card =
    loadCard(vault, index) ??
    newCard(vault, index, request.pan, request.panExpiry, range.issuer.number);
  if (card.record[cardAt.status] !== cardStatus.ACTIVE) {
    throw appError("CARD_NOT_ALLOWED", "The card is suspended or closed.");
  }
  if (request.par !== undefined && parOf(card.record) === undefined)
    setPar(card.record, request.par);
  const renewed = renewExpiry(card, request);
  let token = card.tokens.find((one) => isReusable(one, requestor, now));
  const reused = token !== undefined;
  let alarm: CapacityAlarm | undefined;
  if (token === undefined) {
    checkLimits(card, request.liveTokensMax ?? liveTokensMaxDefault, now);
    const minted = mint(vault, range);
    alarm = minted.alarm;
    token = newToken(vault, card, {
      index: minted.index,
      tpan: minted.tpan,
      ref: tokenRef(vault.random, vault.clock.nowMs()),
      requestor,
      assurance: request.assurance,
      active: request.active ?? true,
    });
    card.tokens.push(token);
    vault.tables.refs.putSync(token.record.subarray(tokenAt.ref, tokenAt.ref + 16), token.index);
  }
  storeCard(vault, card, renewed);
  attest(vault, request, token, now);
  return { token: viewOf(vault, token.index, token.record), reused, alarm };
}

function activeRequestor(vault: Vault, trid: string): Requestor {
  const requestor = vault.registry().findRequestor(trid);
  if (requestor === undefined) throw appError("TRID_NOT_ALLOWED", "The TRID is not registered.");
  if (requestor.status !== "ACTIVE") {
    throw appError("REQUESTOR_SUSPENDED", "The token requestor is suspended.");
  }
  return requestor;
}

/**
 * The BIN range of a PAN that may be tokenised; CARD_NOT_ELIGIBLE or CARD_NOT_ALLOWED otherwise.
 */
export function eligibleRange(vault: Vault, pan: ClearPAN): BinRange {
  const range = findRangeOf(vault, pan);
  if (range === undefined || !range.tokenisable) {
    throw appError("CARD_NOT_ELIGIBLE", "The card's range is not registered for tokens.");
  }
  if (range.status !== "ACTIVE" || range.issuer.status !== "ACTIVE") {
    throw appError("CARD_NOT_ALLOWED", "The issuer does not take part.");
  }
  return range;
}

/** The BIN range that a PAN lies in, whatever its state. */
export function findRangeOf(vault: Vault, pan: ClearPAN): BinRange | undefined {
  const digits = Buffer.alloc(19);
  const length = pan.copyTo(digits, 0);
  const range = vault.registry().findRange(digits, 0, length);
  digits.fill(0);
  return range;
}

/** A card that came by a suspension has no expiry yet; a later one needs a recent check. */
function renewExpiry(card: CardFile, request: ProvisionRequest): boolean {
  const known = card.record.readUInt16LE(cardAt.expiry);
  if (known !== 0 && !(request.verified && monthOf(request.panExpiry) > monthOf(known)))
    return false;
  if (known === request.panExpiry) return false;
  card.record.writeUInt16LE(request.panExpiry, cardAt.expiry);
  return true;
}

function isReusable(token: TokenEntry, requestor: Requestor, now: number): boolean {
  const { record } = token;
  const same = record.readUInt16LE(tokenAt.requestor) === requestor.number;
  return same && isPrimary(record) && isLive(record, now);
}

function checkLimits(card: CardFile, liveMax: number, now: number): void {
  const live = card.tokens.filter((token) => isLive(token.record, now)).length;
  if (live >= liveMax || card.tokens.length >= cardTokensMax) {
    throw appError("TOKEN_LIMIT_REACHED", "The card has its most tokens already.");
  }
}

function attest(vault: Vault, request: ProvisionRequest, token: TokenEntry, now: number): void {
  const { agreement } = request;
  if (agreement === undefined) return;
  let types = 0;
  for (const letter of agreement.mitTypes) types |= mitType[letter];
  const source = request.agreementSource ?? "PROVISION";
  putAgreement(vault, token.index, agreement, { types, source, atSeconds: now });
}
