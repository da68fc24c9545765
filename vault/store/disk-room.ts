// Room on the disk, taken before LMDB needs it. When LMDB's own write meets a full disk, lmdb-js
// 3.5.6 formats a message into 100 bytes that may need more (mdb_page_flush) and so corrupts the
// heap: the process died in six of six runs. So the blocks that a transaction may need are
// written here first, as zeros at the end of the data file, with the write lock held; what cannot
// be had is a clean refusal. ext4, xfs and
// tmpfs keep a block that was written once; a file system that copies on write may still fail, so
// there this lowers the risk and does not end it.
import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import { appError } from "../../platform/mod.ts";

/**
 * Between two looks LMDB takes at most this much: all processes, one stuck reader, measured rates.
 */
const headroomBytesDefault = 16 * 1024 ** 2;

/** LMDB's figures cost 5.6 us (measured), as much as a claim; so they are not read every time. */
const lookIntervalMs = 5;
const creditPagesMax = 2_048;

/** One extension; 1 MiB of zeros takes some 0.3 ms. */
const zeros = Buffer.alloc(1024 ** 2);

/** The part of LMDB's statistics that is read here. */
interface EnvironmentStats {
  readonly pageSize: number;
  readonly lastPageNumber: number;
}

export class DiskRoom {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #path: string;
  readonly #headroomBytes: number;
  readonly #fd: number;
  #closed = false;
  #creditPages = 0;
  #creditUntilMs = 0;

  /** `path`: the folder of an open LMDB environment. */
  constructor(
    root: RootDatabase<Buffer, Buffer>,
    path: string,
    headroomBytes = headroomBytesDefault,
  ) {
    this.#root = root;
    this.#path = path;
    this.#headroomBytes = headroomBytes;
    // Appending only: these writes can never lie over a page.
    this.#fd = openSync(join(path, "data.mdb"), "a");
  }

  /**
   * Inside a write transaction, before it changes anything: makes sure that it can take `pages` new
   * pages. Throws DISK_FULL where it cannot; the transaction is then to be aborted.
   */
  ensure(pages: number): void {
    const nowMs = performance.now();
    if (nowMs < this.#creditUntilMs && pages <= this.#creditPages) {
      this.#creditPages -= pages;
      return;
    }
    const { pageSize, lastPageNumber } = this.#root.getStats() as EnvironmentStats;
    const usedBytes = (lastPageNumber + 1) * pageSize;
    const neededBytes = pages * pageSize;
    const wantedBytes = usedBytes + neededBytes + this.#headroomBytes;
    let fileBytes = fstatSync(this.#fd).size;
    while (fileBytes < wantedBytes) {
      const taken = this.#extend();
      if (taken === 0) break;
      fileBytes += taken;
    }
    const roomBytes = fileBytes - usedBytes - neededBytes;
    if (roomBytes < 0) {
      throw appError("DISK_FULL", `The database at ${this.#path} cannot grow: the disk is full.`);
    }
    // With the full headroom there the next few transactions need not look.
    this.#creditPages = roomBytes >= this.#headroomBytes ? creditPagesMax : 0;
    this.#creditUntilMs = nowMs + lookIntervalMs;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  /** Bytes that the file has gained; 0 where the disk gives no more. */
  #extend(): number {
    try {
      return writeSync(this.#fd, zeros);
    } catch {
      return 0;
    }
  }
}
