// The generator's process as the bench sees it: one order at a time, the same warm process for all.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import nodeFlags from "../../cmd/pantun/node-flags.json" with { type: "json" };
import type { FromGenerator, LoadOrder, LoadResult, LoadTick } from "./load-order.ts";

const script = fileURLToPath(new URL("./generator.ts", import.meta.url));

export interface LoadWatch {
  /** The first payment is due now. */
  begin?(): void;
  tick?(tick: LoadTick): void;
}

export class Generator {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(script, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // A generator that marks its heap while it sends is late, and the service is blamed for it.
      execArgv: [...nodeFlags, ...process.execArgv],
    });
  }

  run(order: LoadOrder, watch: LoadWatch = {}): Promise<LoadResult> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const done = (act: () => void) => {
        child.off("message", listen);
        child.off("exit", ended);
        act();
      };
      const listen = (raw: unknown) => {
        const told = raw as FromGenerator;
        if (told.kind === "begin") watch.begin?.();
        else if (told.kind === "tick") watch.tick?.(told.tick);
        else if (told.kind === "result") done(() => resolve(told.result));
        else done(() => reject(new Error(`the generator failed: ${told.text}`)));
      };
      const ended = (code: number | null) => {
        done(() => reject(new Error(`the generator's process ended with ${code}`)));
      };
      child.on("message", listen);
      child.on("exit", ended);
      child.send(order);
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
  }
}
