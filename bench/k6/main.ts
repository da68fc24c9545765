// npm run bench:k6 -- unary|session|mixed|soak: starts the service and an echo of it, drives both
// through k6, and ends with k6's own exit code: 99 where the service broke a latency budget.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Argument, Command, CommanderError } from "commander";
import { obtain } from "../../deploy/tools/obtain.ts";
import { getTool } from "../../deploy/tools/tool-table.ts";
import { appError, exitCode, isAppError } from "../../platform/mod.ts";
import { obtainVault } from "../lib/bench-vault.ts";
import { firstAnswer } from "../service/first-answer.ts";
import { type ServerProcess, startServer } from "../service/server-process.ts";
import { budgetOf, figuresOf, type KindOfCall } from "./budget.ts";
import { PaymentPool, servePool } from "./pool.ts";

const kinds = ["unary", "session", "mixed", "soak"] as const;
type Kind = (typeof kinds)[number];

interface Flags {
  readonly rate: number;
  readonly frames: number;
  readonly seconds: number;
  readonly minutes: number;
  readonly factor: number;
  /** Milliseconds. */
  readonly budgetP99?: number;
  readonly tokens: number;
  readonly smoke?: boolean;
  readonly out?: string;
  readonly workers: number;
}

const frameItems = 64;
/** Of the echo while a soak is under way it is only the measure. */
const echoSecondsMax = 60;
const smokeSeconds = 3;
const smokeRate = 50;
const smokeFrames = 5;
const smokeTokens = 2_000;

const protoDir = fileURLToPath(new URL("../../proto", import.meta.url));
const resultsDir = fileURLToPath(new URL("../../.cache/bench/k6", import.meta.url));
const scripts: Readonly<Record<Kind, string>> = {
  unary: fileURLToPath(new URL("./unary.ts", import.meta.url)),
  session: fileURLToPath(new URL("./session.ts", import.meta.url)),
  mixed: fileURLToPath(new URL("./mixed.ts", import.meta.url)),
  soak: fileURLToPath(new URL("./mixed.ts", import.meta.url)),
};

function progress(text: string): void {
  process.stderr.write(`bench:k6: ${text}\n`);
}

function needK6(): string {
  const tool = getTool("k6");
  const path = obtain(tool);
  if (path !== null) return path;
  const text = `k6 ${tool.version} was not found and could not be installed; it needs Go.`;
  throw appError("FILE_UNREADABLE", text);
}

interface Run {
  readonly k6: string;
  readonly kind: Kind;
  readonly target: "echo" | "service";
  readonly server: ServerProcess;
  readonly poolUrl: string;
  readonly flags: Flags;
  readonly seconds: number;
  readonly budgets: Readonly<Record<string, string>>;
}

