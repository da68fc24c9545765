// The kinds of traffic that the simulated switch sends, good and bad, each with the one right
// answer.
import { luhnDigit } from "../../../codec/pan/mod.ts";
import { reason } from "../../../platform/mod.ts";
import {
  advice,
  byOriginal,
  encodeMessage,
  type MessageOptions,
  type Payment,
  refund,
  verification,
} from "../messages.ts";
import type { Answer } from "../switch-client.ts";
import type { SimToken } from "../tokens.ts";
import type { SimContext } from "./context.ts";
import { type Expectation, tagText } from "./expectation.ts";

/** One message, ready to be sent, and what must come back. */
export interface Prepared {
  readonly scenario: string;
  readonly message: Buffer;
  readonly expect: Expectation;
  /** The MAC in the message stays as it is. */
  readonly keepMac?: boolean;
  /** Called when the answer was as expected. */
  readonly onRight?: (answer: Answer) => void;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** Null when it cannot be played now (no payment to reverse yet): a good payment goes instead. */
  readonly build: (context: SimContext) => Promise<Prepared | null> | Prepared | null;
}

const amountMin = 100;
const amountRange = 50_000;
const expiredAgeSeconds = 3 * 86_400;
const staleSeconds = 600;

let turn = 0;

/** Amounts repeat after 50,000 payments: enough to tell payments apart, and reproducible. */
function nextAmount(): number {
  turn = (turn + 7_919) % amountRange;
  return amountMin + turn;
}

function options(context: SimContext, mti: string): MessageOptions {
  return { mti, withMac: context.withMac };
}

function declined(code: number): Expectation {
  return { kind: "token", reason: code };
}

function approved(token: SimToken, ptavResult: "V" | "N"): Expectation {
  return { kind: "token", reason: reason.VERIFIED, token, ptavResult };
}

/** A cardholder's payment with its PTAV. */
async function paid(context: SimContext, token: SimToken, ageSeconds = 0): Promise<Payment> {
  const payment = context.payment(token, nextAmount());
  const { amount, merchantId } = payment;
  const ptav = await context.ptavs.get({ token, amount, merchantId, ageSeconds });
  return { ...payment, ptav };
}

/** A good payment; later messages may be about it once it was approved. */
export async function goodPayment(context: SimContext, scenario = "good"): Promise<Prepared> {
  const token = context.token();
  const payment = await paid(context, token);
  const mti = payment.amount % 2 === 0 ? "0100" : "0200";
  const message = encodeMessage(verification(payment, options(context, mti)));
  const onRight = (answer: Answer): void => {
    const verificationId = tagText(answer.view, 14);
    context.keepOriginal(token, { payment, mti, verificationId }, message);
  };
  return { scenario, message, expect: approved(token, "V"), onRight };
}

/** A payment that differs from a good one, and the reason that it is declined for. */
function spoilt(
  name: string,
  what: string,
  code: number,
  change: (payment: Payment, context: SimContext) => Payment | null,
  checksPtav = false,
): Scenario {
  const build = async (context: SimContext): Promise<Prepared | null> => {
    const token = checksPtav ? context.tokenToFail() : context.token();
    if (token === null) return null;
    const payment = change(await paid(context, token), context);
    if (payment === null) return null;
    const message = encodeMessage(verification(payment, options(context, "0100")));
    return { scenario: name, message, expect: declined(code) };
  };
  return { name, what, build };
}

function without(payment: Payment, key: "ptav"): Payment {
  const { [key]: _left, ...rest } = payment;
  return rest;
}

