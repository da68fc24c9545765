// Where a migration's files are. Of each requestor `in` and `out` are seen over SFTP, the rest is
// not:
//
//   <root>/<TRID>/in/MIG_….csv.pgp            uploaded, not yet taken
//   <root>/<TRID>/runs/<run>/upload.pgp       taken, with what is known of each record
//   <root>/<TRID>/runs/<run>/status.json      how it stands; kept
//   <root>/<TRID>/kept/<sha256>.csv.pgp       results by what was uploaded
//   <root>/<TRID>/out/MIG_…_RESULT.csv.pgp    the result and its acknowledgement
//   <root>/<TRID>/batches/<id>/               a batch over JSON: status, records, sealed results
//   <root>/<TRID>/keys/<digest>               which batch an idempotency key belongs to
//   <root>/<TRID>/cards/<segment>/            calls with one card each, sealed
//
// Files change their place by rename; a file that is half written is never seen under its name.
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

export const folderNames = ["in", "out", "runs", "kept", "batches", "keys", "cards"] as const;

export function folderOf(root: string, trid: string, name: (typeof folderNames)[number]): string {
  return join(root, trid, name);
}

/** Makes a requestor's folders where they are not there yet. */
export function makeFolders(root: string, trid: string): void {
  for (const name of folderNames) {
    mkdirSync(folderOf(root, trid, name), { recursive: true, mode: 0o700 });
  }
}

export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** It is on the disk, under its name, when this returns. */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  writeFileSync(part, text, { mode: 0o600, flush: true });
  move(part, path);
}

export function move(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** The same file under another name, in the place of what had it before. */
export function share(path: string, as: string): void {
  const part = `${as}.part`;
  rmSync(part, { force: true });
  linkSync(path, part);
  move(part, as);
}

export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

const zeros = Buffer.alloc(65_536);

/** Overwrites and removes. What a disk's own remapping keeps is sealed or encrypted. */
export function shred(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, "r+");
  const { size } = statSync(path);
  for (let at = 0; at < size; at += zeros.length) {
    writeSync(file, zeros, 0, Math.min(zeros.length, size - at), at);
  }
  fsyncSync(file);
  ftruncateSync(file, 0);
  closeSync(file);
  rmSync(path);
}
