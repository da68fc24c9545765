// The reasons a payment can get, as data: one row decides the number the switch sees, the DE39 of
// the answer, what it means and what the reader can do about it. Nobody maps a reason elsewhere.

/** The 4-digit reason of an answer (DE120 tag 13). 0 is the only one that releases a PAN. */
export const reason = {
  VERIFIED: 0,
  TOKEN_UNKNOWN: 1001,
  TRID_MISSING: 1002,
  TRID_MISMATCH: 1003,
  REQUESTOR_NOT_ALLOWED: 1004,
  TOKEN_DELETED: 1005,
  TOKEN_SUSPENDED: 1006,
  TOKEN_EXPIRED: 1007,
  CARD_NOT_ACTIVE: 1008,
  CHANNEL_NOT_ALLOWED: 1009,
  SUSPECTED_FRAUD: 1010,
  TOKEN_INACTIVE: 1011,
  PTAV_MISSING: 2001,
  PTAV_FORMAT: 2002,
  PTAV_KEY: 2003,
  PTAV_INVALID: 2004,
  PTAV_EXPIRED: 2005,
  PTAV_REPLAY: 2006,
  AMOUNT_MISMATCH: 2007,
  MERCHANT_MISMATCH: 2008,
  MIT_TYPE_INVALID: 3001,
  MIT_NO_AGREEMENT: 3002,
  PTAV_ON_MIT: 3003,
  ORIGINAL_NOT_FOUND: 3004,
  FORMAT_ERROR: 9001,
  MAC_FAILED: 9002,
  MESSAGE_STALE: 9003,
  NOT_PERMITTED: 9057,
  NOT_SIGNED_ON: 9058,
  OVERLOADED: 9091,
  SHARD_UNAVAILABLE: 9092,
  SYSTEM_ERROR: 9096,
  DUPLICATE_TRANSMISSION: 9409,
} as const;

export type ReasonName = keyof typeof reason;
export type ReasonCode = (typeof reason)[ReasonName];

/**
 * DE120 tag 12 where the reason alone decides it: F failed, M missing, N not needed, U not checked.
 * null where the message decides (V or N of a verified payment; N of a merchant-initiated decline).
 */
export type PTAVResult = "F" | "M" | "N" | "U" | null;

/** Who may try again: nobody, the sender unchanged later, or the requestor with a fresh PTAV. */
export type Retry = "never" | "later" | "new-ptav" | "corrected";

export interface DE39Variant {
  readonly de39: string;
  readonly when: string;
}

export interface ReasonRow {
  readonly code: ReasonCode;
  readonly name: ReasonName;
  /** The usual DE39; "" where the reason never is an answer. */
  readonly de39: string;
  /** The cases in which another DE39 goes with the same reason. */
  readonly variants: readonly DE39Variant[];
  readonly ptavResult: PTAVResult;
  readonly retry: Retry;
  readonly retryable: boolean;
  /** True where the reason is only written into histories and never answered. */
  readonly historyOnly: boolean;
  readonly meaning: string;
  readonly action: string;
}

type Entry = readonly [
  name: ReasonName,
  de39: string,
  ptavResult: PTAVResult,
  retry: Retry,
  meaning: string,
  action: string,
];

