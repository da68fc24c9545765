// Files that hold a secret of this door: read only where nobody but their owner and group may.
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { appError } from "../../platform/mod.ts";

/** Key sets and secrets take a few KiB; more is the wrong file. */
const fileBytesMax = 65_536;

/** FILE_UNREADABLE, FILE_INSECURE. The check is on the open file: nothing is swapped in between. */
export function readSecretFile(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The file ${path} cannot be read.`, { cause });
  }
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & 0o007) !== 0) {
      throw appError("FILE_INSECURE", `The file ${path} can be read by every user: chmod 600 it.`);
    }
    if (size > fileBytesMax) {
      throw appError("FILE_UNREADABLE", `The file ${path} is larger than ${fileBytesMax} bytes.`);
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
