// Messages that MyDebit NET sends to a token service, as plain input for the codec's slow door.
// Used by the simulator, the demo and the tests.
import { type MessageInput, mydebit, writeTransmission } from "../../codec/iso8583/mod.ts";

/** What every message of one payment has in common. Amounts are in sen. */
export interface Payment {
  readonly tpan: string;
  /** YYMM. */
  readonly tpanExpiry: string;
  /** Left out of DE120 where it is null. */
  readonly trid: string | null;
  readonly amount: number;
  /** DE42, at most 15 characters; padded with spaces. */
  readonly merchantId: string;
  /** DE32. */
  readonly acquirerId: string;
  /** DE11, 1 to 999,999. */
  readonly stan: number;
  /** DE37, 12 characters. */
  readonly rrn: string;
  /** DE7, Unix seconds; DE12 and DE13 are the same moment in UTC+8. */
  readonly seconds: number;
  /** C: the cardholder pays and a PTAV is due; M: the merchant charges under an agreement. */
  readonly initiation: "C" | "M";
  /** F first, S subsequent, N not stored; N of a CIT and S of an MIT unless told otherwise. */
  readonly storedCredential?: "F" | "S" | "N";
  readonly mitType?: string;
  readonly agreementId?: string;
  readonly ptav?: string;
  /** What 3-D Secure gave: PIAV, ECI and the directory server's id. */
  readonly piav?: string;
  readonly eci?: string;
  readonly dsTransId?: string;
  /** DE22; 810 of a CIT and 100 of an MIT unless told otherwise. */
  readonly posEntryMode?: string;
  /** DE3, purchase unless told otherwise. */
  readonly processingCode?: string;
}

/** DE128 is declared with zeros; whoever has the key fills it in. */
export interface MessageOptions {
  readonly mti: string;
  readonly withMac: boolean;
}

const macPlace = "00".repeat(8);
const malaysiaOffsetSeconds = 8 * 3_600;
const scratch = Buffer.alloc(10);

/** MMDDhhmmss. */
export function transmissionText(seconds: number): string {
  writeTransmission(scratch, 0, seconds);
  return scratch.toString("latin1");
}

/** What 0100 to 0421 have in common. */
function payment(p: Payment): Record<string, string> {
  const local = transmissionText(p.seconds + malaysiaOffsetSeconds);
  return {
    "2": p.tpan,
    "3": p.processingCode ?? "000000",
    "4": String(p.amount).padStart(12, "0"),
    "7": transmissionText(p.seconds),
    "11": String(p.stan).padStart(6, "0"),
    "12": local.slice(4),
    "13": local.slice(0, 4),
    "32": p.acquirerId,
    "37": p.rrn,
    "41": "TERM0001",
    "42": p.merchantId.padEnd(15, " "),
    "49": "458",
  };
}

function tokenData(p: Payment): Record<string, string> {
  const tags: Record<string, string> = {};
  if (p.trid !== null) tags["03"] = p.trid;
  tags["05"] = p.initiation;
  tags["07"] = p.storedCredential ?? (p.initiation === "C" ? "N" : "S");
  if (p.mitType !== undefined) tags["06"] = p.mitType;
  if (p.agreementId !== undefined) tags["08"] = p.agreementId;
  if (p.ptav !== undefined) tags["04"] = p.ptav;
  if (p.piav !== undefined) tags["15"] = p.piav;
  if (p.eci !== undefined) tags["16"] = p.eci;
  if (p.dsTransId !== undefined) tags["17"] = p.dsTransId;
  return tags;
}

function finish(fields: MessageInput["fields"], options: MessageOptions): MessageInput {
  const mac = options.withMac ? { "128": macPlace } : {};
  return { mti: options.mti, fields: { ...fields, ...mac } };
}

/** 0100 or 0200, or a repeat of one: verify and de-tokenise. */
export function verification(p: Payment, options: MessageOptions): MessageInput {
  const fields = {
    ...payment(p),
    "14": p.tpanExpiry,
    "18": "5411",
    "22": p.posEntryMode ?? (p.initiation === "C" ? "810" : "100"),
    "25": "59",
    "120": tokenData(p),
  };
  return finish(fields, options);
}

/**
 * DE90 of a message about `original`: MTI, DE11, DE7, DE32 and DE33, right-justified with zeros.
 */
export function originalData(original: Payment, mti: string): string {
  const stan = String(original.stan).padStart(6, "0");
  const acquirer = original.acquirerId.padStart(11, "0");
  return `${mti}${stan}${transmissionText(original.seconds)}${acquirer}${"0".repeat(11)}`;
}

/** What later messages take from the payment that they are about. */
export interface Original {
  readonly payment: Payment;
  readonly mti: string;
  /** Tag 14 of its answer. */
  readonly verificationId: string;
}

/** The moment, STAN and RRN of a later message. */
export interface Later {
  readonly stan: number;
  readonly rrn: string;
  readonly seconds: number;
}

/** 0400, 0420, 0220 or a repeat: de-tokenise by the original. */
export function byOriginal(
  original: Original,
  later: Later,
  options: MessageOptions,
): MessageInput {
  const p: Payment = { ...original.payment, ...later };
  const fields = {
    ...payment(p),
    "90": originalData(original.payment, original.mti),
    "120": p.trid === null ? { "05": p.initiation } : { "03": p.trid },
  };
  return finish(fields, options);
}

/** 0200 with DE3 20xxxx and DE90: gives back `amount` of the original. */
export function refund(
  original: Original,
  later: Later,
  amount: number,
  options: MessageOptions,
): MessageInput {
  const { ptav: _used, ...rest } = original.payment;
  const p: Payment = { ...rest, ...later, amount, processingCode: "200000" };
  const base = verification(p, options);
  return {
    mti: base.mti,
    fields: { ...base.fields, "90": originalData(original.payment, original.mti) },
  };
}

/** 0120: what the issuer answered. */
export function advice(
  original: Original,
  later: Later,
  de39: string,
  options: MessageOptions,
): MessageInput {
  const p: Payment = { ...original.payment, ...later };
  const { "41": _terminal, ...fields } = payment(p);
  const own = {
    ...fields,
    "39": de39,
    "90": originalData(original.payment, original.mti),
    "120": { "14": original.verificationId },
  };
  return finish(own, options);
}

const encodeBytesMax = 4_096;
const out = Buffer.alloc(encodeBytesMax);

/** The message from its MTI on, in a buffer of its own. */
export function encodeMessage(input: MessageInput): Buffer {
  const end = mydebit.encode(input, out, 0);
  return Buffer.from(out.subarray(0, end));
}
