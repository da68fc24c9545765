// Scenarios and thresholds that the scripts are put together from. All are open models: k6 starts
// an iteration when it is due, and one that it could not start is a broken threshold.
import type { Options, Scenario, Threshold } from "k6/options";
import { budgets, frameRate, seconds, unaryRate } from "./k6-env.ts";

/** A virtual user is a connection with one call at a time: more of them than a switch has. */
const usersMax = 64;

function arrival(exec: string, rate: number): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec,
    rate,
    timeUnit: "1s",
    duration: `${seconds}s`,
    preAllocatedVUs: usersMax,
    maxVUs: usersMax,
    gracefulStop: "10s",
  };
}

export const unaryScenario = () => arrival("unary", unaryRate);
export const sessionScenario = () => arrival("session", frameRate);

function budget(p50: string | undefined, p99: string | undefined): Threshold[] {
  const rules: Threshold[] = [];
  if (p50 !== undefined) rules.push(`med<=${p50}`);
  if (p99 !== undefined) rules.push(`p(99)<=${p99}`);
  return rules;
}

export function optionsOf(scenarios: Record<string, Scenario>): Options {
  const thresholds: Record<string, Threshold[]> = {
    checks: ["rate>=0.9999"],
    dropped_iterations: ["count==0"],
  };
  if (scenarios.unary !== undefined) {
    // Streams count under the same name; an empty list only asks for the figures.
    thresholds["grpc_req_duration{scenario:unary}"] = budget(budgets.unaryP50, budgets.unaryP99);
  }
  if (scenarios.session !== undefined) {
    thresholds.pantun_frame_duration = budget(budgets.frameP50, budgets.frameP99);
  }
  return {
    scenarios,
    thresholds,
    summaryTrendStats: ["min", "avg", "med", "p(90)", "p(99)", "p(99.9)", "max", "count"],
    discardResponseBodies: false,
  };
}
