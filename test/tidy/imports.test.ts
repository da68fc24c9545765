// Defends: no room reaches into one that it may not know, rooms meet only at their doors, nothing
// leans on a program, and no file is left that nothing uses.
import { describe, expect, it } from "vitest";
import { deadFiles, importProblems, importsOf } from "./imports.ts";
import { readTree, show } from "./tree.ts";

const files = readTree();

describe("the repository", () => {
  it("imports only in the allowed directions and through doors", () => {
    expect(files.filter((file) => file.path.endsWith(".ts")).length).toBeGreaterThan(20);
    expect(show(files.flatMap(importProblems))).toEqual([]);
  });

  it("has no dead files", () => {
    expect(show(deadFiles(files))).toEqual([]);
  });
});

describe("the import rule", () => {
  const refused: [string, string, RegExp][] = [
    ["codec/tlv/a.ts", 'import { x } from "../../platform/mod.ts";', /codec may not know platform/],
    ["platform/a.ts", 'import { x } from "../codec/pan/mod.ts";', /platform may not know codec/],
    ["vault/a.ts", 'import { x } from "../hotpath/mod.ts";', /vault may not know hotpath/],
    ["vault/a.test.ts", 'import { x } from "../hotpath/mod.ts";', /vault may not know hotpath/],
    ["hotpath/a.ts", 'export { x } from "../vault/token-record.ts";', /past the door of vault/],
    ["api/grpc/a.ts", 'import { x } from "../../cmd/pantun/main.ts";', /nothing imports from cmd/],
    ["api/a.ts", 'const x = await import("../crypto/cmac.ts");', /past the door of crypto/],
    ["hotpath/a.ts", 'new URL("../vault/worker.ts", import.meta.url)', /past the door of vault/],
    ["api/a.ts", 'import type {\n  A,\n} from "../vault/b.ts";', /past the door of vault/],
    ["vault/a.ts", 'import "../../elsewhere.ts";', /leaves the repository/],
    ["extra/a.ts", 'import "../vault/mod.ts";', /extra is not a room/],
    ["vault/a.ts", 'import { Registry } from "prom-client";', /prom-client belongs to platform/],
    ["codec/tlv/a.ts", 'import { readFileSync } from "node:fs";', /does no I\/O/],
    ["vault/a.ts", 'import { pan } from "../codec/pan/fixtures.ts";', /past the door of codec/],
    ["platform/a.test.ts", 'import { p } from "../codec/pan/fixtures.ts";', /may not know codec/],
    ["hotpath/a.ts", 'import { p } from "../actors/card/test-rig.ts";', /may not know actors/],
    ["hotpath/a.test.ts", 'import { p } from "../actors/mod.ts";', /may not know actors/],
  ];
  it.each(refused)("refuses %s: %s", (path, text, message) => {
    expect(show(importProblems({ path, text }))).toEqual([expect.stringMatching(message)]);
  });

  const accepted: [string, string][] = [
    ["vault/a.ts", 'import { x } from "../codec/pan/mod.ts";'],
    ["vault/replay/a.ts", 'import { x } from "../journal/row.ts";'],
    ["vault/a.test.ts", 'import { x } from "../codec/pan/fixtures.ts";'],
    ["vault/a.test.ts", 'import { x } from "../actors/card/test-rig.ts";'],
    ["hotpath/test-rig.ts", 'import { x } from "../actors/card/test-rig.ts";'],
    ["api/grpc/a.ts", 'import { x } from "../../proto/mod.ts";'],
    ["cmd/pantun/a.ts", 'import { x } from "../../vault/replay/store.ts";'],
    ["codec/iso8583/generator/a.ts", 'import { writeFileSync } from "node:fs";'],
  ];
  it.each(accepted)("accepts %s: %s", (path, text) => {
    expect(importProblems({ path, text })).toEqual([]);
  });

  it("reads the forms of an import and their lines", () => {
    const text = 'import a from "a";\nexport * from "./b.ts";\nimport type { C } from "./c.ts";\n';
    expect(importsOf(text)).toEqual([
      { line: 1, target: "a" },
      { line: 2, target: "./b.ts" },
      { line: 3, target: "./c.ts" },
    ]);
  });
});

describe("the dead file rule", () => {
  it("finds a file that nothing names, and only that", () => {
    const tree = [
      { path: "vault/mod.ts", text: 'export { a } from "./a.ts";' },
      { path: "vault/a.ts", text: "" },
      { path: "vault/dead.ts", text: "" },
      { path: "vault/worker.ts", text: "" },
      { path: "cmd/pantun/main.ts", text: 'import "../../vault/mod.ts"; run("vault/worker.ts");' },
      { path: "package.json", text: '{"start": "node cmd/pantun/main.ts"}' },
      { path: "vault/a.test.ts", text: "" },
      { path: "vault/gen/b.ts", text: "" },
    ];
    expect(show(deadFiles(tree))).toEqual(["vault/dead.ts:0 dead-file: nothing imports it"]);
  });
});
