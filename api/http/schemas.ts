// What requestors send and get, as schemas: they check requests, give the types, and make the
// OpenAPI file and the reference page.
import { type Static, Type } from "typebox";

export const closed = { additionalProperties: false } as const;

export const text = (pattern: string, description: string) => Type.String({ pattern, description });
export const oneOf = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Unsafe<Names[number]>(
    Type.Union(
      names.map((name) => Type.Literal(name)),
      { description },
    ),
  );

const printable = (max: number, what: string) =>
  text(`^[ -~]{1,${max}}$`, `${what}; 1 to ${max} printable ASCII characters.`);
export const time = (what: string) =>
  text(
    "^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    `${what}, RFC 3339.`,
  );
const tridText = text("^[0-9]{11}$", "The token requestor's id, 11 digits.");
export const encryptedUnder = (keysPath: string) =>
  text(
    "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){3}\\.[A-Za-z0-9_-]+$",
    `Compact JWE under a key of GET ${keysPath}, \`enc\` A256GCM, without \`zip\`. Inside: a ` +
      "JSON object with `pan`, `expiryMonth`, `expiryYear` (2 or 4 digits) and, read by nobody, " +
      "`securityCode` and `cardholderName`.",
  );
const encrypted = encryptedUnder("/tr/v1/keys");

export const reasonNames = [
  "LOST",
  "STOLEN",
  "SUSPECTED_FRAUD",
  "ACCOUNT_CLOSED",
  "CUSTOMER_REQUEST",
  "RENEWAL",
  "REPLACEMENT",
  "NOT_FRAUD",
  "FOUND",
  "OTHER",
] as const;
const statusNames = ["INACTIVE", "ACTIVE", "SUSPENDED", "DELETED", "EXPIRED"] as const;

const mitTypes = Type.Array(
  oneOf(["RECURRING", "INSTALMENT", "UNSCHEDULED"], "What the merchant may begin."),
  { minItems: 1, maxItems: 3 },
);

const agreementName = {
  acquirerId: text("^[0-9]{1,11}$", "The acquirer (DE32), 1 to 11 digits."),
  merchantId: printable(15, "The merchant (DE42)"),
};

export const agreement = Type.Object(
  { id: printable(36, "The agreement's id at its merchant"), ...agreementName, mitTypes },
  closed,
);

const proof = Type.Object(
  {
    method: oneOf(["3DS"], "How the cardholder was checked."),
    authenticationFlow: oneOf(["CHALLENGE", "FRICTIONLESS"], "How the check went."),
    transStatus: text("^[A-Z]$", "Result of the check; anything but Y is refused."),
    eci: Type.Optional(text("^[0-9]{2}$", "Electronic commerce indicator.")),
    piav: Type.Optional(text("^[A-Za-z0-9+/]{27}=$", "Authentication value, 20 bytes in base64.")),
    dsTransId: text(
      "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
      "The directory server's id of the check. It is good for one provisioning, whoever asks.",
    ),
    authenticatedAt: time("When, at most 24 h ago"),
    purchaseRef: Type.Optional(printable(64, "The purchase that the check belongs to")),
  },
  closed,
);

export const provisionRequest = Type.Object(
  {
    trid: tridText,
    requestRef: printable(64, "The requestor's own reference"),
    tokenType: oneOf(["ECOM_COF"], "What the token is for."),
    panSource: oneOf(
      ["CARD_ADDED_MANUALLY", "CARD_ON_FILE", "MIGRATION"],
      "Where the card number came from.",
    ),
    encryptedCard: encrypted,
    consumerRef: Type.Optional(printable(64, "Hash or id of the consumer; checked, not kept")),
    cardholderVerification: Type.Optional(proof),
    agreement: Type.Optional(agreement),
    consent: Type.Object(
      {
        given: Type.Literal(true),
        at: time("When the cardholder agreed"),
        termsVersion: printable(32, "To which terms"),
      },
      closed,
    ),
    risk: Type.Optional(
      Type.Object(
        {
          ip: Type.Optional(printable(45, "The consumer's address")),
          email_hash: Type.Optional(printable(128, "Hash of the consumer's mail address")),
          accountAgeDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
        },
        { ...closed, description: "Checked, not used yet." },
      ),
    ),
  },
  closed,
);

