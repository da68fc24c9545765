// What requestors send and get when they migrate stored cards over JSON.
import { type Static, Type } from "typebox";
import {
  agreement,
  closed,
  encryptedUnder,
  last4,
  oneOf,
  text,
  time,
  tokenRef,
  yymm,
} from "../http/schemas.ts";

/** Cards of one batch, and the bytes that they come in: some 900 a card with RSA. */
export const batchMax = 1_000;
export const batchBytesMax = 2 ** 20;

/** No text that a spreadsheet would run: results may go into one. */
const plain = (max: number, what: string) =>
  text(
    `^(?![=+@-])[!-~]{1,${max}}$`,
    `${what}; 1 to ${max} printable ASCII characters without spaces, none of = + - @ first.`,
  );

const requestorRef = plain(64, "The requestor's own name of the card; it comes back");
const card = {
  requestorRef,
  encryptedCard: encryptedUnder("/tr/v1/keys"),
  consumerRef: Type.Optional(plain(64, "Hash or id of the consumer; checked, not kept")),
  consent: Type.Object(
    {
      given: Type.Literal(true),
      at: time("When the cardholder agreed"),
      termsVersion: Type.Optional(plain(32, "To which terms; checked, not kept")),
    },
    closed,
  ),
  agreement: Type.Optional(agreement),
};

export const cardRequest = Type.Object(card, closed);
export const batchRequest = Type.Object(
  {
    cards: Type.Array(Type.Object(card, closed), {
      minItems: 1,
      maxItems: batchMax,
      description: `1 to ${batchMax} cards, in the order in which their results come.`,
    }),
  },
  closed,
);

const made = {
  requestorRef,
  tokenRef,
  tpan: text("^[0-9]{16,19}$", "The token number."),
  tpanExpiry: yymm("Expiry of the token number"),
  par: Type.Optional(text("^[0-9A-Z]{29}$", "Payment account reference.")),
  card: Type.Object({ last4: last4("card number") }),
  reused: Type.Boolean({ description: "True for a token that was there already." }),
};

export const cardAnswer = Type.Object({
  status: oneOf(["TOKENISED", "DUPLICATE"], "DUPLICATE: the token was there already."),
  ...made,
});

const id = text("^mig_[a-p]{32}$", "The batch's id.");
const count = Type.Integer({ minimum: 0 });
const counts = Type.Object(
  {
    TOKENISED: count,
    DUPLICATE: count,
    NOT_ELIGIBLE: count,
    DECLINED: count,
    INVALID: count,
    ERROR: count,
  },
  { description: "Cards by what came of them so far." },
);
const recordNo = Type.Integer({ minimum: 1, description: "Place in the batch, from 1." });

export const batchAnswer = Type.Object({
  migrationId: id,
  state: oneOf(["RUNNING", "DONE"], "DONE: every card has its result."),
  records: count,
  counts,
  startedAt: time("When it was taken"),
  finishedAt: Type.Optional(time("When the last card was done")),
});

export const batchResult = Type.Object({
  ...batchAnswer.properties,
  results: Type.Optional(
    Type.Array(
      Type.Union([
        Type.Object({
          recordNo,
          status: oneOf(["TOKENISED", "DUPLICATE"], "It has a token."),
          ...made,
        }),
        Type.Object({
          recordNo,
          status: oneOf(["NOT_ELIGIBLE", "DECLINED", "INVALID", "ERROR"], "It has none."),
          requestorRef,
          reasonCode: text("^[A-Z0-9_?-]{1,64}$", "Why."),
        }),
      ]),
      { description: "In the order of the cards, when all are done." },
    ),
  ),
});

export type CardBody = Static<typeof cardRequest>;