const changed: readonly Scenario[] = [
  spoilt(
    "amount",
    "amount altered by one sen",
    reason.PTAV_INVALID,
    (p) => ({ ...p, amount: p.amount + 1 }),
    true,
  ),
  spoilt("trid", "TRID of somebody else", reason.TRID_MISMATCH, (p) => ({
    ...p,
    trid: otherDigit(p.trid ?? ""),
  })),
  spoilt("no-trid", "TRID missing", reason.TRID_MISSING, (p) => ({ ...p, trid: null })),
  spoilt("no-ptav", "PTAV missing", reason.PTAV_MISSING, (p) => without(p, "ptav")),
  spoilt("bad-ptav", "PTAV cut short", reason.PTAV_FORMAT, (p) => ({
    ...p,
    ptav: (p.ptav ?? "").slice(0, 27),
  })),
  spoilt("expiry", "expiry of another token", reason.TOKEN_EXPIRED, (p) => ({
    ...p,
    tpanExpiry: nextYear(p.tpanExpiry),
  })),
  spoilt("channel", "chip entry with an e-commerce token", reason.CHANNEL_NOT_ALLOWED, (p) => ({
    ...p,
    posEntryMode: "051",
  })),
  spoilt("stale", "ten minutes old", reason.MESSAGE_STALE, (p) => ({
    ...p,
    seconds: p.seconds - staleSeconds,
  })),
  spoilt("unknown", "a TPAN that nobody was given", reason.TOKEN_UNKNOWN, (p) => ({
    ...p,
    tpan: unknownTpan(p.stan),
  })),
  spoilt("mit-type", "MIT without its type", reason.MIT_TYPE_INVALID, (p) => ({
    ...without(p, "ptav"),
    initiation: "M",
    agreementId: "SUB-UNKNOWN",
  })),
  spoilt("mit-unknown", "MIT without an agreement", reason.MIT_NO_AGREEMENT, (p) => ({
    ...without(p, "ptav"),
    initiation: "M",
    mitType: "R",
    agreementId: `NONE-${p.rrn}`,
  })),
];

function otherDigit(trid: string): string {
  const last = Number(trid.slice(-1));
  return trid.slice(0, -1) + String((last + 5) % 10);
}

function nextYear(expiry: string): string {
  return String((Number(expiry.slice(0, 2)) + 1) % 100).padStart(2, "0") + expiry.slice(2);
}

/** Sub-range 999 is given out last. */
function unknownTpan(stan: number): string {
  const digits = `608727999${String(stan).padStart(6, "0")}`;
  return digits + luhnDigit(digits);
}

const repeated: readonly Scenario[] = [
  {
    name: "replay",
    what: "PTAV of an earlier payment",
    build(context) {
      const kept = context.takeFresh();
      if (kept === null || !context.mayFail(kept.token)) return null;
      const payment = { ...kept.original.payment, ...context.next() };
      const message = encodeMessage(verification(payment, options(context, "0100")));
      return { scenario: "replay", message, expect: declined(reason.PTAV_REPLAY) };
    },
  },
  {
    name: "retransmit",
    what: "the same payment once more, as a repeat",
    build(context) {
      const kept = context.takeFresh();
      if (kept === null) return null;
      const { payment, mti, verificationId } = kept.original;
      const again = options(context, mti === "0100" ? "0101" : "0201");
      const message = encodeMessage(verification(payment, again));
      const expect = { ...approved(kept.token, "V"), repeats: verificationId };
      return { scenario: "retransmit", message, expect };
    },
  },
  {
    name: "expired",
    what: "PTAV past its life",
    async build(context) {
      if (!context.ptavs.local) return null;
      const payment = await paid(context, context.token(), expiredAgeSeconds);
      const message = encodeMessage(verification(payment, options(context, "0100")));
      return { scenario: "expired", message, expect: declined(reason.PTAV_EXPIRED) };
    },
  },
  {
    name: "suspended",
    what: "a suspended token",
    build(context) {
      const token = context.suspended();
      if (token === null) return null;
      const payment = { ...context.payment(token, nextAmount()), ptav: `${"A".repeat(27)}=` };
      const message = encodeMessage(verification(payment, options(context, "0100")));
      return { scenario: "suspended", message, expect: declined(reason.TOKEN_SUSPENDED) };
    },
  },
];

