// Runs the command line in a process of its own, as a user would.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { within } from "../../platform/mod.ts";

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

/** No command that ends by itself takes longer, on whatever machine. */
const commandMs = 55_000;

/** Runs it to its end; an Error where that does not come. */
export async function pantun(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const { child, finished } = startPantun(args, env);
  try {
    const late = `pantun ${args.slice(0, 2).join(" ")} did not end within ${commandMs / 1_000} s`;
    return await within(commandMs, late, finished);
  } finally {
    // The launcher passes this on; a SIGKILL would leave its child behind.
    child.kill("SIGTERM");
  }
}