export const last4 = (what: string) => text("^[0-9]{4}$", `The last four digits of the ${what}.`);
export const yymm = (what: string) => text("^[0-9]{4}$", `${what}, YYMM.`);
export const status = oneOf(statusNames, "The token's state now.");
export const suspendedBy = Type.Array(Type.String(), { description: "Who keeps it suspended." });
export const par = Type.Optional(text("^[0-9A-Z]{29}$", "Payment account reference."));
export const tokenRef = text("^[0-9A-Za-z_-]{1,64}$", "The token's reference, opaque.");

/** Bytes, not JSON. */
export const picture = Type.Unsafe<Buffer>({ description: "PNG, 1536 x 969, at most a MiB." });
export const nothing = Type.Unsafe<"">({ description: "The caller has it already." });

const colour = (what: string) => text("^[0-9A-F]{6}$", `${what}, RRGGBB.`);
const cardArt = Type.Object(
  {
    assetId: text("^ast_[a-p]{32}$", "For GET /tr/v1/assets."),
    altText: Type.String({ description: "What the picture shows." }),
    foreground: colour("Text that can be read beside it"),
    background: colour("The card"),
    isGeneric: Type.Boolean({ description: "True where the issuer brought no picture." }),
  },
  { description: "Left out while no picture can be told." },
);

export const provisionAnswer = Type.Object({
  decision: oneOf(["APPROVED"], "Every decline is a problem document."),
  tokenRef,
  tpan: text("^[0-9]{16,19}$", "The token number."),
  tpanExpiry: yymm("Expiry of the token number"),
  status,
  par,
  trid: tridText,
  tokenAssuranceMethod: text("^[0-9]{2}$", "How the cardholder was checked."),
  reused: Type.Boolean({ description: "True for a token that was there already." }),
  card: Type.Object({
    last4: last4("card number"),
    expiry: yymm("Expiry of the card"),
    productName: Type.Optional(Type.String()),
  }),
  issuer: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
  cardArt: Type.Optional(cardArt),
  createdAt: time("When the token was made"),
});

export const tokenAnswer = Type.Object({
  tokenRef,
  status,
  suspendedBy,
  trid: tridText,
  tpanLast4: last4("token number"),
  tpanExpiry: yymm("Expiry of the token number"),
  par,
  tokenAssuranceMethod: text("^[0-9]{2}$", "How the cardholder was checked."),
  primary: Type.Boolean({ description: "False beside another token of the same card." }),
  card: Type.Object({
    last4: last4("card number"),
    expiry: yymm("Expiry of the card"),
    status: oneOf(["ACTIVE", "SUSPENDED", "DELETED"], "The card's state."),
  }),
  createdAt: time("When the token was made"),
  version: Type.Integer({ minimum: 0, description: "Goes up with every change." }),
});

export const searchRequest = Type.Object({ encryptedCard: encrypted }, closed);
export const searchAnswer = Type.Object({ tokens: Type.Array(tokenAnswer) });

export const tokenDataRequest = Type.Object(
  {
    transactionType: oneOf(["CIT", "MIT"], "MIT is refused: it carries no cryptogram."),
    amount: Type.Object(
      {
        value: Type.Integer({ minimum: 0, maximum: 999_999_999_999, description: "Minor units." }),
        currency: oneOf(["458", "MYR"], "ISO 4217."),
      },
      closed,
    ),
    merchantId: agreementName.merchantId,
    unpredictableNumber: Type.Optional(text("^[0-9A-Fa-f]{8}$", "4 bytes in hex.")),
    bind: Type.Optional(
      Type.Object(
        { amount: Type.Optional(Type.Boolean()), merchant: Type.Optional(Type.Boolean()) },
        { ...closed, description: "False needs the requestor's permission." },
      ),
    ),
  },
  closed,
);

