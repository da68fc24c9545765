// npm run bench -- list | NAME… [--quick] [--json FILE] [--tokens N]
import { writeFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { appError, exitCode, isAppError, maskText } from "../platform/mod.ts";
import { scenarios } from "./catalogue.ts";
import { type BenchVault, obtainVault } from "./lib/bench-vault.ts";
import { describeMachine, machineFacts } from "./lib/machine.ts";
import { allMet, type Row } from "./lib/row.ts";
import { type BenchContext, type Scenario, targetTokens } from "./lib/scenario.ts";
import { choose, renderList } from "./lib/selection.ts";
import { renderTable } from "./lib/table.ts";

interface Flags {
  readonly quick?: boolean;
  readonly json?: string;
  readonly tokens: string;
}

/** A vault of the bench is one map of 4 GiB. */
const tokensMax = 4_000_000;

const examples = `
Examples:
  npm run bench -- list
  npm run bench -- pipeline
  npm run bench -- micro --quick
  npm run bench -- all --json results.json

Exit codes: 0 every target met, 1 a target missed or a scenario failed, 2 wrong usage.`;

function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

function parseTokens(text: string): number {
  const tokens = Number(text);
  if (Number.isInteger(tokens) && tokens >= 1_000 && tokens <= tokensMax) return tokens;
  throw appError("USAGE", `--tokens takes a whole number from 1,000 to 4,000,000, not "${text}".`);
}

function contextOf(flags: Flags): BenchContext {
  const quick = flags.quick === true;
  const tokens = parseTokens(flags.tokens);
  let vault: Promise<BenchVault> | undefined;
  return {
    quick,
    tokens,
    plan: quick ? { runs: 3, warmUps: 1 } : { runs: 7, warmUps: 2 },
    runMs: quick ? 60 : 250,
    vault: () => {
      vault ??= obtainVault(tokens, progress);
      return vault;
    },
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
  const chosen = choose(scenarios, names);
  const context = contextOf(flags);
  const machine = machineFacts(new Date());
  progress(describeMachine(machine));
  const rows = await runAll(chosen, context);
  process.stdout.write(renderTable(rows));
  if (flags.json !== undefined) {
    const { quick, tokens, plan } = context;
    const report = { machine, options: { quick, tokens, ...plan }, rows };
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
  .argument("<names...>", '"list", "all", "micro", "service", or names of scenarios')
  .option("--quick", "fewer and shorter runs: a look, not a figure to quote")
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
