// Appends the rows of one batch to the process's journal with one write, before the answers leave.
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { appError, type Clock } from "../../platform/mod.ts";
import { checksum } from "./checksum.ts";
import { rowAt, rowBytes } from "./row.ts";
import { journalPath, segmentFile, writerNameValid } from "./segment.ts";

export interface JournalOptions {
  /** The vault's folder; rows go to `<dir>/journal/`. */
  readonly dir: string;
  /** Names the writer: one live writer a name. Lower-case letters, digits, dots and hyphens. */
  readonly name: string;
  readonly clock: Clock;
  /** Rows of the largest batch. */
  readonly rowsMax?: number;
  /** A segment is closed when it has grown to this. */
  readonly segmentBytesMax?: number;
  /** Writes the first `bytes` of `rows` to the end of a file; a port, because tests fail disks. */
  readonly write?: RowSink;
}

/** Returns the bytes written; may throw what `writeSync` throws. */
export type RowSink = (fd: number, rows: Buffer, bytes: number) => number;

const writeToFile: RowSink = (fd, rows, bytes) => writeSync(fd, rows, 0, bytes);

const rowsMaxDefault = 1_024;

const rowWords = rowBytes / 4;
/** All but the checksum itself, which is the last. */
const checkedWords = rowAt.checksum / 4;

/** 800,000 rows: a reader that starts anew reads at most this much of a file twice. */
const segmentBytesMaxDefault = 256 * 1024 ** 2;

/** A writer leaves its segment after a day, so that a folded one can be removed after two. */
export const segmentAgeMsMax = 24 * 3_600_000;

/** Attempts to find a start time that no file has yet; they are one millisecond apart. */
const nameAttemptsMax = 1_000;

export class JournalWriter {
  /** `rowsMax` rows of 320 bytes; the caller fills them from the first on, without the checksum. */
  readonly rows: Buffer;
  /** The same bytes as words of 32 bits. */
  readonly words: Int32Array;
  readonly rowsMax: number;
  readonly #folder: string;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #write: RowSink;
  #fd = -1;
  #path = "";
  #startMs = 0;
  #bytes = 0;
  #flushing: Promise<void> | undefined;

  /** Opens the first segment. Errors: DISK_FULL, FILE_UNREADABLE. */
  static open(options: JournalOptions): JournalWriter {
    const writer = new JournalWriter(options);
    try {
      mkdirSync(writer.#folder, { recursive: true, mode: 0o700 });
      writer.#begin();
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      const message = `The journal folder ${writer.#folder} cannot be written.`;
      throw appError(code === "ENOSPC" ? "DISK_FULL" : "FILE_UNREADABLE", message, { cause });
    }
    return writer;
  }

  constructor(options: JournalOptions) {
    if (!writerNameValid(options.name)) throw new RangeError("bad name of a journal writer");
    this.rowsMax = options.rowsMax ?? rowsMaxDefault;
    this.rows = Buffer.allocUnsafeSlow(this.rowsMax * rowBytes).fill(0);
    this.words = new Int32Array(this.rows.buffer);
    this.#folder = journalPath(options.dir);
    this.#name = options.name;
    this.#clock = options.clock;
    this.#bytesMax = options.segmentBytesMax ?? segmentBytesMaxDefault;
    this.#write = options.write ?? writeToFile;
  }

  /** The file that rows go to now. */
  get path(): string {
    return this.#path;
  }

  /**
   * Appends the first `count` rows with one write and no flush: the death of the process loses
   * nothing. Throws when they could not be written in full; none of them counts then, and the next
   * append begins a new segment.
   */
  append(count: number): void {
    if (count === 0) return;
    if (count > this.rowsMax) throw new RangeError(`${count} rows in ${this.rowsMax}`);
    for (let row = 0; row < count; row++) {
      const first = row * rowWords;
      this.words[first + checkedWords] = checksum(this.words, first, checkedWords);
    }
    const bytes = count * rowBytes;
    const old = this.#clock.nowMs() - this.#startMs > segmentAgeMsMax;
    if (this.#fd >= 0 && (old || this.#bytes + bytes > this.#bytesMax)) this.#end();
    if (this.#fd < 0) this.#begin();
    try {
      const written = this.#write(this.#fd, this.rows, bytes);
      if (written !== bytes) throw new Error(`the journal took ${written} of ${bytes} bytes`);
    } catch (error) {
      this.#abandon();
      throw error;
    }
    this.#bytes += bytes;
  }

  /** Flushes what was appended; calls that come while one is under way share it. */
  flush(): Promise<void> {
    if (this.#fd < 0) return Promise.resolve();
    this.#flushing ??= new Promise<void>((resolve, reject) => {
      fdatasync(this.#fd, (error) => {
        this.#flushing = undefined;
        if (error === null || error.code === "EBADF") resolve();
        else reject(error);
      });
    });
    return this.#flushing;
  }

  close(): void {
    this.#end();
  }

  #begin(): void {
    let startMs = Math.floor(this.#clock.nowMs());
    for (let attempt = 0; ; attempt++, startMs++) {
      const path = join(this.#folder, segmentFile(this.#name, startMs));
      try {
        this.#fd = openSync(path, "ax", 0o600);
        this.#path = path;
        this.#startMs = startMs;
        this.#bytes = 0;
        return;
      } catch (error) {
        const taken = (error as NodeJS.ErrnoException).code === "EEXIST";
        if (!taken || attempt >= nameAttemptsMax) throw error;
      }
    }
  }

  #end(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  /**
   * Takes back what a failed write left, as far as the disk lets us, and leaves the segment: a
   * reader may already have passed rows of it, so its end must never be written again.
   */
  #abandon(): void {
    try {
      if (this.#bytes === 0) unlinkSync(this.#path);
      else ftruncateSync(this.#fd, this.#bytes);
    } catch {
      // The rows stay, whole or torn. Readers drop what is torn; whole ones tell of answers that
      // were never given, which is the safe side.
    }
    this.#end();
  }
}
