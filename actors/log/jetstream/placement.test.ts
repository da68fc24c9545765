// Defends: every node computes the same placement from the same names, no node gets more than its
// share, and a node that comes or goes moves few shards.
import { describe, expect, it } from "vitest";
import { rankNodes } from "./placement.ts";

const shards = 16;
const owners = (nodes: readonly string[]): string[] =>
  rankNodes(nodes, shards).map((row) => row[0] as string);

describe("placement", () => {
  it("does not depend on the order or repetition of names", () => {
    expect(rankNodes(["c", "a", "b", "a"], shards)).toEqual(rankNodes(["a", "b", "c"], shards));
  });

  it("ranks every node once for every shard", () => {
    for (const row of rankNodes(["a", "b", "c"], shards)) {
      expect([...row].sort()).toEqual(["a", "b", "c"]);
    }
  });

  it.each([1, 2, 3, 4, 5, 7, 16, 20])("shares 16 shards among %d nodes", (count) => {
    const nodes = Array.from({ length: count }, (_, i) => `node-${i}`);
    const load = new Map<string, number>();
    for (const owner of owners(nodes)) load.set(owner, (load.get(owner) ?? 0) + 1);
    expect(Math.max(...load.values())).toBeLessThanOrEqual(Math.ceil(shards / count));
    expect([...load.values()].reduce((a, b) => a + b)).toBe(shards);
  });

  it("moves no more than a share and what the cap pushes on when a node leaves", () => {
    for (let count = 3; count <= 6; count++) {
      const nodes = Array.from({ length: count }, (_, i) => `node-${i}`);
      const before = owners(nodes);
      const after = owners(nodes.slice(1));
      const kept = before.filter((owner, i) => owner !== "node-0" && owner === after[i]).length;
      const others = before.filter((owner) => owner !== "node-0").length;
      expect(kept).toBeGreaterThanOrEqual(Math.floor(others / 2));
    }
  });

  it("of nobody is empty", () => {
    expect(rankNodes([], 2)).toEqual([[], []]);
  });
});