const entries: readonly Entry[] = [
  [
    "VERIFIED",
    "00",
    null,
    "never",
    "Everything agrees; PAN and PAN expiry are in the answer.",
    "-",
  ],
  [
    "TOKEN_UNKNOWN",
    "14",
    "U",
    "never",
    "The TPAN fails its check digit, lies outside the token range, or is not known.",
    "The requestor asks for a new token.",
  ],
  [
    "TRID_MISSING",
    "30",
    "U",
    "corrected",
    "DE120 tag 03 is absent or not eleven digits.",
    "The acquirer sends the requestor's TRID.",
  ],
  [
    "TRID_MISMATCH",
    "63",
    "U",
    "never",
    "The token belongs to another token requestor.",
    "Treat as cross-domain fraud; the merchant checks which token it stored.",
  ],
  [
    "REQUESTOR_NOT_ALLOWED",
    "58",
    "U",
    "never",
    "The token requestor is suspended, or may not be used by this acquirer or merchant.",
    "The acquirer has the requestor's configuration corrected.",
  ],
  ["TOKEN_DELETED", "14", "U", "never", "The token was deleted.", "Ask for a new token."],
  [
    "TOKEN_SUSPENDED",
    "62",
    "U",
    "later",
    "The token or its card is suspended.",
    "Wait until whoever suspended it resumes it.",
  ],
  [
    "TOKEN_EXPIRED",
    "54",
    "U",
    "corrected",
    "DE14 is neither the token's expiry nor its previous one, or has passed.",
    "The requestor reads the token's present expiry and sends that.",
  ],
  [
    "CARD_NOT_ACTIVE",
    "14",
    "U",
    "never",
    "The card behind the token is closed or has expired.",
    "The cardholder adds a valid card.",
  ],
  [
    "CHANNEL_NOT_ALLOWED",
    "58",
    "U",
    "never",
    "DE22 names an entry mode this token type may not be used with.",
    "The acquirer sends an e-commerce or credential-on-file entry mode.",
  ],
  [
    "SUSPECTED_FRAUD",
    "59",
    "U",
    "later",
    "The token is flagged by a velocity or scanning rule.",
    "Wait for the flag to lapse; the operator may clear it.",
  ],
  [
    "TOKEN_INACTIVE",
    "78",
    "U",
    "later",
    "The token was made but not activated yet.",
    "The requestor completes the activation.",
  ],
  [
    "PTAV_MISSING",
    "63",
    "M",
    "new-ptav",
    "A cardholder-initiated payment carries no PTAV.",
    "The requestor fetches a PTAV and sends it.",
  ],
  [
    "PTAV_FORMAT",
    "63",
    "F",
    "new-ptav",
    "The PTAV is not 28 characters of strict base64 with a known version and profile.",
    "Send the PTAV exactly as it was issued; no URL-safe alphabet, no lost padding.",
  ],
  [
    "PTAV_KEY",
    "63",
    "F",
    "new-ptav",
    "The PTAV names a key version that is unknown or no longer verifies.",
    "The requestor fetches a new PTAV.",
  ],
  [
    "PTAV_INVALID",
    "63",
    "F",
    "new-ptav",
    "The PTAV does not belong to this message: something it binds was altered.",
    "Compare token, expiry, TRID, amount, currency and merchant with what the PTAV was issued for.",
  ],
  [
    "PTAV_EXPIRED",
    "63",
    "F",
    "new-ptav",
    "The PTAV is too old, from the future, or voided by a suspension or a restart.",
    "The requestor fetches a new PTAV.",
  ],
  [
    "PTAV_REPLAY",
    "63",
    "F",
    "new-ptav",
    "The PTAV was used before by another transaction.",
    "The requestor fetches a new PTAV; an unexpected one may be fraud.",
  ],
  [
    "AMOUNT_MISMATCH",
    "63",
    "F",
    "new-ptav",
    "The finer reason of a 2004: amount or currency differ from what the PTAV binds.",
    "Read in the token's history; the switch was told 2004.",
  ],
  [
    "MERCHANT_MISMATCH",
    "63",
    "F",
    "new-ptav",
    "The finer reason of a 2004: the merchant differs from what the PTAV binds.",
    "Read in the token's history; the switch was told 2004.",
  ],
  [
    "MIT_TYPE_INVALID",
    "12",
    "N",
    "corrected",
    "A merchant-initiated payment carries no type, or one that is not R, I or U.",
    "The acquirer sends tag 06.",
  ],
  [
    "MIT_NO_AGREEMENT",
    "57",
    "N",
    "corrected",
    "No usable agreement of this token, acquirer, merchant and type stands behind the payment.",
    "The cardholder sets one up by a payment that carries tags 06, 07=F and 08.",
  ],
  [
    "PTAV_ON_MIT",
    "",
    "N",
    "never",
    "A merchant-initiated payment brought a PTAV; it was ignored and marked in the history.",
    "Send no PTAV on merchant-initiated payments.",
  ],
  [
    "ORIGINAL_NOT_FOUND",
    "25",
    "N",
    "never",
    "A reversal, completion or refund names an original that was not approved here.",
    "Check DE90, DE32, DE42 and the TRID; a late original is declined.",
  ],
  [
    "FORMAT_ERROR",
    "30",
    "U",
    "corrected",
    "The message does not parse, lacks a mandatory element, or has one that is not allowed.",
    "Correct the element that the error path names.",
  ],
  [
    "MAC_FAILED",
    "63",
    "U",
    "corrected",
    "DE128 does not verify under the peer's key, or is missing where it is required.",
    "Compare the MAC key's check value on both sides.",
  ],
  [
    "MESSAGE_STALE",
    "68",
    "U",
    "later",
    "DE7 is more than 300 s from now, or older than a fence.",
    "Send a new message with the present time; check the sender's clock.",
  ],
  [
    "NOT_PERMITTED",
    "57",
    "U",
    "never",
    "The peer may not send this message: an issuer's a payment, or a card outside its ranges.",
    "Send payments as a switch; send each card as its issuer.",
  ],
  [
    "NOT_SIGNED_ON",
    "58",
    "U",
    "later",
    "A payment came before the peer signed on.",
    "Send 0800 with DE70 001 first.",
  ],
  [
    "OVERLOADED",
    "91",
    "U",
    "later",
    "The queue is full or the deadline passed before the work began.",
    "Repeat after a short wait; nothing was claimed.",
  ],
  [
    "SHARD_UNAVAILABLE",
    "91",
    "U",
    "later",
    "The node that answers for the token is changing, or the log of payments does not answer it.",
    "Repeat the same message: within 120 s it is known again if it was accepted after all.",
  ],
  [
    "SYSTEM_ERROR",
    "96",
    "U",
    "later",
    "An internal failure, or a claim or journal row that could not be stored.",
    "Repeat the same message; it is judged anew. The operator reads the log.",
  ],
  [
    "DUPLICATE_TRANSMISSION",
    "94",
    "N",
    "never",
    "Another message without PTAV used the same DE7, 11, 32 and 37.",
    "Give every payment its own numbers; repeat a lost one unchanged.",
  ],
];

