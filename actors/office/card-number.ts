// Whether a text holds what may be a card number: nobody should be able to leave one in a name.
import { panDigitsMax, panDigitsMin, panValid } from "../../codec/pan/mod.ts";

/** Runs of 13 to 19 digits, spaces and hyphens between them left out, with a right check digit. */
export function holdsCardNumber(text: string): boolean {
  for (const [run] of text.matchAll(/\d(?:[ -]?\d){12,18}/g)) {
    const digits = Buffer.from(run.replaceAll(/[ -]/g, ""));
    for (let length = panDigitsMin; length <= Math.min(panDigitsMax, digits.length); length++) {
      if (panValid(digits, 0, length)) return true;
    }
  }
  return false;
}
