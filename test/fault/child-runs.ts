// Starts pipeline processes and reads what they answered.
import { type ChildProcess, fork } from "node:child_process";
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

export function startChild(order: ChildOrder): ChildRun {
  const child = fork(file, [], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
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
