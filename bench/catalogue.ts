// Every scenario, in the order in which they run.
import type { Scenario } from "./lib/scenario.ts";
import { growthScenarios } from "./load/growth.ts";
import { loadScenarios } from "./load/scenarios.ts";
import { codecScenarios } from "./micro/codec.ts";
import { commandScenarios } from "./micro/commands.ts";
import { laneScenarios } from "./micro/lanes.ts";
import { pipelineScenarios } from "./micro/pipeline.ts";
import { storageScenarios } from "./micro/storage.ts";
import { tenMillionScenario } from "./micro/ten-million.ts";
import { worstTlvScenario } from "./micro/worst-tlv.ts";
import { provisionScenario } from "./requestor/provision.ts";
import { tokenDataScenario } from "./requestor/token-data.ts";
import { clusterScenarios } from "./service/cluster.ts";
import { logScenarios } from "./service/log-jetstream.ts";
import { migrationScenario } from "./service/migration.ts";
import { serviceScenarios } from "./service/scenarios.ts";

export const scenarios: readonly Scenario[] = [
  ...codecScenarios,
  worstTlvScenario,
  ...laneScenarios,
  ...storageScenarios,
  ...commandScenarios,
  ...pipelineScenarios,
  ...serviceScenarios,
  tokenDataScenario,
  provisionScenario,
  migrationScenario,
  ...loadScenarios,
  ...growthScenarios,
  tenMillionScenario,
  ...logScenarios,
  ...clusterScenarios,
];
