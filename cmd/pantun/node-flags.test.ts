// What starts Node by itself starts it with the launcher's flags.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import nodeFlags from "./node-flags.json" with { type: "json" };

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the container starts the service with them", () => {
  const [, entry = ""] = /^ENTRYPOINT (\[[^\]]*\])/m.exec(textOf("deploy/Containerfile")) ?? [];
  const words = JSON.parse(entry.replace("\\\n", "")) as string[];
  expect(words.slice(1, -1)).toEqual(nodeFlags);
});

test("the benches' generator runs with them", () => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  expect(scripts.bench).toBe(`node ${nodeFlags.join(" ")} bench/main.ts`);
});

test("this Node knows them", () => {
  const { status, stderr } = spawnSync(process.execPath, [...nodeFlags, "-e", "0"]);
  expect({ status, said: stderr.toString() }).toEqual({ status: 0, said: "" });
});
