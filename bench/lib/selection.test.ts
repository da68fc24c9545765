// Defends: a command line runs what it names, each once and in the catalogue's order, and a name
// that means nothing is a wrong usage, not an empty success.
import { describe, expect, it } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import type { Scenario } from "./scenario.ts";
import { choose, renderList } from "./selection.ts";

const made = (name: string, group: Scenario["group"], usual = false): Scenario => ({
  name,
  group,
  usual,
  about: `what ${name} is`,
  run: async () => [],
});
const scenarios = [
  made("scan", "micro"),
  made("pipeline-1", "micro"),
  made("pipeline-64", "micro", true),
  made("session", "service", true),
];
const named = (...names: string[]) => choose(scenarios, names).map((one) => one.name);

describe("choose", () => {
  it("takes names, groups, beginnings and all", () => {
    expect(named("scan")).toEqual(["scan"]);
    expect(named("service")).toEqual(["session"]);
    expect(named("pipeline")).toEqual(["pipeline-1", "pipeline-64"]);
    expect(named("all")).toHaveLength(scenarios.length);
  });

  it("takes the usual ones without names, and all with --full", () => {
    expect(named()).toEqual(["pipeline-64", "session"]);
    expect(choose(scenarios, [], true)).toHaveLength(scenarios.length);
    expect(choose(scenarios, ["scan"], true).map((one) => one.name)).toEqual(["scan"]);
  });

  it("keeps the order of the catalogue and runs nothing twice", () => {
    expect(named("session", "scan", "micro")).toEqual([
      "scan",
      "pipeline-1",
      "pipeline-64",
      "session",
    ]);
  });

  it("refuses a name that means nothing with exit code 2", () => {
    try {
      named("scan", "sessions");
      expect.unreachable();
    } catch (error) {
      if (!isAppError(error, "USAGE")) throw error;
      expect(error.exitCode).toBe(2);
      expect(error.message).toContain('"sessions"');
    }
  });
});

describe("renderList", () => {
  it("has a line a scenario with name, group and what it is", () => {
    const lines = renderList(scenarios).trimEnd().split("\n");
    expect(lines).toHaveLength(scenarios.length);
    expect(lines[2]).toBe("pipeline-64  micro    what pipeline-64 is");
  });
});
