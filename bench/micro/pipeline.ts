// The whole pipeline in process: frames in, answers out, over the generated vault, with claims and
// journal written. Beside it the least that any such service does: look the token up and note that
// the cryptogram is used, with the bare lmdb package.
import { stageNames } from "../../hotpath/mod.ts";
import { measure, microsSince } from "../lib/measure.ts";
import { PipelineRig } from "../lib/pipeline-rig.ts";
import { Chooser } from "../lib/random.ts";
import { claimKeys, RawClaims } from "../lib/raw-lmdb.ts";
import { type Row, rowOf } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";
import { summarise } from "../lib/statistics.ts";

/** Reach of this kind of machine, µs a message, without DE128. */
const targetOf: Readonly<Record<number, number>> = { 1: 25, 64: 5 };
const batchSizes = [1, 8, 64, 256] as const;

/** Messages of a run: about half a second each. */
function messagesOfRun(rows: number, quick: boolean): number {
  const many = rows === 1 ? 16_384 : 65_536;
  return quick ? many / 4 : many;
}

class RawService {
  readonly #rig: PipelineRig;
  readonly #claims: RawClaims;
  readonly #choose = new Chooser(3);

  constructor(rig: PipelineRig) {
    this.#rig = rig;
    this.#claims = new RawClaims(rig.dir);
  }

  /** µs a message of get and claim, batch by batch. */
  run(count: number, rows: number): number {
    const { deck } = this.#rig.vault;
    const { vault } = this.#rig.opened;
    const { tokens } = vault.tables;
    const indexes = Array.from({ length: count }, () => deck.index(this.#choose.next(deck.count)));
    const keys = claimKeys(count, Math.floor(Date.now() / 1_000));
    const begin = process.hrtime.bigint();
    for (let first = 0; first < count; first += rows) {
      const end = Math.min(count, first + rows);
      vault.freshRead();
      for (let i = first; i < end; i++) {
        if (tokens.getBinaryFast(indexes[i] as Buffer) === undefined) throw new Error("not there");
      }
      this.#claims.claim(keys, first, end);
    }
    return microsSince(begin) / count;
  }

  close(): Promise<void> {
    return this.#claims.close();
  }
}

async function timedJudge(rig: PipelineRig, count: number, rows: number, mac: boolean) {
  const block = await rig.messages(count, mac);
  const begin = process.hrtime.bigint();
  rig.judge(block, rows, mac);
  return microsSince(begin) / count;
}

async function pipeline(context: BenchContext, size: number, withMac: boolean): Promise<Row[]> {
  const rig = new PipelineRig(await context.vault());
  const raw = new RawService(rig);
  const count = messagesOfRun(size, context.quick);
  const target = withMac ? undefined : targetOf[size];
  const row = await compare(context, {
    scenario: nameOf(size, withMac),
    metric: `a message, batch of ${size}${withMac ? ", with DE128" : ""}`,
    unit: "µs",
    subject: { name: "pipeline", run: () => timedJudge(rig, count, size, withMac) },
    baseline: { name: "raw lmdb get and claim", run: () => raw.run(count, size) },
    ...(target === undefined ? {} : { target }),
  });
  await raw.close();
  await rig.close();
  return [row];
}

function nameOf(size: number, withMac: boolean): string {
  return `pipeline${withMac ? "-mac" : ""}-${size}`;
}

function pipelineScenario(size: number, withMac: boolean): Scenario {
  const what = withMac ? "with DE128" : "without DE128";
  return {
    name: nameOf(size, withMac),
    usual: size === 64 || (size === 1 && !withMac),
    group: "micro",
    about: `the whole pipeline at batch ${size}, ${what}, beside raw LMDB get and claim`,
    run: (context) => pipeline(context, size, withMac),
  };
}

const stageBatch = 64;

/** µs a message of every stage, from the pipeline's own stage clock, beside the whole. */
async function stages(context: BenchContext, withMac: boolean): Promise<Row[]> {
  const rig = new PipelineRig(await context.vault());
  const count = messagesOfRun(stageBatch, false);
  const figures: number[][] = stageNames.map(() => []);
  const whole: number[] = [];
  await measure(context.plan, [
    {
      name: "pipeline",
      run: async () => {
        const before = rig.stageTimes();
        const perMessage = await timedJudge(rig, count, stageBatch, withMac);
        const after = rig.stageTimes();
        const messages = (after.batches - before.batches) * stageBatch;
        for (const [stage, figure] of figures.entries()) {
          const seconds = (after.seconds[stage] as number) - (before.seconds[stage] as number);
          figure.push((seconds * 1e6) / messages);
        }
        whole.push(perMessage);
        return perMessage;
      },
    },
  ]);
  await rig.close();
  const { runs } = context.plan;
  const baseline = { name: "whole pipeline", summary: summarise(whole.slice(-runs)) };
  return stageNames.map((stage, place) =>
    rowOf({
      scenario: withMac ? "stages-mac" : "stages",
      metric: `stage ${stage}, batch of ${stageBatch}${withMac ? ", with DE128" : ""}`,
      unit: "µs",
      summary: summarise((figures[place] as number[]).slice(-runs)),
      baseline,
    }),
  );
}

export const pipelineScenarios: readonly Scenario[] = [
  {
    name: "stages",
    group: "micro",
    about: "each stage of the pipeline at batch 64, beside the whole",
    run: (context) => stages(context, false),
  },
  {
    name: "stages-mac",
    group: "micro",
    about: "the same for messages with DE128",
    run: (context) => stages(context, true),
  },
  ...batchSizes.map((size) => pipelineScenario(size, false)),
  ...batchSizes.map((size) => pipelineScenario(size, true)),
];
