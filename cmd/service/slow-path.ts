// Starts and stops the thread of the slow path, and starts it again where it dies.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Scan } from "../../vault/mod.ts";
import type { SlowPathSetup } from "./slow-path-worker.ts";

const file = fileURLToPath(
  new URL(
    import.meta.url.endsWith(".ts") ? "./slow-path-worker.ts" : "./slow-path-worker.js",
    import.meta.url,
  ),
);

/** Between a thread's death and its successor, so that a fault that stays does not spin. */
const restartMs = 1_000;

export interface SlowPath {
  /** Folds what is left and ends the thread. */
  stop(): Promise<void>;
}

/** What the thread tells. */
export type SlowPathMessage =
  | { readonly failed: string }
  | { readonly scan: Scan }
  /** Where the audit chain ends: block and hash. */
  | { readonly block: number; readonly hash: string };

export interface SlowPathEvents {
  readonly onError: (error: unknown) => void;
  readonly onHead: (block: number, hash: string) => void;
  readonly onScan: (scan: Scan) => void;
}

export function startSlowPath(setup: SlowPathSetup, events: SlowPathEvents): SlowPath {
  const { onError, onHead, onScan } = events;
  let stopping = false;
  let worker = start();
  let ended = untilExit(worker);

  function start(): Worker {
    const made = new Worker(file, { workerData: setup });
    made.on("message", (message: SlowPathMessage) => {
      if ("failed" in message) onError(new Error(message.failed));
      else if ("scan" in message) onScan(message.scan);
      else onHead(message.block, message.hash);
    });
    made.on("error", onError);
    return made;
  }

  function untilExit(which: Worker): Promise<void> {
    return new Promise((resolve) => {
      which.once("exit", () => {
        resolve();
        if (stopping) return;
        onError(new Error("the slow path ended and is started again"));
        setTimeout(() => {
          if (stopping) return;
          worker = start();
          ended = untilExit(worker);
        }, restartMs).unref();
      });
    });
  }

  return {
    async stop() {
      stopping = true;
      worker.postMessage("stop");
      await ended;
    },
  };
}
