// Reads journal rows where they lie. One view is moved from row to row.
import { crc32 } from "node:zlib";
import { checksum } from "./checksum.ts";
import { oldRowMagic, rowAt, rowBytes, rowFlag, rowMagic } from "./row.ts";

const scratch = Buffer.allocUnsafeSlow(rowBytes);
const scratchWords = new Int32Array(scratch.buffer);

/** True where a row begins, of this version or of the one before. */
export function rowBegins(rows: Buffer, at: number): boolean {
  const magic = rows.readUInt32LE(at + rowAt.magic);
  return magic === rowMagic || magic === oldRowMagic;
}

/** True where a whole row with the right magic and checksum lies at `at`. */
export function rowValid(rows: Buffer, at: number): boolean {
  if (at + rowBytes > rows.length || !rowBegins(rows, at)) return false;
  const stored = rows.readUInt32LE(at + rowAt.checksum);
  if (rows.readUInt32LE(at + rowAt.magic) === oldRowMagic) {
    return stored === crc32(rows.subarray(at, at + rowAt.checksum));
  }
  // The rows of a file that was read may begin at any byte; words must be aligned.
  rows.copy(scratch, 0, at, at + rowBytes);
  return stored === checksum(scratchWords, 0, rowAt.checksum / 4);
}

/** A row as values. Buffers that it hands out are views: copy what has to outlive the row. */
export class RowView {
  bytes: Buffer = Buffer.alloc(rowBytes);
  at = 0;

  get reason(): number {
    return this.bytes.readUInt16LE(this.at + rowAt.reason);
  }

  get kind(): number {
    return this.bytes[this.at + rowAt.kind]!;
  }

  get door(): number {
    return this.bytes[this.at + rowAt.door]!;
  }

  get timeMs(): number {
    return this.bytes.readDoubleLE(this.at + rowAt.timeMs);
  }

  get mti(): number {
    return this.bytes.readUInt16LE(this.at + rowAt.mti);
  }

  get kvn(): number {
    return this.bytes[this.at + rowAt.kvn]!;
  }

  get issuedAt(): number {
    return this.bytes.readUInt32LE(this.at + rowAt.issuedAt);
  }

  get verificationId(): Buffer {
    return this.slice(rowAt.verificationId, 16);
  }

  get index(): Buffer {
    return this.slice(rowAt.index, 16);
  }

  get reference(): Buffer {
    return this.slice(rowAt.reference, 16);
  }

  has(flag: keyof typeof rowFlag): boolean {
    return (this.bytes[this.at + rowAt.flags]! & rowFlag[flag]) !== 0;
  }

  /** One ASCII letter, "" where the byte is zero. */
  letter(off: number): string {
    const code = this.bytes[this.at + off]!;
    return code === 0 ? "" : String.fromCharCode(code);
  }

  /** ASCII text of at most `length` bytes, without its zero padding. */
  text(off: number, length: number): string {
    const from = this.at + off;
    let end = from;
    while (end < from + length && this.bytes[end] !== 0) end++;
    return this.bytes.toString("latin1", from, end);
  }

  /** Whether a field is zero, without a view of it: every row is asked. */
  isZero(off: number, length: number): boolean {
    let any = 0;
    for (let at = this.at + off, end = at + length; at < end; at++) any |= this.bytes[at]!;
    return any === 0;
  }

  /** Copies a field, without a view of it: done for every row. */
  copyField(off: number, length: number, to: Buffer, toAt: number): void {
    this.bytes.copy(to, toAt, this.at + off, this.at + off + length);
  }

  slice(off: number, length: number): Buffer {
    return this.bytes.subarray(this.at + off, this.at + off + length);
  }
}
