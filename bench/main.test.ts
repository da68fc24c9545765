// Defends: the command line of the bench: what it lists, and the exit codes that scripts rely on.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Each start of the program takes a second or two on a busy machine. */
const limitMs = 30_000;

describe("npm run bench", { timeout: limitMs }, () => {
  it("lists the scenarios on stdout", () => {
    const { status, stdout, stderr } = bench("list");
    expect(status).toBe(0);
    expect(stderr).toBe("");
    for (const name of [
      "scan",
      "stages",
      "pipeline-64",
      "pipeline-mac-1",
      "session",
      "iso",
      "unary",
      "knee-session",
    ]) {
      expect(stdout).toMatch(new RegExp(`^${name} +(micro|service|load|growth) +\\S`, "m"));
    }
  });

  it("ends with 2 and one sentence for a scenario that does not exist", () => {
    const { status, stdout, stderr } = bench("no-such-scenario");
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      'bench: There is no scenario "no-such-scenario"; "list" shows them. (USAGE)\n',
    );
  });

  it("ends with 2 for lengths that exclude each other, and for a vault that is no number", () => {
    expect(bench("scan", "--quick", "--full").status).toBe(2);
    expect(bench("scan", "--tokens", "many").status).toBe(2);
  });
});
