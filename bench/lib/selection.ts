// Which scenarios a command line means.
import { appError } from "../../platform/mod.ts";
import type { Scenario } from "./scenario.ts";

const everything = "all";

/** By its name, its group, or the beginning of its name up to a hyphen. */
function isMeant(scenario: Scenario, name: string): boolean {
  const { name: own, group } = scenario;
  return name === everything || name === own || name === group || own.startsWith(`${name}-`);
}

/**
 * The scenarios meant, each once, in the catalogue's order; without names the usual ones, or all.
 * USAGE for a name that means none.
 */
export function choose(
  scenarios: readonly Scenario[],
  names: readonly string[],
  full = false,
): Scenario[] {
  if (names.length === 0) return scenarios.filter((one) => full || one.usual === true);
  for (const name of names) {
    if (scenarios.some((one) => isMeant(one, name))) continue;
    throw appError("USAGE", `There is no scenario "${name}"; "list" shows them.`);
  }
  return scenarios.filter((one) => names.some((name) => isMeant(one, name)));
}

/** One line a scenario: name, group, what it measures. */
export function renderList(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map((one) => one.name.length));
  return scenarios
    .map((one) => `${one.name.padEnd(width)}  ${one.group.padEnd(7)}  ${one.about}\n`)
    .join("");
}
