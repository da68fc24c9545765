// npm run bench -- [list | NAME…] [--quick | --full] [--json FILE] [--tokens N]
import { writeFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { appError, exitCode, isAppError, maskText } from "../platform/mod.ts";
import { scenarios } from "./catalogue.ts";
import { type BenchVault, obtainVault } from "./lib/bench-vault.ts";
import { describeMachine, machineFacts } from "./lib/machine.ts";
import type { Plan } from "./lib/measure.ts";
import { allMet, type Row } from "./lib/row.ts";
import { type BenchContext, type Curve, type Scenario, targetTokens } from "./lib/scenario.ts";
import { choose, renderList } from "./lib/selection.ts";
import { renderTable } from "./lib/table.ts";

interface Flags {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly json?: string;
  readonly tokens: string;
}

/** More than ten million take longer to make than anybody waits. */
const tokensMax = 10_000_000;

const examples = `
Examples:
  npm run bench
  npm run bench -- list
  npm run bench -- pipeline
  npm run bench -- micro --quick
  npm run bench -- --full --json results.json

Without names: the usual set, in under ten minutes; with --full everything, in some hours.

Exit codes: 0 every target met, 1 a target missed or a scenario failed, 2 wrong usage.`;

function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

function parseTokens(text: string): number {
  const tokens = Number(text);
  if (Number.isInteger(tokens) && tokens >= 1_000 && tokens <= tokensMax) return tokens;
  throw appError("USAGE", `--tokens takes a whole number from 1,000 to 10,000,000, not "${text}".`);
}

const quickPlan: Plan = { runs: 3, warmUps: 1 };
const usualPlan: Plan = { runs: 5, warmUps: 4 };
const fullPlan: Plan = { runs: 7, warmUps: 4 };

function contextOf(flags: Flags, curves: Curve[]): BenchContext {
  const quick = flags.quick === true;
  const full = flags.full === true;
  const tokens = parseTokens(flags.tokens);
  let vault: Promise<BenchVault> | undefined;
  return {
    quick,
    full,
    tokens,
    plan: quick ? quickPlan : full ? fullPlan : usualPlan,
    loadPlan: { runs: full ? 5 : quick ? 1 : 3, warmUps: 1 },
    runMs: quick ? 60 : 250,
    vault: () => {
      vault ??= obtainVault(tokens, progress);
      return vault;
    },
    keep: (curve) => curves.push(curve),
    progress,
  };
}

async function runAll(chosen: readonly Scenario[], context: BenchContext): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scenario of chosen) {
    progress(scenario.name);
    rows.push(...(await scenario.run(context)));
  }
  return rows;
}

async function run(names: readonly string[], flags: Flags): Promise<void> {
  if (names.length === 1 && names[0] === "list") {
    process.stdout.write(renderList(scenarios));
    return;
  }
  if (flags.quick === true && flags.full === true) {
    throw appError("USAGE", "--quick and --full exclude each other.");
  }
  const chosen = choose(scenarios, names, flags.full);
  const curves: Curve[] = [];
  const context = contextOf(flags, curves);
  const machine = machineFacts(new Date());
  progress(describeMachine(machine));
  const rows = await runAll(chosen, context);
  const seconds = Math.round((Date.now() - Date.parse(machine.date)) / 1_000);
  progress(`${Math.floor(seconds / 60)} min ${seconds % 60} s`);
  process.stdout.write(renderTable(rows));
  if (flags.json !== undefined) {
    const { quick, full, tokens, plan } = context;
    const report = { machine, options: { quick, full, tokens, ...plan }, rows, curves };
    writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (!allMet(rows)) process.exitCode = exitCode.FAILED;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCode.DONE : exitCode.USAGE;
  }
  if (isAppError(error)) {
    process.stderr.write(`bench: ${error.message} (${error.code})\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`bench: unexpected failure\n${maskText(text)}\n`);
  return exitCode.FAILED;
}

const program = new Command("bench")
  .description("Measures the hot path beside its baselines, in one run on one machine.")
  .argument("[names...]", '"list", "all", a group, or names of scenarios; none: the usual set')
  .option("--quick", "fewer and shorter runs: a look, not a figure to quote")
  .option("--full", "longer runs, and without names every scenario")
  .option("--json <file>", "also write rows and machine facts as JSON")
  .option("--tokens <n>", "size of the vault; targets are judged at 1,000,000", `${targetTokens}`)
  .addHelpText("after", examples)
  .exitOverride()
  .action(run);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
