// Who is measured, each in a process of its own for every figure.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Peers } from "./fetch.ts";
import type { Line } from "./program.ts";

export const tasks = ["unpack", "eight", "object", "answer"] as const;

/** How long a figure is measured. */
export interface Pace {
  readonly ms: number;
  /** Arguments of JMH: warm-up and measurement. */
  readonly jmh: readonly string[];
}

export interface Contender {
  readonly name: string;
  /** µs a message. */
  measure(task: string, set: string): Promise<number>;
  /** Sums by set of all strings read, and which bad messages were taken. */
  say(): Promise<Line[]>;
}

const oursScript = fileURLToPath(new URL("./ours.ts", import.meta.url));
const npmScript = fileURLToPath(new URL("./npm-iso8583.ts", import.meta.url));
const primitivesScript = fileURLToPath(new URL("./primitives.ts", import.meta.url));

/** What a program says on stdout; it must end well. */
function output(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${command} ${args.at(-1) ?? ""} ended with ${code}: ${text}`));
    });
  });
}

/** The JSON objects among the lines. */
function linesOf(text: string): Line[] {
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Line);
}

/** A program of ours in this folder. */
function nodeProgram(name: string, script: string, folder: string, pace: Pace, rest: string[]) {
  const run = async (task: string, set: string): Promise<Line[]> => {
    const args = [script, folder, task, set, String(pace.ms), ...rest];
    return linesOf(await output(process.execPath, args));
  };
  return {
    name,
    measure: async (task: string, set: string): Promise<number> => {
      const [line] = await run(task, set);
      if (line === undefined || !("us" in line)) throw new Error(`${name} has no figure`);
      return line.us;
    },
    say: async (): Promise<Line[]> => [
      ...(await run("check", "same")),
      ...(await run("check", "mixed")),
      ...(await run("probe", "bad")),
    ],
  };
}

export const ours = (folder: string, pace: Pace): Contender =>
  nodeProgram("ours", oursScript, folder, pace, []);

/** What the machine does with less to do; the tasks are those of primitives.ts. */
export const primitives = (folder: string, pace: Pace): Contender =>
  nodeProgram("primitives", primitivesScript, folder, pace, []);

interface JmhResult {
  readonly primaryMetric: { readonly score: number };
}

function jpos(classPath: string, folder: string, pace: Pace): Contender {
  const env = { PANTUN_SETS: folder };
  return {
    name: "jPOS",
    measure: async (task, set) => {
      const dir = mkdtempSync(join(tmpdir(), "pantun-jmh-"));
      try {
        const file = join(dir, "result.json");
        const what = [`JposBench.${task}$`, "-p", `set=${set}`, "-f", "1", ...pace.jmh];
        const how = ["-v", "SILENT", "-rf", "json", "-rff", file];
        await output("java", ["-cp", classPath, "org.openjdk.jmh.Main", ...what, ...how], env);
        const [result] = JSON.parse(readFileSync(file, "utf8")) as JmhResult[];
        if (result === undefined) throw new Error("JMH has no figure");
        return result.primaryMetric.score / 1_000;
      } finally {
        rmSync(dir, { recursive: true });
      }
    },
    say: async () => linesOf(await output("java", ["-cp", classPath, "pantun.JposBench"], env)),
  };
}

function moov(program: string, folder: string, pace: Pace): Contender {
  const env = { PANTUN_SETS: folder };
  return {
    name: "moov",
    measure: async (task, set) => {
      const bench = `-test.bench=^BenchmarkMoov$/^${task}$/^${set}$`;
      const args = ["-test.run=^$", bench, `-test.benchtime=${pace.ms}ms`];
      const found = /\s([\d.]+) ns\/op/.exec(await output(program, args, env));
      if (found === null) throw new Error("go test has no figure");
      return Number(found[1]) / 1_000;
    },
    say: async () => linesOf(await output(program, ["-test.run=^TestSay$"], env)),
  };
}

export function peersOf(peers: Peers, folder: string, pace: Pace): Contender[] {
  return [
    jpos(peers.jposClassPath, folder, pace),
    moov(peers.moovProgram, folder, pace),
    nodeProgram("npm iso_8583", npmScript, folder, pace, [peers.npmHome]),
  ];
}
