// Takes uploads one after the other and sees each through, over restarts. One process a root.
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseUploadName } from "./file-name.ts";
import { folderOf, makeFolders, move, namesIn, syncFolder } from "./folders.ts";
import { RunStopped } from "./records.ts";
import { MigrationRun, type RunPorts } from "./run.ts";
import { noCounts, type RunStatus, readStatus, writeStatus } from "./status.ts";

export interface MigrationDeskOptions extends Omit<RunPorts, "stopping"> {
  /** Requestors that may upload. */
  readonly trids: () => readonly string[];
  /** Statuses of finished runs and results by content are kept for so long. */
  readonly keepMs: number;
  readonly scanMs?: number;
}

/** A file is taken when it did not change between two looks. */
const scanDefaultMs = 500;
/** After a fault of the disk, or of whatever else keeps a run from going on. */
const faultPauseMs = 5_000;

export class MigrationDesk {
  readonly #options: MigrationDeskOptions;
  readonly #ports: RunPorts;
  readonly #seen = new Map<string, string>();
  #stopping = false;
  #wake: (() => void) | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(options: MigrationDeskOptions) {
    this.#options = options;
    this.#ports = { ...options, stopping: () => this.#stopping };
  }

  start(): void {
    for (const trid of this.#options.trids()) makeFolders(this.#options.root, trid);
    this.#done = this.#loop();
  }

  /** Ends what is under way where it stands; the next start goes on from there. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#done;
  }

  async #loop(): Promise<void> {
    const { log, scanMs = scanDefaultMs } = this.#options;
    while (!this.#stopping) {
      try {
        const runs = this.#unfinished();
        if (runs.length === 0) await this.#pause(scanMs);
        for (const status of this.#stopping ? [] : runs) {
          await new MigrationRun(this.#ports, status).work();
        }
      } catch (err) {
        if (err instanceof RunStopped) continue;
        log.error({ event: "migrate.fault", err }, "a migration cannot go on; it is tried again");
        await this.#pause(faultPauseMs);
      }
    }
  }

  /** Runs that were begun, then those that begin now. */
  #unfinished(): RunStatus[] {
    const { root, trids } = this.#options;
    return trids().flatMap((trid) => {
      makeFolders(root, trid);
      this.#takeUploads(trid);
      this.#forget(trid);
      const work = folderOf(root, trid, "runs");
      return namesIn(work).flatMap((run) => {
        const status = readStatus(join(work, run)) ?? this.#adopt(trid, run);
        return status === undefined || status.finishedAt !== undefined ? [] : [status];
      });
    });
  }

  #takeUploads(trid: string): void {
    const { root, clock, reached } = this.#options;
    const folder = folderOf(root, trid, "in");
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      const upload = parseUploadName(name);
      if (upload?.trid !== trid || !this.#isQuiet(path)) continue;
      this.#seen.delete(path);
      // In letters: a number of 13 digits may pass for a card's and be masked in a log.
      const run = `${upload.stem}-${clock.nowMs().toString(36)}`;
      const to = join(folderOf(root, trid, "runs"), run);
      mkdirSync(to, { mode: 0o700 });
      move(path, join(to, "upload.pgp"));
      syncFolder(folder);
      reached("taken");
      writeStatus(to, this.#begun(trid, run));
    }
  }

  /** A folder that a crash left without a status: begun now, or nothing. */
  #adopt(trid: string, run: string): RunStatus | undefined {
    const folder = join(folderOf(this.#options.root, trid, "runs"), run);
    if (!existsSync(join(folder, "upload.pgp"))) {
      rmSync(folder, { recursive: true, force: true });
      return undefined;
    }
    const status = this.#begun(trid, run);
    writeStatus(folder, status);
    return status;
  }

  #begun(trid: string, run: string): RunStatus {
    const stem = run.slice(0, run.lastIndexOf("-"));
    const startedAt = new Date(this.#options.clock.nowMs()).toISOString();
    return { run, trid, stem, state: "CHECKING", records: 0, counts: noCounts, startedAt };
  }

  #isQuiet(path: string): boolean {
    const { size, mtimeMs } = statSync(path);
    const now = `${size}:${mtimeMs}`;
    const before = this.#seen.get(path);
    this.#seen.set(path, now);
    return before === now;
  }

  #forget(trid: string): void {
    const { root, clock, keepMs } = this.#options;
    for (const name of ["runs", "kept"] as const) {
      const folder = folderOf(root, trid, name);
      for (const entry of namesIn(folder)) {
        const path = join(folder, entry);
        const isDone = name === "kept" || readStatus(path)?.finishedAt !== undefined;
        if (!isDone || clock.nowMs() - statSync(path).mtimeMs < keepMs) continue;
        rmSync(path, { recursive: true, force: true });
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopping) this.#wake();
    });
  }
}
