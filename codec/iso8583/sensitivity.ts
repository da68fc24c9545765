import type { Sensitivity } from "./dialect.ts";

const codes: Record<Sensitivity, number> = {
  authentication: 0,
  open: 1,
  pan: 2,
  track: 3,
  text: 4,
  person: 5,
};

/** Number of a sensitivity class in generated tables; no class counts as the strictest. */
export function sensitivityCode(sensitivity: Sensitivity | undefined): number {
  return sensitivity === undefined ? 0 : codes[sensitivity];
}

const byCode: readonly Sensitivity[] = ["authentication", "open", "pan", "track", "text", "person"];

/** The class of a number in a generated table. */
export function sensitivityOf(code: number): Sensitivity {
  return byCode[code] ?? "authentication";
}

/** From what may be shown whole to what may not be shown; no class is the strictest. */
const strictness: readonly (Sensitivity | undefined)[] = [
  "open",
  "text",
  "pan",
  "track",
  "person",
  "authentication",
  undefined,
];

/** The class that shows less. */
export function stricter(
  ...classes: readonly (Sensitivity | undefined)[]
): Sensitivity | undefined {
  return strictness[Math.max(...classes.map((name) => strictness.indexOf(name)))];
}
