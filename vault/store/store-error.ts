// What LMDB says, in our words. It reports a full disk as "Input/output error" and writes the
// reason to stderr only; both spellings become DISK_FULL.
import { AppError, appError } from "../../platform/mod.ts";

/** LMDB and errno codes with the operating error that each becomes. */
const codes: ReadonlyMap<number, "VAULT_CORRUPT" | "VAULT_TOO_NEW" | "DISK_FULL" | "VAULT_IN_USE"> =
  new Map([
    [-30797, "VAULT_CORRUPT"], // MDB_PAGE_NOTFOUND
    [-30796, "VAULT_CORRUPT"], // MDB_CORRUPTED
    [-30795, "VAULT_CORRUPT"], // MDB_PANIC
    [-30794, "VAULT_TOO_NEW"], // MDB_VERSION_MISMATCH
    [-30793, "VAULT_CORRUPT"], // MDB_INVALID
    [-30792, "DISK_FULL"], // MDB_MAP_FULL
    [-30790, "VAULT_IN_USE"], // MDB_READERS_FULL
    [5, "DISK_FULL"], // EIO: what LMDB makes of a short write
    [27, "DISK_FULL"], // EFBIG
    [28, "DISK_FULL"], // ENOSPC
    [11, "VAULT_IN_USE"], // EAGAIN
    [16, "VAULT_IN_USE"], // EBUSY
  ]);

/** What the file system says where a folder or file cannot be made or read. */
const fileCodes: ReadonlyMap<string, "FILE_UNREADABLE" | "DISK_FULL"> = new Map([
  ["EACCES", "FILE_UNREADABLE"],
  ["EPERM", "FILE_UNREADABLE"],
  ["EROFS", "FILE_UNREADABLE"],
  ["EISDIR", "FILE_UNREADABLE"],
  ["ENOTDIR", "FILE_UNREADABLE"],
  ["EEXIST", "FILE_UNREADABLE"],
  ["ENOSPC", "DISK_FULL"],
]);

const sentences = {
  VAULT_CORRUPT: (path: string) => `The database at ${path} is damaged.`,
  VAULT_TOO_NEW: (path: string) => `The database at ${path} was written by a newer version.`,
  DISK_FULL: (path: string) => `The database at ${path} cannot grow: disk full or write error.`,
  FILE_UNREADABLE: (path: string) => `The database at ${path} cannot be opened.`,
  VAULT_IN_USE: (path: string) => `The database at ${path} is in use by too many processes.`,
} as const;

/** The operating error that `error` means, or `error` itself where it is a broken invariant. */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const number = (error as { code?: unknown }).code;
  let code: keyof typeof sentences | undefined =
    typeof number === "number" ? codes.get(number) : undefined;
  if (code === undefined && /Input\/output error|No space left|MDB_MAP_FULL/.test(error.message)) {
    code = "DISK_FULL";
  }
  const errno = typeof number === "string" ? fileCodes.get(number) : undefined;
  if (errno !== undefined) code = errno;
  if (code === undefined && /MDB_(CORRUPTED|INVALID|PAGE_NOTFOUND|PANIC)/.test(error.message)) {
    code = "VAULT_CORRUPT";
  }
  return code === undefined ? error : appError(code, sentences[code](path), { cause: error });
}
