// The file behind store and forward: rows appended one after the other, each with a check sum. What
// was added is on the disk before the caller goes on; what was done may be forgotten by a power
// loss, which sends a message once more, as a repeat.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

export const rowKind = { ADD: 1, TRIED: 2, DONE: 3, PARKED: 4, UNPARKED: 5 } as const;

export interface LogRow {
  readonly kind: number;
  readonly id: number;
  /** Of an ADD: everything that is kept, sealed. Otherwise empty. */
  readonly payload: Buffer;
}

/** Kind 1, id 6, length 4, check sum 4. */
const headBytes = 15;
/** A message is 4 KiB at most, its seal and key a few bytes more. */
const payloadBytesMax = 70_000;

function encodeRow(row: LogRow): Buffer {
  const out = Buffer.alloc(headBytes + row.payload.length);
  out[0] = row.kind;
  out.writeUIntLE(row.id, 1, 6);
  out.writeUInt32LE(row.payload.length, 7);
  row.payload.copy(out, headBytes);
  out.writeUInt32LE(checkSum(out), 11);
  return out;
}

function checkSum(row: Buffer): number {
  return crc32(row.subarray(headBytes), crc32(row.subarray(0, 11)));
}

/** The whole rows of the bytes, and where they end: what follows was cut off by a crash. */
export function decodeRows(bytes: Buffer): { rows: LogRow[]; end: number } {
  const rows: LogRow[] = [];
  let at = 0;
  while (bytes.length - at >= headBytes) {
    const length = bytes.readUInt32LE(at + 7);
    const end = at + headBytes + length;
    if (length > payloadBytesMax || end > bytes.length) break;
    const row = bytes.subarray(at, end);
    if (row.readUInt32LE(11) !== checkSum(row)) break;
    rows.push({ kind: row[0]!, id: row.readUIntLE(1, 6), payload: row.subarray(headBytes) });
    at = end;
  }
  return { rows, end: at };
}

export class ForwardLog {
  readonly path: string;
  bytes = 0;
  #file: number;

  private constructor(path: string, file: number, bytes: number) {
    this.path = path;
    this.#file = file;
    this.bytes = bytes;
  }

  /** Opens or makes the file, and cuts off a row that a crash left half written. */
  static open(path: string): { log: ForwardLog; rows: LogRow[] } {
    const fresh = !existsSync(path);
    const file = openSync(path, "a+", 0o600);
    if (fresh) syncFolder(path);
    const { rows, end } = decodeRows(readFileSync(path));
    ftruncateSync(file, end);
    return { log: new ForwardLog(path, file, end), rows };
  }

  /**
   * `durable`: returns only when the rows are on the disk. Throws where they cannot be written;
   * then none of them stands in the file.
   */
  append(rows: readonly LogRow[], durable: boolean): void {
    const bytes = Buffer.concat(rows.map(encodeRow));
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      if (durable) fdatasyncSync(this.#file);
    } catch (error) {
      // A full disk may take a part: what stands there must stay a whole number of rows.
      ftruncateSync(this.#file, this.bytes);
      throw error;
    }
    this.bytes += bytes.length;
  }

  /** Puts a file with only these rows in the place of this one, in one step. */
  rewrite(rows: readonly LogRow[]): void {
    const next = `${this.path}.next`;
    const file = openSync(next, "w", 0o600);
    const bytes = Buffer.concat(rows.map(encodeRow));
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, this.path);
    syncFolder(this.path);
    closeSync(this.#file);
    this.#file = openSync(this.path, "a+", 0o600);
    this.bytes = bytes.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}
