// What is known of each record of a file, in two files of fixed slots, one slot a record, each part
// of a slot written once:
//
//   intents, 32 bytes: the pre-authorisation that is about to be sent, then its outcome
//     0  mark 0x49      1  STAN (4)   5  Unix seconds of DE7 (4)   12  check sum of 0-11 (4)
//     16 mark 0x4F     17  DE39 (2)                                28  check sum of 16-27 (4)
//   results, 512 bytes: the status and the sealed line
//
// A slot whose check sum does not fit was cut off by a crash: it was not written. Nothing was sent
// for an intent that is not on the disk.
import { closeSync, fdatasyncSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { openSlots, SealedSlots } from "./sealed-slots.ts";

export const recordStatuses = [
  "TOKENISED",
  "DUPLICATE",
  "NOT_ELIGIBLE",
  "DECLINED",
  "INVALID",
  "ERROR",
] as const;
export type RecordStatus = (typeof recordStatuses)[number];

export interface Intent {
  readonly stan: number;
  /** Unix seconds, DE7. */
  readonly seconds: number;
}

const intentBytes = 32;
const halfBytes = 16;
const intentMark = 0x49;
const outcomeMark = 0x4f;

export class IntentFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSlots(path);
  }

  /** Not on the disk before `sync`. */
  put(recordNo: number, { stan, seconds }: Intent): void {
    const half = Buffer.alloc(halfBytes);
    half[0] = intentMark;
    half.writeUInt32LE(stan, 1);
    half.writeUInt32LE(seconds, 5);
    this.#write(recordNo, 0, half);
  }

  /** `code`: DE39, or "--" where no answer came. */
  putOutcome(recordNo: number, code: string): void {
    const half = Buffer.alloc(halfBytes);
    half[0] = outcomeMark;
    half.write(code, 1, 2, "latin1");
    this.#write(recordNo, halfBytes, half);
  }

  get(recordNo: number): Intent | undefined {
    const half = this.#read(recordNo, 0, intentMark);
    return half && { stan: half.readUInt32LE(1), seconds: half.readUInt32LE(5) };
  }

  outcome(recordNo: number): string | undefined {
    return this.#read(recordNo, halfBytes, outcomeMark)?.toString("latin1", 1, 3);
  }

  sync(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(recordNo: number, at: number, half: Buffer): void {
    half.writeUInt32LE(crc32(half.subarray(0, 12)), 12);
    writeSync(this.#file, half, 0, halfBytes, (recordNo - 1) * intentBytes + at);
  }

  #read(recordNo: number, at: number, mark: number): Buffer | undefined {
    const half = Buffer.alloc(halfBytes);
    const place = (recordNo - 1) * intentBytes + at;
    if (readSync(this.#file, half, 0, halfBytes, place) < halfBytes) return undefined;
    const isWhole = half[0] === mark && half.readUInt32LE(12) === crc32(half.subarray(0, 12));
    return isWhole ? half : undefined;
  }
}

/** The longest line that all columns allow is some 300 bytes. */
const resultBytes = 512;

export interface ResultFileOptions {
  readonly path: string;
  /** 64 bytes, AES-SIV: lines hold token numbers. */
  readonly sealKey: Buffer;
  /** Name of the file's run; a line cannot be moved to another. */
  readonly run: string;
}

export class ResultFile {
  readonly #slots: SealedSlots;

  constructor({ path, sealKey, run }: ResultFileOptions) {
    this.#slots = new SealedSlots({ path, sealKey, name: run, slotBytes: resultBytes });
  }

  put(recordNo: number, status: RecordStatus, line: string): void {
    this.#slots.put(recordNo, recordStatuses.indexOf(status) + 1, Buffer.from(line, "utf8"));
  }

  status(recordNo: number): RecordStatus | undefined {
    const mark = this.#slots.mark(recordNo);
    return mark === undefined ? undefined : recordStatuses[mark - 1];
  }

  /** The line of the record. Errors: FILE_UNREADABLE where it was sealed under another key. */
  line(recordNo: number): string {
    return this.#slots.text(recordNo).toString("utf8");
  }

  sync(): void {
    this.#slots.sync();
  }

  close(): void {
    this.#slots.close();
  }
}

/** Records by what came of them, so far. */
export function countResults(results: ResultFile, records: number): Record<RecordStatus, number> {
  const counts = Object.fromEntries(recordStatuses.map((status) => [status, 0]));
  for (let recordNo = 1; recordNo <= records; recordNo++) {
    const status = results.status(recordNo);
    if (status !== undefined) counts[status] = counts[status]! + 1;
  }
  return counts as Record<RecordStatus, number>;
}
