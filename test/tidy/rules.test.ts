// Defends: the style that matters, by rules that fail: size of lines, files and functions, names,
// unfinished work, and card numbers that stand where they must not.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exceptions } from "./exceptions.ts";
import { deadFiles, importProblems } from "./imports.ts";
import * as rules from "./rules.ts";
import { type Problem, readTree, root, show } from "./tree.ts";

const files = readTree();
const found = files.flatMap((file) => rules.fileRules.flatMap((rule) => rule(file)));

function excepted(problem: Problem): boolean {
  return exceptions.some(({ path, rule }) => path === problem.path && rule === problem.rule);
}

describe("the repository", () => {
  it("keeps every rule", () => {
    expect(show(found.filter((problem) => !excepted(problem)))).toEqual([]);
  });

  it("needs every exception it lists, and each has a reason", () => {
    const all = [...found, ...files.flatMap(importProblems), ...deadFiles(files)];
    for (const { path, rule, reason } of exceptions) {
      expect(reason.length).toBeGreaterThan(20);
      const needed = all.some((problem) => problem.path === path && problem.rule === rule);
      expect(needed, `${path} ${rule}`).toBe(true);
    }
  });
});

function rulesBroken(path: string, text: string): string[] {
  return rules.fileRules.flatMap((rule) => rule({ path, text })).map((problem) => problem.rule);
}

/** A number with a valid check digit, made here. */
function cardNumber(prefix: string): string {
  const digit = [..."0123456789"].find((one) => rules.luhnValid(prefix + one));
  return prefix + digit;
}

describe("each rule can fail", () => {
  const body = "x;\n".repeat(80);
  const card = cardNumber("400000123456789");
  const cases: [string, string, string, string[]][] = [
    ["long line", "vault/a.ts", `// ${"x".repeat(98)}`, ["long-line"]],
    ["long file", "vault/a.ts", "x;\n".repeat(401), ["long-file"]],
    ["long test", "vault/a.test.ts", `// A.\nit("x", () => {\n${body}});\n`, ["long-test"]],
    ["camel case", "vault/tokenRecord.ts", "", ["name"]],
    ["empty folder name", "vault/utils/a.ts", "", ["folder"]],
    ["open work", "vault/a.ts", `// ${"TO"}${"DO"}: later`, ["banned-word"]],
    ["skipped test", "vault/a.test.ts", `// A.\nit${".sk"}${"ip("}"x");`, ["banned-word"]],
    ["private key", "deploy/k.pem", `-----BEGIN PRIVATE ${"KEY-----"}`, ["banned-word"]],
    ["path of a machine", "README.md", `cd ${"/ro"}${"ot/"}pantun`, ["banned-word"]],
    ["card number", "docs/a.md", `pay with ${card}`, ["card-number"]],
    ["packed card number", "docs/a.md", `pay with ${card}FF`, ["card-number"]],
    ["silent test", "vault/a.test.ts", 'import "x";', ["opening"]],
    ["silent door", "vault/mod.ts", "// One line.\nexport {};", ["opening"]],
    ["default export", "vault/a.ts", "export default 1;", ["style"]],
    ["own randomness", "vault/a.ts", "const x = Math.random();", ["style"]],
  ];
  it.each(cases)("%s", (_name, path, text, broken) => {
    expect(rulesBroken(path, text)).toEqual(broken);
  });

  it("a function of more than 70 lines, by the linter", () => {
    const dir = mkdtempSync(join(tmpdir(), "tidy-"));
    const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    writeFileSync(join(dir, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
    const lint = (lines: number): string => {
      const code = `export function f(x: () => void): void {\n${"  x();\n".repeat(lines)}}\n`;
      writeFileSync(join(dir, "long.ts"), code);
      const args = [biome, "lint", "--error-on-warnings", "long.ts"];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: "utf8" });
      return `${status} ${/noExcessiveLinesPerFunction/.exec(stderr)?.[0] ?? ""}`;
    };
    expect(lint(66)).toBe("0 ");
    expect(lint(71)).toBe("1 noExcessiveLinesPerFunction");
    rmSync(dir, { recursive: true });
  });
});

describe("no rule fails without reason", () => {
  it("on ordinary code, numbers and long data", () => {
    expect(rulesBroken("vault/a.ts", "export const x = 1;\n")).toEqual([]);
    expect(rulesBroken("docs/a.md", `0.${cardNumber("400000123456789")}`)).toEqual([]);
    expect(rulesBroken("docs/a.md", `${"x".repeat(200)} 1234567890123456`)).toEqual([]);
    expect(rulesBroken("codec/gen/a.ts", "x;\n".repeat(500))).toEqual([]);
  });
});
