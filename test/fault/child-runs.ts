// Starts pipeline processes and reads what they answered.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ChildOrder } from "./pipeline-child.ts";

const file = fileURLToPath(new URL("./pipeline-child.ts", import.meta.url));

export interface Verdict {
  readonly row: number;
  readonly reason: number;
  readonly id: string;
}

export interface ChildRun {
  readonly child: ChildProcess;
  /** Whole lines that have arrived so far. */
  readonly verdicts: Verdict[];
  readonly done: Promise<void>;
}

const stdio = ["ignore", "pipe", "inherit", "ipc"] as const;

export function startChild(order: ChildOrder): ChildRun {
  return follow(fork(file, [], { stdio: [...stdio] }), order);
}

/**
 * The same where, from now on, no file may grow beyond `kibibytes`: to the process that is what a
 * full disk is, and it needs no privilege to arrange. The order must begin late enough for that.
 */
export function startChildOnFullDisk(order: ChildOrder, kibibytes: number): ChildRun {
  const child = fork(file, [], { stdio: [...stdio] });
  const limit = `--fsize=${kibibytes * 1_024}:unlimited`;
  child.once("spawn", () => {
    // The file of the claims is as large as its map from the start: only then it may be limited.
    setTimeout(() => execFileSync("prlimit", ["--pid", String(child.pid), limit]), openMs);
  });
  return follow(child, order);
}

/** By then a process has opened its stores; the order begins later still. */
export const openMs = 2_000;

function follow(child: ChildProcess, order: ChildOrder): ChildRun {
  const verdicts: Verdict[] = [];
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [row, reason, id] = line.split(" ");
      verdicts.push({ row: Number(row), reason: Number(reason), id: id ?? "" });
    }
  });
  child.send(order);
  const done = new Promise<void>((resolve, reject) => {
    child.once("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve();
      else reject(new Error(`the pipeline process ended with ${code ?? signal}`));
    });
  });
  return { child, verdicts, done };
}
