// A file of fixed slots, one a record, each a mark and a sealed text:
//
//   mark (1), length (2), check sum of all that follows (4), the text under AES-SIV
//
// A slot whose check sum does not fit was cut off by a crash: it was not written. What is written
// is on the disk after `sync`.
import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { sivOpen, sivSeal } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";

export interface SealedSlotsOptions {
  readonly path: string;
  /** 64 bytes, AES-SIV. */
  readonly sealKey: Buffer;
  /** Name of the file within its run; a text cannot be moved to another slot or file. */
  readonly name: string;
  readonly slotBytes: number;
}

const headBytes = 7;

export class SealedSlots {
  readonly #file: number;
  readonly #options: SealedSlotsOptions;

  constructor(options: SealedSlotsOptions) {
    this.#options = options;
    this.#file = openSlots(options.path);
  }

  /** `mark`: 1 to 255. Throws a RangeError for a text that does not fit. */
  put(recordNo: number, mark: number, text: Buffer): void {
    const { sealKey, slotBytes } = this.#options;
    const sealed = sivSeal(sealKey, this.#place(recordNo), text);
    if (sealed.length > slotBytes - headBytes) throw new RangeError("a record's text is too long");
    const slot = Buffer.alloc(slotBytes);
    slot[0] = mark;
    slot.writeUInt16LE(sealed.length, 1);
    sealed.copy(slot, headBytes);
    slot.writeUInt32LE(checkSum(slot), 3);
    writeSync(this.#file, slot, 0, slotBytes, (recordNo - 1) * slotBytes);
  }

  /** Slots that the file has room for so far; any of them may be empty. */
  get count(): number {
    return Math.floor(fstatSync(this.#file).size / this.#options.slotBytes);
  }

  /** Undefined where nothing was written. */
  mark(recordNo: number): number | undefined {
    return this.#read(recordNo)?.[0];
  }

  /** Errors: FILE_UNREADABLE where there is none, or where it was sealed under another key. */
  text(recordNo: number): Buffer {
    const { path, sealKey } = this.#options;
    const slot = this.#read(recordNo);
    const sealed = slot?.subarray(headBytes, headBytes + slot.readUInt16LE(1));
    const text = sealed && sivOpen(sealKey, this.#place(recordNo), sealed);
    if (text !== undefined) return text;
    throw appError("FILE_UNREADABLE", `${path} was sealed under another key.`);
  }

  sync(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #place(recordNo: number): Buffer[] {
    return [Buffer.from(`${this.#options.name} ${recordNo}`, "latin1")];
  }

  #read(recordNo: number): Buffer | undefined {
    const { slotBytes } = this.#options;
    const slot = Buffer.alloc(slotBytes);
    const place = (recordNo - 1) * slotBytes;
    if (readSync(this.#file, slot, 0, slotBytes, place) < slotBytes) return undefined;
    const isWhole = slot[0] !== 0 && slot.readUInt32LE(3) === checkSum(slot);
    return isWhole ? slot : undefined;
  }
}

function checkSum(slot: Buffer): number {
  return crc32(slot.subarray(headBytes), crc32(slot.subarray(0, 3)));
}

/** Opened for writing by place. */
export function openSlots(path: string): number {
  // Made by appending, written by place: Linux appends to an "a" file whatever the place says.
  closeSync(openSync(path, "a", 0o600));
  return openSync(path, "r+");
}
