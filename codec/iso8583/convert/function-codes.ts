// What a message is about: the message type in both versions, and the function code of 1993 (DE24),
// which 1987 says by the message type, by DE70 (network management) or by DE91 (file actions).
import type { Draft, Version } from "./draft.ts";

/** Network management codes (DE70) and their function codes. */
export const networkRows: readonly (readonly [de70: string, de24: string])[] = [
  ["001", "801"],
  ["002", "802"],
  ["101", "811"],
  ["201", "821"],
  ["301", "831"],
];

/** Codes of 1987 whose function code leads back to another one. */
export const networkNearest: readonly (readonly [de70: string, de24: string])[] = [["161", "811"]];

/** File update codes (DE91) and their function codes. */
export const fileRows: readonly (readonly [de91: string, de24: string])[] = [
  ["1", "301"],
  ["2", "302"],
  ["3", "303"],
  ["5", "305"],
];

/** Function codes that say no more than the message type. */
const plainFunctions: Readonly<Record<string, string>> = { "1": "100", "2": "200", "4": "400" };
export const partialReversal = "401";

/** Why a reversal was sent: DE39 of 1987, message reason code (DE25) of 1993. */
export const reasonRows: readonly (readonly [de39: string, de25: string])[] = [
  ["17", "4000"],
  ["68", "4021"],
];

export interface FoundType {
  readonly mti: string;
  /** False: the way back leads to another message type. */
  readonly isExact: boolean;
}

const networkClass = "8";
/** Origin of network management, by the version that it goes to. */
const origins: Readonly<Record<Version, Readonly<Record<string, string>>>> = {
  "0": { "4": "0", "5": "1" },
  "1": { "0": "4", "1": "5" },
};

/**
 * A message type in the other version: class and function stay; network management is of origin
 * "other" in 1993 and of the acquirer in 1987. Null: not of that version, or a function that the
 * other one has not.
 */
export function convertMTI(mti: string, from: Version, to: Version): FoundType | null {
  const [version, class_, task, origin] = mti;
  if (!/^\d{4}$/.test(mti) || version !== from || !/[1-8]/.test(class_!)) {
    return null;
  }
  if (from === to) {
    return { mti, isExact: true };
  }
  const known = to === "0" ? "01234" : "012345";
  if (!known.includes(task!) || !"012345".includes(origin!)) {
    return null;
  }
  const shifted = class_ === networkClass ? origins[to][origin!] : undefined;
  const stays = class_ === networkClass && shifted === undefined && /[0145]/.test(origin!);
  return { mti: `${to}${class_}${task}${shifted ?? origin}`, isExact: !stays };
}

const row = (rows: readonly (readonly [string, string])[], at: 0 | 1, code: string | undefined) =>
  rows.find((one) => one[at] === code);

/** DE24 of 1993; `isPartial`: a reversal with other amounts than the original. */
export function writeFunctionCode(draft: Draft, isPartial: boolean): void {
  const { messageClass } = draft;
  if (messageClass === "8" || messageClass === "3") {
    const de = messageClass === "8" ? 70 : 91;
    const rows = messageClass === "8" ? [...networkRows, ...networkNearest] : fileRows;
    const code = draft.take(de);
    if (code === undefined) return;
    const found = row(rows, 0, code);
    if (found === undefined) {
      draft.lose("NO_CODE", de);
      return;
    }
    draft.put(24, found[1]);
    if (de === 70 && row(networkNearest, 0, code) !== undefined) draft.lose("APPROXIMATE", de);
    return;
  }
  const plain = plainFunctions[messageClass];
  if (plain !== undefined) {
    draft.put(24, isPartial ? partialReversal : plain);
  }
}

/** DE70 or DE91 of 1987 where the function code is one of theirs. */
export function readFunctionCode(draft: Draft, isPartial: boolean): void {
  const { messageClass } = draft;
  const code = draft.take(24);
  if (code === undefined) {
    return;
  }
  if (messageClass === "8" || messageClass === "3") {
    const found = row(messageClass === "8" ? networkRows : fileRows, 1, code);
    if (found === undefined) {
      draft.lose("NO_CODE", 24);
    } else {
      draft.put(messageClass === "8" ? 70 : 91, found[0]);
    }
    return;
  }
  const usual = isPartial ? partialReversal : plainFunctions[messageClass];
  if (code !== usual) {
    draft.lose("NO_PLACE", 24);
  }
}
