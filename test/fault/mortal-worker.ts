// Loaded by a pool's worker before all else: lets it die where a test says so. A worker ends
// itself, at a point of its own code; ended from outside it may be inside LMDB's native code, which
// then aborts the whole process.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { threadId } from "node:worker_threads";
import { rowMagic } from "../../vault/journal/row.ts";

export interface Fate {
  /** Workers that are still to die while they start. */
  readonly atStart: number;
  /** Journal writes after which one dies; 0: it does not. */
  readonly afterWrites: number;
  /** Whether its last rows reach the journal. */
  readonly written: boolean;
}

/** Names the file that holds the fate, as JSON. */
export const fateVariable = "PANTUN_TEST_FATE";

const file = process.env[fateVariable];
if (file !== undefined) meet(file);

/** Whole at every moment: workers read it at each of their writes. */
export function writeFate(path: string, fate: Fate): void {
  const next = `${path}.${threadId}`;
  fs.writeFileSync(next, JSON.stringify(fate));
  fs.renameSync(next, path);
}

function read(path: string): Fate {
  return JSON.parse(fs.readFileSync(path, "utf8"));
}

function meet(path: string): void {
  const fate = read(path);
  if (fate.atStart > 0) {
    writeFate(path, { ...fate, atStart: fate.atStart - 1 });
    die(path);
  }
  const { writeSync } = fs;
  let writes = 0;
  fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
    if (!isJournal(args[1])) return writeSync(...args);
    writes++;
    const { afterWrites, written } = read(path);
    const isLast = afterWrites > 0 && writes >= afterWrites;
    if (isLast && !written) die(path);
    const bytes = writeSync(...args);
    if (isLast) die(path);
    return bytes;
  }) as typeof writeSync;
  syncBuiltinESMExports();
}

/** Other files are written inside LMDB's transactions, whose lock would outlive the thread. */
function isJournal(bytes: unknown): boolean {
  return Buffer.isBuffer(bytes) && bytes.length > 4 && bytes.readUInt32LE(0) === rowMagic;
}

function die(path: string): never {
  fs.appendFileSync(`${path}.deaths`, ".");
  process.exit(1);
}