const variants: Partial<Record<ReasonName, readonly DE39Variant[]>> = {
  TOKEN_SUSPENDED: [
    { de39: "41", when: "the issuer suspended the card as lost" },
    { de39: "43", when: "the issuer suspended the card as stolen" },
  ],
  CARD_NOT_ACTIVE: [{ de39: "54", when: "the card has expired" }],
  ORIGINAL_NOT_FOUND: [{ de39: "00", when: "the message is a 0420 advice; no PAN is given" }],
};

const historyOnly: ReadonlySet<ReasonName> = new Set<ReasonName>([
  "AMOUNT_MISMATCH",
  "MERCHANT_MISMATCH",
  "PTAV_ON_MIT",
]);

function rowOf([name, de39, ptavResult, retry, meaning, action]: Entry): ReasonRow {
  return {
    code: reason[name],
    name,
    de39,
    variants: variants[name] ?? [],
    ptavResult,
    retry,
    retryable: retry !== "never",
    historyOnly: historyOnly.has(name),
    meaning,
    action,
  };
}

/** All reasons by their number, in ascending order. */
export const reasonTable: ReadonlyMap<number, ReasonRow> = new Map(
  entries.map((entry) => [reason[entry[0]], rowOf(entry)]),
);

/** The row of a reason that must exist; an unknown number is a broken invariant. */
export function getReason(code: number): ReasonRow {
  const row = reasonTable.get(code);
  if (row === undefined) throw new Error(`reason ${code} is not in the table`);
  return row;
}

/** "1006" of 1006, "0000" of 0: the text of DE120 tag 13. */
export function reasonText(code: number): string {
  return String(code).padStart(4, "0");
}

/** The usual DE39 of a reason; the pipeline applies the variants (lost, stolen, card expired). */
export function de39Of(code: number): string {
  return getReason(code).de39;
}
