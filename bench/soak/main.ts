// npm run soak:load -- [--minutes N]: the session at 70 % of its knee for a long time, with keys
// rotated, a backup taken and tokens loaded in the middle. A verdict a check; exit code 1 where one
// fails.
import { readdirSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { appError, exitCode, isAppError, maskText } from "../../platform/mod.ts";
import { type BenchVault, obtainVault } from "../lib/bench-vault.ts";
import { describeMachine, machineFacts } from "../lib/machine.ts";
import { Generator } from "../load/generator-process.ts";
import { findKnee } from "../load/knee.ts";
import type { LoadResult, LoadTick } from "../load/load-order.ts";
import { TestBed } from "../load/test-bed.ts";
import { type ServerProcess, startServer } from "../service/server-process.ts";
import {
  type Intervention,
  renderVerdicts,
  type Sample,
  type SoakFacts,
  verdictsOf,
} from "./checks.ts";
import { intervene, loadedTokens } from "./interventions.ts";

interface Flags {
  readonly minutes: number;
  readonly rate?: number;
  readonly tokens: number;
  readonly metricsPort?: number;
  readonly json?: string;
}

const shape = { batch: 64, connections: 2 } as const;
const soakPart = 0.7;
/** Short runs place the knee well enough for a part of it. */
const probeSeconds = { short: 3, full: 10 } as const;

/** The least that may be set: a slot of claims is then ten minutes wide, and the first of three is
 * emptied within a soak of half an hour. */
const ptavTtlSeconds = 60;
const claimWindowSeconds = 600;
const replayMapBytes = 32 * 2 ** 30;

/** Journal, history and claim of a message; the soak takes half of the free disk at most. */
const diskBytesOfMessage = 1_000;
const warmUpSeconds = 10;
const graceMs = 3_000;
const samplesMin = 24;
const tickSecondsMax = 10;
const blockBytes = 512;

function progress(text: string): void {
  process.stderr.write(`soak: ${text}\n`);
}

async function soakRate(flags: Flags, vault: BenchVault): Promise<number> {
  if (flags.rate !== undefined) return flags.rate;
  const bed = await TestBed.open("session", vault);
  try {
    await bed.saturate("service", shape);
    const guess = (await bed.saturate("service", shape)) * soakPart;
    const knee = await findKnee(guess, async (rate, length) => {
      const { point } = await bed.run("service", { ...shape, rate, seconds: probeSeconds[length] });
      const lost = point.refused + point.unanswered + point.wrong;
      progress(`${Math.round(rate)}/s: p99 ${point.latency.p99.toFixed(2)} ms, ${lost} lost`);
      return { ...point, lost, p99: point.latency.p99 };
    });
    if (knee === null) throw new Error("no rate is carried: is the machine busy?");
    progress(`knee near ${Math.round(knee.offered)}/s`);
    return knee.offered * soakPart;
  } finally {
    await bed.close();
  }
}

/** So that the disk does not decide the soak. */
function withinDisk(rate: number, dir: string, seconds: number): number {
  const { bavail, bsize } = statfsSync(dir);
  const most = (bavail * bsize) / 2 / diskBytesOfMessage / seconds;
  if (rate > most) progress(`the disk has room for ${Math.round(most)}/s only: taken`);
  return Math.min(rate, most);
}

function vaultBytes(dir: string): number {
  const folder = join(dir, "vault");
  return readdirSync(folder).reduce(
    (sum, name) => sum + statSync(join(folder, name)).blocks * blockBytes,
    0,
  );
}

interface Soaked {
  readonly result: LoadResult;
  readonly samples: readonly Sample[];
  readonly interventions: readonly Intervention[];
}

async function soak(flags: Flags, vault: BenchVault, server: ServerProcess, rate: number) {
  const seconds = Math.round(flags.minutes * 60);
  const tickSeconds = Math.max(1, Math.min(tickSecondsMax, Math.floor(seconds / samplesMin)));
  const samples: Sample[] = [];
  const generator = new Generator();
  let beganMs = 0;
  let last = Promise.resolve();
  const clock = () => (performance.now() - beganMs) / 1_000;
  const look = async ({ latency }: LoadTick) => {
    const at = clock();
    const usage = await server.usage();
    const { p99, p999 } = latency;
    samples.push({ ...usage, seconds: at, vaultBytes: vaultBytes(server.dir), p99, p999 });
    progress(`${Math.round(at)} s: p99 ${p99.toFixed(2)}, p99.9 ${p999.toFixed(2)} ms`);
  };
  let interventions: Promise<Intervention[]> = Promise.resolve([]);
  const { dir } = server;
  const { passphraseFile } = vault;
  const watch = {
    begin: () => {
      beganMs = performance.now();
      setTimeout(
        () => {
          interventions = intervene({ dir, passphraseFile }, clock);
        },
        (seconds / 2) * 1_000,
      );
    },
    tick: (tick: LoadTick) => {
      if (beganMs !== 0 && clock() >= tickSeconds) last = last.then(() => look(tick));
    },
  };
  try {
    const order = {
      ...shape,
      door: "session",
      address: server.session,
      isoPort: server.isoPort,
      vaultDir: vault.dir,
      echo: false,
      rate,
      seconds,
      warmUpSeconds,
      graceMs,
      metricsPort: flags.metricsPort ?? null,
      tickSeconds,
    } as const;
    const result = await generator.run(order, watch);
    await last;
    return { result, samples, interventions: await interventions } satisfies Soaked;
  } finally {
    await generator.close();
  }
}

async function run(flags: Flags): Promise<void> {
  const machine = machineFacts(new Date());
  progress(describeMachine(machine));
  const vault = await obtainVault(flags.tokens, progress);
  const wanted = await soakRate(flags, vault);
  const rate = withinDisk(wanted, vault.dir, flags.minutes * 60);
  progress(`${Math.round(rate)}/s for ${flags.minutes} minutes`);
  const settings = {
    "ptav.ttlSeconds": String(ptavTtlSeconds),
    "replay.mapBytes": String(replayMapBytes),
  };
  const server = await startServer(vault, { workers: 0, echo: null, ownVault: true, settings });
  let soaked: Soaked;
  try {
    soaked = await soak(flags, vault, server, rate);
  } finally {
    await server.stop();
  }
  const { point } = soaked.result;
  if (point.firstWrong !== null) progress(`the first wrong answer: ${point.firstWrong}`);
  const { samples, interventions } = soaked;
  const facts: SoakFacts = { ...point, claimWindowSeconds, loadedTokens, samples, interventions };
  const verdicts = verdictsOf(facts);
  process.stdout.write(renderVerdicts(verdicts));
  if (flags.json !== undefined) {
    const report = { machine, options: { ...flags, rate }, verdicts, facts };
    writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (verdicts.some(({ ok }) => !ok)) process.exitCode = exitCode.FAILED;
}

function above(name: string) {
  return (text: string): number => {
    const value = Number(text);
    if (value > 0) return value;
    throw appError("USAGE", `${name} takes a number above 0, not "${text}".`);
  };
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.DONE : exitCode.USAGE;
  if (isAppError(error)) {
    process.stderr.write(`soak: ${error.message} (${error.code})\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`soak: unexpected failure\n${maskText(text)}\n`);
  return exitCode.FAILED;
}

const program = new Command("soak:load")
  .description("Holds the session at 70 % of its knee and judges what grows and what shows.")
  .option("--minutes <n>", "how long", above("--minutes"), 30)
  .option("--rate <n>", "messages a second instead of 70 % of the knee", above("--rate"))
  .option("--tokens <n>", "size of the vault", above("--tokens"), 1_000_000)
  .option("--metrics-port <port>", "where Prometheus can scrape the generator", above("port"))
  .option("--json <file>", "also write samples and verdicts as JSON")
  .exitOverride()
  .action(run);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
