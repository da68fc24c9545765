import type { ElementSpec } from "../dialect.ts";
import { numberOfValue, prefixMax } from "../wire-size.ts";
import { checkComposite } from "./composite.ts";
import { type Report, refuse } from "./problem.ts";
import { checkLengths, checkWriting } from "./value.ts";

function checkPrefix(report: Report, place: readonly string[], element: ElementSpec): void {
  const { prefix, encoding, max } = element;
  if (prefix === null) {
    if (element.min !== element.max) {
      refuse(report, [...place, "min"], "an element without a length prefix has one length");
    }
    return;
  }
  const at = [...place, "prefix"];
  const most = prefix.encoding === "binary" ? 2 : 6;
  if (!Number.isInteger(prefix.digits) || prefix.digits < 1 || prefix.digits > most) {
    refuse(report, [...at, "digits"], `a prefix in ${prefix.encoding} has 1 to ${most} digits`);
    return;
  }
  if (prefix.unit === "digits" && !["bcd", "signed-bcd", "hex"].includes(encoding)) {
    refuse(report, [...at, "unit"], `${encoding} has no digits to count; take bytes or characters`);
  }
  const number = encoding === "utf-8" ? max : numberOfValue(encoding, prefix.unit, max);
  if (number > prefixMax(prefix)) {
    refuse(
      report,
      [...at, "digits"],
      `the prefix says at most ${prefixMax(prefix)}, not ${number}`,
    );
  }
}

/** Judges an element, or a part with a prefix of its own. */
export function checkElement(
  report: Report,
  place: readonly string[],
  element: ElementSpec,
  depth = 0,
): void {
  const { prefix, encoding, filler, composite } = element;
  checkLengths(report, place, element);
  checkPrefix(report, place, element);
  const isCounted = prefix === null || prefix.unit !== "bytes";
  const own = composite !== undefined && composite.kind !== "positional";
  // The parts of a composite are judged by themselves; hex text is hex as a whole too.
  if (!own || encoding === "hex") {
    checkWriting(report, place, element, { encoding, filler, isCounted });
  }
  if (composite !== undefined) {
    const holder = { spec: element, encoding, filler, depth: depth + 1 };
    checkComposite(report, [...place, "composite"], composite, holder);
  }
}
