// What a requestor sees over SFTP: a root with `in` and `out`, and files in them. There is nothing
// else: a path is taken apart and must name one of these, so that no path leads anywhere else.
import { type FileHandle, lstat, open, readdir, rename, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { parseUploadName, partSuffix } from "../migration/mod.ts";

/** Codes of SSH_FXP_STATUS that are answered (draft-ietf-secsh-filexfer-02, section 7). */
export const sftpCode = {
  OK: 0,
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  FAILURE: 4,
} as const;

export class SftpFault extends Error {
  readonly code: number;

  constructor(code: keyof typeof sftpCode, message: string) {
    super(message);
    this.name = "SftpFault";
    this.code = sftpCode[code];
  }
}

export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly size: number;
  /** Unix seconds. */
  readonly changedAt: number;
}

/** 64 MiB of rows are a little more under encryption. */
const fileBytesMax = 68 * 2 ** 20;
/** Uploads that wait; a requestor with more of them waits for the first. */
const filesMax = 64;

type Place =
  | { readonly folder: "root" | "in" | "out" }
  | { readonly folder: "in" | "out"; readonly name: string };

const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Errors: NO_SUCH_FILE for whatever names nothing here. */
function placeOf(path: string): Place {
  const parts = posix
    .normalize(`/${path}`)
    .split("/")
    .filter((part) => part !== "");
  const [folder, name] = parts;
  if (folder === undefined) return { folder: "root" };
  if (parts.length <= 2 && (folder === "in" || folder === "out")) {
    if (name === undefined) return { folder };
    if (fileName.test(name)) return { folder, name };
  }
  throw new SftpFault("NO_SUCH_FILE", "There is no such file.");
}

/** The path as the client is told it. */
export function shownPath(path: string): string {
  const place = placeOf(path);
  if (place.folder === "root") return "/";
  return "name" in place ? `/${place.folder}/${place.name}` : `/${place.folder}`;
}

export class SftpHome {
  readonly #root: string;
  readonly #trid: string;

  /** `root`: the requestor's own folder; `in` and `out` are in it. */
  constructor(root: string, trid: string) {
    this.#root = root;
    this.#trid = trid;
  }

  async stat(path: string): Promise<Entry> {
    const place = placeOf(path);
    const real = join(this.#root, place.folder === "root" ? "in" : place.folder);
    if (!("name" in place)) return { ...(await entryOf(real, place.folder)), isFolder: true };
    return entryOf(join(real, place.name), place.name);
  }

  async list(path: string): Promise<Entry[]> {
    const place = placeOf(path);
    if ("name" in place) throw new SftpFault("NO_SUCH_FILE", "There is no such folder.");
    if (place.folder === "root") return Promise.all([this.stat("/in"), this.stat("/out")]);
    const folder = join(this.#root, place.folder);
    const names = (await readdir(folder)).filter((name) => fileName.test(name));
    const entries = await Promise.all(
      // What is taken meanwhile is not there any more.
      names.sort().map((name) => entryOf(join(folder, name), name).catch(() => undefined)),
    );
    return entries.filter((entry) => entry !== undefined);
  }

  /** Opens a result. */
  async openRead(path: string): Promise<FileHandle> {
    const place = placeOf(path);
    if (!("name" in place) || place.folder !== "out") {
      throw new SftpFault("PERMISSION_DENIED", "Only files in /out can be read.");
    }
    return open(join(this.#root, "out", place.name), "r").catch(notThere);
  }

  /** Opens an upload, `fresh` from its beginning. */
  async openWrite(path: string, fresh: boolean): Promise<FileHandle> {
    const real = this.#partOf(path);
    const names = await readdir(join(this.#root, "in"));
    if (names.length >= filesMax) throw new SftpFault("FAILURE", "Too many uploads wait.");
    return open(real, fresh ? "w" : "r+", 0o600).catch(notThere);
  }

  /** Puts a finished upload under its name. */
  async rename(from: string, to: string): Promise<void> {
    const real = this.#partOf(from);
    const place = placeOf(to);
    if (`${shownPath(to)}${partSuffix}` !== shownPath(from) || !("name" in place)) {
      const message = "An upload is renamed to the same name without .part.";
      throw new SftpFault("PERMISSION_DENIED", message);
    }
    const target = join(this.#root, "in", place.name);
    if (await exists(target)) throw new SftpFault("FAILURE", "A file of this name waits already.");
    await rename(real, target).catch(notThere);
  }

  /** An unfinished upload, or a result that was picked up. */
  async remove(path: string): Promise<void> {
    const place = placeOf(path);
    const isOut = "name" in place && place.folder === "out";
    const real = isOut ? join(this.#root, "out", place.name) : this.#partOf(path);
    await rm(real).catch(notThere);
  }

  #partOf(path: string): string {
    const place = placeOf(path);
    const name = "name" in place && place.folder === "in" ? place.name : "";
    const upload = name.endsWith(partSuffix)
      ? parseUploadName(name.slice(0, -partSuffix.length))
      : undefined;
    if (upload?.trid === this.#trid) return join(this.#root, "in", name);
    const wanted = `/in/MIG_${this.#trid}_YYYYMMDD_NNN.csv.pgp.part`;
    throw new SftpFault("PERMISSION_DENIED", `An upload is written as ${wanted}.`);
  }
}

/** Errors: FAILURE for bytes beyond what an upload may have. */
export function checkWrite(offset: number, length: number): void {
  if (offset + length <= fileBytesMax) return;
  throw new SftpFault("FAILURE", "The file is too large.");
}

async function entryOf(path: string, name: string): Promise<Entry> {
  const found = await lstat(path).catch(notThere);
  const isFolder = found.isDirectory();
  // Nobody but we make files here; whatever else it is, it is not shown.
  if (!isFolder && !found.isFile()) throw new SftpFault("NO_SUCH_FILE", "There is no such file.");
  return { name, isFolder, size: found.size, changedAt: Math.floor(found.mtimeMs / 1_000) };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function notThere(error: NodeJS.ErrnoException): never {
  if (error.code === "ENOENT") throw new SftpFault("NO_SUCH_FILE", "There is no such file.");
  throw error;
}
