// Defends: `npm start` plays every line that the README shows, each with its right answer, and ends
// by itself with exit code 0.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../tidy/tree.ts";
import { pantun } from "./run-pantun.ts";

/** Names of lines that are right, and headings, in their order. */
function shape(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, name] = /^ {2}ok {4}(\S.*?) {2,}/.exec(line) ?? [];
    if (name !== undefined) return [name];
    return /^[A-Z].*[.:]$/.test(line) ? [line] : [];
  });
}

test("the README shows what happens", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const shown = shape(/```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? "");
  expect(shown.length).toBeGreaterThan(25);
  const { code, stdout, stderr } = await pantun(["demo", "--load", "0", "--tokens", "200"]);
  expect(code, `${stdout}${stderr}`).toBe(0);
  const isLoad = (line: string) => line.startsWith("Load, ");
  expect(shape(stdout)).toEqual(shown.filter((line) => !isLoad(line)));
});
