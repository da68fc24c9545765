// A claiming process as a test sees it.
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ClaimCommand, ClaimerSettings, Command, Report } from "./claim-protocol.ts";

const script = fileURLToPath(new URL("./claimer.ts", import.meta.url));

/** Start-up, or an answer, on a busy machine; a test that waits longer has failed. */
const waitMsMax = 30_000;

export type DoneReport = Extract<Report, { done: true }>;

export class ClaimerProcess {
  /** What was reported of each key. */
  readonly results = new Map<number, number>();
  readonly #child: ChildProcess;
  #waiting: ((report: Report) => void) | undefined;
  readonly #exited: Promise<void>;
  /** Called with each batch that is reported. */
  onBatch: (from: number, results: readonly number[]) => void = () => {};

  private constructor(settings: ClaimerSettings) {
    this.#child = fork(script, [JSON.stringify(settings)], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
    });
    this.#child.on("message", (report: Report) => this.#take(report));
  }

  static async start(settings: ClaimerSettings): Promise<ClaimerProcess> {
    const claimer = new ClaimerProcess(settings);
    await claimer.#answer(() => {});
    return claimer;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  send(command: Command): Promise<DoneReport> {
    return this.#answer(() => this.#child.send(command)) as Promise<DoneReport>;
  }

  /** Claims one key and gives its result. */
  async claim(command: Omit<ClaimCommand, "do" | "count" | "batch">): Promise<number> {
    await this.send({ ...command, do: "claim", count: 1, batch: 1 });
    return this.results.get(command.from)!;
  }

  /** Sends without waiting: the process will be stopped or killed on the way. */
  post(command: Command): void {
    this.#child.send(command);
  }

  signal(name: "SIGKILL" | "SIGCONT"): void {
    this.#child.kill(name);
  }

  /** Resolves when the process has stopped itself. */
  async stopped(): Promise<void> {
    for (const end = Date.now() + waitMsMax; Date.now() < end; ) {
      const stat = readFileSync(`/proc/${this.pid}/stat`, "latin1");
      if (stat.slice(stat.lastIndexOf(")") + 2).startsWith("T")) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error("the process did not stop");
  }

  /** Resolves with the next done-report. */
  done(): Promise<DoneReport> {
    return this.#answer(() => {}) as Promise<DoneReport>;
  }

  /** Kills with SIGKILL; resolves when it is gone and all that it said has been heard. */
  async kill(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (!this.#child.connected) resolve();
      else this.#child.once("disconnect", () => resolve());
    });
    this.signal("SIGKILL");
    await Promise.all([this.#exited, closed]);
  }

  #take(report: Report): void {
    if ("results" in report) {
      report.results.forEach((result, row) => {
        this.results.set(report.from + row, result);
      });
      this.onBatch(report.from, report.results);
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(report);
  }

  #answer(begin: () => void): Promise<Report> {
    return new Promise((resolve, reject) => {
      let stderr = "";
      this.#child.stderr?.on("data", (text) => {
        stderr += String(text);
      });
      const fail = (why: string) => (): void => reject(new Error(`claimer ${why}: ${stderr}`));
      const timer = setTimeout(fail("did not answer"), waitMsMax);
      const exit = fail("ended");
      this.#child.once("exit", exit);
      this.#waiting = (report) => {
        clearTimeout(timer);
        this.#child.removeListener("exit", exit);
        resolve(report);
      };
      begin();
    });
  }
}
