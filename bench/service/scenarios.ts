import type { Scenario } from "../lib/scenario.ts";
export const serviceScenarios: readonly Scenario[] = [];
