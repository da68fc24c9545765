// Starts and watches nodes that run as processes of their own.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Acked } from "../../actors/log/jetstream/test-host.ts";
import type { NatsSite } from "../../deploy/tools/nats-site.ts";
import { within } from "../../platform/mod.ts";
import type { OwnerLine } from "./owner-process.ts";

/** Longer than a lease and an election one after the other. */
const comesMs = 45_000;

const program = fileURLToPath(new URL("./owner-process.ts", import.meta.url));

export class OwnerNode implements AsyncDisposable {
  readonly name: string;
  readonly acked: Acked[] = [];
  readonly faults: string[] = [];
  state = "FOLLOW";
  why = "";
  /** The first owner of the shard that the node heard of. */
  heard = "";
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #ended = false;
  #waiters: { holds: () => boolean; resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(site: NatsSite, name: string) {
    this.name = name;
    const replicas = site.servers.length === 1 ? "1" : "3";
    const args = [program, name, replicas, ...site.urls];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once("exit", () => resolve()));
    void this.#gone.then(() => {
      this.#ended = true;
      const error = new Error(`node ${name} ended in state ${this.state}`);
      for (const { reject } of this.#waiters.splice(0)) reject(error);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#take(JSON.parse(line) as OwnerLine);
    });
  }

  #take(line: OwnerLine): void {
    if (line.kind === "acked") this.acked.push(line.acked);
    else if (line.kind === "owner") this.heard = line.node;
    else if (line.kind === "fault") this.faults.push(line.text);
    else {
      this.state = line.state;
      this.why = line.why;
    }
    this.#waiters = this.#waiters.filter(({ holds, resolve }) => {
      if (!holds()) return true;
      resolve();
      return false;
    });
  }

  /** Resolves when what the node has said makes it true. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    if (this.#ended) return Promise.reject(new Error(`node ${this.name} has ended`));
    const came = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ holds, resolve, reject });
    });
    const late = `node ${this.name}: what was waited for has not come within ${comesMs / 1_000} s`;
    return within(comesMs, late, came).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${this.state} (${this.why})`, { cause: error });
    });
  }

  /** Resolves after so many more acknowledged appends. */
  works(count: number): Promise<void> {
    const goal = this.acked.length + count;
    return this.until(() => this.acked.length >= goal);
  }

  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await within(10_000, `node ${this.name} was killed and did not end`, this.#gone);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
