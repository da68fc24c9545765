// How a file's run, or a batch, stands: what `pantun migrate` shows, and what a run goes on from.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RecordStatus, recordStatuses } from "./checkpoints.ts";
import { folderOf, namesIn, writeWhole } from "./folders.ts";
import type { UploadFault } from "./upload-stream.ts";

/** CHECKING reads the whole file; RUNNING works on its records; WRITING makes the result. */
export type RunState = "CHECKING" | "RUNNING" | "WRITING" | "DONE" | "REFUSED";

export type RecordCounts = Readonly<Record<RecordStatus, number>>;

export interface RunStatus {
  /** Name of this run of the file, which is also that of its folder. */
  readonly run: string;
  readonly trid: string;
  /** Name of the upload without its endings; of a batch its id. */
  readonly stem: string;
  readonly state: RunState;
  /** Why it was refused. */
  readonly refused?: UploadFault;
  /** True where the same rows were uploaded before and the result is the one of then. */
  readonly again?: boolean;
  /** Of the rows; known when the whole file was read. Of a batch a keyed digest. */
  readonly sha256?: string;
  readonly records: number;
  readonly counts: RecordCounts;
  readonly startedAt: string;
  readonly finishedAt?: string;
}

export const noCounts = Object.fromEntries(
  recordStatuses.map((status) => [status, 0]),
) as RecordCounts;

export function doneOf({ counts }: Pick<RunStatus, "counts">): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const fileName = "status.json";

export function writeStatus(folder: string, status: RunStatus): void {
  writeWhole(join(folder, fileName), `${JSON.stringify(status)}\n`);
}

/** Undefined where there is none that can be read: the run was not begun. */
export function readStatus(folder: string): RunStatus | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, fileName), "utf8")) as RunStatus;
  } catch {
    return undefined;
  }
}

/** All runs under the root, or those of one requestor, the oldest first. */
export function listRuns(root: string, only?: string): RunStatus[] {
  const trids = namesIn(root).filter((name) => /^[0-9]{11}$/.test(name) && name === (only ?? name));
  const runs = trids.flatMap((trid) => {
    return (["runs", "batches"] as const).flatMap((name) => {
      const work = folderOf(root, trid, name);
      return namesIn(work).map((run) => readStatus(join(work, run)));
    });
  });
  return runs
    .filter((status) => status !== undefined)
    .sort((one, other) => one.startedAt.localeCompare(other.startedAt));
}
