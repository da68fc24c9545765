// Which scenarios a command line means.
import { appError } from "../../platform/mod.ts";
import type { Scenario } from "./scenario.ts";

const everything = "all";

/** Scenarios by name or group, each once, in the order of the catalogue. USAGE for an unknown name. */
export function choose(scenarios: readonly Scenario[], names: readonly string[]): Scenario[] {
  for (const name of names) {
    const known = scenarios.some((one) => one.name === name || one.group === name);
    if (!known && name !== everything) {
      throw appError("USAGE", `There is no scenario "${name}"; "list" shows them.`);
    }
  }
  return scenarios.filter(
    (one) => names.includes(everything) || names.includes(one.name) || names.includes(one.group),
  );
}

/** One line a scenario: name, group, what it measures. */
export function renderList(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map((one) => one.name.length));
  return scenarios
    .map((one) => `${one.name.padEnd(width)}  ${one.group.padEnd(7)}  ${one.about}\n`)
    .join("");
}
