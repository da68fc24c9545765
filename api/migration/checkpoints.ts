// What is known of each record of a file, in two files of fixed slots, one slot a record, each part
// of a slot written once:
//
//   intents, 32 bytes: the pre-authorisation that is about to be sent, then its outcome
//     0  mark 0x49      1  STAN (4)   5  Unix seconds of DE7 (4)   12  check sum of 0-11 (4)
//     16 mark 0x4F     17  DE39 (2)                                28  check sum of 16-27 (4)
//   results, 512 bytes: status (1), length (2), check sum of all that follows (4), sealed line
//
// A slot whose check sum does not fit was cut off by a crash: it was not written. Nothing was sent
// for an intent that is not on the disk.
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { sivOpen, sivSeal } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";

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

const resultBytes = 512;
const headBytes = 7;

export interface ResultFileOptions {
  readonly path: string;
  /** 64 bytes, AES-SIV: lines hold token numbers. */
  readonly sealKey: Buffer;
  /** Name of the file's run; a line cannot be moved to another. */
  readonly run: string;
}

export class ResultFile {
  readonly #file: number;
  readonly #options: ResultFileOptions;

  constructor(options: ResultFileOptions) {
    this.#options = options;
    this.#file = openSlots(options.path);
  }

  put(recordNo: number, status: RecordStatus, line: string): void {
    const sealed = sivSeal(this.#options.sealKey, this.#place(recordNo), Buffer.from(line, "utf8"));
    if (sealed.length > resultBytes - headBytes) throw new RangeError("a result line is too long");
    const slot = Buffer.alloc(resultBytes);
    slot[0] = recordStatuses.indexOf(status) + 1;
    slot.writeUInt16LE(sealed.length, 1);
    sealed.copy(slot, headBytes);
    slot.writeUInt32LE(checkSum(slot), 3);
    writeSync(this.#file, slot, 0, resultBytes, (recordNo - 1) * resultBytes);
  }

  status(recordNo: number): RecordStatus | undefined {
    const slot = this.#read(recordNo);
    return slot && recordStatuses[slot[0]! - 1];
  }

  /** The line of the record. Errors: FILE_UNREADABLE where it was sealed under another key. */
  line(recordNo: number): string {
    const slot = this.#read(recordNo);
    const sealed = slot?.subarray(headBytes, headBytes + slot.readUInt16LE(1));
    const line = sealed && sivOpen(this.#options.sealKey, this.#place(recordNo), sealed);
    if (line !== undefined) return line.toString("utf8");
    throw appError("FILE_UNREADABLE", `${this.#options.path} was sealed under another key.`);
  }

  sync(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #place(recordNo: number): Buffer[] {
    return [Buffer.from(`${this.#options.run} ${recordNo}`, "latin1")];
  }

  #read(recordNo: number): Buffer | undefined {
    const slot = Buffer.alloc(resultBytes);
    const place = (recordNo - 1) * resultBytes;
    if (readSync(this.#file, slot, 0, resultBytes, place) < resultBytes) return undefined;
    const isWhole = slot[0] !== 0 && slot.readUInt32LE(3) === checkSum(slot);
    return isWhole ? slot : undefined;
  }
}

function checkSum(slot: Buffer): number {
  return crc32(slot.subarray(headBytes), crc32(slot.subarray(0, 3)));
}

function openSlots(path: string): number {
  // Made by appending, written by place: Linux appends to an "a" file whatever the place says.
  closeSync(openSync(path, "a", 0o600));
  return openSync(path, "r+");
}
