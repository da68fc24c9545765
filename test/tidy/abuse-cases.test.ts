// Defends: the page of traps and abuse names for every row tests that are there, under the titles
// that they have. (That none is left out is a rule of its own.)
import { describe, expect, it } from "vitest";
import { readTree, type SourceFile } from "./tree.ts";

const page = "docs/internals/abuse-cases.md";

interface Named {
  readonly path: string;
  readonly title: string;
}

/** Cells of the table rows of a page, without heads and rules. */
function rowsOf(text: string): string[][] {
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1));
  return rows
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter(([first = ""]) => !/^-+$/.test(first) && first !== "what goes wrong");
}

/** `path` "title", "title"; `path` "title" … or undefined where the cell says anything else. */
function testsOf(cell: string): Named[] | undefined {
  const named: Named[] = [];
  for (const part of cell.split(/; (?=`)/)) {
    const [, path, titles] = /^`([^`]+\.test\.ts)` ("[^"]+"(?:, "[^"]+")*)$/.exec(part) ?? [];
    if (path === undefined || titles === undefined) return undefined;
    for (const [, title = ""] of titles.matchAll(/"([^"]+)"/g)) named.push({ path, title });
  }
  return named;
}

function faultsOf(cells: readonly string[], files: ReadonlyMap<string, string>): string[] {
  const [what = "", holds = "", tests = ""] = cells;
  const named = testsOf(tests);
  if (cells.length !== 3 || what === "" || holds === "" || named === undefined) {
    return [`not a row of trap, hold and tests: ${cells.join(" | ")}`];
  }
  return named.flatMap(({ path, title }) => {
    const text = files.get(path);
    if (text === undefined) return [`${what}: there is no ${path}`];
    const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    if (!new RegExp(`\\(\\s*"${escaped}",`).test(text)) return [`${path} has no test "${title}"`];
    return [];
  });
}

function textsOf(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, text }) => [path, text]));
}

describe("traps and abuse", () => {
  const files = textsOf(readTree());

  it("every row has tests, and every test is there", () => {
    const rows = rowsOf(files.get(page) ?? "");
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.flatMap((cells) => faultsOf(cells, files))).toEqual([]);
  });

  it("a row that has none is found", () => {
    const few = new Map([["a.test.ts", 'it(\n  "holds",\n  () => {}); // "says so"']]);
    const row = (tests: string) => faultsOf(["a trap", "a hold", tests], few);
    expect(row('`a.test.ts` "holds"')).toEqual([]);
    expect(row('`a.test.ts` "held"')).toEqual(['a.test.ts has no test "held"']);
    expect(row('`a.test.ts` "says so"')).toEqual(['a.test.ts has no test "says so"']);
    expect(row('`c.test.ts` "holds"')).toEqual(["a trap: there is no c.test.ts"]);
    expect(row("by hand")[0]).toContain("not a row");
    expect(row("")[0]).toContain("not a row");
  });
});
