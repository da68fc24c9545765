// npm run bench:peers -- [--quick] [--json FILE]
//
// The codec beside the open implementations of ISO 8583, on the same messages, in turns, each
// figure in a process of its own. Fetches jPOS, moov-io/iso8583 and npm iso_8583 into .cache/peers
// (Java 17, Maven, Go 1.24). Exit code 1 where a target was missed or peers read other values.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, machineFacts } from "../lib/machine.ts";
import { type Contender, ours, type Pace, peersOf, primitives, tasks } from "./contenders.ts";
import { fetchPeers, versions } from "./fetch.ts";
import { badMessages, writeSets } from "./messages.ts";
import { notes, renderBad, renderRows, rowsOf, type Series } from "./report.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
});
const rounds = values.quick ? 3 : 4;
const slow = ["-wi", "3", "-w", "400ms", "-i", "3", "-r", "300ms"];
const fast = ["-wi", "2", "-w", "200ms", "-i", "2", "-r", "150ms"];
const pace: Pace = values.quick ? { ms: 150, jmh: fast } : { ms: 400, jmh: slow };
/** Above this mean number of runnable tasks the figures in µs are worth nothing. */
const quietLoad = 0.5;

interface Job {
  readonly task: string;
  readonly set: string;
  readonly who: readonly Contender[];
}

function jobsOf(own: Contender, peers: readonly Contender[], bare: Contender): Job[] {
  const shared = ["same", "mixed"].flatMap((set) =>
    tasks.map((task): Job => ({ task, set, who: [own, ...peers] })),
  );
  return [
    { task: "unpack", set: "tsp", who: [own] },
    { task: "offsets", set: "same", who: [own] },
    { task: "offsets", set: "mixed", who: [own] },
    ...shared,
    ...["hmac", "cipher", "lmdb-get", "tcp-echo", "grpc-echo"].map(
      (task): Job => ({ task, set: "-", who: [bare] }),
    ),
  ];
}

function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

/** Every job once a round; the order within a job turns round every time. */
async function measureAll(jobs: readonly Job[]): Promise<Series[]> {
  const series = jobs.flatMap(({ task, set, who }) =>
    who.map((contender) => ({
      task,
      set,
      who: contender.name,
      figures: [] as number[],
      contender,
    })),
  );
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const job of jobs) {
      const those = series.filter(({ task, set }) => task === job.task && set === job.set);
      for (const one of round % 2 === 0 ? those : those.reverse()) {
        one.figures.push(await one.contender.measure(job.task, job.set));
      }
    }
  }
  return series;
}

/** What each says it read, set beside ours; which bad messages each takes. */
async function compareReading(own: Contender, peers: readonly Contender[]) {
  const taken: Record<string, readonly boolean[]> = {};
  const sums = new Map<string, number>();
  let same = true;
  for (const contender of [own, ...peers]) {
    for (const line of await contender.say()) {
      if ("taken" in line) taken[contender.name] = line.taken;
      if (!("check" in line)) continue;
      const wanted = sums.get(line.set) ?? line.sum;
      sums.set(line.set, wanted);
      if (line.sum === wanted) continue;
      same = false;
      progress(`${contender.name} reads other values in set ${line.set}`);
    }
  }
  return { taken, same };
}

const cache = fileURLToPath(new URL("../../.cache/peers", import.meta.url));
progress("fetching the peers");
const fetched = fetchPeers(cache);
writeSets(cache);
const own = ours(cache, pace);
const peers = peersOf(fetched, cache, pace);
const machine = machineFacts(new Date());
progress(describeMachine(machine));
const { taken, same } = await compareReading(own, peers);
const rows = rowsOf(await measureAll(jobsOf(own, peers, primitives(cache, pace))));
const bad = Object.keys(badMessages());
const load =
  machine.loadAverage > quietLoad
    ? [`The machine was busy (load ${machine.loadAverage.toFixed(1)}): µs say little, times more.`]
    : [];
process.stdout.write(`${renderRows(rows)}\n${renderBad(bad, taken)}\n`);
for (const note of [...load, ...notes]) process.stdout.write(`- ${note}\n`);
if (values.json !== undefined) {
  const options = { quick: values.quick, rounds, ...pace, versions };
  const report = {
    machine,
    options,
    sameValues: same,
    rows,
    bad: { what: bad, taken },
    notes: [...load, ...notes],
  };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = same && rows.every(({ met }) => met !== false) ? 0 : 1;
