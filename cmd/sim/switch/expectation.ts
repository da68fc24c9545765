// What the simulator expects of an answer, and the check of every answer against it.
import { answerMti, mydebit, type View } from "../../../codec/iso8583/mod.ts";
import { de39Of, reason } from "../../../platform/mod.ts";
import type { Answer } from "../switch-client.ts";
import type { SimToken } from "../tokens.ts";

export interface Expectation {
  /** The 4-digit reason; decides DE39 unless that is given. */
  readonly reason: number;
  readonly de39?: string;
  /** What kind of answer it is: see `kinds` below. */
  readonly kind: "token" | "advice" | "format";
  /** Whose card an approval must hand back. */
  readonly token?: SimToken;
  /** Tag 12 of an approval: V where a PTAV was verified, N where none was needed. */
  readonly ptavResult?: "V" | "N";
  /** Tag 14 of the answer that this one must repeat, with tag 20; else neither may be. */
  readonly repeats?: string;
}

/** Elements that an answer repeats byte for byte where the request has them. */
const echoed = [3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 60, 61, 62, 63];
const echoedByAdvice = [2, 7, 11, 32, 37];
const echoedByError = [7, 11, 32, 37];
/** Elements that no answer of the service carries. */
const neverAnswered = [18, 22, 25, 35, 43, 45, 52, 55, 90, 95];
const echoedTags = [3, 5, 6, 7, 8, 15, 16, 17];
const tagPtav = 4;

/** Names of everything that is wrong with an answer, without a value; empty when it is right. */
export function faultsOf(request: View, answer: Answer, expect: Expectation): string[] {
  const { view } = answer;
  const faults: string[] = [];
  const check = (right: boolean, what: string): void => {
    if (!right) faults.push(what);
  };
  check(answer.macOk, "MAC");
  check(mydebit.validate(view) === 0, "elements missing or not allowed");
  check(view.mti === answerMti(request.mti), "MTI");
  const de39 = expect.de39 ?? de39Of(expect.reason);
  check(view.text(39) === de39, `DE39 ${view.text(39)} and not ${de39}`);
  for (const de of neverAnswered) check(!view.has(de), `DE${de} in an answer`);
  const echo =
    expect.kind === "token" ? echoed : expect.kind === "advice" ? echoedByAdvice : echoedByError;
  for (const de of echo) check(sameElement(request, view, de), `DE${de} not echoed`);
  if (expect.kind === "token") checkToken(request, view, expect, check);
  else check(!view.has(120), "DE120 where there should be none");
  return faults;
}

type Check = (right: boolean, what: string) => void;

function checkToken(request: View, view: View, expect: Expectation, check: Check): void {
  const approved = expect.reason === reason.VERIFIED;
  const code = tagText(view, 13);
  check(Number(code) === expect.reason && code.length === 4, `reason ${code}`);
  check(tagText(view, 14).length === 36, "tag 14 missing");
  for (const tag of echoedTags) check(sameTag(request, view, tag), `tag ${tag} not echoed`);
  check(!view.tags.has(tagPtav), "the PTAV came back");
  if (approved) checkApproval(request, view, expect, check);
  else checkDecline(request, view, check);
  const repeated = expect.repeats !== undefined;
  check(view.tags.has(20) === repeated, "tag 20");
  if (repeated) check(tagText(view, 14) === expect.repeats, "another verification id");
}

function checkApproval(request: View, view: View, expect: Expectation, check: Check): void {
  const card = expect.token?.card ?? null;
  if (card !== null) {
    check(sameBytes(view, 2, card.pan), "DE2 is not the card");
    check(view.text(14) === card.expiry, "DE14 is not the card's expiry");
  } else {
    check(view.has(2) && !sameElement(request, view, 2), "DE2 is not a card");
    check(view.has(14), "DE14 missing");
  }
  check(tagText(view, 1) === request.text(2), "tag 01");
  if (expect.ptavResult !== undefined) check(tagText(view, 12) === expect.ptavResult, "tag 12");
  for (const tag of [2, 10, 11]) check(view.tags.has(tag), `tag ${tag} missing`);
}

function checkDecline(request: View, view: View, check: Check): void {
  check(sameElement(request, view, 2), "DE2 is not the TPAN as received");
  for (const tag of [1, 2, 9, 10, 11]) check(!view.tags.has(tag), `tag ${tag} in a decline`);
  check(view.tags.has(12), "tag 12 missing");
}

/** A tag of DE120 as text, empty where it is absent. */
export function tagText(view: View, tag: number): string {
  if (!view.has(120) || !view.tags.has(tag)) return "";
  const at = view.tags.offset(tag);
  return view.buf.toString("latin1", at, at + view.tags.length(tag));
}

function sameTag(request: View, answer: View, tag: number): boolean {
  return tagText(request, tag) === tagText(answer, tag);
}

function sameElement(request: View, answer: View, de: number): boolean {
  if (!request.has(de)) return !answer.has(de);
  if (!answer.has(de)) return false;
  const from = request.offset(de);
  return sameBytes(answer, de, request.buf.subarray(from, from + request.length(de)));
}

function sameBytes(view: View, de: number, bytes: Buffer): boolean {
  if (!view.has(de) || view.length(de) !== bytes.length) return false;
  const at = view.offset(de);
  return view.buf.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0;
}
