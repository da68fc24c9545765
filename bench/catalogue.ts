// Every scenario, in the order in which they run.
import type { Scenario } from "./lib/scenario.ts";
import { codecScenarios } from "./micro/codec.ts";
import { commandScenarios } from "./micro/commands.ts";
import { laneScenarios } from "./micro/lanes.ts";
import { pipelineScenarios } from "./micro/pipeline.ts";
import { storageScenarios } from "./micro/storage.ts";
import { logScenarios } from "./service/log-jetstream.ts";
import { serviceScenarios } from "./service/scenarios.ts";

export const scenarios: readonly Scenario[] = [
  ...codecScenarios,
  ...laneScenarios,
  ...storageScenarios,
  ...commandScenarios,
  ...pipelineScenarios,
  ...serviceScenarios,
  ...logScenarios,
];
