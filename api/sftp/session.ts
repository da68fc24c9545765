// One SFTP session: requests of the client as calls on its home, and their answers.
import type { FileHandle } from "node:fs/promises";
import type { FileEntry, SFTPWrapper } from "ssh2";
import type { Logger } from "../../platform/mod.ts";
import { checkWrite, type Entry, SftpFault, type SftpHome, sftpCode, shownPath } from "./home.ts";

type Open =
  | { readonly kind: "read" | "write"; readonly file: FileHandle }
  | { readonly kind: "list"; entries: readonly Entry[] };

/** Files that one session may have open; a client opens one or two. */
const openMax = 8;
const readBytesMax = 262_144;

const flag = { WRITE: 2, APPEND: 4, TRUNC: 16 } as const;
const folderMode = 0o040_700;
const fileMode = 0o100_600;

/** Serves until the session ends. */
export function serveSftp(sftp: SFTPWrapper, home: SftpHome, log: Logger): void {
  new SftpSession(sftp, home, log).listen();
}

class SftpSession {
  readonly #sftp: SFTPWrapper;
  readonly #home: SftpHome;
  readonly #log: Logger;
  readonly #open = new Map<number, Open>();
  #next = 0;

  constructor(sftp: SFTPWrapper, home: SftpHome, log: Logger) {
    this.#sftp = sftp;
    this.#home = home;
    this.#log = log;
  }

  listen(): void {
    const sftp = this.#sftp;
    const home = this.#home;
    sftp.on("OPEN", (id, path, flags) => this.#answer(id, () => this.#openFile(id, path, flags)));
    sftp.on("READ", (id, handle, at, length) =>
      this.#answer(id, () => this.#read(id, handle, at, length)),
    );
    sftp.on("WRITE", (id, handle, at, data) =>
      this.#answer(id, () => this.#write(id, handle, at, data)),
    );
    sftp.on("CLOSE", (id, handle) => this.#answer(id, () => this.#close(id, handle)));
    sftp.on("OPENDIR", (id, path) => this.#answer(id, () => this.#openFolder(id, path)));
    sftp.on("READDIR", (id, handle) => this.#answer(id, async () => this.#list(id, handle)));
    sftp.on("FSTAT", (id, handle) => this.#answer(id, () => this.#statOpen(id, handle)));
    const stat = (id: number, path: string) =>
      this.#answer(id, async () => sftp.attrs(id, attributesOf(await home.stat(path))));
    sftp.on("STAT", stat);
    sftp.on("LSTAT", stat);
    sftp.on("REALPATH", (id, path) => this.#answer(id, async () => this.#realPath(id, path)));
    sftp.on("REMOVE", (id, path) => this.#done(id, () => home.remove(path)));
    sftp.on("RENAME", (id, from, to) => this.#done(id, () => home.rename(from, to)));
    // Clients set times and modes behind an upload; ours are our own.
    sftp.on("SETSTAT", (id, path) => this.#done(id, async () => void (await home.stat(path))));
    sftp.on("FSETSTAT", (id, handle) => this.#done(id, async () => void this.#find(handle)));
    // The client is done: without an end from our side, it waits.
    sftp.on("end", () => sftp.end());
    sftp.on("close", () => this.#end());
    sftp.on("error", () => this.#end());
  }

  #answer(id: number, work: () => Promise<unknown>): void {
    work().catch((error: unknown) => {
      if (error instanceof SftpFault) {
        this.#sftp.status(id, error.code, error.message);
        return;
      }
      this.#log.error({ event: "sftp.fault", err: error }, "a request failed");
      this.#sftp.status(id, sftpCode.FAILURE, "The service met a fault of its own.");
    });
  }

  #done(id: number, work: () => Promise<void>): void {
    this.#answer(id, async () => {
      await work();
      this.#sftp.status(id, sftpCode.OK);
    });
  }

  async #openFile(id: number, path: string, flags: number): Promise<void> {
    const writes = (flags & flag.WRITE) !== 0;
    if ((flags & flag.APPEND) !== 0) {
      throw new SftpFault("PERMISSION_DENIED", "Files are not appended to.");
    }
    this.#checkRoom();
    const file = writes
      ? await this.#home.openWrite(path, (flags & flag.TRUNC) !== 0)
      : await this.#home.openRead(path);
    this.#sftp.handle(id, this.#add({ kind: writes ? "write" : "read", file }));
  }

  async #openFolder(id: number, path: string): Promise<void> {
    this.#checkRoom();
    const entries = await this.#home.list(path);
    this.#sftp.handle(id, this.#add({ kind: "list", entries }));
  }

  async #read(id: number, handle: Buffer, at: number, length: number): Promise<void> {
    const open = this.#find(handle);
    if (open.kind !== "read") throw new SftpFault("PERMISSION_DENIED", "It is not open to read.");
    const buffer = Buffer.alloc(Math.min(length, readBytesMax));
    const { bytesRead } = await open.file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) this.#sftp.status(id, sftpCode.EOF);
    else this.#sftp.data(id, buffer.subarray(0, bytesRead));
  }

  async #write(id: number, handle: Buffer, at: number, data: Buffer): Promise<void> {
    const open = this.#find(handle);
    if (open.kind !== "write") throw new SftpFault("PERMISSION_DENIED", "It is not open to write.");
    checkWrite(at, data.length);
    await open.file.write(data, 0, data.length, at);
    this.#sftp.status(id, sftpCode.OK);
  }

  async #close(id: number, handle: Buffer): Promise<void> {
    const open = this.#find(handle);
    this.#open.delete(handle.readUInt32BE(0));
    if (open.kind === "write") await open.file.sync();
    if (open.kind !== "list") await open.file.close();
    this.#sftp.status(id, sftpCode.OK);
  }

  #list(id: number, handle: Buffer): void {
    const open = this.#find(handle);
    if (open.kind !== "list") throw new SftpFault("FAILURE", "It is no folder.");
    const { entries } = open;
    open.entries = [];
    if (entries.length === 0) this.#sftp.status(id, sftpCode.EOF);
    else this.#sftp.name(id, entries.map(nameOf));
  }

  async #statOpen(id: number, handle: Buffer): Promise<void> {
    const open = this.#find(handle);
    if (open.kind === "list") throw new SftpFault("FAILURE", "It is a folder.");
    const { size, mtimeMs } = await open.file.stat();
    const changedAt = Math.floor(mtimeMs / 1_000);
    this.#sftp.attrs(id, attributesOf({ name: "", isFolder: false, size, changedAt }));
  }

