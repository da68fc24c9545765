// Runs the command line in a process of its own, as a user would.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../cmd/pantun/launch.js", import.meta.url));
const program = fileURLToPath(new URL("../../cmd/pantun/main.ts", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it; the environment holds no PANTUN_ variable of the machine. */
export function startPantun(
  args: readonly string[],
  env: Record<string, string> = {},
  stdin: "ignore" | "pipe" = "ignore",
) {
  return start(launcher, args, env, stdin);
}

/** Without the launcher, whose child a SIGKILL would not reach. */
export function startProgram(args: readonly string[]) {
  return start(program, args, {}, "ignore");
}

function start(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
  stdin: "ignore" | "pipe",
) {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("PANTUN_"));
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...Object.fromEntries(clean), ...env },
    stdio: [stdin, "pipe", "pipe"],
  });
  return { child, finished: finish(child) };
}

function finish(child: ChildProcess): Promise<Finished> {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      texts[name] += chunk.toString("utf8");
    });
  }
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, ...texts }));
  });
}

export function pantun(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  return startPantun(args, env).finished;
}
