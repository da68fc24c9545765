// What issuers send and get, as schemas.
import { Type } from "typebox";
import {
  closed,
  encryptedUnder,
  last4,
  oneOf,
  par,
  reasonNames,
  status,
  suspendedBy,
  text,
  time,
  tokenRef,
  yymm,
} from "./schemas.ts";

const encryptedCard = encryptedUnder("/issuer/v1/keys");
const event = {
  issuerEventRef: text(
    "^[!-~]{1,64}$",
    "The issuer's reference of the event, its idempotency key: 1 to 64 printable ASCII characters.",
  ),
};
const reasonCode = Type.Optional(oneOf(reasonNames, "Why."));
const cardEvent = {
  ...event,
  encryptedCard,
  reasonCode,
  causedAt: Type.Optional(time("When it happened at the issuer")),
};
const limit = (max: number, without: number) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum: max, description: `1 to ${max}; ${without} without it.` }),
  );
const cardStatus = oneOf(["ACTIVE", "SUSPENDED", "DELETED"], "The card's state.");

export const cardRequest = Type.Object(cardEvent, closed);
export const expiryRequest = Type.Object(
  { ...cardEvent, newExpiry: yymm("The card's new expiry") },
  closed,
);
export const panRequest = Type.Object(
  {
    ...event,
    encryptedCard,
    encryptedNewCard: Type.String({
      ...encryptedCard,
      description: "The new card in the same form; its expiry must be in it.",
    }),
    reasonCode,
  },
  closed,
);

export const cardAnswer = Type.Object({
  changed: Type.Boolean({ description: "False where it was so already." }),
  stale: Type.Boolean({ description: "True where a later event came before: not applied." }),
  cardStatus: Type.Optional(cardStatus),
  tokensAffected: Type.Integer({ minimum: 0 }),
  tokensUnchanged: Type.Array(Type.Object({ tokenRef, reason: Type.String() }), {
    description: "The first of them, each with its state.",
  }),
  tokensUnchangedCount: Type.Integer({ minimum: 0 }),
  eventsQueued: Type.Integer({ minimum: 0, description: "Notifications to requestors." }),
});

export const panAnswer = Type.Object({
  changed: Type.Boolean({ description: "False where it was so already." }),
  tokensAffected: Type.Integer({ minimum: 0 }),
  mergedTokens: Type.Array(tokenRef, {
    description: "Moved beside another token of the same requestor.",
  }),
});

export const issuerActionRequest = Type.Object(
  {
    ...event,
    reasonCode,
    onBehalfOf: Type.Optional(oneOf(["CARDHOLDER"], "Whose wish it is, where not the issuer's.")),
    expectedVersion: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: "Refused at another one." }),
    ),
  },
  closed,
);

export const cardSearchRequest = Type.Object({ encryptedCard }, closed);
export const cardSearchAnswer = Type.Object({
  cardStatus: Type.Optional(cardStatus),
  tokens: Type.Array(
    Type.Object({
      tokenRef,
      status,
      suspendedBy,
      trid: text("^[0-9]{11}$", "The token requestor's id, 11 digits."),
      tpanLast4: last4("token number"),
      tpanExpiry: yymm("Expiry of the token number"),
      par,
      tokenAssuranceMethod: text("^[0-9]{2}$", "How the cardholder was checked."),
      primary: Type.Boolean({ description: "False beside another token of the same card." }),
      card: Type.Object({
        last4: last4("card number"),
        expiry: yymm("Expiry of the card"),
        status: cardStatus,
      }),
      createdAt: time("When the token was made"),
      version: Type.Integer({ minimum: 0, description: "Goes up with every change." }),
    }),
  ),
});

export const cardEventsMax = 100;
export const cardEventsDefault = 20;
export const tokenEventsMax = 500;
export const tokenEventsDefault = 100;

export const cardHistoryRequest = Type.Object(
  { encryptedCard, limit: limit(cardEventsMax, cardEventsDefault) },
  closed,
);
export const tokenHistoryQuery = Type.Object(
  {
    before: Type.Optional(text("^[!-~]{1,128}$", "The position of the last event seen.")),
    limit: Type.Optional(
      text("^([1-9][0-9]?|[1-4][0-9]{2}|500)$", `1 to 500; ${tokenEventsDefault} without it.`),
    ),
  },
  closed,
);
export const historyAnswer = Type.Object({
  events: Type.Array(
    Type.Object({
      tokenRef,
      position: Type.String({ description: "Where it stands in the token's history; opaque." }),
      at: time("When"),
      kind: Type.String(),
      reasonCode: text("^[0-9]{4}$", "Reason, as in the table of reasons."),
      mti: Type.String(),
      trid: Type.String(),
      amount: Type.String({ description: "Minor units." }),
      currency: Type.String(),
      acquirerId: Type.String(),
      merchantId: Type.String(),
      rrn: Type.String(),
      verificationId: Type.String(),
    }),
    { description: "Payments and tries, the latest first." },
  ),
});
