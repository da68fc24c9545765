// The generated code is what the generator makes of the protos as they stand, every field that may
// hold card data or a secret is marked, and the protos follow buf's rules.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { drift } from "../../proto/generate.ts";

const root = path.resolve(import.meta.dirname, "../..");

test("proto/gen is up to date", () => {
  expect(drift()).toEqual([]);
});

test("the protos pass buf's lint", () => {
  const buf = path.join(root, "node_modules", ".bin", "buf");
  expect(execFileSync(buf, ["lint"], { cwd: root, encoding: "utf8" })).toBe("");
});

/** Fields that hold card data or a secret wherever they stand. */
const secretNames = /^(?:tpan|pan|ptav|piav|secret)$/;

test("fields that may hold card data or a secret are marked sensitive", () => {
  const files = fs.globSync("proto/pantun/**/*.proto", { cwd: root });
  let marked = 0;
  for (const file of files) {
    for (const line of fs.readFileSync(path.join(root, file), "utf8").split("\n")) {
      const [, name = ""] = /^ {2}(?:string|bytes|uint64) (\w+) = \d+/.exec(line) ?? [];
      if (!secretNames.test(name)) continue;
      expect(line, `${file}: ${name}`).toContain("(pantun.options.v1.sensitive) = true");
      marked++;
    }
  }
  expect(marked).toBeGreaterThanOrEqual(8);
});
