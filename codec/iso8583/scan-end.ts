// The ends of a scan that are not an element's fault.
import { codeTable } from "./errors.ts";
import { elementsMax, type View } from "./view.ts";

/** Bytes are left over: everything that was announced is readable. */
export function failTrailing(v: View, at: number, end: number): number {
  const valid = v.validUpTo;
  const status = v.fail(codeTable.TRAILING_DATA.number, 0, at, 0, end - at);
  v.validUpTo = valid;
  return status;
}

/**
 * The dialect has no such message. Where the rest parsed, its elements stay readable so that an
 * answer can be made; where it did not, nothing is.
 */
export function failUnknownMTI(v: View, at: number, restParsed: boolean): number {
  const status = v.fail(codeTable.UNKNOWN_MTI.number, 0, at, -1, -1);
  v.validUpTo = restParsed ? elementsMax : 0;
  return status;
}
