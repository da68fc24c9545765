// Durable commands through the runtime over the embedded log, beside bare lmdb appends of as many
// rows in as large transactions, and how fast a log is folded again.
import type { StoredRecord } from "../../actors/log/port.ts";
import { makeDiskFolder } from "../lib/bench-vault.ts";
import { CommandRig, RawAppends } from "../lib/command-rig.ts";
import { microsSince } from "../lib/measure.ts";
import { Chooser } from "../lib/random.ts";
import { type Row, rowOf } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";
import { type Summary, summarise } from "../lib/statistics.ts";

/** Callers that each wait for their answer before the next command. */
const callers = 1_024;
const accounts = 100_000;
const commandsOfRun = 32_768;
const commandsOfRunQuick = 16_384;

/** Records of a shard that are folded again: some 200,000 events over all. */
const replayRecords = 100;

/** About what one command adds to the log. */
const commandBytes = 220;

interface Latencies {
  readonly p50: number[];
  readonly p99: number[];
}

const choose = new Chooser(7);

/** Sends `count` commands, `callers` of them under way; returns the rate. */
export async function commandRate(
  rig: CommandRig,
  count: number,
  latencies: Latencies,
): Promise<number> {
  // Callers make their commands; here they are made before the clock runs.
  const envelopes = Array.from({ length: count }, () => rig.deposit(choose.next(accounts)));
  const waits = new Float64Array(count);
  let sent = 0;
  const begin = process.hrtime.bigint();
  const caller = async () => {
    while (sent < count) {
      const mine = sent++;
      const start = performance.now();
      const reply = await rig.runtime.submit(envelopes[mine]!);
      if (!reply.ok) throw reply.error;
      waits[mine] = (performance.now() - start) * 1_000;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const micros = microsSince(begin);
  waits.sort();
  latencies.p50.push(waits[count >> 1]!);
  latencies.p99.push(waits[Math.floor(count * 0.99)]!);
  return (count / micros) * 1e6;
}

async function commands(context: BenchContext): Promise<Row[]> {
  const folder = makeDiskFolder();
  const rig = new CommandRig(folder.dir);
  const raw = new RawAppends(folder.dir);
  await rig.runtime.ownAll();
  const count = context.quick ? commandsOfRunQuick : commandsOfRun;
  const latencies: Latencies = { p50: [], p99: [] };
  const value = Buffer.alloc(commandBytes, 1);
  const row = await compare(context, {
    scenario: "commands",
    metric: `durable commands, ${callers} callers`,
    unit: "commands/s",
    subject: { name: "runtime", run: () => commandRate(rig, count, latencies) },
    baseline: {
      name: "lmdb transactionSync",
      run: () => {
        const begin = process.hrtime.bigint();
        for (let done = 0; done < count; done += callers) raw.append(callers, value);
        return (count / microsSince(begin)) * 1e6;
      },
    },
    target: 25_000,
  });
  const counted = (all: number[]): Summary => summarise(all.slice(context.plan.warmUps));
  const wait = (metric: string, all: number[]) =>
    rowOf({ scenario: "commands", metric, unit: "µs", summary: counted(all) });
  const replay = await replayRow(context, rig);
  await raw.close();
  await rig.close();
  folder.remove();
  return [row, wait("answer, p50", latencies.p50), wait("answer, p99", latencies.p99), replay];
}

/** Opens and folds the records that the runs made into another, empty projection. */
async function replayRow(context: BenchContext, rig: CommandRig): Promise<Row> {
  const shards = await Promise.all(
    rig.runtime.shards.map(async ({ shard, cursor }) => {
      const stream = rig.log.stream("evt", shard);
      const records: StoredRecord[] = [];
      for (let seq = 1; seq <= Math.min(cursor.seq, replayRecords); seq++) {
        records.push({ seq, bytes: (await stream.read(seq))! });
      }
      return { shard, records };
    }),
  );
  const figures: number[] = [];
  for (let turn = -1; turn < Math.min(3, context.plan.runs); turn++) {
    const folder = makeDiskFolder();
    const other = rig.beside(folder.dir);
    let events = 0;
    const begin = process.hrtime.bigint();
    for (const { shard, records } of shards) {
      for (let from = 0; from < records.length; from += 64) {
        const slice = records.slice(from, from + 64);
        events += other.fold(shard, slice);
      }
    }
    const figure = (events / microsSince(begin)) * 1e6;
    if (turn >= 0) figures.push(figure);
    await other.close();
    folder.remove();
  }
  return rowOf({
    scenario: "commands",
    metric: "replay of their log",
    unit: "events/s",
    summary: summarise(figures),
    target: context.tokens > 0 ? 100_000 : null,
  });
}

export const commandScenarios: readonly Scenario[] = [
  {
    name: "commands",
    group: "micro",
    about: "durable commands through runtime and embedded log, beside lmdb's transactionSync",
    run: commands,
  },
];
