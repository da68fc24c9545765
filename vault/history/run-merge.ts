// Merges runs of the token index: sixteen of a size become one of the next, so an entry is written
// four times at most. What it reads and sorts it does without the write lock, for which refunds
// wait; with the lock held it only writes (4 ms for the largest run).
import { type HistoryTables, reservePages } from "./tables.ts";
import {
  encodeRun,
  findRun,
  listRuns,
  putRun,
  type RunHead,
  type RunWords,
  readRun,
  removeRun,
} from "./token-runs.ts";

/** Runs of fewer entries are merged once so many of them stand at the end of the list. */
const fanIn = 16;
const sizes = [16, 256, 4_096, 32_768] as const;

/** The runs to be merged, the oldest first; empty where there is nothing to do. */
function choose(tables: HistoryTables): RunHead[] {
  const tail: RunHead[] = [];
  for (const head of listRuns(tables)) {
    if (head.entries >= sizes.at(-1)!) break;
    tail.push(head);
    if (tail.length >= sizes.length * fanIn) break;
  }
  for (const size of sizes) {
    const end = tail.findIndex((head) => head.entries >= size);
    const small = end < 0 ? tail : tail.slice(0, end);
    if (small.length >= fanIn) return small.reverse();
  }
  return [];
}

/** Two sorted runs as one; where words are equal, what lies in `a` is older and comes first. */
function mergeTwo(a: RunWords, b: RunWords): RunWords {
  const out = new Uint32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  let to = 0;
  while (i < a.length && j < b.length) {
    if (a[i]! <= b[j]!) {
      out[to++] = a[i++]!;
      out[to++] = a[i++]!;
    } else {
      out[to++] = b[j++]!;
      out[to++] = b[j++]!;
    }
  }
  out.set(i < a.length ? a.subarray(i) : b.subarray(j), to);
  return out;
}

function mergeAll(parts: RunWords[]): RunWords {
  let left = parts;
  while (left.length > 1) {
    const next: RunWords[] = [];
    for (let i = 0; i < left.length; i += 2) {
      next.push(i + 1 < left.length ? mergeTwo(left[i]!, left[i + 1]!) : left[i]!);
    }
    left = next;
  }
  return left[0]!;
}

/** The entries of a run as offsets from an older run's number. */
function readFrom(tables: HistoryTables, head: RunHead, base: number): RunWords {
  const words = readRun(tables, head);
  const offset = head.run - base;
  for (let i = 1; i < words.length; i += 2) words[i] = words[i]! + offset;
  return words;
}

/**
 * Merges once where there is something to merge. `write` runs its work as one write transaction.
 * Returns whether it did; another process may have been faster.
 */
export function mergeRuns(tables: HistoryTables, write: (work: () => boolean) => boolean): boolean {
  const inputs = choose(tables);
  if (inputs.length === 0) return false;
  const { run } = inputs[0]!;
  // Offsets are 32 bits; records are numbered in steps of sixteen a fold at least.
  if (inputs.at(-1)!.run + 2 ** 20 - run > 0xffff_ffff) return false;
  const words = mergeAll(inputs.map((head) => readFrom(tables, head, run)));
  const merged = encodeRun(
    {
      run,
      keepUntil: Math.max(...inputs.map((head) => head.keepUntil)),
      entries: words.length / 2,
      minMs: Math.min(...inputs.map((head) => head.minMs)),
      maxMs: Math.max(...inputs.map((head) => head.maxMs)),
    },
    words,
  );
  return write(() => {
    if (inputs.some((head) => findRun(tables, head.run)?.entries !== head.entries)) return false;
    reservePages(tables, 2 * merged.chunks.length + inputs.length);
    for (const head of inputs) removeRun(tables, head.run);
    putRun(tables, merged);
    return true;
  });
}
