// Defends: every relative link of every page leads to a file, and to a heading where it names one.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { readTree, root, type SourceFile } from "./tree.ts";

/** How the usual hosts make an anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? "")));
}

/** The links of a page that lead nowhere. */
function brokenLinks(page: SourceFile): string[] {
  const prose = page.text.replace(/```[\s\S]*?```/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = "", anchor] = target.split("#");
    const full = path === "" ? join(root, page.path) : join(root, dirname(page.path), path);
    if (!existsSync(normalize(full))) return [`${page.path}: ${target}`];
    if (anchor === undefined || !full.endsWith(".md")) return [];
    return anchorsOf(readFileSync(full, "utf8")).has(anchor) ? [] : [`${page.path}: ${target}`];
  });
}

describe("links", () => {
  it("of all pages lead somewhere", () => {
    const pages = readTree().filter((file) => file.path.endsWith(".md"));
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it("are found when they are broken", () => {
    const text =
      "[a](no-such.md) [b](#there) [c](#not-there) [d](mailto:x@example.org)\n## There\n";
    const page = { path: "LICENSE", text };
    expect(brokenLinks(page)).toEqual(["LICENSE: no-such.md"]);
  });
});
