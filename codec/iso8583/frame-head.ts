// Transport headers between the length of a frame and its message: the TPDU of terminal networks
// and the BASE I header. Only as much is read as is needed to find the message and to answer.
import { BASE1_BYTES, type Framing, TPDU_BYTES } from "./frame-formats.ts";

/** Headers that may follow one another in one frame: our own, and that of a rejected message. */
const headersMax = 3;
/** The length of a BASE I header is one byte, but none is known beyond 26. */
const base1HeaderMax = 64;
/** From this length on a header can carry a reject code. */
const base1RejectBytes = 26;
const tpduId = 0x60;

/** Most bytes of headers before one message. */
export function headBytesMax(framing: Framing): number {
  if (framing.head === "none") return 0;
  return framing.head === "tpdu" ? TPDU_BYTES : headersMax * base1HeaderMax;
}

/**
 * Bytes of the header at `at` of a frame that ends at `end`, or -1 where it is none. Refused: a
 * TPDU that does not begin with 60; a BASE I header with a length outside 22 to 64 or a total that
 * is not that of the frame.
 */
export function headLength(framing: Framing, buf: Buffer, at: number, end: number): number {
  if (framing.head === "none") return 0;
  if (framing.head === "tpdu") {
    return end - at >= TPDU_BYTES && buf[at] === tpduId ? TPDU_BYTES : -1;
  }
  let from = at;
  for (let count = 0; count < headersMax; count++) {
    if (end - from < BASE1_BYTES) return -1;
    const length = buf[from]!;
    if (length < BASE1_BYTES || length > base1HeaderMax || length > end - from) return -1;
    const total = (buf[from + 3]! << 8) | buf[from + 4]!;
    if (count === 0 && total !== end - at) return -1;
    const more = (buf[from + 1]! & 0x80) !== 0 || rejectCode(buf, from) >= 0;
    from += length;
    if (!more) return from - at;
  }
  return -1;
}

/**
 * The four-digit code of a message that the network sends back rejected, or -1. `at` is the first
 * byte of a BASE I header.
 */
export function rejectCode(buf: Buffer, at: number): number {
  if (buf[at]! < base1RejectBytes || (buf[at + 22]! & 0x80) === 0) return -1;
  const high = bcdByte(buf[at + 24]!);
  const low = bcdByte(buf[at + 25]!);
  return high * 100 + low;
}

function bcdByte(byte: number): number {
  return (byte >> 4) * 10 + (byte & 15);
}

/**
 * Writes the header of the answer to a message whose header begins at `from`: source and
 * destination change places, the rest stays. Returns the offset after it; `framing.headBytes` are
 * written. The total length of a BASE I header is written by `writeFrameStart`.
 */
export function writeAnswerHead(
  framing: Framing,
  src: Buffer,
  from: number,
  dst: Buffer,
  at: number,
): number {
  if (framing.head === "none") return at;
  for (let i = 0; i < framing.headBytes; i++) dst[at + i] = src[from + i]!;
  if (framing.head === "tpdu") {
    swap(dst, at + 1, at + 3, 2);
    return at + TPDU_BYTES;
  }
  // The answer has this one header and no reject code.
  dst[at] = BASE1_BYTES;
  dst[at + 1] = dst[at + 1]! & 0x7f;
  swap(dst, at + 5, at + 8, 3);
  return at + BASE1_BYTES;
}

function swap(buf: Buffer, a: number, b: number, bytes: number): void {
  for (let i = 0; i < bytes; i++) {
    const kept = buf[a + i]!;
    buf[a + i] = buf[b + i]!;
    buf[b + i] = kept;
  }
}

export interface HeadAddresses {
  /** Digits: 4 of a TPDU's network id, 6 of a BASE I station; zeros where they are left out. */
  readonly destination?: string;
  readonly source?: string;
}

/** The header of messages that we begin. Throws a RangeError where an address does not fit. */
export function ownHead(framing: Framing, addresses: HeadAddresses = {}): Buffer {
  const head = Buffer.alloc(framing.headBytes);
  if (framing.head === "none") return head;
  const digits = framing.head === "tpdu" ? 4 : 6;
  const [to, from] = [addresses.destination ?? "", addresses.source ?? ""].map((text) => {
    if (!/^[0-9]*$/.test(text) || text.length > digits) {
      throw new RangeError(`an address of ${framing.name} has at most ${digits} digits`);
    }
    return Buffer.from(text.padStart(digits, "0"), "hex");
  }) as [Buffer, Buffer];
  if (framing.head === "tpdu") {
    head[0] = tpduId;
    head.set(to, 1);
    head.set(from, 3);
    return head;
  }
  head[0] = BASE1_BYTES;
  // Format 1: a header alone; text format 2: ISO 8583 with bitmaps.
  head[1] = 1;
  head[2] = 2;
  head.set(to, 5);
  head.set(from, 8);
  return head;
}