/** Runs k6 once; its exit code, and its summary where it wrote one. */
async function runK6(run: Run): Promise<{ code: number; summary: unknown }> {
  const out = join(resultsDir, `${run.kind}-${run.target}`);
  mkdirSync(out, { recursive: true });
  const variables = {
    PANTUN_ADDRESS: run.server.session,
    PANTUN_POOL: run.poolUrl,
    PANTUN_TARGET: run.target,
    PANTUN_SECONDS: String(run.seconds),
    PANTUN_UNARY_RATE: String(run.flags.rate),
    PANTUN_FRAME_RATE: String(run.flags.frames),
    PANTUN_FRAME_ITEMS: String(frameItems),
    PANTUN_OUT: out,
    PANTUN_PROTO: protoDir,
    ...run.budgets,
  };
  const args = ["run", "--quiet", "--no-usage-report", "--address", ""];
  for (const [name, value] of Object.entries(variables)) args.push("-e", `${name}=${value}`);
  if (run.flags.out !== undefined) args.push("--out", run.flags.out);
  process.stdout.write(`${run.kind}, ${run.target}\n`);
  const child = spawn(run.k6, [...args, scripts[run.kind]], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  const file = join(out, "summary.json");
  progress(`details in ${join(out, "report.html")} and ${file}`);
  return { code: code ?? exitCode.FAILED, summary: JSON.parse(readFileSync(file, "utf8")) };
}

/** The budgets as the scripts take them, and a line a kind of call for people. */
function budgetsOf(echo: unknown, flags: Flags): Record<string, string> {
  const variables: Record<string, string> = {};
  const add = (name: string, figures: KindOfCall | null) => {
    if (figures === null) return;
    const multiple = budgetOf(figures, flags.factor);
    const budget = flags.budgetP99 === undefined ? multiple : { ...multiple, p99: flags.budgetP99 };
    variables[`PANTUN_${name}_P50_MS`] = String(budget.p50);
    variables[`PANTUN_${name}_P99_MS`] = String(budget.p99);
    progress(`budget: ${name.toLowerCase()} p50 ${budget.p50} ms, p99 ${budget.p99} ms`);
  };
  add("UNARY", figuresOf(echo, "grpc_req_duration{scenario:unary}"));
  add("FRAME", figuresOf(echo, "pantun_frame_duration"));
  return variables;
}

async function bench(kind: Kind, given: Flags): Promise<void> {
  const flags = given.smoke === true ? { ...given, rate: smokeRate, frames: smokeFrames } : given;
  const long = kind === "soak" ? flags.minutes * 60 : flags.seconds;
  const seconds = given.smoke === true ? smokeSeconds : long;
  const k6 = needK6();
  const vault = await obtainVault(given.smoke === true ? smokeTokens : flags.tokens, progress);
  const closes: (() => void | Promise<void>)[] = [];
  try {
    const pool = await servePool(new PaymentPool(vault), frameItems);
    closes.unshift(pool.close);
    const { workers } = flags;
    const service = await startServer(vault, { workers, echo: null });
    closes.unshift(service.stop);
    const answer = await firstAnswer(vault, service.session);
    const echo = await startServer(vault, { workers: 0, echo: answer.toString("hex") });
    closes.unshift(echo.stop);
    const run = { k6, kind, poolUrl: pool.url, flags };
    const echoSeconds = Math.min(seconds, echoSecondsMax);
    const measured = await runK6({
      ...run,
      target: "echo",
      server: echo,
      seconds: echoSeconds,
      budgets: {},
    });
    if (measured.code !== 0) {
      progress("the echo itself broke a threshold: the rate is too high for this machine");
      process.exitCode = measured.code;
      return;
    }
    const budgets = budgetsOf(measured.summary, flags);
    const judged = await runK6({ ...run, target: "service", server: service, seconds, budgets });
    process.exitCode = judged.code;
  } finally {
    for (const close of closes) await close();
  }
}

function above(name: string) {
  return (text: string): number => {
    const value = Number(text);
    if (value > 0) return value;
    throw appError("USAGE", `${name} takes a number above 0, not "${text}".`);
  };
}

function notBelow(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw appError("USAGE", `--workers takes a whole number, not "${text}".`);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.DONE : exitCode.USAGE;
  if (isAppError(error)) {
    process.stderr.write(`bench:k6: ${error.message} (${error.code})\n`);
    return error.exitCode;
  }
  process.stderr.write(`bench:k6: ${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCode.FAILED;
}

const help = `
Examples:
  npm run bench:k6 -- unary
  npm run bench:k6 -- session --frames 100 --seconds 60
  npm run bench:k6 -- soak --minutes 30
  npm run bench:k6 -- mixed --out experimental-prometheus-rw

With --out experimental-prometheus-rw k6 writes to the Prometheus named by
K6_PROMETHEUS_RW_SERVER_URL while it runs.

Exit codes: 0 every budget kept, 99 one was broken, 2 wrong usage, all others k6's own.`;

const program = new Command("bench:k6")
  .description("Drives the service and an echo of it through k6, with budgets from the echo.")
  .addArgument(new Argument("<kind>", "what is sent").choices(kinds))
  .option("--rate <n>", "unary calls a second", above("--rate"), 300)
  .option("--frames <n>", "sessions with a frame of 64 a second", above("--frames"), 50)
  .option("--seconds <n>", "length of each run", above("--seconds"), 30)
  .option("--minutes <n>", "length of a soak", above("--minutes"), 10)
  .option("--factor <n>", "budget as a multiple of the echo's figure", above("--factor"), 4)
  .option("--budget-p99 <ms>", "budget of the p99 in milliseconds instead", above("--budget-p99"))
  .option("--tokens <n>", "size of the vault", above("--tokens"), 1_000_000)
  .option("--workers <n>", "threads of the service's pool", notBelow, 0)
  .option("--out <output>", "also send k6's metrics there")
  .option("--smoke", "a few seconds at a low rate over a small vault: does it run at all?")
  .addHelpText("after", help)
  .exitOverride()
  .action(bench);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
