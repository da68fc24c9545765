// The issuers' part of the table of what is served.
import * as schema from "./issuer-schemas.ts";
import type { Operation } from "./operations.ts";
import { actionAnswer, keysAnswer } from "./schemas.ts";

const cardErrors = ["PAN_NOT_OWNED", "PAN_INVALID", "DECRYPTION_FAILED"] as const;
const changeErrors = [...cardErrors, "CARD_NOT_FOUND", "CARD_NOT_ALLOWED"] as const;
const panErrors = [...changeErrors, "TOKEN_LIMIT_REACHED"] as const;

function card(verb: string, summary: string) {
  return {
    method: "POST",
    path: `/issuer/v1/cards/${verb}`,
    scope: "cards:lifecycle",
    summary,
    mutates: true,
    body: schema.cardRequest,
    answers: { 200: schema.cardAnswer },
    errors: changeErrors,
  } as const satisfies Operation;
}

function token(verb: string, summary: string) {
  return {
    method: "POST",
    path: `/issuer/v1/tokens/{tokenRef}/${verb}`,
    scope: "cards:lifecycle",
    summary,
    mutates: true,
    body: schema.issuerActionRequest,
    answers: { 200: actionAnswer },
    errors: ["TOKEN_NOT_FOUND", "TOKEN_STATE_CONFLICT", "TOKEN_DELETED"],
  } as const satisfies Operation;
}

export const issuerOperations = {
  suspendCard: card("suspend", "Suspends a card and all its tokens; an unknown one is remembered."),
  resumeCard: card("resume", "Takes the issuer's suspension of a card back."),
  deleteCard: card("delete", "Ends a card and its tokens for good; an unknown one is remembered."),
  updateCardExpiry: {
    ...card("expiry", "Gives a card another expiry."),
    body: schema.expiryRequest,
  },
  updateCardPan: {
    ...card("pan", "Moves the tokens of a card to another card of the same issuer."),
    body: schema.panRequest,
    answers: { 200: schema.panAnswer },
    errors: panErrors,
  },
  suspendCardToken: token("suspend", "Suspends one token."),
  resumeCardToken: token("resume", "Takes the issuer's or cardholder's suspension back."),
  deleteCardToken: token("delete", "Ends one token for good."),
  activateCardToken: token("activate", "Makes an inactive token usable."),
  searchCardTokens: {
    method: "POST",
    path: "/issuer/v1/tokens/search",
    scope: "cards:read",
    summary: "All tokens of a card, whoever requested them.",
    mutates: false,
    body: schema.cardSearchRequest,
    answers: { 200: schema.cardSearchAnswer },
    errors: cardErrors,
  },
  listCardHistory: {
    method: "POST",
    path: "/issuer/v1/cards/history",
    scope: "cards:read",
    summary: "Payments and tries with all tokens of a card, each token's latest.",
    mutates: false,
    body: schema.cardHistoryRequest,
    answers: { 200: schema.historyAnswer },
    errors: cardErrors,
  },
  listTokenHistory: {
    method: "GET",
    path: "/issuer/v1/tokens/{tokenRef}/history",
    scope: "cards:read",
    summary: "Payments and tries with one token.",
    mutates: false,
    query: schema.tokenHistoryQuery,
    answers: { 200: schema.historyAnswer },
    errors: ["TOKEN_NOT_FOUND"],
  },
  listCardKeys: {
    method: "GET",
    path: "/issuer/v1/keys",
    scope: null,
    summary: "Our public keys for encrypted cards.",
    mutates: false,
    answers: { 200: keysAnswer },
    errors: [],
  },
} as const satisfies Record<string, Operation>;
