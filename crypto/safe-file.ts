import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { CryptoError } from "./crypto-error.ts";

/**
 * Reads a file that only its owner and group may reach. The group is let in because Kubernetes
 * gives mounted secrets and volumes to a group (fsGroup); anybody else is refused. The check is on
 * the open file, so nothing can be swapped in between.
 */
export function readGuardedFile(path: string, bytesMax: number): Buffer {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      throw new CryptoError("KEY_FILE_MISSING", `${path} does not exist`, { cause });
    }
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    throw new CryptoError("KEY_FILE_CORRUPT", `${path} cannot be read (${reason})`, { cause });
  }
  try {
    const { mode, size } = fstatSync(fd);
    if ((mode & 0o007) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, "0");
      throw new CryptoError(
        "KEY_FILE_MODE",
        `${path} can be reached by every user (mode ${shown}): chmod 600 it`,
      );
    }
    if (size > bytesMax) {
      throw new CryptoError("KEY_FILE_CORRUPT", `${path} is larger than ${bytesMax} bytes`);
    }
    const bytes = Buffer.alloc(size);
    let at = 0;
    while (at < size) {
      const n = readSync(fd, bytes, at, size - at, at);
      if (n === 0) break;
      at += n;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}

/**
 * Replaces the file in one step, durably, mode 0600: after a crash at any moment the old or the new
 * bytes stand there, never a mixture.
 */
export function replaceFile(path: string, bytes: Buffer | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    // A leftover of a killed process with this id would make "wx" fail for ever.
    unlinkSync(temporary);
  } catch {
    // There was none.
  }
  const fd = openSync(temporary, "wx", 0o600);
  try {
    const data = Buffer.from(bytes);
    for (let at = 0; at < data.length; ) at += writeSync(fd, data, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  const dir = openSync(dirname(path), "r");
  try {
    fsyncSync(dir);
  } finally {
    closeSync(dir);
  }
}
