// What a card issuer writes into 0302 and reads in 0312: DE91 and DE101, and of DE120 the tags 50
// to 58.
import type { CardAction, Done } from "../../actors/mod.ts";
import type { View } from "../../codec/iso8583/mod.ts";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { CardReasonName, CardStatusName } from "../../vault/mod.ts";

/** The only file there is. */
const fileName = "CARDLCM";

export type FileVerb = CardAction["action"] | "pan" | "inquiry";

/** By tag 50: what is to be done, and the DE91 that goes with it. */
const verbs: ReadonlyMap<string, readonly [FileVerb, code: string]> = new Map([
  ["SUSP", ["suspend", "2"]],
  ["RESM", ["resume", "2"]],
  ["EXPU", ["expiry", "2"]],
  ["PANU", ["pan", "2"]],
  ["DELT", ["delete", "3"]],
  ["INQY", ["inquiry", "5"]],
]);

const reasons: ReadonlyMap<string, CardReasonName> = new Map([
  ["", "NONE"],
  ["LOST", "LOST"],
  ["STOL", "STOLEN"],
  ["FRAD", "SUSPECTED_FRAUD"],
  ["CLSD", "ACCOUNT_CLOSED"],
  ["CUST", "CUSTOMER_REQUEST"],
  ["RNEW", "RENEWAL"],
  ["REPL", "REPLACEMENT"],
  ["NFRD", "NOT_FRAUD"],
  ["FOUN", "FOUND"],
  ["OTHR", "OTHER"],
]);

const statusLetters: Readonly<Record<CardStatusName, string>> = {
  ACTIVE: "A",
  SUSPENDED: "S",
  DELETED: "D",
};
const unknownLetter = "U";
const affectedMax = 99_999;

/** Errors: UNIMPLEMENTED for another file, another action, or a DE91 that does not go with it. */
export function verbOf(view: View): FileVerb {
  const [verb, code] = verbs.get(tagText(view, 50)) ?? [];
  if (verb === undefined || view.text(91) !== code || view.text(101).trimEnd() !== fileName) {
    throw appError("UNIMPLEMENTED", "There is no such file action.");
  }
  return verb;
}

/** The card that it is about. PAN_INVALID where it is none. */
export function cardOf(view: View): ClearPAN {
  return parsed(view, view.offset(2), view.length(2));
}

/** Where the card moves to: tag 52. INVALID_FIELD or MISSING_FIELD without it. */
export function newCardOf(view: View): ClearPAN {
  if (!view.tags.has(52)) throw missing(52);
  try {
    return parsed(view, view.tags.offset(52), view.tags.length(52));
  } catch (cause) {
    throw appError("INVALID_FIELD", "Tag 52 is no card number.", { cause });
  }
}

/** YYMM as a number. MISSING_FIELD without it. */
export function newExpiryOf(view: View): number {
  if (!view.tags.has(53)) throw missing(53);
  return Number(tagText(view, 53));
}

/** INVALID_FIELD for an unknown one. */
export function reasonOf(view: View): CardReasonName {
  const name = reasons.get(tagText(view, 51));
  if (name === undefined) throw appError("INVALID_FIELD", "Tag 51 is no reason.");
  return name;
}

/** Unix milliseconds; 0 where the message does not say. */
export function causedAtOf(view: View): number {
  const text = tagText(view, 55);
  if (text === "") return 0;
  const [, year, ...rest] = /^(....)(..)(..)(..)(..)(..)$/.exec(text) ?? [];
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest.map(Number);
  return Math.max(0, Date.UTC(Number(year), month - 1, day, hour, minute, second));
}

/** The issuer's reference of the event; without one, what names the message. */
export function eventOf(view: View): { readonly space: string; readonly key: string } {
  const reference = tagText(view, 54);
  if (reference !== "") return { space: "", key: reference };
  const key = [7, 11, 32, 37].map((de) => view.text(de)).join(" ");
  return { space: " 0302", key };
}

/** DE120 of an answer: tokens affected, the card's state, and the mark of a late event. */
export function outcomeText(done: Done | undefined, status: CardStatusName | undefined): string {
  const affected = Math.min(Number(done?.answer.tokensAffected ?? 0), affectedMax);
  const tags = [`56005${String(affected).padStart(5, "0")}`, statusText(status)];
  if (done?.answer.stale === true) tags.push("58001S");
  return tags.join("");
}

/** Tag 57; U where nobody has spoken of the card. */
export function statusText(status: CardStatusName | undefined): string {
  return `57001${status === undefined ? unknownLetter : (statusLetters[status] ?? unknownLetter)}`;
}

function parsed(view: View, at: number, length: number): ClearPAN {
  try {
    return ClearPAN.parse(view.buf.subarray(at, at + length));
  } catch (cause) {
    throw appError("PAN_INVALID", "DE2 is no card number.", { cause });
  }
}

function missing(tag: number) {
  return appError("MISSING_FIELD", `DE120 tag ${tag} is absent.`);
}

function tagText(view: View, tag: number): string {
  const { tags } = view;
  if (!tags.has(tag)) return "";
  const at = tags.offset(tag);
  return view.buf.toString("latin1", at, at + tags.length(tag));
}
