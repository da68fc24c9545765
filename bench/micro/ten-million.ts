// Ten million tokens, two a card, made anew: how fast they load, what they take, and that opening
// and looking up do not care how many there are.
import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { systemClock } from "../../platform/mod.ts";
import { tokenWords, Vault } from "../../vault/mod.ts";
import { type BenchVault, obtainVault, vaultMapBytes } from "../lib/bench-vault.ts";
import { measure, microsSince } from "../lib/measure.ts";
import { Chooser } from "../lib/random.ts";
import { type Row, rowOf } from "../lib/row.ts";
import type { BenchContext, Scenario } from "../lib/scenario.ts";
import { summarise } from "../lib/statistics.ts";
import { deckAt } from "../lib/token-deck.ts";

const tokensFull = 10_000_000;
const tokensQuick = 100_000;
const tokensPerCard = 2;

/** Against a raw LMDB get at the same size, bytes a token with its card, tokens/s, seconds. */
const targets = { ofRawGet: 1.3, bytes: 250, loadPerSecond: 100_000, openSeconds: 1 } as const;
const lookUps = 131_072;
const openRuns = 5;
const blockBytes = 512;

function openVault(made: BenchVault): Vault {
  return Vault.open({
    dir: made.dir,
    readOnly: true,
    ring: made.ring,
    clock: systemClock,
    random: randomBytes,
    mapSizeBytes: vaultMapBytes,
  });
}

function diskBytes(made: BenchVault): number {
  const folder = join(made.dir, "vault");
  return readdirSync(folder).reduce((sum, name) => {
    return sum + statSync(join(folder, name)).blocks * blockBytes;
  }, 0);
}

async function tenMillion(context: BenchContext): Promise<Row[]> {
  const tokens = context.quick ? tokensQuick : tokensFull;
  let loadSeconds = 0;
  const onLoaded = (seconds: number) => {
    loadSeconds = seconds;
  };
  const shape = { tokensPerCard, anew: true, onLoaded };
  const made = await obtainVault(tokens, context.progress, shape);
  try {
    const sizes = sizeRows(tokens, diskBytes(made), loadSeconds, !context.quick);
    return [...sizes, ...(await openRows(made, context)), await lookUpRow(made, context)];
  } finally {
    rmSync(made.dir, { recursive: true, force: true });
  }
}

function sizeRows(tokens: number, bytes: number, seconds: number, judged: boolean): Row[] {
  const scenario = "ten-million";
  return [
    rowOf({
      scenario,
      metric: `loaded, ${tokens.toLocaleString("en-US")} tokens, two a card`,
      unit: "tokens/s",
      summary: summarise([tokens / seconds]),
      target: judged ? targets.loadPerSecond : null,
    }),
    rowOf({
      scenario,
      metric: "on disk a token, cards included",
      unit: "B",
      summary: summarise([bytes / tokens]),
      target: judged ? targets.bytes : null,
    }),
  ];
}

/** Opening with one look-up, and what it leaves on the heap, beside a far smaller vault. */
async function openRows(made: BenchVault, context: BenchContext): Promise<Row[]> {
  const small = await obtainVault(10_000, context.progress);
  const heaps = { large: [] as number[], small: [] as number[] };
  const open = (which: BenchVault, heap: number[]) => async () => {
    const before = getHeapStatistics();
    const begin = process.hrtime.bigint();
    const vault = openVault(which);
    const into = new Int32Array(tokenWords);
    if (!vault.findToken(which.deck.bytes, deckAt.index, into, 0)) throw new Error("not there");
    const seconds = microsSince(begin) / 1e6;
    const after = getHeapStatistics();
    const held = (one: typeof before) => one.used_heap_size + one.external_memory;
    heap.push(Math.max(0, held(after) - held(before)) / 2 ** 20);
    await vault.close();
    return seconds;
  };
  const plan = { runs: openRuns, warmUps: 1 };
  const [large, little] = await measure(plan, [
    { name: "large", run: open(made, heaps.large) },
    { name: "small", run: open(small, heaps.small) },
  ]);
  if (large === undefined || little === undefined) throw new Error("no figure");
  const baseline = "10,000 tokens";
  const heapOfSmall = summarise(heaps.small.slice(-openRuns));
  return [
    rowOf({
      scenario: "ten-million",
      metric: "open, with a first look-up",
      unit: "s",
      summary: large,
      baseline: { name: baseline, summary: little },
      target: targets.openSeconds,
    }),
    rowOf({
      scenario: "ten-million",
      metric: "heap that opening takes",
      unit: "MiB",
      summary: summarise(heaps.large.slice(-openRuns)),
      baseline: { name: baseline, summary: heapOfSmall },
      // Independent of the size, but for what the collector has not looked at.
      target: heapOfSmall.median + 1,
    }),
  ];
}

async function lookUpRow(made: BenchVault, context: BenchContext): Promise<Row> {
  const vault = openVault(made);
  const { deck } = made;
  const choose = new Chooser(5);
  const into = new Int32Array(tokenWords);
  const draw = () => Uint32Array.from({ length: lookUps }, () => choose.next(deck.count));
  const subject = () => {
    const tokens = draw();
    vault.freshRead();
    const begin = process.hrtime.bigint();
    for (const token of tokens) {
      if (!vault.findToken(deck.bytes, deck.at(token) + deckAt.index, into, 0)) {
        throw new Error("a token is not there");
      }
    }
    return microsSince(begin) / lookUps;
  };
  const raw = () => {
    const keys = Array.from(draw(), (token) => deck.index(token));
    vault.freshRead();
    const begin = process.hrtime.bigint();
    for (const key of keys) {
      if (vault.tables.tokens.getBinaryFast(key) === undefined) throw new Error("not there");
    }
    return microsSince(begin) / lookUps;
  };
  const [found, got] = await measure(context.plan, [
    { name: "findToken", run: subject },
    { name: "raw get", run: raw },
  ]);
  await vault.close();
  if (found === undefined || got === undefined) throw new Error("no figure");
  return rowOf({
    scenario: "ten-million",
    metric: "a random token's record",
    unit: "µs",
    summary: found,
    baseline: { name: "raw LMDB get, same vault", summary: got },
    target: context.quick ? null : got.median * targets.ofRawGet,
  });
}

export const tenMillionScenario: Scenario = {
  name: "ten-million",
  group: "growth",
  about: "ten million tokens made anew: load, size, opening, look-up beside a raw get",
  run: tenMillion,
};
