// `npm run sim -- --seeds 2000`: runs the simulator over many seeds. A seed that fails is shrunk
// and printed with the flags that run it again. `--bugs` runs the planted bugs instead.
import { parseArgs } from "node:util";
import { bugs } from "./bugs.ts";
import { type FaultName, faultNames, flagsOf, type Plan, planOf } from "./plan.ts";
import { runPlan, shrink, type Verdict } from "./run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    seed: { type: "string" },
    clients: { type: "string" },
    commands: { type: "string" },
    faults: { type: "string" },
    bug: { type: "string" },
    bugs: { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
  },
});

function planFor(seed: number, bug = values.bug): Plan {
  const more: Partial<Plan> = {
    ...(values.clients === undefined ? {} : { clients: Number(values.clients) }),
    ...(values.commands === undefined ? {} : { commands: Number(values.commands) }),
    ...(values.faults === undefined ? {} : { faults: faultsOf(values.faults) }),
    ...(bug === undefined ? {} : { bug }),
  };
  return planOf(seed, more);
}

function faultsOf(text: string): FaultName[] {
  return faultNames.filter((name) => text.split(",").includes(name));
}

function print({ plan, faults, trace }: Verdict): void {
  process.stdout.write(`FAILED: npm run sim -- ${flagsOf(plan)}\n`);
  for (const fault of faults.slice(0, 10)) process.stdout.write(`  ${fault}\n`);
  process.stdout.write(`  the last of its trace:\n`);
  for (const line of trace.slice(-40)) process.stdout.write(`  ${line}\n`);
}

async function runSeeds(first: number, count: number): Promise<boolean> {
  const totals = { commands: 0, records: 0, lives: 0 };
  let lastMs = performance.now();
  for (let seed = first; seed < first + count; seed++) {
    const verdict = await runPlan(planFor(seed));
    if (verdict.faults.length > 0) {
      print(verdict);
      if (!values["no-shrink"]) print(await shrink(verdict));
      return false;
    }
    totals.commands += verdict.commands;
    totals.records += verdict.records;
    totals.lives += verdict.lives;
    if (performance.now() - lastMs < 5_000) continue;
    lastMs = performance.now();
    process.stderr.write(`${seed - first + 1} of ${count} seeds\n`);
  }
  const { commands, records, lives } = totals;
  const what = `${commands} commands, ${records} records, ${lives} lives of nodes`;
  process.stdout.write(`${count} seeds from ${first}: ${what}; nothing found\n`);
  return true;
}

/** How many seeds each planted bug needs; false where one is not found within its number. */
async function runBugs(): Promise<boolean> {
  let all = true;
  for (const { name, about, seeds } of bugs) {
    let found = 0;
    let first: Verdict | undefined;
    for (let seed = 1; seed <= seeds; seed++) {
      const verdict = await runPlan(planFor(seed, name));
      if (verdict.faults.length === 0) continue;
      found++;
      first ??= verdict;
    }
    all &&= found > 0;
    const how = first === undefined ? "NOT FOUND" : `first seed ${first.plan.seed}`;
    const line = `${name.padEnd(20)} ${found} of ${seeds} seeds, ${how}: ${about}`;
    process.stdout.write(`${line}\n  ${first?.faults[0] ?? ""}\n`);
  }
  return all;
}

const good = values.bugs
  ? await runBugs()
  : await runSeeds(Number(values.seed ?? 1), values.seed === undefined ? Number(values.seeds) : 1);
process.exitCode = good ? 0 : 1;
