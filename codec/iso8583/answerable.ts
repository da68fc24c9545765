import { codeTable, unpackStatus } from "./errors.ts";
import { classOf, expectsAnswer } from "./mti.ts";
import type { View } from "./view.ts";

/**
 * Can the message be answered with 30? Its code must allow it, its MTI must ask for an answer,
 * and what an answer is matched by must have scanned cleanly: 7 and 11, and 32 and 37 in classes
 * 1, 2 and 4.
 */
export function isAnswerable(status: number, view: View): boolean {
  const { code } = unpackStatus(status);
  if (codeTable[code].action === "close" || view.mti === 0 || !expectsAnswer(view.mti)) {
    return false;
  }
  if (!view.has(7) || !view.has(11)) {
    return false;
  }
  const messageClass = classOf(view.mti);
  const matched = messageClass === 1 || messageClass === 2 || messageClass === 4;
  return !matched || (view.has(32) && view.has(37));
}
