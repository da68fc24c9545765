// Looks at an LMDB file before LMDB does. The binding maps the file and follows page numbers without
// checking them: a file of other bytes ends the process with a signal (seen with lmdb 3.5.6), and a
// truncated one with SIGBUS. Here both become one sentence. Layout: the two meta pages of LMDB 1.0
// data format 2, as written by lmdb-js on 64-bit machines.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { appError } from "../../platform/mod.ts";

const magic = 0xbeefc0de;
const dataVersion = 2;

/** Offsets inside a meta page. */
const metaAt = { magic: 24, version: 28, pageSize: 48, mainRoot: 136, lastPage: 144, txn: 152 };
const metaBytes = 160;

/**
 * Pages that the last transaction may have counted and not written (LMDB's loose pages at the end
 * of the file). A file that is shorter by more than this has lost data.
 */
const loosePagesMax = 1024;

const pageSizeMin = 256;
const pageSizeMax = 65_536;

function metaOf(fd: number, position: number): Buffer {
  const meta = Buffer.alloc(metaBytes);
  readSync(fd, meta, 0, metaBytes, position);
  return meta;
}

function corrupt(path: string, what: string): Error {
  return appError("VAULT_CORRUPT", `The database file ${path} is damaged: ${what}.`);
}

/**
 * Throws VAULT_CORRUPT when the file at `path` is no LMDB file or has been cut, VAULT_TOO_NEW when a
 * later LMDB wrote it. An empty file is fine: LMDB died between creating and filling it.
 */
export function checkDataFile(path: string): void {
  const fd = openSync(path, "r");
  try {
    const bytes = fstatSync(fd).size;
    if (bytes === 0) return;
    const first = metaOf(fd, 0);
    const pageSize = first.readUInt32LE(metaAt.pageSize) & 0x7fffffff;
    if (first.readUInt32LE(metaAt.magic) !== magic) throw corrupt(path, "no LMDB header");
    if (first.readUInt32LE(metaAt.version) > dataVersion) {
      throw appError("VAULT_TOO_NEW", `The database file ${path} was written by a newer LMDB.`);
    }
    if (pageSize < pageSizeMin || pageSize > pageSizeMax || (pageSize & (pageSize - 1)) !== 0) {
      throw corrupt(path, "an impossible page size");
    }
    const second = metaOf(fd, pageSize);
    if (second.readUInt32LE(metaAt.magic) !== magic) throw corrupt(path, "no second header");
    const newer =
      second.readBigUInt64LE(metaAt.txn) > first.readBigUInt64LE(metaAt.txn) ? second : first;
    const pages = BigInt(Math.floor(bytes / pageSize));
    const lastPage = newer.readBigUInt64LE(metaAt.lastPage);
    const root = newer.readBigUInt64LE(metaAt.mainRoot);
    const noRoot = 0xffffffffffffffffn;
    if (lastPage + 1n > pages + BigInt(loosePagesMax) || (root !== noRoot && root >= pages)) {
      throw corrupt(path, `it ends after ${pages} of ${lastPage + 1n} pages`);
    }
  } finally {
    closeSync(fd);
  }
}
