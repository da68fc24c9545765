// Which node should own a shard. Every node computes the same from the names that live, so nobody
// has to coordinate; a wrong view costs a refused lease and never safety.
import { createHash } from "node:crypto";

function score(node: string, shard: number): number {
  return createHash("sha256").update(`${node}\0${shard}`).digest().readUIntBE(0, 6);
}

/**
 * For each shard all nodes, the one that should own it first: rendezvous hashing, where a node that
 * has its share already steps behind those that have not. A node that leaves moves its own shards
 * and few others.
 */
export function rankNodes(nodes: readonly string[], shards: number): string[][] {
  const names = [...new Set(nodes)].sort();
  const ranked = Array.from({ length: shards }, (_, shard) => byScore(names, shard));
  if (names.length === 0) return ranked;
  const cap = Math.ceil(shards / names.length);
  const pairs = ranked
    .flatMap((row, shard) => row.map((node) => ({ node, shard, score: score(node, shard) })))
    .sort((a, b) => b.score - a.score || a.shard - b.shard);
  const load = new Map<string, number>(names.map((name) => [name, 0]));
  const first = new Map<number, string>();
  for (const { node, shard } of pairs) {
    const held = load.get(node) ?? 0;
    if (first.has(shard) || held >= cap) continue;
    first.set(shard, node);
    load.set(node, held + 1);
  }
  return ranked.map((row, shard) => {
    const owner = first.get(shard) as string;
    return [owner, ...row.filter((node) => node !== owner)];
  });
}

function byScore(names: readonly string[], shard: number): string[] {
  return [...names].sort((a, b) => score(b, shard) - score(a, shard));
}
