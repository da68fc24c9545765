// Starts and stops a server's process. It runs under the same Node with the same options, so that
// `node --cpu-prof bench/main.ts …` leaves a profile of it too.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import nodeFlags from "../../cmd/pantun/node-flags.json" with { type: "json" };
import { type BenchVault, makeRunFolder } from "../lib/bench-vault.ts";
import type { Ready, ServeOptions, ServerUsage } from "./serve-options.ts";

const script = fileURLToPath(new URL("./serve.ts", import.meta.url));
const compiled = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));

/** Opening a vault and waiting for its fence takes some seconds. */
const startLimitMs = 60_000;

/** A service drains for ten seconds at most. */
const stopLimitMs = 20_000;

export interface ServerProcess extends Ready {
  /** Folder that the service works in. */
  readonly dir: string;
  usage(): Promise<ServerUsage>;
  stop(): Promise<void>;
}

export interface ServerWhat extends Omit<ServeOptions, "dir" | "passphraseFile"> {
  /** The folder of a service that runs already; without it a folder of its own is made. */
  readonly beside?: string;
  /** The run writes to keys and vault. */
  readonly ownVault?: boolean;
}

export async function startServer(
  vault: BenchVault,
  { beside, ownVault, ...what }: ServerWhat,
): Promise<ServerProcess> {
  const own = beside === undefined ? makeRunFolder(vault, ownVault) : null;
  const folder = own ?? { dir: beside as string, remove: () => {} };
  const options: ServeOptions = {
    dir: folder.dir,
    passphraseFile: vault.passphraseFile,
    ...what,
  };
  const child = fork(script, [JSON.stringify(options)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // As the launcher starts a service, and as this process runs (for a profile of both).
    execArgv: [...nodeFlags, ...process.execArgv],
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  });
  try {
    const ready = await readyOf(child);
    const stop = async () => {
      await stopChild(child);
      folder.remove();
    };
    return { ...ready, dir: folder.dir, usage: () => usageOf(child), stop };
  } catch (error) {
    child.kill("SIGKILL");
    folder.remove();
    throw error;
  }
}

function readyOf(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the server did not start")), startLimitMs);
    child.once("message", (ready) => {
      clearTimeout(timer);
      resolve(ready as Ready);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with exit code ${code}`));
    });
  });
}

async function usageOf(child: ChildProcess): Promise<ServerUsage> {
  const told = once(child, "message");
  child.send("usage");
  const [{ usage }] = (await told) as [{ usage: ServerUsage }];
  return usage;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.send("stop");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
  await ended;
  clearTimeout(timer);
}
