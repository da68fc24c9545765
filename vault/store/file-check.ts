// Looks at an LMDB file before LMDB does. The binding maps the file and follows page numbers
// without checking them: a file of other bytes ends the process with a signal (seen with lmdb
// 3.5.6), and a truncated one with SIGBUS. Here both become one sentence. Layout: the two meta
// pages of LMDB 1.0 data format 2, as written by lmdb-js on 64-bit machines.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { appError } from "../../platform/mod.ts";
import { isReachable } from "./file-reach.ts";

const magic = 0xbeefc0de;
const dataVersion = 2;

/** Offsets inside a meta page. */
const metaAt = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  txn: 152,
};
const metaBytes = 160;

const pageSizeMin = 256;
const pageSizeMax = 65_536;

/** Looks at a file that a writer changes meanwhile; more often than this is no accident. */
const triesMax = 5;

function metaOf(fd: number, position: number): Buffer {
  const meta = Buffer.alloc(metaBytes);
  readSync(fd, meta, 0, metaBytes, position);
  return meta;
}

function corrupt(path: string, what: string): Error {
  return appError("VAULT_CORRUPT", `The database file ${path} is damaged: ${what}.`);
}

/**
 * Throws VAULT_CORRUPT when the file at `path` is no LMDB file or has been cut, VAULT_TOO_NEW
 * when a later LMDB wrote it. False for an empty file: LMDB died between making and filling it.
 */
export function checkDataFile(path: string): boolean {
  const fd = openSync(path, "r");
  try {
    if (fstatSync(fd).size === 0) return false;
    const pageBytes = checkHeader(fd, path);
    for (let tries = 1; ; tries++) {
      const meta = newestMeta(fd, path, pageBytes);
      const pages = Math.floor(fstatSync(fd).size / pageBytes);
      if (isWhole(fd, meta, pageBytes, pages)) return true;
      // A writer that committed meanwhile may have reused the pages that were followed.
      const again = newestMeta(fd, path, pageBytes);
      if (again.equals(meta) || tries === triesMax) {
        const last = meta.readBigUInt64LE(metaAt.lastPage) + 1n;
        throw corrupt(path, `it ends after ${pages} of ${last} pages`);
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** Checks what every LMDB file begins with; returns its page size. */
function checkHeader(fd: number, path: string): number {
  const first = metaOf(fd, 0);
  const pageBytes = first.readUInt32LE(metaAt.pageSize) & 0x7fffffff;
  if (first.readUInt32LE(metaAt.magic) !== magic) throw corrupt(path, "no LMDB header");
  if (first.readUInt32LE(metaAt.version) > dataVersion) {
    throw appError("VAULT_TOO_NEW", `The database file ${path} was written by a newer LMDB.`);
  }
  if (pageBytes < pageSizeMin || pageBytes > pageSizeMax || (pageBytes & (pageBytes - 1)) !== 0) {
    throw corrupt(path, "an impossible page size");
  }
  return pageBytes;
}

/** The meta page of the later transaction. */
function newestMeta(fd: number, path: string, pageBytes: number): Buffer {
  const first = metaOf(fd, 0);
  const second = metaOf(fd, pageBytes);
  if (second.readUInt32LE(metaAt.magic) !== magic) throw corrupt(path, "no second header");
  const isLater = second.readBigUInt64LE(metaAt.txn) > first.readBigUInt64LE(metaAt.txn);
  return isLater ? second : first;
}

function isWhole(fd: number, meta: Buffer, pageBytes: number, pages: number): boolean {
  if (meta.readBigUInt64LE(metaAt.lastPage) < BigInt(pages)) return true;
  return (
    isReachable(fd, meta.readBigUInt64LE(metaAt.freeRoot), pageBytes, pages) &&
    isReachable(fd, meta.readBigUInt64LE(metaAt.mainRoot), pageBytes, pages)
  );
}
