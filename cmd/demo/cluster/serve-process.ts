// One `pantun serve` as a process of its own, and the way to hand it commands: its vault's socket.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  connectSocket,
  type Envelope,
  type Reply,
  type SocketCommands,
  systemTurns,
} from "../../../actors/mod.ts";
import { systemClock, within } from "../../../platform/mod.ts";

const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith(".ts") ? "../../pantun/main.ts" : "../../pantun/main.js",
    import.meta.url,
  ),
);

/** Three of them start at once on few cores, and wait for the first leaders of their streams. */
const readyMs = 90_000;
const pollMs = 100;
/** A stop hands shards over and ends within 25 s by itself. */
const stopMs = 40_000;
const killedMs = 10_000;
/** Of what a process wrote, for an error that names it. */
const tailChars = 2_000;

export class ServeProcess {
  readonly name: string;
  readonly dir: string;
  /** host:port of its door for switches. */
  readonly switchAddress: string;
  /** And for requestors. */
  readonly requestorAddress: string;
  readonly #config: string;
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #commands: SocketCommands | undefined;
  #said = "";
  #frozen = false;

  /** `settings`: the settings file, of which the vault's folder is `dir`. */
  constructor(
    name: string,
    dir: string,
    settings: object & Readonly<Record<"switch" | "requestor", { readonly port: number }>>,
  ) {
    this.name = name;
    this.dir = dir;
    this.switchAddress = `127.0.0.1:${settings.switch.port}`;
    this.requestorAddress = `127.0.0.1:${settings.requestor.port}`;
    this.#config = join(dir, "settings.json");
    writeFileSync(this.#config, JSON.stringify(settings));
  }

  get runs(): boolean {
    return this.#child !== undefined;
  }

  launch(): void {
    const stdio = ["ignore", "ignore", "pipe"] as const;
    const args = [...process.execArgv, program, "serve", "--config", this.#config];
    const child = spawn(process.execPath, args, { stdio: [...stdio] });
    this.#child = child;
    child.stderr?.on("data", (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(-tailChars);
    });
    this.#gone = new Promise((resolve) => {
      child.once("exit", () => {
        this.#child = undefined;
        resolve();
      });
    });
  }

  /** Resolves when it takes commands; an Error with its last words where it does not. */
  async ready(): Promise<void> {
    const untilMs = systemClock.monotonicMs() + readyMs;
    while (this.#child !== undefined && systemClock.monotonicMs() < untilMs) {
      if ((await this.#connected()) !== undefined) return;
      await sleep(pollMs);
    }
    throw new Error(`node ${this.name} does not take commands:\n${this.#said}`);
  }

  /** The reply; undefined where the process is not there or hung up. */
  async submit(envelope: Envelope): Promise<Reply | undefined> {
    return (await this.#connected())?.submit(envelope);
  }

  async #connected(): Promise<SocketCommands | undefined> {
    if (this.#frozen) return undefined;
    if (this.#commands !== undefined) return this.#commands;
    try {
      const commands = await connectSocket(this.dir, { clock: systemClock, turns: systemTurns });
      this.#commands = commands;
      void commands.ended.then(() => {
        if (this.#commands === commands) this.#commands = undefined;
      });
      return commands;
    } catch {
      return undefined;
    }
  }

  /** SIGSTOP; whoever waits for it is told that it hung up, as if its machine were lost. */
  freeze(): void {
    this.#frozen = true;
    this.#child?.kill("SIGSTOP");
    this.#commands?.close();
    this.#commands = undefined;
  }

  thaw(): void {
    this.#frozen = false;
    this.#child?.kill("SIGCONT");
  }

  /** kill -9; resolves when it has gone. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await within(killedMs, `node ${this.name} was killed and did not end`, this.#gone);
  }

  /** As an operator stops it: shards are handed over. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    const late = `node ${this.name} did not stop within ${stopMs / 1_000} s:\n${this.#said}`;
    await within(stopMs, late, this.#gone);
    this.#commands?.close();
  }
}