const agreed: readonly Scenario[] = [
  {
    name: "agreement",
    what: "cardholder sets up a recurring agreement",
    async build(context) {
      const token = context.token();
      const agreement = { id: `SUB-${context.next().rrn}`, mitType: "R" as const };
      const payment: Payment = {
        ...(await paid(context, token)),
        storedCredential: "F",
        mitType: agreement.mitType,
        agreementId: agreement.id,
      };
      const message = encodeMessage(verification(payment, options(context, "0200")));
      const onRight = (): void => context.keepAgreement(token, agreement);
      return { scenario: "agreement", message, expect: approved(token, "V"), onRight };
    },
  },
  {
    name: "mit",
    what: "merchant charges under an agreement",
    build(context) {
      const standing = context.agreement();
      if (standing === null) return null;
      const { token, agreement } = standing;
      const payment: Payment = {
        ...context.payment(token, nextAmount()),
        initiation: "M",
        mitType: agreement.mitType,
        agreementId: agreement.id,
      };
      const message = encodeMessage(verification(payment, options(context, "0200")));
      return { scenario: "mit", message, expect: approved(token, "N") };
    },
  },
];

/** A message about an approved payment, which must hand back its card. */
function about(name: string, what: string, mti: string): Scenario {
  const build = (context: SimContext): Prepared | null => {
    const kept = context.takeSettled();
    if (kept === null) return null;
    const input = byOriginal(kept.original, context.next(), options(context, mti));
    return { scenario: name, message: encodeMessage(input), expect: approved(kept.token, "N") };
  };
  return { name, what, build };
}

/** A message about a payment that never was. */
function orphan(name: string, what: string, mti: string, de39: string): Scenario {
  const build = (context: SimContext): Prepared => {
    const payment = context.payment(context.token(), nextAmount());
    const original = { payment, mti: "0100", verificationId: "" };
    const input = byOriginal(original, context.next(), options(context, mti));
    const expect = { ...declined(reason.ORIGINAL_NOT_FOUND), de39 };
    return { scenario: name, message: encodeMessage(input), expect };
  };
  return { name, what, build };
}

const later: readonly Scenario[] = [
  about("reversal", "reversal of an approved payment", "0400"),
  about("reversal-advice", "advice of a reversal", "0420"),
  about("completion", "completion of a pre-authorisation", "0220"),
  orphan("orphan", "reversal of a payment that never was", "0400", "25"),
  orphan("orphan-advice", "advice of a reversal of a payment that never was", "0420", "00"),
  {
    name: "refund",
    what: "refund of a payment in full",
    build(context) {
      const kept = context.takeSettled();
      if (kept === null) return null;
      const { amount } = kept.original.payment;
      const input = refund(kept.original, context.next(), amount, options(context, "0200"));
      return {
        scenario: "refund",
        message: encodeMessage(input),
        expect: approved(kept.token, "N"),
      };
    },
  },
  {
    name: "advice",
    what: "what the issuer answered",
    build(context) {
      const kept = context.takeSettled();
      if (kept === null) return null;
      const input = advice(kept.original, context.next(), "00", options(context, "0120"));
      const expect = { kind: "advice", reason: reason.VERIFIED } as const;
      return { scenario: "advice", message: encodeMessage(input), expect };
    },
  },
];

const broken: readonly Scenario[] = [
  {
    name: "mac",
    what: "MAC altered",
    async build(context) {
      if (!context.withMac) return null;
      const payment = await paid(context, context.token());
      const message = encodeMessage(verification(payment, options(context, "0100")));
      const expect = declined(reason.MAC_FAILED);
      return { scenario: "mac", message, expect, keepMac: true };
    },
  },
  {
    name: "format",
    what: "a control character in DE41",
    async build(context) {
      const payment = await paid(context, context.token());
      const message = encodeMessage(verification(payment, options(context, "0100")));
      // DE41 stands behind 7, 11, 32 and 37, so that the answer can name the message by all four.
      const at = message.indexOf("TERM0001", 0, "latin1");
      message[at] = 0x07;
      const expect = { kind: "format", reason: reason.FORMAT_ERROR } as const;
      return { scenario: "format", message, expect };
    },
  },
];

export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [
    { name: "good", what: "cardholder pays with a PTAV", build: goodPayment },
    ...repeated,
    ...changed,
    ...agreed,
    ...later,
    ...broken,
  ].map((scenario) => [scenario.name, scenario]),
);
