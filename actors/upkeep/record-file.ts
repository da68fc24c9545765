// Records in a file of their own, while a log is mended: what is to be written back, kept so that a
// run that is broken off can be taken up again, and what was taken out, so that nothing is thrown
// away. The records are as sealed as in the log.
//
//   head, 8 bytes: "PLS1", kind 1, shard 2, reserved 1
//   then records:  sequence 8, length 4, bytes; numbers big-endian
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { appError } from "../../platform/mod.ts";
import type { StreamKind } from "../log/port.ts";
import { recordBytesMax } from "../log/record.ts";
import type { RecordSource } from "./chain.ts";

const magic = Buffer.from("PLS1");
const headBytes = 8;
const entryBytes = 12;

interface Place {
  readonly at: number;
  readonly length: number;
}

export class RecordFile implements RecordSource {
  readonly name: string;
  readonly #fd: number;
  readonly #places = new Map<number, Place>();
  #end = headBytes;

  /**
   * Opens the file or makes it; an entry that was not finished is written over. VAULT_CORRUPT where
   * it is of another stream.
   */
  constructor(path: string, kind: StreamKind, shard: number) {
    this.name = path;
    const there = existsSync(path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#fd = openSync(path, there ? "r+" : "w+", 0o600);
    const head = Buffer.alloc(headBytes);
    magic.copy(head);
    head[4] = kind === "evt" ? 0 : 1;
    head.writeUInt16BE(shard, 5);
    const found = Buffer.alloc(headBytes);
    if (readSync(this.#fd, found, 0, headBytes, 0) === 0)
      writeSync(this.#fd, head, 0, headBytes, 0);
    else if (!found.equals(head)) {
      throw appError("VAULT_CORRUPT", `The file ${path} holds no records of this stream.`);
    }
    this.#scan();
  }

  get size(): number {
    return this.#places.size;
  }

  /** Appends a record; a later one of the same number takes its place. */
  put(seq: number, bytes: Buffer): void {
    const entry = Buffer.alloc(entryBytes + bytes.length);
    entry.writeBigUInt64BE(BigInt(seq));
    entry.writeUInt32BE(bytes.length, 8);
    bytes.copy(entry, entryBytes);
    writeSync(this.#fd, entry, 0, entry.length, this.#end);
    this.#places.set(seq, { at: this.#end + entryBytes, length: bytes.length });
    this.#end += entry.length;
  }

  async read(seq: number): Promise<Buffer | undefined> {
    const place = this.#places.get(seq);
    if (place === undefined) return undefined;
    const bytes = Buffer.alloc(place.length);
    const got = readSync(this.#fd, bytes, 0, place.length, place.at);
    return got === place.length ? bytes : undefined;
  }

  /** What was put is on the disk when this returns. */
  flush(): void {
    fsyncSync(this.#fd);
  }

  /** What it holds is where it belongs; the file goes when it is closed. */
  remove(): void {
    rmSync(this.name);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #scan(): void {
    const entry = Buffer.alloc(entryBytes);
    while (readSync(this.#fd, entry, 0, entryBytes, this.#end) === entryBytes) {
      const length = entry.readUInt32BE(8);
      if (length > recordBytesMax) break;
      const at = this.#end + entryBytes;
      const last = Buffer.alloc(1);
      if (length > 0 && readSync(this.#fd, last, 0, 1, at + length - 1) !== 1) break;
      this.#places.set(Number(entry.readBigUInt64BE(0)), { at, length });
      this.#end = at + length;
    }
  }
}

/** Where records of one stream lie while it is mended. `kept`: what was taken out of the log. */
export function recordFile(
  folder: string,
  kind: StreamKind,
  shard: number,
  what: "wanted" | "kept",
): RecordFile {
  const name = `${kind}-${String(shard).padStart(2, "0")}.${what}`;
  return new RecordFile(join(folder, name), kind, shard);
}
