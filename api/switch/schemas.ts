// What a switch sends and gets over JSON, by the names of the proto. What stands in a field is
// checked where the gRPC door checks it: here only its type and its length.
import { type Static, type TSchema, Type } from "typebox";

const closed = { additionalProperties: false } as const;
const textMax = 64;

const text = (description: string) => Type.String({ description, maxLength: textMax });
const optional = (description: string) => Type.Optional(text(description));
const amount = (description: string) =>
  Type.Integer({ description, minimum: 0, maximum: 999_999_999_999 });

const original = Type.Object(
  {
    mti: text("Message type, 4 digits."),
    stan: text("DE11, 6 digits."),
    transmissionDateTime: text("DE7, MMDDhhmmss UTC."),
    acquirerId: text("DE32, 1 to 11 digits."),
    forwarderId: optional("DE33, up to 11 digits."),
  },
  { ...closed, description: "What a reversal, completion or refund refers to (DE90)." },
);

/** In all messages, payments and advices. */
const common = {
  tpan: text("Token number, 13 to 19 digits (DE2)."),
  processingCode: text("6 digits (DE3)."),
  amount: amount("Minor units (DE4)."),
  transmissionDateTime: text("MMDDhhmmss, UTC (DE7)."),
  stan: text("6 digits (DE11)."),
  localTime: text("hhmmss (DE12)."),
  localDate: text("MMDD (DE13)."),
  acquirerId: text("1 to 11 digits (DE32)."),
  rrn: text("12 characters (DE37)."),
  merchantId: text("Up to 15 characters (DE42)."),
  currency: text("ISO 4217 number, 3 digits (DE49)."),
} as const satisfies Record<string, TSchema>;

export const verifyRequest = Type.Object(
  {
    mti: text("0100 0101 0200 0201 0220 0221 0400 0401 0420 0421."),
    ...common,
    tokenExpiry: optional("YYMM (DE14); needed in a payment."),
    mcc: optional("4 digits (DE18); needed in a payment."),
    posEntryMode: optional("3 digits (DE22); needed in a payment."),
    posCondition: optional("2 digits (DE25); needed in a payment."),
    forwarderId: optional("1 to 11 digits (DE33)."),
    terminalId: optional("Up to 8 characters (DE41)."),
    merchantName: optional("Up to 40 characters (DE43)."),
    trid: optional("Token requestor, 11 digits (tag 03)."),
    ptav: optional("Cryptogram, base64 (tag 04)."),
    initiation: optional("C cardholder, M merchant (tag 05); needed in a payment."),
    mitType: optional("R recurring, I instalment, U unscheduled (tag 06)."),
    storedCredential: optional("F first, S subsequent, N none (tag 07); needed in a payment."),
    agreementId: optional("Up to 36 characters (tag 08)."),
    piav: optional("3-D Secure authentication value (tag 15)."),
    eci: optional("2 digits (tag 16)."),
    dsTransId: optional("36 characters (tag 17)."),
    otherTags: Type.Optional(
      Type.Array(
        Type.Object(
          {
            tag: Type.Integer({ minimum: 0, maximum: 99, description: "21-39, 42-49, 60-99." }),
            value: Type.String({ maxLength: 994, description: "Printable ASCII." }),
          },
          closed,
        ),
        { maxItems: 99, description: "All else in DE120." },
      ),
    ),
    original: Type.Optional(original),
    replacementAmount: Type.Optional(amount("What stays after a partial reversal (DE95).")),
  },
  closed,
);

const decision = Type.Unsafe<"APPROVED" | "DECLINED">(
  Type.Union([Type.Literal("APPROVED"), Type.Literal("DECLINED")], {
    description: "A decline is an answer, not an error.",
  }),
);
const verdict = {
  decision,
  reasonCode: Type.String({ pattern: "^[0-9]{4}$", description: "0000 when all is well." }),
  reason: Type.String({ description: "Its name." }),
  responseCode: Type.String({ description: "As DE39 says it." }),
} as const;

const approved = (description: string) =>
  Type.Optional(Type.String({ description: `${description} Only where approved.` }));

export const verifyAnswer = Type.Object({
  ...verdict,
  pan: approved('The card: compact JWE over {"pan"} to the switch\'s registered key.'),
  panExpiry: approved("Expiry of the card, YYMM."),
  par: approved("Payment account reference, where the card has one."),
  tam: approved("Token assurance method (tag 10)."),
  tokenType: approved("Token type (tag 11)."),
  ptavResult: Type.String({ description: "V, N, F, M or U (tag 12)." }),
  verificationId: Type.String({ description: "Identifies this verification (tag 14)." }),
  repetition: Type.Boolean({ description: "True: do not forward the payment twice (tag 20)." }),
  issuerData: approved("DE120 as the issuer gets it."),
});

export const resolveRequest = Type.Object(
  {
    tpan: text("Token number, 13 to 19 digits."),
    tokenExpiry: text("YYMM."),
    trid: text("Token requestor, 11 digits."),
    acquirerId: text("1 to 11 digits."),
    merchantId: text("1 to 15 characters."),
  },
  closed,
);

export const resolveAnswer = Type.Object({
  ...verdict,
  issuerId: approved("Issuer of the card."),
  acsRoutingKey: approved("What routes to its access control server."),
  pan: approved('The card: compact JWE over {"pan"} to the key of that server, if it has one.'),
});

export const adviceRequest = Type.Object(
  {
    ...common,
    responseCode: text("What the issuer answered (DE39)."),
    original,
    verificationId: text("Of the payment (tag 14)."),
    repeat: Type.Optional(Type.Boolean({ description: "It was sent before (0121)." })),
  },
  closed,
);

export const adviceAnswer = Type.Object(verdict);

export type VerifyBody = Static<typeof verifyRequest>;
export type VerifyAnswer = Static<typeof verifyAnswer>;
export type ResolveBody = Static<typeof resolveRequest>;
export type ResolveAnswer = Static<typeof resolveAnswer>;
export type AdviceBody = Static<typeof adviceRequest>;
export type AdviceAnswer = Static<typeof adviceAnswer>;