export const tokenDataAnswer = Type.Union([
  Type.Object({
    ptav: text("^[A-Za-z0-9+/]{27}=$", "The cryptogram for one payment, base64."),
    tpan: text("^[0-9]{16,19}$", "The token number."),
    tpanExpiry: yymm("Expiry of the token number"),
    trid: tridText,
    expiresAt: time("When the cryptogram ends"),
  }),
  Type.Object({
    encryptedTokenData: Type.String({
      description: "The same object as JWE, for clients that registered a key for encryption.",
    }),
  }),
]);

export const actionRequest = Type.Object(
  {
    reasonCode: Type.Optional(oneOf(reasonNames, "Why.")),
    expectedVersion: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 0xffff_ffff, description: "Refused at another one." }),
    ),
  },
  closed,
);

export const actionAnswer = Type.Object({
  tokenRef,
  changed: Type.Boolean({ description: "False where it was so already." }),
  status,
  suspendedBy,
  version: Type.Integer({ minimum: 0 }),
});

export const agreementsAnswer = Type.Object({
  agreements: Type.Array(
    Type.Object({
      id: Type.String(),
      acquirerId: Type.String(),
      merchantId: Type.String(),
      mitTypes,
      source: oneOf(["CIT", "PROVISION", "MIGRATION"], "Where it came from."),
      createdAt: time("When it began"),
      lastUsedAt: time("When it was last used"),
      revokedAt: Type.Optional(time("When it was cancelled")),
    }),
  ),
});

export const cancelRequest = Type.Object(agreementName, closed);
export const changedAnswer = Type.Object({ changed: Type.Boolean() });

export const eventsQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 2_048, description: "Of the last answer." })),
    limit: Type.Optional(text("^([1-9][0-9]?|[1-4][0-9]{2}|500)$", "1 to 500; 100 without it.")),
    tokenRef: Type.Optional(
      text(
        "^[!-~]{1,64}$",
        "Only this token's events. An empty answer with `more` means: go on from its cursor.",
      ),
    ),
    afterSeq: Type.Optional(text("^[0-9]{1,10}$", "With tokenRef: only those above.")),
  },
  closed,
);

export const eventsAnswer = Type.Object({
  events: Type.Array(
    Type.Object(
      { eventId: Type.String(), type: Type.String() },
      { description: "As a webhook has it.", additionalProperties: true },
    ),
  ),
  cursor: Type.String({ description: "Give it with the next call." }),
  more: Type.Boolean({ description: "True where there is more than fits." }),
  gap: Type.Boolean({ description: "True where events were lost: read the tokens anew." }),
});

export const webhookRequest = Type.Object(
  {
    url: text("^[!-~]{1,255}$", "Where to; https and a public address."),
    secret: Type.Optional(
      text("^whsec_[A-Za-z0-9+/]{32,88}={0,2}$", "Signs by HMAC; without it we sign by Ed25519."),
    ),
    rotateKey: Type.Optional(
      Type.Boolean({ description: "A new key; the old one signs for 24 h." }),
    ),
  },
  closed,
);

export const webhookAnswer = Type.Object({
  changed: Type.Boolean(),
  publicKey: Type.Optional(Type.String({ description: "Checks `v1a` signatures." })),
});

export const webhookTestAnswer = Type.Object({
  delivered: Type.Boolean(),
  status: Type.Integer({ description: "Of the receiver's answer; 0 without one." }),
  cause: Type.Optional(Type.String({ description: "Why it was not delivered." })),
});

const jwk = Type.Object(
  { kty: Type.String(), kid: Type.String(), use: Type.String(), alg: Type.String() },
  { additionalProperties: true },
);
export const keysAnswer = Type.Object({ keys: Type.Array(jwk) });

export const tokenBinsAnswer = Type.Object({
  version: Type.Integer({
    description: "Another number whenever the list is another; TOKEN_BINS_UPDATED tells of it.",
  }),
  bins: Type.Array(
    Type.Object({
      prefix: text("^[0-9]{9}$", "Token numbers begin with it."),
      digits: Type.Integer({ description: "Length of a token number." }),
      issuerId: Type.String(),
    }),
  ),
});

export type ProvisionBody = Static<typeof provisionRequest>;
export type AgreementBody = Static<typeof agreement>;