  #realPath(id: number, path: string): void {
    const filename = shownPath(path);
    const attrs = attributesOf({ name: filename, isFolder: true, size: 0, changedAt: 0 });
    this.#sftp.name(id, [{ filename, longname: filename, attrs }]);
  }

  #checkRoom(): void {
    if (this.#open.size >= openMax) throw new SftpFault("FAILURE", "Too many files are open.");
  }

  #add(open: Open): Buffer {
    const handle = Buffer.alloc(4);
    this.#next = (this.#next + 1) >>> 0;
    handle.writeUInt32BE(this.#next);
    this.#open.set(this.#next, open);
    return handle;
  }

  #find(handle: Buffer): Open {
    const open = handle.length === 4 ? this.#open.get(handle.readUInt32BE(0)) : undefined;
    if (open === undefined) throw new SftpFault("FAILURE", "Nothing is open under this handle.");
    return open;
  }

  #end(): void {
    for (const open of this.#open.values()) {
      if (open.kind !== "list") void open.file.close().catch(() => {});
    }
    this.#open.clear();
  }
}

function attributesOf({ isFolder, size, changedAt }: Entry) {
  return {
    mode: isFolder ? folderMode : fileMode,
    uid: 0,
    gid: 0,
    size: isFolder ? 0 : size,
    atime: changedAt,
    mtime: changedAt,
  };
}

/** As `ls -l` writes it; OpenSSH shows it as it comes. */
function nameOf(entry: Entry): FileEntry {
  const { name, isFolder, size, changedAt } = entry;
  const mode = isFolder ? "drwx------" : "-rw-------";
  const [, day, month, year] = new Date(changedAt * 1_000).toUTCString().split(" ");
  const when = `${month} ${day}  ${year}`;
  const longname = `${mode} 1 pantun pantun ${String(size).padStart(10)} ${when} ${name}`;
  return { filename: name, longname, attrs: attributesOf(entry) };
}
