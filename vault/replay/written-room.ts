// Blocks for claims, written before LMDB needs them. The replay store's pages are changed in the
// memory map itself (a third off a claim, measured): there a hole in the file and a full disk is no
// error but a SIGBUS, the end of the process. So every page that LMDB may take has been written
// once, as zeros, with the write lock held; what the disk does not give is a clean refusal.
//
// How far the file is written stands in the store's state and is saved by the same transaction that
// uses the pages. Zeros are written above that and above every page in use, whichever is higher: a
// process that trusted its credit while others took the headroom has lost the promise of a clean
// refusal for a moment, but no page.
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import { appError } from "../../platform/mod.ts";
import { type ReplayState, stateWord } from "./replay-state.ts";

/** Written ahead, at most: at the fastest, a second of claims takes half of it. */
const headroomPagesMax = 4_096;
/** At least: a batch of 256 and what the tables themselves need. */
const headroomPagesMin = 256;
/** Small maps are given small headrooms. */
const headroomShare = 64;
const metaPages = 2;

/** Pages that are written when a store of this map size is made, and ahead of it later. */
export function headroomPagesOf(mapSizeBytes: number): number {
  const share = Math.floor(mapSizeBytes / pageBytes / headroomShare);
  return Math.min(headroomPagesMax, Math.max(headroomPagesMin, share));
}

/**
 * LMDB's figures cost 5.6 us (measured), as much as a claim; so they are not read every time. All
 * processes together take at most some 700 pages a millisecond, since they take turns, so the full
 * headroom outlasts an interval; a smaller one would not, and gives no credit.
 */
const lookIntervalMs = 2;
const creditPagesMax = 2_048;

const pageBytes = 4_096;
/** One write; 1 MiB of zeros takes some 0.3 ms. */
const chunkPages = 256;
const zeros = Buffer.alloc(chunkPages * pageBytes);

/** The part of LMDB's statistics that is read here. */
interface EnvironmentStats {
  readonly pageSize: number;
  readonly lastPageNumber: number;
}

export class WrittenRoom {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #path: string;
  readonly #fd: number;
  readonly #headroomPages: number;
  #closed = false;
  #creditPages = 0;
  #creditUntilMs = 0;

  /** `path`: the folder of an open LMDB environment. */
  constructor(root: RootDatabase<Buffer, Buffer>, path: string, mapSizeBytes: number) {
    this.#root = root;
    this.#path = path;
    this.#headroomPages = headroomPagesOf(mapSizeBytes);
    this.#fd = openSync(join(path, "data.mdb"), "r+");
  }

  /** Inside the first write transaction of an opener: a new store gets its first blocks. */
  begin(): void {
    const { pageSize, lastPageNumber } = this.#stats();
    if (pageSize !== pageBytes) throw new Error(`LMDB pages have ${pageSize} bytes here`);
    if (lastPageNumber >= metaPages) return;
    if (this.#write(metaPages, this.#headroomPages) < this.#headroomPages) throw this.#full();
  }

  /**
   * Inside a write transaction: makes sure that it can take `pages` new pages, beside the `taken`
   * that it may have taken already. Throws DISK_FULL where it cannot; the transaction is then to be
   * aborted. The caller saves the state with the transaction: true where it changed.
   */
  ensure(pages: number, state: ReplayState, taken = 0): boolean {
    const nowMs = performance.now();
    if (nowMs < this.#creditUntilMs && pages <= this.#creditPages) {
      this.#creditPages -= pages;
      return false;
    }
    // LMDB's figure is that of the last commit.
    const used = this.#stats().lastPageNumber + 1 + taken;
    const written = Math.max(state.words[stateWord.pagesWritten]!, used);
    const wanted = used + pages + this.#headroomPages;
    const reached = written >= wanted ? written : this.#write(written, wanted);
    if (reached < used + pages) throw this.#full();
    // With the full headroom there the next few transactions need not look.
    const full = reached >= wanted && this.#headroomPages === headroomPagesMax;
    this.#creditPages = full ? creditPagesMax : 0;
    this.#creditUntilMs = nowMs + lookIntervalMs;
    return state.raise(stateWord.pagesWritten, reached);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  #stats(): EnvironmentStats {
    return this.#root.getStats() as EnvironmentStats;
  }

  /** Writes zeros from page `from` to page `to`; returns up to which page the disk took them. */
  #write(from: number, to: number): number {
    let reached = from;
    while (reached < to) {
      const pages = Math.min(chunkPages, to - reached);
      let bytes = 0;
      try {
        bytes = writeSync(this.#fd, zeros, 0, pages * pageBytes, reached * pageBytes);
      } catch {
        return reached;
      }
      reached += Math.floor(bytes / pageBytes);
      if (bytes < pages * pageBytes) return reached;
    }
    return reached;
  }

  #full(): Error {
    return appError("DISK_FULL", `The database at ${this.#path} cannot grow: the disk is full.`);
  }
}
